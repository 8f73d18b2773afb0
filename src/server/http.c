/* http.c - see http.h. */
#include "server/http.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "server/answer.h"
#include "server/deadlines.h"

enum {
    CONNECTIONS_MAX = 256,
    IDLE_S = 30,                /* silent */
    STEP_US = 30 * 1000 * 1000, /* for a whole request, and for its answer */
};

struct http {
    struct MHD_Daemon *daemon;
    struct deadlines *deadlines;
    struct server *server;
    struct door door;
};

static void log_failure(const struct exchange *x)
{
    const struct problem *p = &x->call.problem;

    if (p->status < 500)
        return;
    const char *method = x->route == NULL ? "-" : x->route->method;
    const char *path = x->route == NULL ? "-" : x->route->path;
    const struct log_field fields[] = {
        {"request", x->request_id}, {"code", p->code}, {"actor", x->call.caller.actor}, {NULL, NULL}};
    log_about(LOG_ERROR, fields, "%s %s: %s (request %s)", method, path, p->message, x->request_id);
}

/* ---- libmicrohttpd's side ---- */

static void step(const struct http *h, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    if (info != NULL)
        deadlines_step(h->deadlines, info->socket_context);
}

static void on_connection(void *ctx, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode what)
{
    const struct http *h = ctx;
    const union MHD_ConnectionInfo *info;

    switch (what) {
    case MHD_CONNECTION_NOTIFY_STARTED:
        info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        *socket_context = info == NULL ? NULL : deadlines_start(h->deadlines, info->connect_fd);
        return;
    case MHD_CONNECTION_NOTIFY_CLOSED:
        deadlines_stop(h->deadlines, *socket_context);
        return;
    }
}

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
    return answer_queue(connection, x);
}

static void resume(void *ctx)
{
    const struct exchange *x = ctx;

    MHD_resume_connection(x->connection);
}

/* The connection rests before its work is begun: whoever does the work may be done before we return. */
static enum MHD_Result wait(struct MHD_Connection *connection, struct exchange *x)
{
    x->is_waiting = true;
    MHD_suspend_connection(connection);
    if (exchange_start(x, resume, x) != KW_OK)
        resume(x);
    return MHD_YES;
}

static enum MHD_Result go_on(struct http *h, struct MHD_Connection *connection, struct exchange *x)
{
    if (exchange_go_on(x) != KW_OK)
        log_failure(x);
    if (exchange_waits(x))
        return wait(connection, x);
    step(h, connection);
    return answer_queue(connection, x);
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
    if (x->is_waiting)
        return go_on(ctx, connection, x);
    if (exchange_finish(x) != KW_OK)
        log_failure(x);
    if (exchange_waits(x))
        return wait(connection, x);
    step(ctx, connection);
    return answer_queue(connection, x);
}

static void on_completed(void *ctx, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode why)
{
    (void)why;
    step(ctx, connection);
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
    enum kw_err err = deadlines_new(CONNECTIONS_MAX, STEP_US, &h->deadlines);
    if (err != KW_OK) {
        http_stop(h);
        return err;
    }
    h->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME, 0,
        NULL, NULL, on_request, h, MHD_OPTION_LISTEN_SOCKET, options->fd,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_UNESCAPE_CALLBACK,
        leave_encoded, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_completed, h,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, h, MHD_OPTION_END);
    if (h->daemon == NULL) {
        http_stop(h);
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
    if (h->daemon != NULL)
        MHD_stop_daemon(h->daemon);
    deadlines_free(h->deadlines);
    free(h);
}
