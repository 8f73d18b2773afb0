/* router.c - the calls there are, and that there are no others. */
#include "server/router.h"

#include <stdio.h>

#include "suite.h"

static const struct path {
    const char *why;
    const char *method, *path;
    enum kw_err want;
    const char *id, *allow;
} paths[] = {
    {"a list", "GET", "/v1/keys", KW_OK, "", ""},
    {"one", "GET", "/v1/keys/abc", KW_OK, "abc", ""},
    {"numbers", "GET", "/metrics", KW_OK, "", ""},
    {"a step", "POST", "/v1/keys/abc/revoke", KW_OK, "abc", ""},
    {"another method", "DELETE", "/v1/keys/abc", KW_EINVAL, NULL, "GET, PATCH"},
    {"HEAD is another method", "HEAD", "/v1/health", KW_EINVAL, NULL, "GET"},
    {"lower case is another method", "get", "/v1/health", KW_EINVAL, NULL, "GET"},
    {"a trailing slash", "GET", "/v1/keys/", KW_ENOTFOUND, NULL, NULL},
    {"a trailing slash behind an id", "GET", "/v1/keys/abc/", KW_ENOTFOUND, NULL, NULL},
    {"a doubled slash", "GET", "/v1//keys", KW_ENOTFOUND, NULL, NULL},
    {"no id", "POST", "/v1/keys//revoke", KW_ENOTFOUND, NULL, NULL},
    {"upper case", "GET", "/V1/keys", KW_ENOTFOUND, NULL, NULL},
    {"the root", "GET", "/", KW_ENOTFOUND, NULL, NULL},
    {"nothing", "GET", "", KW_ENOTFOUND, NULL, NULL},
    {"no slash first", "GET", "v1/keys", KW_ENOTFOUND, NULL, NULL},
    {"a step that is none", "POST", "/v1/keys/abc/delete", KW_ENOTFOUND, NULL, NULL},
    {"an encoded slash stays one segment", "GET", "/v1/keys%2fabc", KW_ENOTFOUND, NULL, NULL},
};

static void router_finds(void **state)
{
    const struct path *row = *state;
    const struct api_route *route = NULL;
    char allow[ROUTER_ALLOW_MAX];
    struct str id = {NULL, 0};

    assert_err(router_find(str_from(row->method), str_from(row->path), &route, &id, allow),
               row->want);
    if (row->id != NULL)
        assert_str(id, str_from(row->id));
    if (row->allow != NULL)
        assert_string_equal(allow, row->allow);
}

/* Whatever is added here must be meant to be open to the world. */
static void routes_open_to_anyone_are_a_closed_list(void **state)
{
    static const char *const open[] = {"POST /v1/session",    "POST /v1/session/totp",
                                       "POST /v1/links/open", "POST /v1/links/accept",
                                       "POST /v1/reset",      "GET /v1/health",
                                       "GET /openapi.json",   "GET /docs",
                                       "GET /docs/style.css"};
    size_t n = 0;

    (void)state;
    for (const struct api_route *r = api_routes; r->method != NULL; r++) {
        char name[64];
        if (r->asker != ASKER_ANYONE)
            continue;
        snprintf(name, sizeof name, "%s %s", r->method, r->path);
        assert_true(n < COUNT_OF(open));
        assert_string_equal(name, open[n]);
        n++;
    }
    assert_int_equal(n, COUNT_OF(open));
}

/* What whoever is known may ask, whatever his scopes: nothing that is anybody's own, and no secrets. */
static void routes_open_to_all_who_are_known_are_a_closed_list(void **state)
{
    size_t n = 0;

    (void)state;
    for (const struct api_route *r = api_routes; r->method != NULL; r++) {
        if (r->asker != ASKER_KNOWN)
            continue;
        assert_string_equal(r->method, "GET");
        assert_string_equal(r->path, "/v1/installation");
        n++;
    }
    assert_int_equal(n, 1);
}

/* A route that forgot its scope is open to nobody; this is so that none does. */
static void every_other_route_names_one_scope(void **state)
{
    (void)state;
    for (const struct api_route *r = api_routes; r->method != NULL; r++) {
        if (r->asker == ASKER_SCOPE)
            assert_int_equal(__builtin_popcount(r->scope), 1);
        else
            assert_int_equal(r->scope, 0);
    }
}

int main(void)
{
    SUITE_ROWS(router_finds, paths);
    SUITE_TEST(routes_open_to_anyone_are_a_closed_list);
    SUITE_TEST(routes_open_to_all_who_are_known_are_a_closed_list);
    SUITE_TEST(every_other_route_names_one_scope);
    return suite_run("server/router");
}
