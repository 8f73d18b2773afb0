/* exchange.c - see exchange.h. */
#include "server/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/clock.h"
#include "base/hex.h"
#include "crypto/random.h"
#include "server/headers.h"

static void be_nobody(struct exchange *x)
{
    x->call.caller = (struct caller){.kind = CALLER_NOBODY};
    snprintf(x->call.caller.actor, sizeof x->call.caller.actor, "nobody");
}

enum kw_err exchange_new(struct server *server, struct exchange **out)
{
    struct exchange *x = calloc(1, sizeof *x);

    if (x == NULL)
        return KW_ENOMEM;
    x->body = BUF_MAX(JSON_BODY_MAX);
    x->call.arrived_us = clock_boot_us();
    x->call.server = server;
    be_nobody(x);
    *out = x;
    return KW_OK;
}

void exchange_free(struct exchange *x)
{
    if (x == NULL)
        return;
    json_decref(UNCONST(x->call.body));
    json_decref(x->call.answer);
    if (x->body.p != NULL)
        explicit_bzero(x->body.p, x->body.n); /* keys and passwords are in it */
    if (x->call.wait.free != NULL)
        x->call.wait.free(x->call.wait.state);
    explicit_bzero(x->call.cookie, sizeof x->call.cookie);
    buf_deinit(&x->call.text);
    buf_deinit(&x->body);
    free(x);
}

static enum kw_err name_request(struct exchange *x)
{
    uint8_t *id = x->call.request_id;

    TRY(random_bytes(id, sizeof x->call.request_id));
    hex_put(id, sizeof x->call.request_id, x->request_id);
    return KW_OK;
}

/* ---- headers ---- */

static enum kw_err check_framing(struct MHD_Connection *connection, struct problem *p)
{
    struct str length = {NULL, 0}, coding = length, encoding = length;
    uint64_t n;

    TRY(header_once(connection, "Content-Length", p, &length));
    TRY(header_once(connection, "Transfer-Encoding", p, &coding));
    TRY(header_once(connection, "Content-Encoding", p, &encoding));
    if (length.p != NULL && coding.p != NULL)
        return problem_say(p, 400, "bad_header",
                           "Content-Length and Transfer-Encoding exclude each other");
    if (encoding.p != NULL)
        return problem_say(p, 415, "unsupported_media_type", "The body may not be compressed");
    enum kw_err err = length.p == NULL ? KW_OK : str_u64(length, EXCHANGE_BODY_MAX, &n);
    if (err == KW_ERANGE)
        return problem_say(p, 413, "too_large", "The body may have %d bytes at most", JSON_BODY_MAX);
    if (err != KW_OK)
        return problem_say(p, 400, "bad_header", "Content-Length is not a number");
    return KW_OK;
}

static bool is_json_type(struct str type)
{
    struct str media = type, parameter = {NULL, 0};

    str_cut(type, ';', &media, &parameter);
    media = str_trim(media);
    parameter = str_trim(parameter);
    if (media.n != 16 || strncasecmp(media.p, "application/json", 16) != 0)
        return false;
    return parameter.n == 0 ||
           (parameter.n == 13 && strncasecmp(parameter.p, "charset=utf-8", 13) == 0);
}

static enum kw_err check_type(struct MHD_Connection *connection, struct problem *p)
{
    struct str type = {NULL, 0};

    TRY(header_once(connection, "Content-Type", p, &type));
    if (!is_json_type(type))
        return problem_say(p, 415, "unsupported_media_type",
                           "Send the body as Content-Type: application/json");
    return KW_OK;
}

/* ---- query ---- */

static enum MHD_Result see_parameter(void *ctx, enum MHD_ValueKind kind, const char *name,
                                     size_t name_n, const char *value, size_t value_n)
{
    struct call *c = ctx;
    struct str n = {name, name_n}, v = {value, value_n};

    (void)kind;
    return query_add(&c->query, n, v, &c->problem) == KW_OK ? MHD_YES : MHD_NO;
}

static enum kw_err take_query(struct MHD_Connection *connection, struct call *c)
{
    MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, see_parameter, c);
    if (c->problem.status != 0)
        return KW_EINVAL;
    return KW_OK;
}

/* ---- before the body ---- */

static enum kw_err find_route(struct exchange *x, struct str method, struct str path)
{
    struct problem *p = &x->call.problem;

    enum kw_err err = router_find(method, path, &x->route, &x->call.id, x->allow);
    if (err == KW_ENOTFOUND)
        return problem_say(p, 404, "not_found", "There is no such call; see api/openapi.yaml");
    if (err != KW_OK)
        return problem_say(p, 405, "method_not_allowed", "This path answers to %s", x->allow);
    return KW_OK;
}

/* It may come twice (RFC 9110, 5.3), and refuses nothing: then it is as if it had not been sent. */
static void read_wish(struct MHD_Connection *connection, struct call *c)
{
    struct problem unread = {.status = 0};

    ignore(header_once(connection, "Accept-Encoding", &unread, &c->accept_encoding));
}

/* The names are GitHub's, who is the only one so far to sign a body. */
static enum kw_err read_signature(struct MHD_Connection *connection, struct call *c)
{
    struct call_signed *s = &c->signed_body;

    TRY(header_once(connection, "Github-Public-Key-Identifier", &c->problem, &s->key_id));
    return header_once(connection, "Github-Public-Key-Signature", &c->problem, &s->signature);
}

static enum kw_err begin(struct exchange *x, struct str method, struct str path)
{
    struct MHD_Connection *connection = x->connection;
    struct call *c = &x->call;

    TRY(name_request(x));
    c->now_ms = sync_now_us(c->server->sync) / 1000;
    TRY(check_framing(connection, &c->problem));
    x->is_framed = true;
    TRY(find_route(x, method, path));
    TRY(authenticate(c, connection, x->door, x->route));
    if (x->route->body != BODY_NONE && x->route->body != BODY_MAYBE)
        TRY(check_type(connection, &c->problem));
    TRY(header_once(connection, "If-Match", &c->problem, &c->if_match));
    TRY(header_once(connection, "If-None-Match", &c->problem, &c->if_none_match));
    TRY(header_once(connection, "Idempotency-Key", &c->problem, &c->idempotency_key));
    if (x->route->body == BODY_SIGNED)
        TRY(read_signature(connection, c));
    read_wish(connection, c);
    return take_query(connection, c);
}

enum kw_err exchange_begin(struct exchange *x, struct MHD_Connection *connection, struct str method,
                           struct str path, const struct door *door)
{
    x->connection = connection;
    x->door = door;
    enum kw_err err = begin(x, method, path);

    problem_of(err, &x->call.problem);
    return x->is_framed ? KW_OK : err;
}

/* ---- the body, and the handler ---- */

void exchange_add(struct exchange *x, const char *bytes, size_t n)
{
    bool is_refused = x->call.problem.status != 0;

    if (is_refused || x->excess > 0 || n > JSON_BODY_MAX - x->body.n)
        x->excess += n;
    else
        buf_add(&x->body, bytes, n);
}

static enum kw_err take_object(struct exchange *x, struct str body)
{
    struct problem *p = &x->call.problem;
    json_t *object = NULL;

    if (x->route->body == BODY_MAYBE && body.n > 0)
        TRY(check_type(x->connection, p));
    TRY(json_in_object(x->route->body == BODY_MAYBE && body.n == 0 ? STR("{}") : body, p, &object));
    x->call.body = object;
    return KW_OK;
}

static enum kw_err take_body(struct exchange *x)
{
    struct problem *p = &x->call.problem;
    struct str body = buf_view(&x->body);

    if (x->excess > 0)
        return problem_say(p, 413, "too_large", "The body may have %d bytes at most", JSON_BODY_MAX);
    if (x->body.failed)
        return KW_ENOMEM;
    if (x->route->body == BODY_NONE && body.n > 0)
        return problem_say(p, 400, "unexpected_body", "This call takes no body");
    if (x->route->body == BODY_NONE)
        return KW_OK;
    if (str_starts(body, STR("\xef\xbb\xbf")))
        return problem_say(p, 415, "unsupported_media_type",
                           "The body begins with a byte order mark; JSON has none");
    if (x->route->body == BODY_SIGNED) {
        x->call.signed_body.bytes = body;
        return KW_OK;
    }
    return take_object(x, body);
}

/* A body takes its time, also one that is empty, and so does slow work: who asks may have lost meanwhile what he had when it
 * began, and is looked at again. */
static enum kw_err authenticate_again(struct exchange *x)
{
    be_nobody(x);
    return authenticate(&x->call, x->connection, x->door, x->route);
}

/* The answer was made for who he was: if he sees another account now, or may do less, it is not for him. */
static enum kw_err authenticate_as_before(struct exchange *x)
{
    const struct caller before = x->call.caller;
    const struct caller *now = &x->call.caller;

    TRY(authenticate_again(x));
    if (strcmp(before.account, now->account) == 0 && (before.scopes & ~now->scopes) == 0)
        return KW_OK;
    return problem_say(&x->call.problem, 503, "unavailable",
                       "What you may see or do was changed while this was worked on: ask again");
}

static enum kw_err handle(struct exchange *x)
{
    if (x->call.problem.status != 0)
        return KW_EINVAL;
    TRY(take_body(x));
    x->call.now_ms = sync_now_us(x->call.server->sync) / 1000;
    TRY(authenticate_again(x));
    return x->route->handler(&x->call);
}

enum kw_err exchange_finish(struct exchange *x)
{
    enum kw_err err = handle(x);

    hex_put(x->call.request_id, sizeof x->call.request_id,
            x->request_id); /* a decision brings its own */
    problem_of(err, &x->call.problem);
    return err;
}

bool exchange_waits(const struct exchange *x)
{
    return x->call.problem.status == 0 && x->call.wait.start != NULL;
}

enum kw_err exchange_start(struct exchange *x, call_done *done, void *ctx)
{
    enum kw_err (*start)(struct call *, call_done *, void *) = x->call.wait.start;

    x->call.wait.start = NULL; /* from here on another thread may have it */
    enum kw_err err = start(&x->call, done, ctx);
    if (err != KW_OK)
        x->call.wait.go_on = NULL;
    problem_of(err, &x->call.problem);
    return err;
}

enum kw_err exchange_go_on(struct exchange *x)
{
    call_handler *go_on = x->call.wait.go_on;

    if (go_on == NULL)
        return KW_EINVAL; /* could not be started, and the problem says why */
    x->call.now_ms = sync_now_us(x->call.server->sync) / 1000;
    bool is_nobody = x->route->asker == ASKER_ANYONE || x->route->asker == ASKER_CARRIER;
    enum kw_err err = is_nobody ? KW_OK : authenticate_as_before(x);
    if (err == KW_OK)
        err = go_on(&x->call);
    hex_put(x->call.request_id, sizeof x->call.request_id, x->request_id);
    problem_of(err, &x->call.problem);
    return err;
}
