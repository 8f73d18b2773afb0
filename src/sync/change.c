/* change.c - changes, in the order that keeps promises; see sync.h. */
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "sync/state.h"

enum kw_err change_publish(struct sync *s, const struct object *o)
{
    enum kw_err err = object_put(s->keyring, o);

    if (err == KW_EFULL) {
        TRY(build_larger(s, 0));
        err = object_put(s->keyring, o);
    }
    TRY(err);
    s->published_us = clock_boot_us();
    return KW_OK;
}

static enum kw_err publish_policy(struct sync *s, uint32_t version, struct str table)
{
    enum kw_err err = keyring_put_policy(s->keyring, version, table);

    if (err != KW_EFULL)
        return err;
    TRY(build_larger(s, table.n));
    return keyring_put_policy(s->keyring, version, table);
}

static void wait_until(uint64_t moment_us)
{
    uint64_t now_us = clock_boot_us();

    if (now_us >= moment_us)
        return;
    uint64_t wait_us = moment_us - now_us;
    nanosleep(&(struct timespec){.tv_sec = (time_t)(wait_us / 1000000),
                                 .tv_nsec = (long)(wait_us % 1000000 * 1000)},
              NULL);
}

static bool is_in_force(enum kw_err err)
{
    return err == KW_OK || err == KW_EUNSAVED;
}

/* Ends a change that is done. It is acknowledged once verifiers that may still hold older files have
 * noticed; that wait is the caller's alone: the heart beats on, and so do other changes. */
enum kw_err change_acknowledge(struct sync *s, enum kw_err err)
{
    uint64_t quiet_until_us = s->quiet_until_us;

    pthread_mutex_unlock(&s->lock);
    if (is_in_force(err))
        wait_until(quiet_until_us);
    return err;
}

/* What was saved and could not be published is so with the next keyring, which sync_tick makes. */
enum kw_err change_finish(struct sync *s, enum kw_err saved, enum kw_err published)
{
    if (published != KW_OK) {
        s->behind = true;
        log_error("saved, not yet in force: %s", kw_strerror(published));
        return KW_EUNAVAILABLE;
    }
    if (!s->behind)
        build_level(s, s->keyring);
    return saved;
}

/* The caller's grant gets its slot and version only when it has them in the store. */
static enum kw_err create_key(struct sync *s, struct str actor, struct grant *g,
                              const struct sync_reply *reply)
{
    struct account account;
    struct object key = {.kind = KEYRING_KEY, .key = *g};

    TRY(room_to_widen(s));
    TRY(store_account(s->store, str_from(g->account), &account));
    key.key.account_slot = account.slot;
    enum kw_err saved = object_save(s, actor, &key, reply);
    if (!is_in_force(saved))
        return saved;
    *g = key.key;
    return change_finish(s, saved, change_publish(s, &key));
}

enum kw_err sync_create_key(struct sync *s, struct str actor, struct grant *g,
                            const struct sync_reply *reply)
{
    pthread_mutex_lock(&s->lock);
    return change_acknowledge(s, create_key(s, actor, g, reply));
}

/* Saved first, then published. */
static enum kw_err widen(struct sync *s, struct str actor, struct object *after,
                         const struct sync_reply *reply)
{
    TRY(room_to_widen(s));
    enum kw_err saved = object_save(s, actor, after, reply);
    if (!is_in_force(saved))
        return saved;
    return change_finish(s, saved, change_publish(s, after));
}

struct narrowing { /* borrows */
    struct str actor;
    struct object *after;
};

static enum kw_err save_narrowing(struct sync *s, void *ctx)
{
    const struct narrowing *n = ctx;

    return object_save(s, n->actor, n->after, NULL);
}

/* What narrows is published first: `first`, which is all of it unless the change widens something else.
 * If it cannot be saved this much stays in force, and is saved later. */
static enum kw_err narrow(struct sync *s, struct str actor, const struct object *first,
                          struct object *after)
{
    struct object published = *first;
    struct narrowing narrowing = {actor, after};

    (*object_version(&published))++;
    TRY(unsaved_keep(s, actor, &published));
    enum kw_err err = change_publish(s, &published);
    if (err != KW_OK) {
        unsaved_cancel(s);
        return err;
    }
    enum kw_err saved = save_from_reserve(s, save_narrowing, &narrowing);
    if (is_in_force(saved)) {
        unsaved_drop(s, after);
        return change_finish(s, saved,
                             object_narrows(first, after) ? KW_OK : change_publish(s, after));
    }
    unsaved_stays(s);
    log_error("%s: in force, not yet saved: %s", object_id(after), kw_strerror(saved));
    return KW_EUNSAVED;
}

/* What is stored of an object, which is still of the version that was read. */
static enum kw_err read_before(struct sync *s, struct object *after, struct object *before)
{
    TRY(object_stored(s, after->kind, object_slot(after), before));
    return *object_version(before) == *object_version(after) ? KW_OK : KW_ECONFLICT;
}

/* What is in force and not saved can be narrowed further; nothing widens it until it is saved. */
enum kw_err change_object(struct sync *s, struct str actor, struct object *after)
{
    struct object before;

    TRY(read_before(s, after, &before));
    const struct object *unsaved = unsaved_of(s, after);
    if (unsaved != NULL && !object_narrows(unsaved, after))
        return KW_ECONFLICT;
    const struct object first = unsaved != NULL ? *after : object_narrower(&before, after);
    bool narrows_nothing = object_narrows(&first, &before);
    return narrows_nothing && !object_narrows(&before, after) ? widen(s, actor, after, NULL)
                                                              : narrow(s, actor, &first, after);
}

/* A key is never in another place than it was. */
static enum kw_err check_place(struct sync *s, const struct grant *after)
{
    struct grant before;

    TRY(store_key(s->store, str_from(after->id), after->account, &before));
    return before.slot == after->slot ? KW_OK : KW_ECONFLICT;
}

static enum kw_err change_key(struct sync *s, struct str actor, struct grant *after)
{
    struct object key = {.kind = KEYRING_KEY, .key = *after};

    TRY(check_place(s, after));
    enum kw_err err = change_object(s, actor, &key);
    if (is_in_force(err))
        *after = key.key;
    return err;
}

enum kw_err sync_change_key(struct sync *s, struct str actor, struct grant *after)
{
    pthread_mutex_lock(&s->lock);
    return change_acknowledge(s, change_key(s, actor, after));
}

/* Saved first whatever the key's state is: a secret that could get lost with this process is told to nobody. */
static enum kw_err rotate_key(struct sync *s, struct str actor, struct grant *after,
                              const struct sync_reply *reply)
{
    struct object key = {.kind = KEYRING_KEY, .key = *after}, before;

    TRY(check_place(s, after));
    TRY(read_before(s, &key, &before));
    if (unsaved_of(s, &key) != NULL)
        return KW_ECONFLICT;
    enum kw_err err = widen(s, actor, &key, reply);
    if (is_in_force(err))
        *after = key.key;
    return err;
}

enum kw_err sync_rotate_key(struct sync *s, struct str actor, struct grant *after,
                            const struct sync_reply *reply)
{
    pthread_mutex_lock(&s->lock);
    return change_acknowledge(s, rotate_key(s, actor, after, reply));
}

static enum kw_err put_account(struct sync *s, struct str actor, struct account *a,
                               const struct sync_reply *reply)
{
    struct object account = {.kind = KEYRING_ACCOUNT, .account = *a};

    if (a->slot != 0 && reply != NULL)
        return KW_EINVAL;
    enum kw_err err =
        a->slot == 0 ? widen(s, actor, &account, reply) : change_object(s, actor, &account);
    if (is_in_force(err))
        *a = account.account;
    return err;
}

enum kw_err sync_put_account(struct sync *s, struct str actor, struct account *a,
                             const struct sync_reply *reply)
{
    pthread_mutex_lock(&s->lock);
    return change_acknowledge(s, put_account(s, actor, a, reply));
}

static enum kw_err put_environment(struct sync *s, struct str actor, struct environment *e)
{
    struct object environment = {.kind = KEYRING_ENVIRONMENT, .environment = *e};

    enum kw_err err = change_object(s, actor, &environment);
    if (is_in_force(err))
        *e = environment.environment;
    return err;
}

enum kw_err sync_put_environment(struct sync *s, struct str actor, struct environment *e)
{
    pthread_mutex_lock(&s->lock);
    return change_acknowledge(s, put_environment(s, actor, e));
}

static enum kw_err put_policy(struct sync *s, struct str actor, struct str document,
                              struct str table, uint32_t *version)
{
    TRY(room_to_widen(s));
    enum kw_err saved = save_policy(s, actor, document, version);

    if (!is_in_force(saved))
        return saved;
    return change_finish(s, saved, publish_policy(s, *version, table));
}

enum kw_err sync_put_policy(struct sync *s, struct str actor, struct str document, struct str table,
                            uint32_t *version)
{
    pthread_mutex_lock(&s->lock);
    return change_acknowledge(s, put_policy(s, actor, document, table, version));
}
