/* policy_versions.c - the calls about the versions of the route policy: all of them, one, and what lies between two. */
#include <stdio.h>
#include <stdlib.h>

#include "api/api.h"
#include "api/policy_doc.h"
#include "core/permission.h"
#include "core/policy_diff.h"
#include "server/page.h"

static size_t lines_in(struct str document)
{
    struct str line;
    size_t n = 0;

    while (str_cut(document, '\n', &line, &document))
        n++;
    return n;
}

/* ---- all ---- */

struct listed {
    struct page page;
    uint32_t newest; /* the one in force */
};

/* Who is an operator is nothing that the members of an account are told. */
static json_t *version_out(const struct call *c, const struct policy_version *p, bool in_force)
{
    bool tells = call_account(c).n == 0;

    return json_pack("{s:i, s:b, s:i, s:o, s:o}", "version", (int)p->version, "inForce", in_force,
                     "routes", (int)lines_in(p->document), "at", json_out_moment(p->time_ms), "by",
                     tells ? json_stringn(p->actor.p, p->actor.n) : json_null());
}

static enum kw_err take(void *ctx, const struct policy_version *p)
{
    struct listed *l = ctx;

    return page_add(&l->page, p->version, version_out(l->page.call, p, p->version == l->newest));
}

static enum kw_err walk(struct call *c, struct listed *l)
{
    struct sync_stats stats;

    sync_stats(c->server->sync, &stats);
    l->newest = stats.policy_version;
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_policies(store, l->page.after, take, l);
    sync_unlock(c->server->sync);
    return err == KW_EFULL ? KW_OK : err;
}

enum kw_err policies_list(struct call *c)
{
    static const char *const parameters[] = {"limit", "cursor", NULL};
    struct listed l = {.newest = 0};

    TRY(query_only(&c->query, parameters, &c->problem));
    TRY(page_begin(c, "policies", &l.page));
    enum kw_err err = walk(c, &l);
    if (err == KW_OK)
        err = page_answer(&l.page);
    page_deinit(&l.page);
    return err;
}

/* ---- one ---- */

static enum kw_err find(struct call *c, uint32_t version, const char *field, struct buf *document)
{
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_policy_version(store, version, document);
    sync_unlock(c->server->sync);
    if (err != KW_ENOTFOUND)
        return err;
    if (field == NULL)
        return problem_say(&c->problem, 404, "not_found", "There is no such version of the policy");
    return problem_field(&c->problem, "not_found", field, "The policy has no version %u", version);
}

enum kw_err policies_get(struct call *c)
{
    AUTO(buf_deinit) struct buf document = BUF_MAX(POLICY_DOCUMENT_MAX);
    json_t *lists = NULL;
    uint64_t version = 0;

    TRY(call_no_parameters(c));
    if (str_u64(c->id, INT32_MAX, &version) != KW_OK)
        version = 0; /* which there is not */
    TRY(find(c, (uint32_t)version, NULL, &document));
    TRY(policy_doc_lists(buf_view(&document), &lists));
    return call_answer(c, 200, json_pack("{s:i, s:o}", "version", (int)version, "policy", lists));
}

/* ---- two compared ---- */

struct compared {
    struct buf before, after; /* documents; empty: no policy */
    uint32_t from, to;        /* 0: none, or a policy that is not in force */
};

static void compared_deinit(struct compared *x)
{
    buf_deinit(&x->before);
    buf_deinit(&x->after);
}

static enum kw_err read_version(struct call *c, const char *name, uint32_t *version, struct buf *out)
{
    TRY(json_in_u32(c->body, name, INT32_MAX, &c->problem, version));
    return *version == 0 ? KW_OK : find(c, *version, name, out);
}

static enum kw_err read_from(struct call *c, struct compared *x)
{
    if (json_object_get(c->body, "from") != NULL)
        return read_version(c, "from", &x->from, &x->before);
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_policy(store, &x->from, &x->before);
    sync_unlock(c->server->sync);
    return err;
}

static enum kw_err read_to(struct call *c, struct compared *x)
{
    AUTO(buf_deinit) struct buf table = BUF_MAX(ROUTE_TABLE_MAX);
    const json_t *lists = json_object_get(c->body, "policy");
    size_t n_routes;

    if ((lists == NULL) == (json_object_get(c->body, "to") == NULL))
        return problem_field(&c->problem, "missing", "to",
                             "Give either \"to\", a version, or \"policy\", the lists of one");
    if (lists == NULL)
        return read_version(c, "to", &x->to, &x->after);
    return policy_doc_of(lists, &c->problem, &table, &x->after, &n_routes);
}

static const char *change_word(const struct policy_change *change)
{
    if (change->before == KW_CLASS_UNLISTED)
        return "added";
    return change->after == KW_CLASS_UNLISTED ? "removed" : "changed";
}

static const char *class_or_null(enum kw_class c)
{
    return c == KW_CLASS_UNLISTED ? NULL : class_name(c);
}

static json_t *changes_out(const struct policy_diff *d)
{
    json_t *list = json_array();

    for (size_t i = 0; i < d->n; i++) {
        const struct policy_change *one = &d->changes[i];
        json_out_append(&list,
                        json_pack("{s:s%, s:s, s:s?, s:s?}", "route", one->route.p, one->route.n,
                                  "change", change_word(one), "before", class_or_null(one->before),
                                  "after", class_or_null(one->after)));
    }
    return list;
}

static json_t *number_or_null(uint32_t version)
{
    return version == 0 ? json_null() : json_integer(version);
}

static enum kw_err compare(struct call *c, const struct compared *x)
{
    struct policy_diff *d = malloc(sizeof *d);

    if (d == NULL)
        return KW_ENOMEM;
    enum kw_err err = policy_diff(buf_view(&x->before), buf_view(&x->after), d);
    if (err == KW_OK)
        err = call_answer(c, 200,
                          json_pack("{s:o, s:o, s:o}", "from", number_or_null(x->from), "to",
                                    number_or_null(x->to), "changes", changes_out(d)));
    free(d);
    return err == KW_ESYNTAX || err == KW_ERANGE ? KW_EDAMAGED : err;
}

enum kw_err policy_diff_post(struct call *c)
{
    static const char *const members[] = {"from", "to", "policy", NULL};
    AUTO(compared_deinit)
    struct compared x = {BUF_MAX(POLICY_DOCUMENT_MAX), BUF_MAX(POLICY_DOCUMENT_MAX), 0, 0};

    TRY(call_no_parameters(c));
    TRY(json_in_only(c->body, members, &c->problem));
    TRY(read_from(c, &x));
    TRY(read_to(c, &x));
    return compare(c, &x);
}
