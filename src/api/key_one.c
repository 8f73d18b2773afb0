/* key_one.c - see key_one.h. */
#include "api/key_one.h"

#include <stdio.h>

#include "api/key_right.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "server/last_use.h"
#include "json/key_out.h"

enum kw_err key_one_find(struct call *c, struct grant *out)
{
    const char *account = call_account(c).p; /* another account's key is not there */
    enum kw_err err = KW_ENOTFOUND;

    if (key_id_ok(c->id)) {
        struct store *store = sync_lock(c->server->sync);
        err = store_key(store, c->id, account, out);
        sync_unlock(c->server->sync);
    }
    if (err == KW_ENOTFOUND)
        return problem_say(&c->problem, 404, "not_found", "There is no key of that id");
    return err;
}

enum kw_err key_one_may_change(struct call *c, const struct grant *g)
{
    enum key_state same;
    bool is_over = lifecycle_expired(grant_ends_ms(g), c->now_ms);

    TRY(key_right_touch(c, g));
    if (lifecycle_step(g->state, is_over, STEP_CHANGE, &same) == KW_OK)
        return KW_OK;
    return problem_say(&c->problem, 409, "conflict", "The key is %s, which is final: make a new one",
                       lifecycle_name(g->state, is_over));
}

enum kw_err key_one_changed(struct call *c, enum kw_err err)
{
    if (err == KW_ECONFLICT)
        return problem_say(&c->problem, 409, "conflict",
                           "Somebody else changed the key meanwhile: read it again");
    return call_saved(c, err);
}

enum kw_err key_one_secret(const struct call *c, const struct grant *g, struct secret_text *text,
                           uint8_t digest[GRANT_DIGEST_LEN])
{
    AUTO(secret_text_wipe) struct secret_text random = {.n = KEY_SECRET_LEN};
    AUTO(digest_wipe) struct digest d = {0};

    TRY(random_base62(random.p, random.n));
    text->n = key_print(str_from(c->server->config->brand), g->environment, str_from(g->id),
                        secret_text_view(&random), text->p);
    digest_of(secret_text_view(text), &d);
    memcpy(digest, d.b, GRANT_DIGEST_LEN);
    return KW_OK;
}

json_t *key_one_out(const struct call *c, const struct grant *g, const struct last_use *use)
{
    return last_use_out(use, key_out(g, c->server->config->brand, c->now_ms));
}

void key_one_tag(struct call *c, const struct grant *g)
{
    snprintf(c->etag, sizeof c->etag, "\"%u\"", g->version);
}

enum kw_err key_one_answer(struct call *c, const struct grant *g)
{
    struct last_use use;

    TRY(last_use_ask(c->server, USE_KEY, g->slot, str_from(g->id), &use));
    key_one_tag(c, g);
    return call_answer(c, 200, key_one_out(c, g, &use));
}
