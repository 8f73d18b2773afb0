/* accounts.c - the calls about accounts: whose the keys are. */
#include <stdio.h>

#include "api/api.h"
#include "server/key_out.h"
#include "server/page.h"

static json_t *account_out(const struct account *a)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:i, s:o}", "id", a->id, "name", a->name, "state",
                     a->state == ACCOUNT_ACTIVE ? "active" : "suspended", "allowIp",
                     address_rules_out(a->rules, a->n_rules), "version", (int)a->version,
                     "createdAt", json_out_moment(a->created_ms));
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
    if (name.p == NULL)
        name = id;
    if (grant_name_check(name) != KW_OK)
        return problem_field(&c->problem, "syntax", "name",
                             "A name is text of 1 to %d bytes, without control characters",
                             GRANT_NAME_MAX);
    memcpy(a->id, id.p, id.n);
    memcpy(a->name, name.p, name.n);
    return KW_OK;
}

enum kw_err accounts_create(struct call *c)
{
    struct account a = {.state = ACCOUNT_ACTIVE, .created_ms = c->now_ms};

    TRY(call_no_parameters(c));
    TRY(read_account(c, &a));
    enum kw_err err = sync_put_account(c->server->sync, c->actor, &a);
    if (err == KW_EEXISTS)
        return problem_say(&c->problem, 409, "exists", "There is an account \"%s\" already", a.id);
    TRY(call_saved(c, err));
    snprintf(c->etag, sizeof c->etag, "\"%u\"", a.version);
    return call_answer(c, 201, account_out(&a));
}

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
    TRY(page_begin(&c->query, &c->problem, &page));
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_accounts(store, take, &page);
    sync_unlock(c->server->sync);
    if (err != KW_EFULL)
        TRY(err);
    return call_answer(c, 200, page_answer(&page, "accounts"));
}
