/* change.c - changes, in the order that keeps promises; see sync.h. */
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "sync/state.h"

static enum kw_err publish_key(struct sync *s, const struct grant *g)
{
    enum kw_err err = keyring_put_key(s->keyring, g);

    if (err != KW_EFULL)
        return err;
    TRY(build_larger(s, 0));
    return keyring_put_key(s->keyring, g);
}

static enum kw_err publish_account(struct sync *s, const struct account *a)
{
    enum kw_err err = keyring_put_account(s->keyring, a);

    if (err != KW_EFULL)
        return err;
    TRY(build_larger(s, 0));
    return keyring_put_account(s->keyring, a);
}

static enum kw_err publish_policy(struct sync *s, uint32_t version, struct str table)
{
    enum kw_err err = keyring_put_policy(s->keyring, version, table);

    if (err != KW_EFULL)
        return err;
    TRY(build_larger(s, table.n));
    return keyring_put_policy(s->keyring, version, table);
}

static enum kw_err begin(struct sync *s, struct str actor)
{
    return store_begin(s->store, actor, clock_wall_ms());
}

/* Commits, or rolls back what could not be committed. A head that could not be written is written
 * later: the change is in the database, and in force. */
static enum kw_err commit(struct sync *s)
{
    enum kw_err err = store_commit(s->store);

    if (err == KW_EUNSAVED)
        s->head_unsaved = true;
    else if (err != KW_OK)
        store_rollback(s->store);
    return err;
}

/* Verifiers that may still hold older files have noticed by then. */
static void settle(struct sync *s)
{
    uint64_t now = clock_boot_us();

    if (now >= s->quiet_until_us)
        return;
    uint64_t wait_us = s->quiet_until_us - now;
    nanosleep(&(struct timespec){.tv_sec = (time_t)(wait_us / 1000000),
                                 .tv_nsec = (long)(wait_us % 1000000 * 1000)},
              NULL);
}

/* What was saved and could not be published is so with the next keyring, which sync_tick makes. */
static enum kw_err finish(struct sync *s, enum kw_err saved, enum kw_err published)
{
    if (published != KW_OK) {
        s->behind = true;
        log_error("saved, not yet in force: %s", kw_strerror(published));
        return KW_EUNAVAILABLE;
    }
    if (!s->behind)
        keyring_put_change_seq(s->keyring, store_change_seq(s->store));
    settle(s);
    return saved;
}

static enum kw_err save_key(struct sync *s, struct str actor, struct grant *g)
{
    TRY(begin(s, actor));
    enum kw_err err = store_put_key(s->store, g);
    if (err != KW_OK) {
        store_rollback(s->store);
        return err;
    }
    return commit(s);
}

static enum kw_err create_key(struct sync *s, struct str actor, struct grant *g)
{
    struct account account;

    TRY(store_account(s->store, str_from(g->account), &account));
    g->account_slot = account.slot;
    enum kw_err saved = save_key(s, actor, g);
    if (saved != KW_OK && saved != KW_EUNSAVED)
        return saved;
    return finish(s, saved, publish_key(s, g));
}

enum kw_err sync_create_key(struct sync *s, struct str actor, struct grant *g)
{
    pthread_mutex_lock(&s->lock);
    enum kw_err err = create_key(s, actor, g);
    pthread_mutex_unlock(&s->lock);
    return err;
}

/* Saved first, then published. */
static enum kw_err widen_key(struct sync *s, struct str actor, struct grant *after)
{
    enum kw_err saved = save_key(s, actor, after);

    if (saved != KW_OK && saved != KW_EUNSAVED)
        return saved;
    unsaved_drop(s, after->slot);
    return finish(s, saved, publish_key(s, after));
}

/* Published first. If it cannot be saved it stays in force until the next start, and the caller is
 * told so. */
static enum kw_err narrow_key(struct sync *s, struct str actor, struct grant *after)
{
    struct grant published = *after;

    published.version++;
    TRY(unsaved_keep(s, &published));
    enum kw_err err = publish_key(s, &published);
    if (err != KW_OK) {
        unsaved_drop(s, after->slot);
        return err;
    }
    enum kw_err saved = save_key(s, actor, after);
    if (saved == KW_OK || saved == KW_EUNSAVED) {
        unsaved_drop(s, after->slot);
        return finish(s, saved, KW_OK);
    }
    log_error("key %s: in force, not yet saved: %s", after->id, kw_strerror(saved));
    settle(s);
    return KW_EUNSAVED;
}

static enum kw_err change_key(struct sync *s, struct str actor, struct grant *after)
{
    struct grant before;

    TRY(store_key(s->store, str_from(after->id), after->account, &before));
    if (before.version != after->version || before.slot != after->slot || !unsaved_allows(s, after))
        return KW_ECONFLICT;
    return grant_narrows(&before, after) ? narrow_key(s, actor, after) : widen_key(s, actor, after);
}

enum kw_err sync_change_key(struct sync *s, struct str actor, struct grant *after)
{
    pthread_mutex_lock(&s->lock);
    enum kw_err err = change_key(s, actor, after);
    pthread_mutex_unlock(&s->lock);
    return err;
}

static enum kw_err put_account(struct sync *s, struct str actor, struct account *a)
{
    TRY(begin(s, actor));
    enum kw_err err = store_put_account(s->store, a);
    if (err != KW_OK) {
        store_rollback(s->store);
        return err;
    }
    enum kw_err saved = commit(s);
    if (saved != KW_OK && saved != KW_EUNSAVED)
        return saved;
    return finish(s, saved, publish_account(s, a));
}

enum kw_err sync_put_account(struct sync *s, struct str actor, struct account *a)
{
    pthread_mutex_lock(&s->lock);
    enum kw_err err = put_account(s, actor, a);
    pthread_mutex_unlock(&s->lock);
    return err;
}

static enum kw_err put_policy(struct sync *s, struct str actor, struct str document,
                              struct str table, uint32_t *version)
{
    TRY(begin(s, actor));
    enum kw_err err = store_put_policy(s->store, document, version);
    if (err != KW_OK) {
        store_rollback(s->store);
        return err;
    }
    enum kw_err saved = commit(s);
    if (saved != KW_OK && saved != KW_EUNSAVED)
        return saved;
    return finish(s, saved, publish_policy(s, *version, table));
}

enum kw_err sync_put_policy(struct sync *s, struct str actor, struct str document, struct str table,
                            uint32_t *version)
{
    pthread_mutex_lock(&s->lock);
    enum kw_err err = put_policy(s, actor, document, table, version);
    pthread_mutex_unlock(&s->lock);
    return err;
}
