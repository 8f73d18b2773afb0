/* policy.c - the calls about the route policy: read, replaced, tried out. */
#include <stdio.h>

#include "api/api.h"
#include "api/policy_doc.h"
#include "core/path.h"
#include "core/permission.h"

/* The policy in force; version 0 and an empty document when there is none. */
static enum kw_err read_policy(struct call *c, uint32_t *version, struct buf *document)
{
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_policy(store, version, document);
    sync_unlock(c->server->sync);
    return err;
}

enum kw_err policy_get(struct call *c)
{
    AUTO(buf_deinit) struct buf document = BUF_MAX(POLICY_DOCUMENT_MAX);
    json_t *lists = NULL;
    uint32_t version = 0;

    TRY(call_no_parameters(c));
    TRY(read_policy(c, &version, &document));
    TRY(policy_doc_lists(buf_view(&document), &lists));
    return call_answer(c, 200, json_pack("{s:i, s:o}", "version", (int)version, "policy", lists));
}

enum kw_err policy_put(struct call *c)
{
    AUTO(buf_deinit) struct buf table = BUF_MAX(ROUTE_TABLE_MAX);
    AUTO(buf_deinit) struct buf document = BUF_MAX(POLICY_DOCUMENT_MAX);
    size_t n_routes = 0;
    uint32_t version = 0;

    TRY(call_no_parameters(c));
    TRY(policy_doc_read(c->body, &c->problem, &table, &document, &n_routes));
    TRY(call_needs_step_up(c, "Another route policy"));
    TRY(call_saved(c, sync_put_policy(c->server->sync, call_actor(c), buf_view(&document),
                                      buf_view(&table), &version)));
    return call_answer(c, 200,
                       json_pack("{s:i, s:i}", "version", (int)version, "routes", (int)n_routes));
}

/* ---- tried out ---- */

struct trial {
    struct str method, path;
    unsigned permissions;
};

static enum kw_err read_permissions(struct call *c, struct trial *t)
{
    const json_t *list;

    TRY(json_in_list(c->body, "permissions", 16, &c->problem, &list));
    for (size_t i = 0; i < json_array_size(list); i++) {
        enum kw_permission one;
        if (permission_parse(json_in_item(list, i), &one) != KW_OK)
            return problem_field(&c->problem, "syntax", "permissions",
                                 "A permission is \"read_only\", \"transactions\", "
                                 "\"account_management\" or \"full_access\"");
        t->permissions |= one;
    }
    if (t->permissions == 0)
        t->permissions = KW_READ_ONLY; /* as with a key for which none is chosen */
    return KW_OK;
}

static enum kw_err read_trial(struct call *c, struct trial *t)
{
    static const char *const members[] = {"method", "path", "permissions", NULL};

    TRY(json_in_only(c->body, members, &c->problem));
    TRY(json_in_required(c->body, "method", &c->problem, &t->method));
    TRY(json_in_required(c->body, "path", &c->problem, &t->path));
    return read_permissions(c, t);
}

static enum kw_reason reason_of(enum kw_class class, unsigned permissions)
{
    switch (class) {
    case KW_CLASS_PUBLIC:
        return KW_WHY_PUBLIC;
    case KW_CLASS_DENY:
        return KW_WHY_ROUTE_DENIED;
    case KW_CLASS_UNLISTED:
    case KW_CLASS_READ:
    case KW_CLASS_TRANSACT:
    case KW_CLASS_MANAGE:
        return permission_opens(permissions, class) ? KW_WHY_ALLOWED : KW_WHY_PERMISSION_DENIED;
    }
    return KW_WHY_ROUTE_DENIED;
}

/* The permissions each of which opens a class by itself. */
static json_t *openers_of(enum kw_class class)
{
    static const struct {
        enum kw_permission permission;
        const char *name;
    } all[] = {{KW_READ_ONLY, "read_only"},
               {KW_TRANSACTIONS, "transactions"},
               {KW_ACCOUNT_MANAGEMENT, "account_management"},
               {KW_FULL_ACCESS, "full_access"}};
    json_t *list = json_array();

    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (permission_opens(all[i].permission, class))
            json_out_append(&list, json_string(all[i].name));
    return list;
}

static json_t *verdict_out(enum kw_reason why, const char *class, json_t *openers, struct str line,
                           uint32_t version)
{
    bool allowed = why == KW_WHY_ALLOWED || why == KW_WHY_PUBLIC;
    json_t *route = line.p == NULL ? json_null() : json_stringn(line.p, line.n);

    return json_pack("{s:s, s:s, s:s?, s:o, s:o, s:i}", "verdict", allowed ? "allow" : "deny",
                     "reason", kw_reason_name(why), "class", class, "route", route, "opens",
                     openers, "policyVersion", (int)version);
}

/* The text of a line of the document by its number, from 1, without its class. Empty: there is
 * none. */
static struct str line_of(struct str document, uint32_t number)
{
    struct str line = {NULL, 0}, class;

    for (uint32_t i = 0; i < number; i++)
        if (!str_cut(document, '\n', &line, &document))
            return (struct str){NULL, 0};
    return str_cut(line, ' ', &class, &line) ? line : (struct str){NULL, 0};
}

static enum kw_err judge(struct call *c, const struct trial *t, struct str document, uint32_t version)
{
    AUTO(buf_deinit) struct buf table = BUF_MAX(ROUTE_TABLE_MAX);
    struct str raw, query, path, none = {NULL, 0};
    char decoded[KW_PATH_MAX];

    path_split(t->path, &raw, &query);
    if (path_read(raw, decoded, &path) != KW_OK)
        return call_answer(c, 200,
                           verdict_out(KW_WHY_PATH_AMBIGUOUS, NULL, json_array(), none, version));
    if (policy_compile(document, &table) != KW_OK)
        return KW_EDAMAGED;
    struct route_match match = route_judge(buf_view(&table), t->method, path);
    enum kw_reason why = reason_of(match.c, t->permissions);
    struct str line = line_of(document, match.number);
    return call_answer(c, 200,
                       verdict_out(why, class_name(match.c), openers_of(match.c), line, version));
}

enum kw_err policy_test(struct call *c)
{
    AUTO(buf_deinit) struct buf document = BUF_MAX(POLICY_DOCUMENT_MAX);
    struct trial t = {.permissions = 0};
    uint32_t version = 0;

    TRY(call_no_parameters(c));
    TRY(read_trial(c, &t));
    TRY(read_policy(c, &version, &document));
    return judge(c, &t, buf_view(&document), version);
}
