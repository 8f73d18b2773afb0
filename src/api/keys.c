/* keys.c - the calls about one key: made, read, changed, and led through its life. */
#include <stdio.h>

#include "api/api.h"
#include "api/key_change.h"
#include "api/key_in.h"
#include "api/key_one.h"
#include "api/key_right.h"
#include "api/replay.h"
#include "crypto/random.h"

/* It has not been used yet. Takes the secret. */
static json_t *new_out(const struct call *c, const struct grant *g, json_t *secret)
{
    const struct last_use use = {.kind = USE_KEY};

    return json_out_with(key_one_out(c, g, &use), "secret", secret);
}

/* ---- made ---- */

static json_t *key_public(const struct call *c, const void *object)
{
    return new_out(c, object, json_null());
}

/* An id that is taken is drawn again; with 62^14 of them that will hardly ever be seen. */
static enum kw_err make_key(struct call *c, const struct replay *replay, struct grant *g,
                            struct secret_text *text)
{
    enum kw_err err = KW_EEXISTS;

    for (int i = 0; i < KEY_ONE_TRIES && err == KW_EEXISTS; i++) {
        TRY(random_base62(g->id, KW_KEY_ID_LEN));
        TRY(key_one_secret(c, g, text, g->digest));
        err = sync_create_key(c->server->sync, call_actor(c), g, replay_reply(replay));
    }
    return replay_settle(c, replay, err);
}

/* What the body does not say of limits, the account does, and else the installation: copied, so that the key keeps it. */
static enum kw_err take_limits(struct call *c, struct grant *g)
{
    struct rate rate = c->server->config->default_rate;
    struct quota quota = c->server->config->default_quota;
    struct account a;

    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_account(store, str_from(g->account), &a);
    sync_unlock(c->server->sync);
    if (err == KW_ENOTFOUND)
        return key_in_no_account(&c->problem, str_from(g->account));
    TRY(err);
    limit_defaults_pick(&a.limit_defaults, g->permissions, &rate, &quota);
    if (json_object_get(c->body, "rate") == NULL)
        g->rate = rate;
    if (json_object_get(c->body, "quota") == NULL)
        g->quota = quota;
    return KW_OK;
}

enum kw_err keys_create(struct call *c)
{
    AUTO(secret_text_wipe) struct secret_text text = {.n = 0};
    struct grant g = {.slot = 0};
    struct replay replay;

    TRY(call_no_parameters(c));
    TRY(replay_begin(c, "/v1/keys", key_public, &replay));
    if (call_is_answered(c))
        return KW_OK;
    TRY(key_in_create(c->body, &c->caller, c->now_ms, &c->problem, &g));
    TRY(take_limits(c, &g));
    TRY(key_right_become(c, NULL, &g));
    snprintf(g.created_by, sizeof g.created_by, "%s", c->caller.actor);
    enum kw_err err = make_key(c, &replay, &g, &text);
    if (call_is_answered(c))
        return KW_OK;
    if (err == KW_ENOTFOUND)
        return key_in_no_account(&c->problem, str_from(g.account));
    TRY(call_saved_new(c, err, "key", g.id, "revoke it and make another"));
    snprintf(c->location, sizeof c->location, "/v1/keys/%s", g.id);
    key_one_tag(c, &g);
    return call_answer(c, 201, new_out(c, &g, json_stringn(text.p, text.n)));
}

/* ---- read and changed ---- */

enum kw_err keys_get(struct call *c)
{
    struct grant g = {.slot = 0};

    TRY(call_no_parameters(c));
    TRY(key_one_find(c, &g));
    return key_one_answer(c, &g);
}

enum kw_err keys_change(struct call *c)
{
    TRY(call_no_parameters(c));
    return key_change(c, c->body);
}

/* ---- led through its life ---- */

/* Reads the key and takes it one step on; a step that leads nowhere new is done already. */
static enum kw_err try_step(struct call *c, enum key_step step, struct grant *g)
{
    enum key_state to;

    TRY(key_one_find(c, g));
    TRY(key_right_touch(c, g));
    TRY(key_change_step(c, g, step, &to));
    if (to == g->state)
        return KW_OK;
    const struct grant before = *g;
    g->state = to;
    TRY(key_right_become(c, &before, g));
    return sync_change_key(c->server->sync, call_actor(c), g);
}

/* These calls do not depend on what else the key is, so that a change in between is no reason to
 * refuse. */
static enum kw_err take_step(struct call *c, enum key_step step)
{
    enum kw_err err = KW_ECONFLICT;
    struct grant g = {.slot = 0};

    TRY(call_no_parameters(c));
    for (int i = 0; i < KEY_ONE_TRIES && err == KW_ECONFLICT; i++)
        err = try_step(c, step, &g);
    TRY(key_one_changed(c, err));
    return key_one_answer(c, &g);
}

enum kw_err keys_disable(struct call *c)
{
    return take_step(c, STEP_DISABLE);
}

enum kw_err keys_enable(struct call *c)
{
    return take_step(c, STEP_ENABLE);
}

/* A key that was revoked already publishes nothing. A revocation that could not be saved is in force all the same. */
enum kw_err keys_revoke(struct call *c)
{
    enum kw_err err = take_step(c, STEP_REVOKE);
    uint64_t published_us = sync_published_us(c->server->sync);

    if (published_us >= c->arrived_us)
        tally_revocation(c->server->tally, published_us - c->arrived_us);
    return err;
}
