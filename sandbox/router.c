/* router.c - see router.h. */
#include "sandbox/router.h"

#include <strings.h>

#include "core/grant.h"
#include "core/permission.h"
#include "sandbox/endpoints.h"

static const struct endpoint {
    void (*answer)(const struct call *c, struct answer *a);
    const char *method, *path;
} endpoints[] = {
#define X(function, method, path) {function, method, path},
    ENDPOINTS(X)
#undef X
};

static bool is_named(const struct pair *header, const char *name)
{
    return header->name.n == strlen(name) && strncasecmp(header->name.p, name, header->name.n) == 0;
}

/* The value of a header that is there exactly once, else empty. */
static struct str only_header(const struct request *r, const char *name)
{
    struct str value = {NULL, 0};
    size_t n = 0;

    for (size_t i = 0; i < r->n_headers; i++)
        if (is_named(&r->headers[i], name)) {
            value = r->headers[i].value;
            n++;
        }
    return n == 1 ? value : (struct str){NULL, 0};
}

struct caller {
    struct str account;
    enum kw_environment environment;
};

static bool caller_of(const struct request *r, struct caller *out)
{
    struct caller c = {.account = only_header(r, "X-Keyward-Account")};

    if (account_id_check(c.account) != KW_OK)
        return false;
    if (environment_parse(only_header(r, "X-Keyward-Environment"), &c.environment) != KW_OK)
        return false;
    *out = c;
    return true;
}

static bool is_echo(struct str path)
{
    struct str echo = STR("/api/v1/sandbox/echo");

    return str_starts(path, echo) && (path.n == echo.n || path.p[echo.n] == '/');
}

/* Whether a path is that of an endpoint; {} takes one segment that is not empty. */
static bool path_matches(struct str path, struct str wanted, struct str *parameter)
{
    struct str head, tail;

    *parameter = (struct str){NULL, 0};
    if (!str_cut(wanted, '{', &head, &tail))
        return str_eq(path, wanted);
    if (!str_starts(path, head) || path.n == head.n)
        return false;
    *parameter = (struct str){path.p + head.n, path.n - head.n};
    return memchr(parameter->p, '/', parameter->n) == NULL;
}

static bool method_matches(struct str method, const char *wanted)
{
    return str_eq(method, str_from(wanted)) ||
           (strcmp(wanted, "GET") == 0 && str_eq(method, STR("HEAD")));
}

/* NULL: there is none, and the refusal is written. */
static const struct endpoint *find(const struct request *r, struct str *parameter, struct answer *a)
{
    const char *allow = NULL;

    for (size_t i = 0; i < COUNT_OF(endpoints); i++) {
        if (!path_matches(r->path, str_from(endpoints[i].path), parameter))
            continue;
        if (method_matches(r->method, endpoints[i].method))
            return &endpoints[i];
        allow = endpoints[i].method;
    }
    if (allow == NULL) {
        answer_refuse(a, 404, "The sandbox has no such endpoint");
        return NULL;
    }
    answer_refuse(a, 405, "This endpoint takes %s", allow);
    a->allow = allow;
    return NULL;
}

static void answer_health(const struct request *r, struct answer *a)
{
    if (method_matches(r->method, "GET")) {
        answer_give(a, "The sandbox is up", json_object());
        return;
    }
    answer_refuse(a, 405, "This endpoint takes GET");
    a->allow = "GET";
}

static bool open_wallet(struct ledger *l, const struct caller *caller, struct call *c,
                        struct answer *a)
{
    enum kw_err err = ledger_wallet(l, caller->account, caller->environment, c->now_ms, &c->wallet);

    if (err == KW_EFULL)
        answer_refuse(a, 507,
                      "The sandbox is full: it keeps %d wallets and %d transactions in all until "
                      "it is restarted",
                      LEDGER_WALLETS_MAX, LEDGER_ENTRIES_MAX);
    else if (err != KW_OK)
        answer_refuse(a, 500, "The sandbox is out of memory");
    return err == KW_OK;
}

void router_answer(struct ledger *l, const struct request *r, int64_t now_ms, struct answer *a)
{
    struct call c = {.request = r, .now_ms = now_ms};
    struct caller caller;

    if (str_eq(r->path, STR("/healthz"))) {
        answer_health(r, a);
        return;
    }
    if (!caller_of(r, &caller)) {
        answer_refuse(a, 500,
                      "The gateway is missing: this API is reached only through Keyward, which "
                      "says whose key a request carries");
        return;
    }
    if (is_echo(r->path)) {
        endpoint_echo(r, a);
        return;
    }
    const struct endpoint *endpoint = find(r, &c.parameter, a);
    if (endpoint != NULL && open_wallet(l, &caller, &c, a))
        endpoint->answer(&c, a);
}
