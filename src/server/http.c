/* http.c - see http.h. */
#include "server/http.h"

#include <stdlib.h>

#include "base/log.h"

enum {
    CONNECTIONS_MAX = 256,
    IDLE_S = 30,
};

struct http {
    struct MHD_Daemon *daemon;
    struct server *server;
    struct door door;
};

/* ---- the answer ---- */

static void add_header(struct MHD_Response *r, const char *name, const char *value)
{
    if (value[0] != '\0')
        MHD_add_response_header(r, name, value); /* can only fail for want of memory */
}

static struct MHD_Response *response_of(struct json_text *text)
{
    struct MHD_Response *r = MHD_create_response_from_buffer_with_free_callback_cls(
        text->n, text->p, json_text_free, text);

    if (r == NULL)
        json_text_free(text);
    return r;
}

static enum MHD_Result answer(struct MHD_Connection *connection, struct exchange *x)
{
    struct call *c = &x->call;
    bool failed = c->problem.status != 0;
    json_t *said = failed ? json_out_problem(&c->problem, x->request_id) : json_incref(c->answer);
    struct json_text *text = json_out_text(said);

    json_decref(said);
    struct MHD_Response *r = text == NULL ? NULL : response_of(text);
    if (r == NULL)
        return MHD_NO; /* out of memory: the connection is closed, which is an answer as well */
    add_header(r, "Content-Type", "application/json");
    add_header(r, "Cache-Control", "no-store");
    add_header(r, "X-Request-Id", x->request_id);
    add_header(r, "WWW-Authenticate", c->problem.status == 401 ? "Bearer realm=\"keyward\"" : "");
    add_header(r, "Allow", c->problem.status == 405 ? x->allow : "");
    add_header(r, "Location", failed ? "" : c->location);
    add_header(r, "ETag", failed ? "" : c->etag);
    unsigned status = (unsigned)(failed ? c->problem.status : c->status);
    enum MHD_Result queued = MHD_queue_response(connection, status, r);
    MHD_destroy_response(r);
    return queued;
}

static void log_failure(const struct exchange *x)
{
    const struct problem *p = &x->call.problem;

    if (p->status >= 500)
        log_error("%s %s: %s (request %s)", x->route == NULL ? "-" : x->route->method,
                  x->route == NULL ? "-" : x->route->path, p->message, x->request_id);
}

/* ---- libmicrohttpd's side ---- */

static enum MHD_Result begin(struct http *h, struct MHD_Connection *connection, const char *url,
                             const char *method, void **state)
{
    struct exchange *x;

    if (exchange_new(h->server, &x) != KW_OK)
        return MHD_NO;
    *state = x;
    if (exchange_begin(x, connection, str_from(method), str_from(url), &h->door) == KW_OK)
        return MHD_YES; /* the body comes next, if only to be dropped */
    log_failure(x);
    return answer(connection, x);
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *n_upload, void **state)
{
    struct exchange *x = *state;

    (void)version;
    if (x == NULL)
        return begin(ctx, connection, url, method, state);
    if (*n_upload > 0) {
        exchange_add(x, upload, *n_upload);
        *n_upload = 0;
        return x->excess > EXCHANGE_BODY_MAX ? MHD_NO : MHD_YES;
    }
    if (exchange_finish(x) != KW_OK)
        log_failure(x);
    return answer(connection, x);
}

static void on_completed(void *ctx, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode why)
{
    (void)ctx;
    (void)connection;
    (void)why;
    exchange_free(*state);
    *state = NULL;
}

/* Decoding is ours (query.h); a path of ours has nothing in it that would be encoded. */
static size_t leave_encoded(void *ctx, struct MHD_Connection *connection, char *text)
{
    (void)ctx;
    (void)connection;
    return strlen(text);
}

enum kw_err http_start(const struct http_options *options, struct http **out)
{
    struct http *h = calloc(1, sizeof *h);

    if (h == NULL)
        return KW_ENOMEM;
    h->server = options->server;
    h->door = options->door;
    h->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_USE_ITC, 0,
                                 NULL, NULL, on_request, h, MHD_OPTION_LISTEN_SOCKET, options->fd,
                                 MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_CONNECTION_LIMIT,
                                 (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
                                 (unsigned)IDLE_S, MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded, NULL,
                                 MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
    if (h->daemon == NULL) {
        free(h);
        return KW_EUNAVAILABLE;
    }
    *out = h;
    return KW_OK;
}

void http_quiesce(struct http *h)
{
    ignore(MHD_quiesce_daemon(h->daemon) == MHD_INVALID_SOCKET ? KW_EIO : KW_OK);
}

void http_stop(struct http *h)
{
    if (h == NULL)
        return;
    MHD_stop_daemon(h->daemon);
    free(h);
}
