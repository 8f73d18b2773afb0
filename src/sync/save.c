/* save.c - one object into the store, as a change of its own, with the answer to the call that made it; see state.h. */
#include "base/clock.h"
#include "sync/state.h"

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

static enum kw_err put_reply(struct sync *s, const struct sync_reply *r, struct buf *answer)
{
    struct reply reply = {.key = r->key, .status = r->status};

    if (answer->failed)
        return KW_ENOMEM;
    reply.answer = buf_view(answer);
    memcpy(reply.digest, r->digest, sizeof reply.digest);
    enum kw_err err = store_put_reply(s->store, &reply);
    return err == KW_EEXISTS ? KW_ECONFLICT : err; /* that is an id which is taken */
}

static enum kw_err build_reply(struct sync *s, const struct sync_reply *r, const void *object)
{
    AUTO(buf_deinit) struct buf answer = BUF_MAX(REPLY_ANSWER_MAX);

    enum kw_err err = r->build(r->ctx, object, &answer);
    if (err == KW_OK)
        err = put_reply(s, r, &answer);
    if (err != KW_OK)
        store_rollback(s->store);
    return err;
}

/* A put that failed has ended the change. */
static enum kw_err commit_if(struct sync *s, enum kw_err put, const void *object,
                             const struct sync_reply *reply)
{
    TRY(put);
    if (reply != NULL)
        TRY(build_reply(s, reply, object));
    return commit(s);
}

enum kw_err save_key(struct sync *s, struct str actor, struct grant *g, const struct sync_reply *reply)
{
    TRY(store_begin(s->store, actor, time_now_us(s) / 1000));
    return commit_if(s, store_put_key(s->store, g), g, reply);
}

enum kw_err save_account(struct sync *s, struct str actor, struct account *a,
                         const struct sync_reply *reply)
{
    TRY(store_begin(s->store, actor, time_now_us(s) / 1000));
    return commit_if(s, store_put_account(s->store, a), a, reply);
}

enum kw_err save_environment(struct sync *s, struct str actor, struct environment *e)
{
    TRY(store_begin(s->store, actor, time_now_us(s) / 1000));
    return commit_if(s, store_put_environment(s->store, e), e, NULL);
}

enum kw_err save_family(struct sync *s, struct str actor, struct family *f)
{
    TRY(store_begin(s->store, actor, time_now_us(s) / 1000));
    return commit_if(s, store_put_family(s->store, f), f, NULL);
}

/* What one key can make of the database and the keyring has an end. */
static enum kw_err has_room(struct sync *s, const struct family *f)
{
    uint32_t n;

    TRY(store_families_count(s->store, str_from(f->key), FAMILY_PER_KEY_MAX, &n));
    return n < FAMILY_PER_KEY_MAX ? KW_OK : KW_ERANGE;
}

/* Before the put, for one that fails ends the change for all. */
static enum kw_err check_family(struct sync *s, const struct family *f)
{
    const struct object o = {.kind = KEYRING_FAMILY, .family = *f};
    struct family stored;
    struct grant key;

    if (f->slot == 0) {
        TRY(store_key(s->store, str_from(f->key), NULL, &key));
        return has_room(s, f);
    }
    if (unsaved_of(s, &o) != NULL)
        return KW_ECONFLICT;
    enum kw_err err = store_family_in_slot(s->store, f->slot, &stored);
    if (err == KW_ENOTFOUND || (err == KW_OK && stored.version != f->version))
        return KW_ECONFLICT;
    return err;
}

static enum kw_err put_families(struct sync *s, struct sync_family *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        list[i].err = check_family(s, list[i].family);
        if (list[i].err != KW_OK)
            continue;
        TRY(store_act_as(s->store, list[i].actor));
        TRY(store_put_family(s->store, list[i].family));
    }
    return KW_OK;
}

enum kw_err save_families(struct sync *s, struct sync_family *list, size_t n)
{
    TRY(store_begin(s->store, list[0].actor, time_now_us(s) / 1000));
    return commit_if(s, put_families(s, list, n), list, NULL);
}

enum kw_err save_member(struct sync *s, struct str actor, struct member *m,
                        const struct sync_reply *reply)
{
    TRY(store_begin(s->store, actor, time_now_us(s) / 1000));
    return commit_if(s, store_put_member(s->store, m), m, reply);
}

enum kw_err save_token(struct sync *s, struct str actor, struct token *t,
                       const struct sync_reply *reply)
{
    TRY(store_begin(s->store, actor, time_now_us(s) / 1000));
    return commit_if(s, store_put_token(s->store, t), t, reply);
}

enum kw_err save_document(struct sync *s, struct str actor, struct document *d,
                          const struct sync_reply *reply)
{
    TRY(store_begin(s->store, actor, time_now_us(s) / 1000));
    return commit_if(s, store_put_document(s->store, d), d, reply);
}

enum kw_err save_policy(struct sync *s, struct str actor, struct str document, uint32_t *version)
{
    TRY(store_begin(s->store, actor, time_now_us(s) / 1000));
    return commit_if(s, store_put_policy(s->store, document, version), NULL, NULL);
}

enum kw_err save_spend_rules(struct sync *s, struct str actor, uint32_t key_slot,
                             struct str document, uint32_t *version)
{
    TRY(store_begin(s->store, actor, time_now_us(s) / 1000));
    return commit_if(s, store_put_spend_rules(s->store, key_slot, document, version), NULL, NULL);
}

enum kw_err save_from_reserve(struct sync *s, save_fn *save, void *ctx)
{
    enum kw_err saved = save(s, ctx);

    if (saved == KW_EFULL && reserve_give_up(&s->reserve, clock_boot_us()))
        saved = save(s, ctx);
    if (saved != KW_EUNSAVED || store_must_reopen(s->store))
        return saved;
    if (!reserve_give_up(&s->reserve, clock_boot_us()) || store_save_head(s->store) != KW_OK)
        return saved;
    s->head_unsaved = false;
    return KW_OK;
}

enum kw_err room_to_widen(const struct sync *s)
{
    return s->reserve.is_full ? KW_EFULL : KW_OK;
}
