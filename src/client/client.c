/* client.c - see client.h. An answer may hold a new key: its bytes are wiped when they have been
 * read. */
#include "client/client.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum { ANSWER_MAX = 32 << 20, TIMEOUT_S = 60 };

struct exchange {
    CURL *curl;
    struct curl_slist *headers;
    char *body;      /* text of the request's body */
    struct buf text; /* of the answer's */
    char etag[CLIENT_ETAG_MAX];
    char *why;
};

static enum kw_err say(char *why, enum kw_err err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum kw_err say(char *why, enum kw_err err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(why, CLIENT_WHY_MAX, format, args);
    va_end(args);
    return err;
}

static void exchange_deinit(struct exchange *x)
{
    curl_easy_cleanup(x->curl);
    curl_slist_free_all(x->headers);
    if (x->body != NULL)
        explicit_bzero(x->body, strlen(x->body)); /* it may hold a key */
    free(x->body);
    if (x->text.p != NULL)
        explicit_bzero(x->text.p, x->text.cap);
    buf_deinit(&x->text);
}

static size_t take_text(char *bytes, size_t size, size_t n, void *ctx)
{
    struct exchange *x = ctx;

    buf_add(&x->text, bytes, size * n);
    return x->text.failed ? 0 : size * n;
}

static size_t take_header(char *bytes, size_t size, size_t n, void *ctx)
{
    struct exchange *x = ctx;
    struct str name, value, line = {bytes, size * n};

    if (str_cut(line, ':', &name, &value) && name.n == 4 && strncasecmp(name.p, "etag", 4) == 0) {
        value = str_trim(value);
        snprintf(x->etag, sizeof x->etag, "%.*s", (int)value.n, value.p);
    }
    return size * n;
}

static bool add_header(struct exchange *x, const char *line)
{
    struct curl_slist *longer = curl_slist_append(x->headers, line);

    if (longer != NULL)
        x->headers = longer;
    return longer != NULL;
}

static enum kw_err set_headers(struct exchange *x, const struct client_request *r)
{
    char line[64];
    bool ok = true;

    if (r->body != NULL)
        ok = add_header(x, "Content-Type: application/json") && add_header(x, "Expect:");
    if (r->if_match != NULL) {
        snprintf(line, sizeof line, "If-Match: %s", r->if_match);
        ok = ok && add_header(x, line);
    }
    if (!ok || curl_easy_setopt(x->curl, CURLOPT_HTTPHEADER, x->headers) != CURLE_OK)
        return KW_ENOMEM;
    return KW_OK;
}

static enum kw_err set_up(struct exchange *x, const struct client_request *r)
{
    AUTO(buf_deinit) struct buf url = BUF_MAX((size_t)64 * 1024);

    buf_printf(&url, "http://keyward%s", r->path);
    buf_add(&url, "", 1);
    x->curl = curl_easy_init();
    if (x->curl == NULL || url.failed)
        return KW_ENOMEM;
    if (r->body != NULL) {
        x->body = json_dumps(r->body, JSON_COMPACT);
        if (x->body == NULL)
            return KW_ENOMEM;
    }
    CURL *c = x->curl;
    bool ok = curl_easy_setopt(c, CURLOPT_URL, url.p) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_UNIX_SOCKET_PATH, r->socket) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, r->method) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)TIMEOUT_S) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_text) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_WRITEDATA, x) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_HEADERDATA, x) == CURLE_OK;
    if (ok && x->body != NULL)
        ok = curl_easy_setopt(c, CURLOPT_POSTFIELDS, x->body) == CURLE_OK;
    return ok ? set_headers(x, r) : KW_ENOMEM;
}

static enum kw_err explain_no_connection(const struct client_request *r, long os_error, char *why)
{
    switch (os_error) {
    case ENOENT:
        return say(why, KW_ENOTFOUND,
                   "there is no socket %s: start `keyward serve`, or name its socket with --socket "
                   "or KEYWARD_SOCKET",
                   r->socket);
    case EACCES:
    case EPERM:
        return say(why, KW_EPERM,
                   "this user may not open %s: use the user of keyward serve, root, or a member of "
                   "admin_group",
                   r->socket);
    default: /* errno is an open set */
        return say(why, KW_EUNAVAILABLE, "nobody listens on %s: start `keyward serve`", r->socket);
    }
}

static enum kw_err perform(struct exchange *x, const struct client_request *r)
{
    long os_error = 0;

    CURLcode code = curl_easy_perform(x->curl);
    if (code == CURLE_OK)
        return KW_OK;
    curl_easy_getinfo(x->curl, CURLINFO_OS_ERRNO, &os_error);
    if (code == CURLE_COULDNT_CONNECT)
        return explain_no_connection(r, os_error, x->why);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return say(x->why, KW_EUNAVAILABLE, "keyward serve did not answer within %d seconds",
                   TIMEOUT_S);
    return say(x->why, KW_EIO, "the call to keyward serve failed: %s", curl_easy_strerror(code));
}

static enum kw_err read_answer(struct exchange *x, bool is_text, struct client_answer *out)
{
    const char *text = x->text.n == 0 ? "" : x->text.p;
    long status = 0;

    curl_easy_getinfo(x->curl, CURLINFO_RESPONSE_CODE, &status);
    json_t *body = is_text && status < 400 ? json_stringn(text, x->text.n)
                                           : json_loadb(text, x->text.n, 0, NULL);
    if (body == NULL)
        return say(x->why, KW_EFORMAT, "the answer is not JSON: is it keyward serve that listens?");
    *out = (struct client_answer){.status = (int)status, .body = body};
    memcpy(out->etag, x->etag, sizeof out->etag);
    return KW_OK;
}

enum kw_err client_call(const struct client_request *request, struct client_answer *out,
                        char why[CLIENT_WHY_MAX])
{
    AUTO(exchange_deinit) struct exchange x = {.why = why, .text = BUF_MAX(ANSWER_MAX)};

    if (set_up(&x, request) != KW_OK)
        return say(why, KW_ENOMEM, "out of memory");
    TRY(perform(&x, request));
    return read_answer(&x, request->is_text, out);
}

void client_answer_deinit(struct client_answer *a)
{
    json_decref(a->body);
    a->body = NULL;
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

void client_add_query(struct buf *path, const char *name, struct str value)
{
    bool is_first = path->n == 0 || memchr(path->p, '?', path->n) == NULL;

    buf_printf(path, "%c%s=", is_first ? '?' : '&', name);
    for (size_t i = 0; i < value.n; i++)
        if (is_plain(value.p[i]))
            buf_add(path, &value.p[i], 1);
        else
            buf_printf(path, "%%%02X", (unsigned char)value.p[i]);
}
