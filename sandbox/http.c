/* http.c - see http.h. libmicrohttpd parses leniently: that is why nobody but nginx and local
 * people may reach it. */
#include "sandbox/http.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "sandbox/router.h"

enum {
    BACKLOG = 511,
    IDLE_MAX_S =
        120, /* longer than nginx keeps idle upstream connections, so that it is nginx who closes */
    CONNECTION_MEMORY = 64 * 1024
};

struct http {
    struct MHD_Daemon *daemon;
    struct sockaddr_un address;
    struct ledger *ledger; /* borrows */
    int64_t wall_ms; /* when boot_us was taken: a wall clock that is set back must not undo a success */
    uint64_t boot_us;
};

struct exchange { /* one request while it arrives */
    struct buf body;
    char *target; /* owns */
    bool is_begun, has_too_many_pairs;
    struct request request;
};

static void *begin(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct exchange *x = calloc(1, sizeof *x);
    char *target = strdup(uri);

    (void)context;
    (void)connection;
    if (x == NULL || target == NULL) {
        free(target);
        free(x);
        return NULL;
    }
    x->body = BUF_MAX(HTTP_BODY_MAX);
    x->target = target;
    return x;
}

static void finish(void *context, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode why)
{
    struct exchange *x = *state;

    (void)context;
    (void)connection;
    (void)why;
    if (x == NULL)
        return;
    buf_deinit(&x->body);
    free(x->target);
    free(x);
    *state = NULL;
}

static enum MHD_Result take_pair(struct exchange *x, struct pair *pairs, size_t *n, struct pair pair)
{
    if (*n == REQUEST_PAIRS_MAX) {
        x->has_too_many_pairs = true;
        return MHD_NO;
    }
    pairs[(*n)++] = pair;
    return MHD_YES;
}

static enum MHD_Result take_header(void *to, enum MHD_ValueKind kind, const char *name,
                                   size_t name_len, const char *value, size_t value_len)
{
    struct exchange *x = to;

    (void)kind;
    return take_pair(x, x->request.headers, &x->request.n_headers,
                     (struct pair){{name, name_len}, {value, value_len}});
}

static enum MHD_Result take_query(void *to, enum MHD_ValueKind kind, const char *name,
                                  size_t name_len, const char *value, size_t value_len)
{
    struct exchange *x = to;

    (void)kind;
    return take_pair(x, x->request.query, &x->request.n_query,
                     (struct pair){{name, name_len}, {value, value_len}});
}

static int64_t now_ms(const struct http *h)
{
    return h->wall_ms + (int64_t)((clock_boot_us() - h->boot_us) / 1000);
}

static void decide(const struct http *h, struct exchange *x, struct MHD_Connection *connection,
                   struct answer *a)
{
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, take_header, x);
    MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, take_query, x);
    x->request.target = str_from(x->target);
    x->request.body = buf_view(&x->body);
    if (x->has_too_many_pairs)
        answer_refuse(a, 431, "A request may have %d headers and %d query parameters",
                      REQUEST_PAIRS_MAX, REQUEST_PAIRS_MAX);
    else if (x->body.failed)
        answer_refuse(a, 413, "The body may have %d bytes", HTTP_BODY_MAX);
    else
        router_answer(h->ledger, &x->request, now_ms(h), a);
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, const struct answer *a)
{
    char *text = answer_print(a);

    if (text == NULL)
        return MHD_NO;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
    if (response == NULL) {
        free(text);
        return MHD_NO;
    }
    MHD_add_response_header(response, "Content-Type", "application/json");
    MHD_add_response_header(response, "Cache-Control", "no-store");
    if (a->allow != NULL)
        MHD_add_response_header(response, "Allow", a->allow);
    enum MHD_Result sent = MHD_queue_response(connection, a->status == 0 ? 500 : a->status, response);
    MHD_destroy_response(response);
    return sent;
}

/* Called once with the headers, then with each piece of the body, then once more. A body that is
 * too long is read to its end and dropped: nginx would take an early answer for a broken
 * connection. */
static enum MHD_Result serve(void *context, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *piece,
                             size_t *piece_len, void **state)
{
    struct exchange *x = *state;
    AUTO(answer_deinit) struct answer a = {0};

    (void)version;
    if (x == NULL)
        return MHD_NO;
    if (!x->is_begun) {
        x->is_begun = true;
        return MHD_YES;
    }
    if (*piece_len > 0) {
        buf_add(&x->body, piece, *piece_len);
        *piece_len = 0;
        return MHD_YES;
    }
    x->request.method = str_from(method);
    x->request.path = str_from(url);
    decide(context, x, connection, &a);
    return send_answer(connection, &a);
}

static enum kw_err open_socket(int *out)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return file_err(errno);
    *out = fd;
    return KW_OK;
}

/* Removes the socket of a server that has died, and nothing else. */
static enum kw_err clear_path(const struct sockaddr_un *address)
{
    struct stat st;
    AUTO(file_closep) int fd = -1;

    if (lstat(address->sun_path, &st) != 0)
        return errno == ENOENT ? KW_OK : file_err(errno);
    if (!S_ISSOCK(st.st_mode))
        return KW_EEXISTS;
    TRY(open_socket(&fd));
    if (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0 || errno != ECONNREFUSED)
        return KW_EBUSY;
    return unlink(address->sun_path) == 0 ? KW_OK : file_err(errno);
}

/* Nobody can connect between bind and listen, so that the mode is right before the first one does.
 */
static enum kw_err listen_at(const struct sockaddr_un *address, mode_t mode, int *out)
{
    AUTO(file_closep) int fd = -1;

    TRY(clear_path(address));
    TRY(open_socket(&fd));
    if (bind(fd, (const struct sockaddr *)address, sizeof *address) != 0)
        return file_err(errno);
    if (chmod(address->sun_path, mode) != 0 || listen(fd, BACKLOG) != 0) {
        enum kw_err err = file_err(errno);
        unlink(address->sun_path);
        return err;
    }
    *out = fd;
    fd = -1;
    return KW_OK;
}

static struct MHD_Daemon *start_daemon(struct http *h, int fd)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, serve, h, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_URI_LOG_CALLBACK, begin, h, MHD_OPTION_NOTIFY_COMPLETED, finish, h,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_MAX_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

enum kw_err http_start(const char *path, mode_t mode, struct ledger *l, struct http **out)
{
    struct str text = str_from(path);
    int fd = -1;

    if (text.n >= sizeof((struct sockaddr_un *)NULL)->sun_path)
        return KW_ERANGE;
    AUTO(http_stopp) struct http *h = calloc(1, sizeof *h);
    if (h == NULL)
        return KW_ENOMEM;
    h->ledger = l;
    h->wall_ms = clock_wall_ms();
    h->boot_us = clock_boot_us();
    h->address.sun_family = AF_UNIX;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, text.p, text.n);
    TRY(listen_at(&address, mode, &fd));
    h->address = address;
    h->daemon = start_daemon(h, fd);
    if (h->daemon == NULL) {
        close(fd);
        return KW_EIO;
    }
    *out = STEAL(h);
    return KW_OK;
}

void http_stopp(struct http **h)
{
    if (*h == NULL)
        return;
    if ((*h)->address.sun_path[0] != '\0')
        unlink((*h)->address.sun_path);
    if ((*h)->daemon != NULL)
        MHD_stop_daemon((*h)->daemon);
    free(*h);
    *h = NULL;
}
