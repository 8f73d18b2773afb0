/* policy_doc.c - see policy_doc.h. */
#include "api/policy_doc.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/permission.h"

const char *const policy_list_names[POLICY_LISTS + 1] = {"read",   "transact", "manage",
                                                         "public", "deny",     NULL};

enum { ROUTE_LINE_MAX = ROUTE_TEXT_MAX + 16 }; /* bytes of a line in the document */

struct lines {
    struct route *routes; /* owned */
    size_t n;
};

static void lines_deinit(struct lines *l)
{
    free(l->routes);
}

static enum kw_err lines_init(struct lines *l)
{
    l->routes = calloc(ROUTE_MAX, sizeof *l->routes);
    return l->routes == NULL ? KW_ENOMEM : KW_OK;
}

/* ---- from JSON ---- */

static enum kw_err add_list(const json_t *lists, const char *name, struct problem *p, struct lines *l)
{
    const json_t *list = NULL;
    enum kw_class class;

    TRY(class_parse(str_from(name), &class));
    TRY(json_in_list(lists, name, ROUTE_MAX - l->n, p, &list));
    for (size_t i = 0; i < json_array_size(list); i++)
        l->routes[l->n++] = (struct route){class, json_in_item(list, i)};
    return KW_OK;
}

/* Which list, and where in it, the line from 0 stands. */
static void name_line(const json_t *lists, size_t line, char field[PROBLEM_FIELD_MAX])
{
    for (size_t i = 0; i < POLICY_LISTS; i++) {
        size_t n = json_array_size(json_object_get(lists, policy_list_names[i]));
        if (line < n) {
            snprintf(field, PROBLEM_FIELD_MAX, "%s[%zu]", policy_list_names[i], line);
            return;
        }
        line -= n;
    }
    field[0] = '\0';
}

static enum kw_err compile(const json_t *lists, struct problem *p, const struct lines *l,
                           struct buf *table)
{
    char why[160] = "", field[PROBLEM_FIELD_MAX];
    size_t bad = 0;

    enum kw_err err = route_compile(l->routes, l->n, table, &bad, why);
    if (err != KW_ESYNTAX && err != KW_EEXISTS && err != KW_ERANGE)
        return err;
    name_line(lists, bad, field);
    return problem_field(p, "policy", field, "%s", why);
}

enum kw_err policy_doc_read(const json_t *lists, struct problem *p, struct buf *table,
                            struct buf *document, size_t *n_routes)
{
    AUTO(lines_deinit) struct lines l = {0};

    TRY(lines_init(&l));
    TRY(json_in_only(lists, policy_list_names, p));
    for (size_t i = 0; i < POLICY_LISTS; i++)
        TRY(add_list(lists, policy_list_names[i], p, &l));
    if (l.n == 0) /* a file that was cut short must not take a policy out of force */
        return problem_say(p, 400, "policy", "The policy lists no route");
    TRY(compile(lists, p, &l, table));
    for (size_t i = 0; i < l.n; i++)
        policy_add(document, &l.routes[i]);
    if (document->failed && document->max - document->n > ROUTE_LINE_MAX)
        return KW_ENOMEM;
    if (document->failed)
        return problem_say(p, 400, "policy", "The policy is too long");
    *n_routes = l.n;
    return KW_OK;
}

enum kw_err policy_doc_of(const json_t *lists, struct problem *p, struct buf *table,
                          struct buf *document, size_t *n_routes)
{
    if (!json_is_object(lists))
        return problem_field(
            p, "syntax", "policy",
            "It is an object of the lists read, transact, manage, public and deny");
    return policy_doc_read(lists, p, table, document, n_routes);
}

/* ---- to JSON ---- */

static enum kw_err fill(json_t *lists, const struct lines *l)
{
    for (size_t i = 0; policy_list_names[i] != NULL; i++)
        if (json_object_set_new(lists, policy_list_names[i], json_array()) != 0)
            return KW_ENOMEM;
    for (size_t i = 0; i < l->n; i++) {
        const struct route *r = &l->routes[i];
        json_t *list = json_object_get(lists, class_name(r->c));
        if (list == NULL)
            return KW_EDAMAGED;
        if (json_array_append_new(list, json_stringn(r->text.p, r->text.n)) != 0)
            return KW_ENOMEM;
    }
    return KW_OK;
}

enum kw_err policy_doc_lists(struct str document, json_t **out)
{
    AUTO(lines_deinit) struct lines l = {0};

    TRY(lines_init(&l));
    if (policy_read(document, l.routes, &l.n) != KW_OK)
        return KW_EDAMAGED;
    json_t *lists = json_object();
    enum kw_err err = lists == NULL ? KW_ENOMEM : fill(lists, &l);
    if (err != KW_OK) {
        json_decref(lists);
        return err;
    }
    *out = lists;
    return KW_OK;
}
