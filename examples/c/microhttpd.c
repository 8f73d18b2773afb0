/* microhttpd.c - Keyward in front of a service of one's own, without nginx: libmicrohttpd asks before it answers.
 *
 *     cc microhttpd.c $(pkg-config --cflags --libs keyward libmicrohttpd) -o service
 *     ./service RUN-FOLDER PORT      prints the port once it serves on 127.0.0.1 (0: any free one); SIGTERM ends it
 *
 * One engine for all threads of the pool. The path is judged as the client sent it, and before the body is read. While
 * there is no state to open, everything is refused with 503, and it is tried again every second. */
#include <arpa/inet.h>
#include <keyward/keyward.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { FIELDS_MAX = 8, THREADS = 4 };

static _Atomic(struct kw_engine *) engine;

struct call { /* one request of a client */
    char *target;
    bool is_decided;
    struct kw_decision decision;
};

/* ---- what is asked ---- */

struct fields { /* two keys are refused, so that more of them need no place; cookies are joined by browsers into one */
    struct kw_request *request;
    struct kw_str keys[2], cookies[FIELDS_MAX];
};

static bool is_named(const char *name, size_t n, const char *want)
{
    return n == strlen(want) && strncasecmp(name, want, n) == 0;
}

/* MHD_NO ends the walk: with too many cookies to look at all of them, the request is made one that is refused. */
static enum MHD_Result see_field(void *ctx, enum MHD_ValueKind kind, const char *name,
                                 size_t n_name, const char *value, size_t n_value)
{
    struct fields *f = ctx;
    struct kw_request *r = f->request;
    struct kw_str text = {value, n_value};

    (void)kind;
    if (is_named(name, n_name, "x-api-key") && r->n_keys < 2)
        f->keys[r->n_keys++] = text;
    else if (is_named(name, n_name, "user-agent"))
        r->agent = text;
    else if (is_named(name, n_name, "origin") ||
             (n_name > 10 && strncasecmp(name, "sec-fetch-", 10) == 0))
        r->flags |= KW_REQ_BROWSER;
    else if (is_named(name, n_name, "cookie") && r->n_cookies < FIELDS_MAX)
        f->cookies[r->n_cookies++] = text;
    else if (is_named(name, n_name, "cookie"))
        r->target.n = 0;
    return r->target.n > 0 ? MHD_YES : MHD_NO;
}

/* The listener is IPv4. */
static void see_source(struct MHD_Connection *c, uint8_t source[16])
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct sockaddr_in peer;

    if (info == NULL || info->client_addr->sa_family != AF_INET)
        return;
    memcpy(&peer, info->client_addr, sizeof peer);
    memcpy(source, mapped, sizeof mapped);
    memcpy(source + sizeof mapped, &peer.sin_addr, 4);
}

static void decide(struct MHD_Connection *c, const char *method, struct call *call)
{
    struct kw_request request = {
        .method = {method, strlen(method)},
        .target = {call->target, strlen(call->target)},
        .environment = KW_SANDBOX,
        .flags = KW_REQ_LOOPBACK,
    };
    struct fields fields = {.request = &request};

    request.keys = fields.keys;
    request.cookies = fields.cookies;
    MHD_get_connection_values_n(c, MHD_HEADER_KIND, see_field, &fields);
    see_source(c, request.source);
    call->is_decided = true;
    kw_authorize(atomic_load(&engine), &request, &call->decision); /* an error is a denial */
}

/* ---- what is answered ---- */

static void add_number(struct MHD_Response *r, const char *name, unsigned long number)
{
    char text[24];

    snprintf(text, sizeof text, "%lu", number);
    MHD_add_response_header(r, name, text);
}

static void add_limits(struct MHD_Response *r, const struct kw_decision *d)
{
    const struct kw_limit_state *nearest = kw_answer_nearest(d);
    char text[KW_LIMIT_HEADER_MAX];

    if (kw_answer_ratelimit_policy(d, text) > 0)
        MHD_add_response_header(r, "RateLimit-Policy", text);
    if (kw_answer_ratelimit(d, text) > 0)
        MHD_add_response_header(r, "RateLimit", text);
    if (nearest == NULL)
        return;
    add_number(r, "X-RateLimit-Limit", nearest->quota);
    add_number(r, "X-RateLimit-Remaining", nearest->remaining);
    add_number(r, "X-RateLimit-Reset", nearest->reset_s);
}

static enum MHD_Result reply(struct MHD_Connection *c, const struct kw_decision *d, const char *text)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(strlen(text), (void *)(uintptr_t)text,
                                                             MHD_RESPMEM_MUST_COPY);

    if (r == NULL)
        return MHD_NO;
    MHD_add_response_header(r, "Content-Type", "application/json");
    MHD_add_response_header(r, "Cache-Control", "no-store");
    if (d->request_id[0] != '\0')
        MHD_add_response_header(r, "X-Request-Id", d->request_id);
    if (d->status == 401)
        MHD_add_response_header(r, "WWW-Authenticate", "ApiKey realm=\"keyward\"");
    if (d->status == 429)
        add_number(r, "Retry-After", d->retry_after_s);
    add_limits(r, d);
    enum MHD_Result sent = MHD_queue_response(c, (unsigned)d->status, r);
    MHD_destroy_response(r);
    return sent;
}

static enum MHD_Result refuse(struct MHD_Connection *c, const struct call *call)
{
    char body[KW_BODY_MAX];

    kw_answer_body(&call->decision, NULL, body);
    return reply(c, &call->decision, body);
}

/* The service itself. It may rely on what the decision says: who asks, and what for. */
static enum MHD_Result serve(struct MHD_Connection *c, const struct call *call)
{
    const struct kw_decision *d = &call->decision;
    char body[128];

    snprintf(body, sizeof body, "{\"account\":\"%s\",\"keyId\":\"%s\"}", d->account, d->key_id);
    return reply(c, d, body);
}

/* ---- the server ---- */

/* The first that is known of a request: its target, before libmicrohttpd decodes it. */
static void *begin(void *ctx, const char *target, struct MHD_Connection *c)
{
    struct call *call = calloc(1, sizeof *call);

    (void)ctx;
    (void)c;
    if (call != NULL && (call->target = strdup(target)) == NULL) {
        free(call);
        return NULL;
    }
    return call;
}

/* Called when the header is there, for each part of the body, and at its end. */
static enum MHD_Result handle(void *ctx, struct MHD_Connection *c, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *n_data, void **request)
{
    struct call *call = *request;

    (void)ctx;
    (void)url;
    (void)version;
    (void)data;
    if (call == NULL)
        return MHD_NO;
    if (!call->is_decided) {
        decide(c, method, call);
        return call->decision.verdict == KW_ALLOW ? MHD_YES : refuse(c, call);
    }
    if (*n_data > 0) {
        *n_data = 0; /* this service does not read bodies */
        return MHD_YES;
    }
    return serve(c, call);
}

static void finish(void *ctx, struct MHD_Connection *c, void **request,
                   enum MHD_RequestTerminationCode how)
{
    struct call *call = *request;

    (void)ctx;
    (void)c;
    (void)how;
    if (call != NULL)
        free(call->target);
    free(call);
    *request = NULL;
}

static struct MHD_Daemon *listen_on(uint16_t port)
{
    struct sockaddr_in here = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};

    return MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, port, NULL, NULL, handle, NULL,
                            MHD_OPTION_SOCK_ADDR, &here, MHD_OPTION_THREAD_POOL_SIZE, THREADS,
                            MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, begin,
                            NULL, MHD_OPTION_NOTIFY_COMPLETED, finish, NULL, MHD_OPTION_END);
}

/* Returns when a signal asks for the end. */
static void wait_for_end(const char *run_folder, const sigset_t *ends)
{
    static const struct timespec second = {.tv_sec = 1};
    struct kw_engine *opened;

    while (atomic_load(&engine) == NULL) {
        if (kw_open(run_folder, &opened) == KW_OK)
            atomic_store(&engine, opened);
        else if (sigtimedwait(ends, NULL, &second) > 0)
            return;
    }
    sigwaitinfo(ends, NULL);
}

int main(int argc, char **argv)
{
    sigset_t ends;

    if (argc != 3) {
        fprintf(stderr, "usage: service RUN-FOLDER PORT\n");
        return 64;
    }
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL); /* before there are threads, which inherit it */
    struct MHD_Daemon *daemon = listen_on((uint16_t)strtoul(argv[2], NULL, 10));
    if (daemon == NULL) {
        perror("service");
        return 71;
    }
    printf("%u\n", (unsigned)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    wait_for_end(argv[1], &ends);
    MHD_stop_daemon(daemon); /* no thread decides any more */
    kw_close(atomic_load(&engine));
    return 0;
}
