/* management_tokens.c - the calls about management tokens: with them programs make the calls of this API. */
#include <stdio.h>

#include "api/api.h"
#include "api/name_in.h"
#include "api/rank.h"
#include "api/replay.h"
#include "api/scopes_out.h"
#include "core/expiry.h"
#include "core/key.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "server/last_use.h"
#include "server/page.h"

static json_t *token_out(const struct call *c, const struct token *t)
{
    const char *state = t->state == TOKEN_REVOKED                          ? "revoked"
                        : t->expires_ms != 0 && t->expires_ms <= c->now_ms ? "expired"
                                                                           : "active";
    json_t *account = t->account[0] == '\0' ? json_null() : json_string(t->account);
    json_t *member = t->member[0] == '\0' ? json_null() : json_string(t->member);

    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:s}", "id", t->id, "name", t->name,
                     "account", account, "member", member, "scopes", scopes_out(t->scopes), "state",
                     state, "expires", json_out_moment(t->expires_ms), "createdAt",
                     json_out_moment(t->created_ms), "createdBy", t->created_by);
}

/* ---- made ---- */

/* Nobody gives what he has not; what needs a fresh one-time password of him needs one here. */
static enum kw_err read_scopes(struct call *c, struct token *t)
{
    TRY(scopes_in(c->body, "scopes", &c->problem, &t->scopes));
    for (unsigned bit = 1; bit <= SCOPES_ALL; bit <<= 1)
        if ((t->scopes & bit) != 0)
            TRY(call_needs(c, (enum scope)bit));
    if ((t->scopes & (SCOPE_KEYS_PRODUCTION | SCOPE_ACCOUNT_WRITE)) != 0 ||
        (t->scopes & ~role_scopes(ROLE_OWNER, false)) != 0)
        TRY(call_needs_step_up(c, "A token for production keys, the account or the installation"));
    return KW_OK;
}

static enum kw_err read_expires(struct call *c, struct token *t)
{
    struct str text;

    TRY(json_in_required(c->body, "expires", &c->problem, &text));
    enum kw_err err = expiry_parse(text, c->now_ms, &t->expires_ms);
    if (err == KW_ERANGE)
        return problem_field(&c->problem, "range", "expires",
                             "It has to be in the future, and %d days (ten years) away at most",
                             EXPIRY_DAYS_MAX);
    if (err == KW_OK && t->expires_ms == 0 && c->caller.member[0] != '\0')
        return problem_field(&c->problem, "range", "expires",
                             "A member's token ends: only the machine makes one that does not");
    if (err != KW_OK)
        return problem_field(&c->problem, "syntax", "expires", "Write it as " EXPIRY_FORMS);
    return KW_OK;
}

/* The account that it is confined to: the caller's; whoever sees all of them may name one. */
static enum kw_err read_account(struct call *c, struct token *t)
{
    struct str own = call_account(c), id;

    TRY(json_in_text(c->body, "account", &c->problem, &id));
    if (id.p == NULL)
        id = own.p == NULL ? STR("") : own;
    else if (account_id_check(id) != KW_OK || (own.p != NULL && !str_eq(id, own)))
        return problem_field(&c->problem, "not_found", "account", "There is no such account");
    snprintf(t->account, sizeof t->account, "%.*s", (int)id.n, id.p);
    return KW_OK;
}

static enum kw_err read_token(struct call *c, struct token *t)
{
    static const char *const names[] = {"name", "scopes", "expires", "account", NULL};

    TRY(json_in_only(c->body, names, &c->problem));
    TRY(name_in(c->body, &c->problem, t->name));
    TRY(read_scopes(c, t));
    TRY(read_expires(c, t));
    TRY(read_account(c, t));
    snprintf(t->member, sizeof t->member, "%s", c->caller.member);
    snprintf(t->created_by, sizeof t->created_by, "%s", c->caller.actor);
    return KW_OK;
}

static enum kw_err draw(struct call *c, struct token *t, char text[KEY_ADMIN_MAX], size_t *n)
{
    AUTO(digest_wipe) struct digest digest = {.b = {0}};
    char secret[KEY_SECRET_LEN];

    TRY(random_base62(t->id, KW_KEY_ID_LEN));
    TRY(random_base62(secret, sizeof secret));
    *n = key_print_admin(str_from(c->server->config->brand), str_from(t->id),
                         (struct str){secret, sizeof secret}, text);
    explicit_bzero(secret, sizeof secret);
    digest_of((struct str){text, *n}, &digest);
    memcpy(t->digest, digest.b, sizeof t->digest);
    return KW_OK;
}

/* It has not been used yet. Takes the secret. */
static json_t *new_out(const struct call *c, const struct token *t, json_t *secret)
{
    const struct last_use use = {.kind = USE_TOKEN};

    return json_out_with(last_use_out(&use, token_out(c, t)), "secret", secret);
}

static json_t *token_public(const struct call *c, const void *object)
{
    return new_out(c, object, json_null());
}

/* One that makes others would live on in them when it is revoked. */
static enum kw_err check_maker(struct call *c)
{
    if (c->caller.kind != CALLER_TOKEN)
        return KW_OK;
    return problem_say(&c->problem, 403, "members_only",
                       "A token makes no other: a member does, or an administrator of the machine");
}

enum kw_err tokens_create(struct call *c)
{
    struct token t = {.state = TOKEN_ACTIVE, .created_ms = c->now_ms};
    char text[KEY_ADMIN_MAX];
    struct replay replay;
    size_t n = 0;

    TRY(call_no_parameters(c));
    TRY(check_maker(c));
    TRY(replay_begin(c, "/v1/management-tokens", token_public, &replay));
    if (call_is_answered(c))
        return KW_OK;
    TRY(call_needs_fresh_proof(c, "A token, which outlives the session,"));
    TRY(read_token(c, &t));
    TRY(draw(c, &t, text, &n));
    enum kw_err err = replay_settle(
        c, &replay, sync_put_token(c->server->sync, call_actor(c), &t, replay_reply(&replay)));
    if (call_is_answered(c))
        return KW_OK;
    if (err == KW_ENOTFOUND)
        return problem_field(&c->problem, "not_found", "account", "There is no such account");
    TRY(call_saved_new(c, err, "token", t.id, "revoke it and make another"));
    snprintf(c->location, sizeof c->location, "/v1/management-tokens/%s", t.id);
    json_t *out = new_out(c, &t, json_stringn(text, n));
    explicit_bzero(text, sizeof text);
    return call_answer(c, 201, out);
}

/* ---- revoked ---- */

static enum kw_err find_token(struct call *c, struct token *out)
{
    enum kw_err err = KW_ENOTFOUND;

    struct store *store = sync_lock(c->server->sync);
    if (key_id_ok(c->id))
        err = store_token(store, c->id, call_account(c).p, out);
    sync_unlock(c->server->sync);
    if (err == KW_ENOTFOUND)
        return problem_say(&c->problem, 404, "not_found", "There is no management token of that id");
    return err;
}

static enum kw_err find_maker(struct call *c, const struct token *t, struct member *out)
{
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_member(store, str_from(t->member), NULL, out);
    sync_unlock(c->server->sync);
    return err;
}

/* One's own, or, for whoever manages the members, that of somebody who is not above him; the host's are an operator's. */
static enum kw_err may_revoke(struct call *c, const struct token *t)
{
    struct member m = {.role = ROLE_OWNER, .is_operator = true};

    if (t->member[0] != '\0' && strcmp(t->member, c->caller.member) == 0)
        return KW_OK;
    TRY(call_needs(c, SCOPE_MEMBERS_WRITE));
    if (t->member[0] != '\0')
        TRY(find_maker(c, t, &m));
    return rank_covers(c, m.role, m.is_operator);
}

enum kw_err tokens_revoke(struct call *c)
{
    struct token t = {.slot = 0};
    struct last_use use;

    TRY(call_no_parameters(c));
    TRY(find_token(c, &t));
    TRY(may_revoke(c, &t));
    if (t.state == TOKEN_ACTIVE) {
        t.state = TOKEN_REVOKED;
        TRY(call_saved(c, sync_put_token(c->server->sync, call_actor(c), &t, NULL)));
    }
    TRY(last_use_ask(c->server, USE_TOKEN, t.slot, str_from(t.id), &use));
    return call_answer(c, 200, last_use_out(&use, token_out(c, &t)));
}

/* ---- all ---- */

struct listing {
    struct call *call;
    struct store *store;
    struct page page;
};

static void listing_deinit(struct listing *l)
{
    page_deinit(&l->page);
}

static enum kw_err take(void *ctx, const struct token *t)
{
    struct listing *l = ctx;
    struct last_use use;

    TRY(last_use_find(l->call->server, l->store, USE_TOKEN, t->slot, str_from(t->id), &use));
    return page_add(&l->page, t->slot, last_use_out(&use, token_out(l->call, t)));
}

enum kw_err tokens_list(struct call *c)
{
    static const char *const parameters[] = {"account", "limit", "cursor", NULL};
    AUTO(listing_deinit) struct listing l = {.call = c};

    TRY(query_only(&c->query, parameters, &c->problem));
    TRY(page_begin(c, "tokens", &l.page));
    const struct store_token_filter f = {.account = call_listed_account(c),
                                         .after_slot = l.page.after};
    l.store = sync_lock(c->server->sync);
    enum kw_err err = store_tokens(l.store, &f, take, &l);
    sync_unlock(c->server->sync);
    if (err != KW_EFULL)
        TRY(err);
    return page_answer(&l.page);
}
