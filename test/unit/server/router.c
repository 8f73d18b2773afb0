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
    {"a page", "GET", "/", KW_OK, "", ""},
    {"a page, asked for without its body", "HEAD", "/sign-in", KW_OK, "", ""},
    {"a page about one of many", "GET", "/keys/abc", KW_OK, "abc", ""},
    {"a page takes nothing", "POST", "/keys", KW_EINVAL, NULL, "GET, HEAD"},
    {"a page behind a trailing slash", "GET", "/keys/", KW_ENOTFOUND, NULL, NULL},
    {"a page below one of many", "GET", "/keys/abc/def", KW_ENOTFOUND, NULL, NULL},
    {"a page that is none", "GET", "/keyz", KW_ENOTFOUND, NULL, NULL},
    {"a page in upper case", "GET", "/KEYS", KW_ENOTFOUND, NULL, NULL},
    {"a file", "GET", "/assets/index-1a2b3c4d.js", KW_OK, "index-1a2b3c4d.js", ""},
    {"a folder of files", "GET", "/assets/", KW_ENOTFOUND, NULL, NULL},
    {"a file in a folder", "GET", "/assets/a/b.js", KW_ENOTFOUND, NULL, NULL},
    {"two slashes", "GET", "//", KW_ENOTFOUND, NULL, NULL},
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
static void assert_open(const struct api_route *routes, const char *const *open, size_t n_open)
{
    size_t n = 0;

    for (const struct api_route *r = routes; r->method != NULL; r++) {
        char name[64];
        if (r->asker != ASKER_ANYONE && r->asker != ASKER_CARRIER)
            continue;
        snprintf(name, sizeof name, "%s %s", r->method, r->path);
        assert_true(n < n_open);
        assert_string_equal(name, open[n]);
        n++;
    }
    assert_int_equal(n, n_open);
}

static void routes_open_to_anyone_are_a_closed_list(void **state)
{
    static const char *const open[] = {"POST /v1/leaks",
                                       "POST /v1/leaks/github",
                                       "POST /v1/tokens",
                                       "POST /v1/tokens/refresh",
                                       "POST /v1/tokens/revoke",
                                       "POST /v1/session",
                                       "POST /v1/session/totp",
                                       "POST /v1/links/open",
                                       "POST /v1/links/accept",
                                       "POST /v1/reset",
                                       "GET /v1/health",
                                       "GET /openapi.json",
                                       "GET /docs",
                                       "GET /docs/style.css"};

    (void)state;
    assert_open(api_routes, open, COUNT_OF(open));
}

/* The dashboard's: all of them are open, take no body, and are read only. */
static void pages_are_a_closed_list(void **state)
{
    static const char *const open[] = {"GET /",
                                       "GET /sign-in",
                                       "GET /forgot",
                                       "GET /accept",
                                       "GET /keys",
                                       "GET /keys/new",
                                       "GET /keys/{id}",
                                       "GET /activity",
                                       "GET /activity/{id}",
                                       "GET /alerts",
                                       "GET /alerts/{id}",
                                       "GET /reports",
                                       "GET /reports/{id}",
                                       "GET /usage",
                                       "GET /detectors",
                                       "GET /webhooks",
                                       "GET /webhooks/{id}",
                                       "GET /policy",
                                       "GET /members",
                                       "GET /members/{id}",
                                       "GET /tokens",
                                       "GET /accounts",
                                       "GET /accounts/{id}",
                                       "GET /you",
                                       "GET /assets/{id}",
                                       "GET /favicon.svg"};
    size_t n = 0;

    (void)state;
    assert_open(page_routes, open, COUNT_OF(open));
    for (const struct api_route *r = page_routes; r->method != NULL; r++, n++) {
        assert_string_equal(r->method, "GET");
        assert_int_equal(r->body, BODY_NONE);
    }
    assert_int_equal(n, COUNT_OF(open));
}

/* A call always comes first, so none of them may look like one. */
static void no_page_hides_a_call(void **state)
{
    (void)state;
    for (const struct api_route *r = page_routes; r->method != NULL; r++)
        assert_false(str_starts(str_from(r->path), STR("/v1")));
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
    SUITE_TEST(pages_are_a_closed_list);
    SUITE_TEST(no_page_hides_a_call);
    SUITE_TEST(routes_open_to_all_who_are_known_are_a_closed_list);
    SUITE_TEST(every_other_route_names_one_scope);
    return suite_run("server/router");
}
