/* policy_doc.c - see policy_doc.h. */
#include "server/policy_doc.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/permission.h"

const char *const policy_list_names[POLICY_LISTS + 1] = {"read",   "transact", "manage",
                                                         "public", "deny",     NULL};

struct lines {
    struct route *routes; /* owned */
    size_t n;
};

static void lines_deinit(struct lines *l)
{
    free(l->routes);
}

static enum kw_err add_list(const json_t *lists, const char *name, struct problem *p,
                            struct lines *l)
{
    const json_t *list;
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

enum kw_err policy_doc_compile(const json_t *lists, struct problem *p, struct buf *table,
                               size_t *n_routes)
{
    AUTO(lines_deinit) struct lines l = {.routes = calloc(ROUTE_MAX, sizeof *l.routes)};

    if (l.routes == NULL)
        return KW_ENOMEM;
    TRY(json_in_only(lists, policy_list_names, p));
    for (size_t i = 0; i < POLICY_LISTS; i++)
        TRY(add_list(lists, policy_list_names[i], p, &l));
    TRY(compile(lists, p, &l, table));
    *n_routes = l.n;
    return KW_OK;
}

struct str policy_doc_line(const json_t *lists, uint32_t number)
{
    size_t line = number;

    for (size_t i = 0; line > 0 && i < POLICY_LISTS; i++) {
        const json_t *list = json_object_get(lists, policy_list_names[i]);
        size_t n = json_array_size(list);
        if (line <= n)
            return json_in_item(list, line - 1);
        line -= n;
    }
    return (struct str){NULL, 0};
}
