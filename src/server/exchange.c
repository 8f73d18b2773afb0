/* exchange.c - see exchange.h. */
#include "server/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/clock.h"
#include "base/hex.h"
#include "crypto/random.h"
#include "server/peer.h"

enum kw_err exchange_new(struct server *server, struct exchange **out)
{
    struct exchange *x = calloc(1, sizeof *x);

    if (x == NULL)
        return KW_ENOMEM;
    x->body = BUF_MAX(JSON_BODY_MAX);
    x->call.arrived_us = clock_boot_us();
    x->call.server = server;
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
        explicit_bzero(x->body.p, x->body.n); /* a backend sends keys in it */
    buf_deinit(&x->call.text);
    buf_deinit(&x->body);
    free(x);
}

static enum kw_err name_request(struct exchange *x)
{
    uint8_t random[CALL_REQUEST_ID_LEN / 2];

    TRY(random_bytes(random, sizeof random));
    hex_put(random, sizeof random, x->request_id);
    return KW_OK;
}

/* ---- headers ---- */

struct header { /* looked for by name, in any letter case */
    const char *name;
    struct str value;
    int times;
};

static enum MHD_Result see_header(void *ctx, enum MHD_ValueKind kind, const char *name,
                                  size_t name_n, const char *value, size_t value_n)
{
    struct header *h = ctx;

    (void)kind;
    if (name_n == strlen(h->name) && strncasecmp(name, h->name, name_n) == 0) {
        h->value = (struct str){value == NULL ? "" : value, value_n};
        h->times++;
    }
    return MHD_YES;
}

/* A header that may come once. {NULL, 0}: it has not come. */
static enum kw_err get_header(struct MHD_Connection *connection, const char *name,
                              struct problem *p, struct str *out)
{
    struct header h = {.name = name, .value = {NULL, 0}};

    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, see_header, &h);
    if (h.times > 1)
        return problem_say(p, 400, "bad_header", "The header %s came twice", name);
    *out = h.value;
    return KW_OK;
}

static enum kw_err check_framing(struct MHD_Connection *connection, struct problem *p)
{
    struct str length = {NULL, 0}, coding = length, encoding = length;
    uint64_t n;

    TRY(get_header(connection, "Content-Length", p, &length));
    TRY(get_header(connection, "Transfer-Encoding", p, &coding));
    TRY(get_header(connection, "Content-Encoding", p, &encoding));
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

    TRY(get_header(connection, "Content-Type", p, &type));
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

static enum kw_err name_peer(struct exchange *x, struct MHD_Connection *connection, int *fd,
                             uid_t *uid)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    if (info == NULL)
        return KW_EPERM;
    TRY(peer_uid(info->connect_fd, uid));
    *fd = info->connect_fd;
    snprintf(x->actor, sizeof x->actor, "uid:%u", (unsigned)*uid);
    x->call.actor = str_from(x->actor);
    return KW_OK;
}

static bool is_backend(struct exchange *x, struct MHD_Connection *connection, const struct door *door)
{
    uid_t uid;
    int fd;

    if (door->n_backends == 0 || name_peer(x, connection, &fd, &uid) != KW_OK)
        return false;
    for (size_t i = 0; i < door->n_backends; i++)
        if (door->backends[i] == uid)
            return true;
    return false;
}

/* On http.sock the other end is nginx, whoever asks: its user says nothing. Only backends that are
 * listed speak for themselves there. */
static enum kw_err check_nobody(struct exchange *x, struct MHD_Connection *connection,
                                const struct door *door)
{
    if (x->route->caller == CALLER_BACKEND && is_backend(x, connection, door))
        return KW_OK;
    x->call.is_public = true;
    x->call.actor = STR("nobody");
    if (x->route->caller != CALLER_ANYONE)
        return problem_say(&x->call.problem, 401, "unauthenticated",
                           "Here only calls that need no caller are answered; this one is for "
                           "administrators, on admin.sock%s",
                           x->route->caller == CALLER_BACKEND ? ", and for authorize_users" : "");
    return KW_OK;
}

static enum kw_err check_peer(struct exchange *x, struct MHD_Connection *connection, gid_t group)
{
    uid_t uid;
    int fd;

    TRY(name_peer(x, connection, &fd, &uid));
    if (x->route->caller != CALLER_ANYONE && !peer_is_admin(fd, group))
        return problem_say(
            &x->call.problem, 403, "permission",
            "User %u may not administer Keyward: it is neither root, nor the user of "
            "keyward serve, nor in admin_group",
            (unsigned)uid);
    return KW_OK;
}

static enum kw_err check_caller(struct exchange *x, struct MHD_Connection *connection,
                                const struct door *door)
{
    switch (door->kind) {
    case DOOR_ADMIN:
        return check_peer(x, connection, door->admin_group);
    case DOOR_HTTP:
        break;
    }
    return check_nobody(x, connection, door);
}

static enum kw_err begin(struct exchange *x, struct MHD_Connection *connection, struct str method,
                         struct str path, const struct door *door)
{
    struct call *c = &x->call;

    TRY(name_request(x));
    TRY(check_framing(connection, &c->problem));
    x->is_framed = true;
    TRY(find_route(x, method, path));
    TRY(check_caller(x, connection, door));
    if (x->route->body == BODY_OBJECT)
        TRY(check_type(connection, &c->problem));
    TRY(get_header(connection, "If-Match", &c->problem, &c->if_match));
    TRY(get_header(connection, "If-None-Match", &c->problem, &c->if_none_match));
    return take_query(connection, c);
}

enum kw_err exchange_begin(struct exchange *x, struct MHD_Connection *connection, struct str method,
                           struct str path, const struct door *door)
{
    enum kw_err err = begin(x, connection, method, path, door);

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

static enum kw_err take_body(struct exchange *x)
{
    struct problem *p = &x->call.problem;
    struct str body = buf_view(&x->body);
    json_t *object = NULL;

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
    TRY(json_in_object(body, p, &object));
    x->call.body = object;
    return KW_OK;
}

static enum kw_err handle(struct exchange *x)
{
    if (x->call.problem.status != 0)
        return KW_EINVAL;
    TRY(take_body(x));
    x->call.now_ms = sync_now_us(x->call.server->sync) / 1000;
    return x->route->handler(&x->call);
}

enum kw_err exchange_finish(struct exchange *x)
{
    enum kw_err err = handle(x);

    problem_of(err, &x->call.problem);
    return err;
}
