/* router.c - the way of a request: nobody without a name, nothing by the wrong method, only what
 * belongs to the caller. */
#include "sandbox/router.h"

#include "suite.h"

static const uint8_t seed[LEDGER_SEED_LEN];

static struct request request_of(const char *method, const char *path)
{
    return (struct request){
        .method = str_from(method), .path = str_from(path), .target = str_from(path)};
}

static void add_header(struct request *r, const char *name, const char *value)
{
    r->headers[r->n_headers++] = (struct pair){str_from(name), str_from(value)};
}

static struct request named(const char *method, const char *path)
{
    struct request r = request_of(method, path);

    add_header(&r, "X-Keyward-Account", "acme");
    add_header(&r, "X-Keyward-Environment", "sandbox");
    return r;
}

static unsigned status_of(const struct request *r)
{
    AUTO(ledger_freep) struct ledger *l = NULL;
    AUTO(answer_deinit) struct answer a = {0};

    assert_ok(ledger_new(seed, 1000, &l));
    router_answer(l, r, 0, &a);
    assert_true((a.status == 200) == (a.data != NULL));
    return a.status;
}

static const struct identity {
    const char *why, *names[3], *values[3];
    unsigned want;
} identities[] = {
    {"both", {"X-Keyward-Account", "X-Keyward-Environment"}, {"acme", "sandbox"}, 200},
    {"in lower case, as HTTP/2 has it",
     {"x-keyward-account", "x-keyward-environment"},
     {"acme", "production"},
     200},
    {"none", {0}, {0}, 500},
    {"no account", {"X-Keyward-Environment"}, {"sandbox"}, 500},
    {"an empty account", {"X-Keyward-Account", "X-Keyward-Environment"}, {"", "sandbox"}, 500},
    {"no environment", {"X-Keyward-Account"}, {"acme"}, 500},
    {"another environment", {"X-Keyward-Account", "X-Keyward-Environment"}, {"acme", "staging"}, 500},
    {"an account that is none", {"X-Keyward-Account", "X-Keyward-Environment"}, {"Ac me", "sandbox"}, 500},
    {"a look-alike", {"X_Keyward_Account", "X-Keyward-Environment"}, {"acme", "sandbox"}, 500},
    {"two accounts",
     {"X-Keyward-Account", "X-Keyward-Environment", "x-keyward-account"},
     {"acme", "sandbox", "acme"},
     500},
};

static void who_is_not_named_gets_nothing(void **state)
{
    const struct identity *row = *state;
    static const char *const paths[] = {"/api/v1/user/me", "/api/v1/sandbox/echo"};

    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct request r = request_of("GET", paths[i]);
        for (size_t k = 0; k < COUNT_OF(row->names) && row->names[k] != NULL; k++)
            add_header(&r, row->names[k], row->values[k]);
        assert_int_equal(status_of(&r), row->want);
    }
}

static void health_needs_no_name(void **state)
{
    (void)state;
    struct request get = request_of("GET", "/healthz"), post = request_of("POST", "/healthz"),
                   below = request_of("GET", "/healthz/x");
    assert_int_equal(status_of(&get), 200);
    assert_int_equal(status_of(&post), 405);
    assert_int_equal(status_of(&below), 500);
}

static const struct route {
    const char *why, *method, *path;
    unsigned want;
} routes[] = {
    {"a read", "GET", "/api/v1/wallet/me", 200},
    {"HEAD is as GET", "HEAD", "/api/v1/wallet/me", 200},
    {"the list, not an id", "GET", "/api/v1/transactions/user", 200},
    {"an unknown id", "GET", "/api/v1/transactions/x", 404},
    {"an empty id", "GET", "/api/v1/transactions/", 404},
    {"an id of two segments", "GET", "/api/v1/transactions/a/b", 404},
    {"an unknown reference", "GET", "/api/v1/transactions/reference/r", 404},
    {"a trailing slash", "GET", "/api/v1/wallet/me/", 404},
    {"another case", "GET", "/api/v1/WALLET/me", 404},
    {"the wrong method", "DELETE", "/api/v1/wallet/me", 405},
    {"HEAD of what is posted", "HEAD", "/api/v1/wallet/payout/transfer", 405},
    {"a method in lower case", "get", "/api/v1/wallet/me", 405},
    {"a payout without a body", "POST", "/api/v1/wallet/payout/transfer", 400},
    {"another user", "PATCH", "/api/v1/user/update/00000000-0000-4000-8000-000000000000", 404},
    {"the networks", "GET", "/api/v1/evm/networks", 200},
    {"the echo", "GET", "/api/v1/sandbox/echo", 200},
    {"the echo by any method", "PURGE", "/api/v1/sandbox/echo", 200},
    {"below the echo", "POST", "/api/v1/sandbox/echo/a/b", 200},
    {"beside the echo", "GET", "/api/v1/sandbox/echoes", 404},
    {"the root", "GET", "/", 404},
    {"an empty path", "GET", "", 404},
};

static void routes_are_exact(void **state)
{
    const struct route *row = *state;
    struct request r = named(row->method, row->path);

    assert_int_equal(status_of(&r), row->want);
}

static const struct query {
    const char *why, *name, *value, *names; /* names: in the message; NULL: it is right */
} queries[] = {
    {"the first page", "page", "1", NULL},
    {"a page behind the end", "page", "10000", NULL},
    {"page zero", "page", "0", "page"},
    {"a negative page", "page", "-1", "page"},
    {"an empty page", "page", "", "page"},
    {"a page beyond all", "page", "18446744073709551615", "page"},
    {"the largest limit", "limit", "100", NULL},
    {"a limit above it", "limit", "101", "limit"},
    {"no number", "limit", "ten", "limit"},
    {"a status", "status", "PENDING", NULL},
    {"no status", "status", "OK", "status"},
    {"a type", "type", "DEPOSIT", NULL},
    {"no type", "type", "deposit", "type"},
    {"what is not known", "sort", "asc", NULL},
};

static void queries_are_exact(void **state)
{
    const struct query *row = *state;
    AUTO(ledger_freep) struct ledger *l = NULL;
    AUTO(answer_deinit) struct answer a = {0};
    struct request r = named("GET", "/api/v1/transactions/user");

    assert_ok(ledger_new(seed, 1000, &l));
    r.query[r.n_query++] = (struct pair){str_from(row->name), str_from(row->value)};
    router_answer(l, &r, 0, &a);
    assert_int_equal(a.status, row->names == NULL ? 200 : 400);
    if (row->names != NULL)
        assert_non_null(strstr(a.message, row->names));
}

static void the_echo_keeps_bytes_that_are_no_text(void **state)
{
    AUTO(ledger_freep) struct ledger *l = NULL;
    AUTO(answer_deinit) struct answer a = {0};

    (void)state;
    assert_ok(ledger_new(seed, 1000, &l));
    struct request r = named("GET", "/api/v1/sandbox/echo");
    add_header(&r, "X-Odd", "a\xff");
    router_answer(l, &r, 0, &a);
    const json_t *pair = json_array_get(json_object_get(a.data, "headers"), 2);
    assert_string_equal(json_string_value(json_array_get(pair, 0)), "X-Odd");
    assert_string_equal(json_string_value(json_array_get(pair, 1)), "a\xc3\xbf");
}

int main(void)
{
    SUITE_ROWS(who_is_not_named_gets_nothing, identities);
    SUITE_TEST(health_needs_no_name);
    SUITE_ROWS(routes_are_exact, routes);
    SUITE_ROWS(queries_are_exact, queries);
    SUITE_TEST(the_echo_keeps_bytes_that_are_no_text);
    return suite_run("sandbox/router");
}
