/* accounts.c - the calls about accounts: whose the keys are. */
#include <stdio.h>

#include "api/account_find.h"
#include "api/addresses_in.h"
#include "api/api.h"
#include "api/limits_in.h"
#include "api/name_in.h"
#include "api/replay.h"
#include "server/page.h"
#include "json/key_out.h"

enum { TRIES = 3 };

static json_t *account_out(const struct account *a)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:i, s:o}", "id", a->id, "name", a->name,
                     "state", a->state == ACCOUNT_ACTIVE ? "active" : "suspended", "frozen",
                     freeze_name(a->frozen), "allowIp", address_rules_out(a->rules, a->n_rules),
                     "limitDefaults", limit_defaults_out(&a->limit_defaults), "version",
                     (int)a->version, "createdAt", json_out_moment(a->created_ms));
}

static json_t *account_public(const struct call *c, const void *object)
{
    (void)c;
    return account_out(object);
}

static enum kw_err answer_account(struct call *c, int status, const struct account *a)
{
    snprintf(c->etag, sizeof c->etag, "\"%u\"", a->version);
    return call_answer(c, status, account_out(a));
}

static enum kw_err read_account(struct call *c, struct account *a)
{
    static const char *const members[] = {"id", "name", NULL};
    struct str id, name;

    TRY(json_in_only(c->body, members, &c->problem));
    TRY(json_in_required(c->body, "id", &c->problem, &id));
    TRY(json_in_text(c->body, "name", &c->problem, &name));
    if (account_id_check(id) != KW_OK)
        return problem_field(&c->problem, "syntax", "id",
                             "An id is 1 to %d of a-z, 0-9 and '-', a letter first", KW_ACCOUNT_MAX);
    memcpy(a->id, id.p, id.n);
    if (name.p != NULL)
        return name_in(c->body, &c->problem, a->name);
    memcpy(a->name, id.p, id.n);
    return KW_OK;
}

enum kw_err accounts_create(struct call *c)
{
    struct account a = {.state = ACCOUNT_ACTIVE, .created_ms = c->now_ms};
    struct replay replay;

    TRY(call_no_parameters(c));
    TRY(replay_begin(c, "/v1/accounts", account_public, &replay));
    if (call_is_answered(c))
        return KW_OK;
    TRY(read_account(c, &a));
    enum kw_err err = replay_settle(
        c, &replay, sync_put_account(c->server->sync, call_actor(c), &a, replay_reply(&replay)));
    if (call_is_answered(c))
        return KW_OK;
    if (err == KW_EEXISTS)
        return problem_say(&c->problem, 409, "exists", "There is an account \"%s\" already", a.id);
    TRY(call_saved(c, err));
    snprintf(c->location, sizeof c->location, "/v1/accounts/%s", a.id);
    return answer_account(c, 201, &a);
}

/* ---- one ---- */

static enum kw_err put(struct call *c, struct account *a)
{
    enum kw_err err = sync_put_account(c->server->sync, call_actor(c), a, NULL);

    if (err == KW_ECONFLICT)
        return problem_say(&c->problem, 409, "conflict",
                           "Somebody else changed the account meanwhile: read it again");
    return call_saved(c, err);
}

enum kw_err accounts_get(struct call *c)
{
    struct account a = {.slot = 0};

    TRY(call_no_parameters(c));
    TRY(account_find(c, &a));
    return answer_account(c, 200, &a);
}

static enum kw_err read_change(struct call *c, struct account *a)
{
    static const char *const members[] = {"name", "allowIp", "limitDefaults", NULL};

    TRY(json_in_only(c->body, members, &c->problem));
    if (json_object_size(c->body) == 0)
        return problem_say(&c->problem, 400, "missing",
                           "Nothing is to be changed: the body is empty");
    if (json_object_get(c->body, "name") != NULL)
        TRY(name_in(c->body, &c->problem, a->name));
    if (json_object_get(c->body, "allowIp") != NULL)
        TRY(addresses_in(c->body, &c->problem, a->rules, &a->n_rules));
    if (json_object_get(c->body, "limitDefaults") != NULL)
        TRY(limits_in_defaults(c->body, &c->problem, &a->limit_defaults));
    return KW_OK;
}

enum kw_err accounts_change(struct call *c)
{
    struct account a = {.slot = 0}, before;

    TRY(call_no_parameters(c));
    TRY(account_find(c, &a));
    TRY(call_if_match(c, "account", a.version));
    before = a;
    TRY(read_change(c, &a));
    if (!address_rules_within(a.rules, a.n_rules, before.rules, before.n_rules))
        TRY(call_needs_step_up(c, "Letting more addresses use the account's keys"));
    TRY(put(c, &a));
    return answer_account(c, 200, &a);
}

/* A change in between is no reason to refuse; being there already is done. */
static enum kw_err set_state(struct call *c, enum account_state state)
{
    struct account a = {.slot = 0};
    enum kw_err err = KW_OK;

    TRY(call_no_parameters(c));
    for (int i = 0; i < TRIES; i++) {
        TRY(account_find(c, &a));
        if (a.state == state)
            break;
        a.state = state;
        err = sync_put_account(c->server->sync, call_actor(c), &a, NULL);
        if (err != KW_ECONFLICT)
            break;
    }
    if (err == KW_ECONFLICT)
        return problem_say(&c->problem, 409, "conflict",
                           "Somebody else changed the account at every try: try again");
    TRY(call_saved(c, err));
    return answer_account(c, 200, &a);
}

enum kw_err accounts_suspend(struct call *c)
{
    return set_state(c, ACCOUNT_SUSPENDED);
}

enum kw_err accounts_resume(struct call *c)
{
    return set_state(c, ACCOUNT_ACTIVE);
}

/* ---- all ---- */

static enum kw_err take(void *ctx, const struct account *a)
{
    struct page *page = ctx;

    return a->slot <= page->after ? KW_OK : page_add(page, a->slot, account_out(a));
}

enum kw_err accounts_list(struct call *c)
{
    static const char *const parameters[] = {"limit", "cursor", NULL};
    AUTO(page_deinit) struct page page = {0};

    TRY(query_only(&c->query, parameters, &c->problem));
    TRY(page_begin(c, "accounts", &page));
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_accounts(store, NULL, take, &page);
    sync_unlock(c->server->sync);
    if (err != KW_EFULL)
        TRY(err);
    return page_answer(&page);
}
