/* people.c - members, their tokens, documents, what keys may spend, and what was used: saved, and never published; see sync.h. */
#include "core/spend_rules.h"
#include "sync/state.h"

struct putting { /* borrows */
    struct str actor;
    void *after;
    const struct sync_reply *reply;
};

static bool is_saved(enum kw_err err)
{
    return err == KW_OK || err == KW_EUNSAVED;
}

static enum kw_err try_member(struct sync *s, void *ctx)
{
    const struct putting *c = ctx;
    struct member *after = c->after, next = *after;

    enum kw_err err = save_member(s, c->actor, &next, c->reply);
    if (is_saved(err))
        *after = next;
    return err;
}

static enum kw_err try_token(struct sync *s, void *ctx)
{
    const struct putting *c = ctx;
    struct token *after = c->after, next = *after;

    enum kw_err err = save_token(s, c->actor, &next, c->reply);
    if (is_saved(err))
        *after = next;
    return err;
}

/* The keyring has nothing of it, and so is level with the store again. */
static enum kw_err save(struct sync *s, bool narrows, save_fn *save_it, struct putting *c)
{
    if (!narrows)
        TRY(room_to_widen(s));
    enum kw_err saved = narrows ? save_from_reserve(s, save_it, c) : save_it(s, c);
    if (is_saved(saved) && !s->behind)
        build_level(s, s->keyring);
    return saved;
}

static enum kw_err put_member(struct sync *s, const struct member *after, struct putting *c)
{
    struct member before;

    if (after->slot == 0)
        return save(s, false, try_member, c);
    enum kw_err err = store_member_in_slot(s->store, after->slot, &before);
    if (err == KW_ENOTFOUND)
        return KW_ECONFLICT;
    TRY(err);
    return save(s, member_narrows(&before, after), try_member, c);
}

enum kw_err sync_put_member(struct sync *s, struct str actor, struct member *m,
                            const struct sync_reply *reply)
{
    struct putting c = {actor, m, reply};

    pthread_mutex_lock(&s->lock);
    enum kw_err err = put_member(s, m, &c);
    pthread_mutex_unlock(&s->lock);
    return err;
}

static enum kw_err put_token(struct sync *s, const struct token *after, struct putting *c)
{
    struct token before;

    if (after->slot == 0)
        return save(s, false, try_token, c);
    enum kw_err err = store_token_in_slot(s->store, after->slot, &before);
    if (err == KW_ENOTFOUND)
        return KW_ECONFLICT;
    TRY(err);
    return save(s, token_narrows(&before, after), try_token, c);
}

enum kw_err sync_put_token(struct sync *s, struct str actor, struct token *t,
                           const struct sync_reply *reply)
{
    struct putting c = {actor, t, reply};

    pthread_mutex_lock(&s->lock);
    enum kw_err err = put_token(s, t, &c);
    pthread_mutex_unlock(&s->lock);
    return err;
}

static enum kw_err try_document(struct sync *s, void *ctx)
{
    const struct putting *c = ctx;
    struct document *after = c->after, next = *after;

    enum kw_err err = save_document(s, c->actor, &next, c->reply);
    if (is_saved(err))
        *after = next;
    return err;
}

static enum kw_err put_document(struct sync *s, struct str actor, struct document *d,
                                bool is_urgent, const struct sync_reply *reply)
{
    struct putting c = {actor, d, reply};

    pthread_mutex_lock(&s->lock);
    enum kw_err err = save(s, is_urgent, try_document, &c);
    pthread_mutex_unlock(&s->lock);
    return err;
}

enum kw_err sync_put_document(struct sync *s, struct str actor, struct document *d)
{
    return put_document(s, actor, d, false, NULL);
}

enum kw_err sync_put_replied(struct sync *s, struct str actor, struct document *d,
                             const struct sync_reply *reply)
{
    return put_document(s, actor, d, false, reply);
}

enum kw_err sync_put_urgent(struct sync *s, struct str actor, struct document *d)
{
    return put_document(s, actor, d, true, NULL);
}

struct rules {
    uint32_t key_slot, version;
    struct str document;
};

static enum kw_err try_rules(struct sync *s, void *ctx)
{
    const struct putting *c = ctx;
    struct rules *after = c->after;
    uint32_t version = after->version;

    enum kw_err err = save_spend_rules(s, c->actor, after->key_slot, after->document, &version);
    if (is_saved(err))
        after->version = version;
    return err;
}

static enum kw_err put_rules(struct sync *s, const struct rules *next, struct putting *c)
{
    AUTO(buf_deinit) struct buf document = BUF_MAX(SPEND_DOCUMENT_MAX);
    struct spend_rules before, after;
    uint32_t version;

    TRY(store_spend_rules(s->store, next->key_slot, &version, &document));
    if (spend_rules_read(buf_view(&document), &before) != KW_OK)
        return KW_EDAMAGED;
    if (spend_rules_read(next->document, &after) != KW_OK)
        return KW_EINVAL;
    return save(s, spend_rules_narrow(&before, &after), try_rules, c);
}

enum kw_err sync_put_spend_rules(struct sync *s, struct str actor, uint32_t key_slot,
                                 struct str document, uint32_t *version)
{
    struct rules next = {key_slot, *version, document};
    struct putting c = {actor, &next, NULL};

    pthread_mutex_lock(&s->lock);
    enum kw_err err = put_rules(s, &next, &c);
    pthread_mutex_unlock(&s->lock);
    *version = next.version;
    return err;
}

struct step {
    uint32_t slot;
    uint64_t number;
};

static enum kw_err take_step(struct sync *s, void *ctx)
{
    const struct step *step = ctx;

    return store_take_totp_step(s->store, step->slot, step->number);
}

enum kw_err sync_take_totp_step(struct sync *s, uint32_t slot, uint64_t step)
{
    struct step taken = {slot, step};

    pthread_mutex_lock(&s->lock);
    enum kw_err err = save_from_reserve(s, take_step, &taken);
    pthread_mutex_unlock(&s->lock);
    return err;
}

enum kw_err sync_save_key_uses(struct sync *s, const struct key_use *uses, size_t n)
{
    pthread_mutex_lock(&s->lock);
    enum kw_err err = room_to_widen(s);
    if (err == KW_OK)
        err = store_save_key_uses(s->store, uses, n);
    pthread_mutex_unlock(&s->lock);
    return err;
}

enum kw_err sync_save_uses(struct sync *s, const struct last_use *uses, size_t n)
{
    pthread_mutex_lock(&s->lock);
    enum kw_err err = room_to_widen(s);
    if (err == KW_OK)
        err = store_save_uses(s->store, uses, n);
    pthread_mutex_unlock(&s->lock);
    return err;
}
