/* client.c - see client.h. An answer may hold a new key: its bytes are wiped when they have been
 * read. */
#include "client/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/wipe.h"
#include "client/failure.h"
#include "client/token.h"

enum { ANSWER_MAX = 32 << 20 };

struct exchange {
    CURL *curl;
    struct curl_slist *headers;
    char *body;      /* text of the request's body */
    struct buf text; /* of the answer's */
    char etag[CLIENT_ETAG_MAX];
    char said[CURL_ERROR_SIZE]; /* what libcurl says when it fails */
};

static void exchange_deinit(struct exchange *x)
{
    curl_easy_cleanup(x->curl);
    for (struct curl_slist *h = x->headers; h != NULL; h = h->next)
        explicit_bzero(h->data, strlen(h->data)); /* one holds the token */
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

static bool add_token(struct exchange *x, const char *token)
{
    char line[CLIENT_TOKEN_MAX + 32];

    snprintf(line, sizeof line, "Authorization: Bearer %s", token);
    bool ok = add_header(x, line);
    explicit_bzero(line, sizeof line);
    return ok;
}

static enum kw_err set_headers(struct exchange *x, const struct client_place *place,
                               const struct client_request *r)
{
    char line[64];
    bool ok = place->url == NULL || place->token == NULL || add_token(x, place->token);

    if (r->body != NULL)
        ok = ok && add_header(x, "Content-Type: application/json") && add_header(x, "Expect:");
    if (r->if_match != NULL) {
        snprintf(line, sizeof line, "If-Match: %s", r->if_match);
        ok = ok && add_header(x, line);
    }
    if (!ok || curl_easy_setopt(x->curl, CURLOPT_HTTPHEADER, x->headers) != CURLE_OK)
        return KW_ENOMEM;
    return KW_OK;
}

/* ---- where ---- */

static bool set_socket(CURL *c, const char *path)
{
    return curl_easy_setopt(c, CURLOPT_UNIX_SOCKET_PATH, path) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK;
}

/* What libcurl does unasked is said all the same: it must not depend on how it was built. A file of authorities takes the
 * place of the system's, folder and all. */
static bool set_tls(CURL *c, const struct client_place *place)
{
    bool ok = curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK;

    if (place->ca_file == NULL)
        return ok;
    return ok && curl_easy_setopt(c, CURLOPT_CAPATH, (const char *)NULL) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_CAINFO, place->ca_file) == CURLE_OK;
}

static bool set_url(CURL *c, const struct client_place *place)
{
    bool is_tls = strncmp(place->url, "https:", 6) == 0;

    if (!is_tls && curl_easy_setopt(c, CURLOPT_PROXY, "") != CURLE_OK)
        return false;
    return curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, is_tls ? "https" : "http") == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK && set_tls(c, place);
}

static enum kw_err set_place(CURL *c, const struct client_place *place, const char *path)
{
    AUTO(buf_deinit) struct buf url = BUF_MAX((size_t)64 * 1024);

    buf_printf(&url, "%s%s", place->url == NULL ? "http://keyward" : place->url, path);
    buf_add(&url, "", 1);
    if (url.failed || curl_easy_setopt(c, CURLOPT_URL, url.p) != CURLE_OK)
        return KW_ENOMEM;
    bool ok = place->url == NULL ? set_socket(c, place->socket) : set_url(c, place);
    return ok ? KW_OK : KW_ENOMEM;
}

/* ---- what ---- */

static enum kw_err set_body(struct exchange *x, const json_t *body)
{
    if (body == NULL)
        return KW_OK;
    x->body = json_dumps(body, JSON_COMPACT);
    if (x->body == NULL || curl_easy_setopt(x->curl, CURLOPT_POSTFIELDS, x->body) != CURLE_OK)
        return KW_ENOMEM;
    return KW_OK;
}

/* In libcurl's own memory the token passes, and what is answered. Only the first call of a process counts. */
static bool begin(void)
{
    return curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, wipe_free, wipe_realloc, strdup,
                                calloc) == CURLE_OK;
}

static enum kw_err set_up(struct exchange *x, const struct client_place *place,
                          const struct client_request *r)
{
    x->curl = begin() ? curl_easy_init() : NULL;
    if (x->curl == NULL)
        return KW_ENOMEM;
    CURL *c = x->curl;
    bool ok = curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, r->method) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)FAILURE_CONNECT_S) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)FAILURE_TIMEOUT_S) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_ERRORBUFFER, x->said) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_text) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_WRITEDATA, x) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
              curl_easy_setopt(c, CURLOPT_HEADERDATA, x) == CURLE_OK;
    if (!ok)
        return KW_ENOMEM;
    TRY(set_place(c, place, r->path));
    TRY(set_body(x, r->body));
    return set_headers(x, place, r);
}

/* ---- asked ---- */

static enum kw_err perform(struct exchange *x, const struct client_place *place, char *why)
{
    struct failure f = {.said = x->said};

    f.code = (int)curl_easy_perform(x->curl);
    if (f.code == CURLE_OK)
        return KW_OK;
    curl_easy_getinfo(x->curl, CURLINFO_OS_ERRNO, &f.os_error);
    return failure_explain(place, &f, why);
}

static enum kw_err read_answer(struct exchange *x, const struct client_place *place, bool is_text,
                               struct client_answer *out, char *why)
{
    const char *text = x->text.n == 0 ? "" : x->text.p;
    long status = 0;

    curl_easy_getinfo(x->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 300 && status < 400)
        return failure_redirected(place, status, why);
    json_t *body = is_text && status < 400 ? json_stringn(text, x->text.n)
                                           : json_loadb(text, x->text.n, 0, NULL);
    if (body == NULL)
        return failure_not_json(place, status, why);
    *out = (struct client_answer){.status = (int)status, .body = body};
    memcpy(out->etag, x->etag, sizeof out->etag);
    return KW_OK;
}

enum kw_err client_call(const struct client_place *place, const struct client_request *request,
                        struct client_answer *out, char why[CLIENT_WHY_MAX])
{
    AUTO(exchange_deinit) struct exchange x = {.text = BUF_MAX(ANSWER_MAX)};

    if (set_up(&x, place, request) != KW_OK)
        return failure_say(why, KW_ENOMEM, "out of memory");
    TRY(perform(&x, place, why));
    return read_answer(&x, place, request->is_text, out, why);
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
