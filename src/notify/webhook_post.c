/* webhook_post.c - see webhook_post.h. libcurl's multi interface: one thread, and whoever does not answer holds up nobody. */
#include "notify/webhook_post.h"

#include <curl/curl.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"

enum { TIMEOUT_MS = 10000, LINE_MAX_LEN = 256, PATH_LEN = 512, PINS_LEN = 2048 };

struct sending {
    struct webhook_posts *all; /* borrows */
    CURL *curl;                /* NULL: nothing is on its way here */
    struct curl_slist *headers, *pins;
    struct lookup *lookup; /* its name is being looked up: libcurl does not have it yet */
    void *ctx;
    uint64_t begun_us;
    char host[LOOKUP_HOST_MAX + 1];
    unsigned port;
    const char *refused; /* what an address is that it leads to; NULL: none was refused */
    size_t n_read;       /* of the answer, with its header */
    bool is_cut;
};

struct webhook_posts {
    CURLM *multi;
    int wake; /* an eventfd: a lookup is over */
    struct egress_rules rules;
    char ca_file[PATH_LEN], agent[LINE_MAX_LEN];
    long timeout_ms;
    lookup_ask *ask;
    struct sending sending[WEBHOOK_POSTS_MAX];
};

/* ---- where it leads ---- */

/* libcurl connects to the address that it shows here, and to no other. */
static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct sending *s = ctx;
    struct address a;
    const char *what = "not an address of the Internet";

    (void)purpose;
    if (s->refused == NULL &&
        (!lookup_address(&to->addr, &a) || !egress_permits(&s->all->rules, &a, &what)))
        s->refused = what;
    return s->refused != NULL ? CURL_SOCKET_BAD
                              : socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* ---- what comes back ---- */

static size_t take(char *bytes, size_t size, size_t n, void *ctx)
{
    struct sending *s = ctx;

    (void)bytes;
    s->n_read += size * n;
    s->is_cut = s->n_read > WEBHOOK_ANSWER_MAX;
    return s->is_cut ? 0 : size * n;
}

/* With a chain that holds, it is the name that does not. */
static const char *of_certificate(const struct sending *s)
{
    long result = X509_V_OK;

    curl_easy_getinfo(s->curl, CURLINFO_SSL_VERIFYRESULT, &result);
    switch (result) {
    case X509_V_OK:
        return "its certificate is another host's";
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return "its certificate has expired";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return "its certificate is self-signed, and nobody vouches for it here (webhook_ca_file)";
    default: /* OpenSSL's results are an open set */
        return "its certificate is of an authority that is not trusted here (webhook_ca_file), or "
               "does not hold";
    }
}

/* Nothing of an answer came: what libcurl says is for who knows libcurl. */
static const char *of_code(const struct sending *s, CURLcode code)
{
    switch ((int)code) {
    case CURLE_OPERATION_TIMEDOUT:
        return "there was no whole answer in time";
    case CURLE_PEER_FAILED_VERIFICATION:
        return of_certificate(s);
    case CURLE_COULDNT_CONNECT:
        return "nothing answers at its address and port";
    case CURLE_GOT_NOTHING:
        return "it closed the connection without an answer";
    case CURLE_SSL_CONNECT_ERROR:
        return "no TLS came about: it has no TLS 1.2, or is no HTTPS server";
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
        return "the connection broke off";
    default: /* libcurl's codes are an open set */
        return curl_easy_strerror(code);
    }
}

static const char *error_of(const struct sending *s, CURLcode code, unsigned status)
{
    if (status >= 300 && status < 400)
        return "it answered with a redirect, which is not followed";
    if (status != 0 && (code == CURLE_OK || s->is_cut))
        return "its answer was not 2xx";
    if (s->is_cut)
        return "the header of its answer is longer than 64 KiB";
    return of_code(s, code);
}

static void tell(const struct sending *s, CURLcode code, webhook_done *done)
{
    struct webhook_result r = {.is_delivered = false};
    curl_off_t took_us = 0;
    long status = 0;

    curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(s->curl, CURLINFO_TOTAL_TIME_T, &took_us);
    r.status = (unsigned)status;
    r.took_ms = (unsigned)(took_us / 1000);
    r.is_delivered = status >= 200 && status < 300 && (code == CURLE_OK || s->is_cut);
    if (s->refused != NULL)
        snprintf(r.error, sizeof r.error, "its host leads to %s, which is not called", s->refused);
    else if (!r.is_delivered)
        snprintf(r.error, sizeof r.error, "%s", error_of(s, code, r.status));
    done(s->ctx, &r);
}

/* ---- one of them ---- */

static void sending_deinit(struct sending *s)
{
    if (s->curl != NULL && s->lookup == NULL)
        curl_multi_remove_handle(s->all->multi, s->curl);
    curl_easy_cleanup(s->curl);
    curl_slist_free_all(s->headers);
    curl_slist_free_all(s->pins);
    lookup_free(s->lookup);
    *s = (struct sending){.all = s->all};
}

static bool add_header(struct sending *s, const char *name, const char *value)
{
    char line[LINE_MAX_LEN];

    snprintf(line, sizeof line, "%s: %s", name, value);
    struct curl_slist *longer = curl_slist_append(s->headers, line);
    if (longer != NULL)
        s->headers = longer;
    return longer != NULL;
}

static bool set_headers(struct sending *s, const struct webhook_post *post)
{
    char time[24];

    snprintf(time, sizeof time, "%lld", (long long)post->time_s);
    return add_header(s, "Content-Type", "application/json") && add_header(s, "Expect", "") &&
           add_header(s, "webhook-id", post->id) && add_header(s, "webhook-timestamp", time) &&
           add_header(s, "webhook-signature", post->signatures->standard) &&
           add_header(s, "x-monei-signature", post->signatures->monei) &&
           curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, s->headers) == CURLE_OK;
}

static bool set_way(const struct sending *s, const char *url)
{
    CURL *c = s->curl;

    return curl_easy_setopt(c, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_PATH_AS_IS, 1L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, s) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK;
}

static bool set_tls(const struct sending *s)
{
    const char *ca_file = s->all->ca_file;
    CURL *c = s->curl;

    return curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           (ca_file[0] == '\0' || curl_easy_setopt(c, CURLOPT_CAINFO, ca_file) == CURLE_OK);
}

static bool set_body(struct sending *s, struct str body)
{
    CURL *c = s->curl;

    return curl_easy_setopt(c, CURLOPT_USERAGENT, s->all->agent) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_POST, 1L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)body.n) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_COPYPOSTFIELDS, body.p) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_WRITEDATA, s) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_HEADERDATA, s) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_PRIVATE, s) == CURLE_OK;
}

/* ---- begun ---- */

static long age_ms(const struct sending *s)
{
    return (long)((clock_boot_us() - s->begun_us) / 1000);
}

/* What is left of its time is libcurl's. */
static enum kw_err hand_over(struct sending *s)
{
    long left_ms = s->all->timeout_ms - age_ms(s);

    if (curl_easy_setopt(s->curl, CURLOPT_TIMEOUT_MS, left_ms < 1 ? 1L : left_ms) != CURLE_OK ||
        curl_multi_add_handle(s->all->multi, s->curl) != CURLM_OK)
        return KW_ENOMEM;
    return KW_OK;
}

static bool is_address(struct str host)
{
    struct address a;

    return address_parse(host, &a) == KW_OK;
}

static enum kw_err begin(struct sending *s, const struct webhook_post *post, struct str host)
{
    if (s->curl == NULL || !set_way(s, post->url) || !set_tls(s) || !set_body(s, post->body) ||
        !set_headers(s, post))
        return KW_ENOMEM;
    snprintf(s->host, sizeof s->host, "%.*s", (int)host.n, host.p);
    return is_address(host) ? hand_over(s)
                            : lookup_begin(s->host, s->all->ask, s->all->wake, &s->lookup);
}

static struct sending *find_room(struct webhook_posts *p)
{
    for (size_t i = 0; i < WEBHOOK_POSTS_MAX; i++)
        if (p->sending[i].curl == NULL)
            return &p->sending[i];
    return NULL;
}

enum kw_err webhook_posts_begin(struct webhook_posts *p, const struct webhook_post *post,
                                char why[EGRESS_WHY_MAX])
{
    struct sending *s = find_room(p);
    struct authority to;

    if (s == NULL)
        return KW_EFULL;
    TRY(egress_url_check(&p->rules, str_from(post->url), &to, why));
    *s = (struct sending){.all = p,
                          .curl = curl_easy_init(),
                          .ctx = post->ctx,
                          .begun_us = clock_boot_us(),
                          .port = to.port};
    enum kw_err err = begin(s, post, to.host);
    if (err != KW_OK)
        sending_deinit(s);
    return err;
}

/* ---- its name ---- */

static const char *refused_of(const struct sending *s, const struct lookup_found *found)
{
    const char *what = NULL;

    for (size_t i = 0; i < found->n; i++)
        if (!egress_permits(&s->all->rules, &found->list[i], &what))
            return what;
    return NULL;
}

/* "+host:port:address,address": libcurl connects to these, and asks nobody. The "+" has it forget them after a minute, which is longer
 * than a delivery takes; else it keeps every name for ever. */
static enum kw_err pin(struct sending *s, const struct lookup_found *found)
{
    char text[PINS_LEN], address[ADDRESS_TEXT_MAX];
    size_t n = (size_t)snprintf(text, sizeof text, "+%s:%u:", s->host, s->port);

    for (size_t i = 0; i < found->n && n < sizeof text; i++) {
        int len = (int)address_print(&found->list[i], address);
        bool is_v6 = memchr(address, ':', (size_t)len) != NULL;
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s%.*s%s", i == 0 ? "" : ",",
                              is_v6 ? "[" : "", len, address, is_v6 ? "]" : "");
    }
    if (n >= sizeof text)
        return KW_ERANGE;
    s->pins = curl_slist_append(NULL, text);
    if (s->pins == NULL || curl_easy_setopt(s->curl, CURLOPT_RESOLVE, s->pins) != CURLE_OK)
        return KW_ENOMEM;
    return KW_OK;
}

/* Ends it before libcurl had it. */
static void give_up(struct sending *s, enum kw_err err, const char *error, webhook_done *done)
{
    struct webhook_result r = {.took_ms = (unsigned)age_ms(s), .err = err};

    if (s->refused != NULL)
        snprintf(r.error, sizeof r.error, "its host leads to %s, which is not called", s->refused);
    else
        snprintf(r.error, sizeof r.error, "%s", error);
    done(s->ctx, &r);
    sending_deinit(s);
}

static void go_on(struct sending *s, webhook_done *done)
{
    const struct lookup_found *found = lookup_result(s->lookup);

    if (found == NULL && age_ms(s) < s->all->timeout_ms)
        return;
    if (found == NULL || found->err != KW_OK) {
        give_up(s, KW_OK,
                found == NULL ? "its host was not found in time" : "its host was not found", done);
        return;
    }
    s->refused = refused_of(s, found);
    enum kw_err err = s->refused != NULL ? KW_EINVAL : pin(s, found);
    lookup_free(STEAL(s->lookup));
    if (err == KW_OK)
        err = hand_over(s);
    if (err != KW_OK)
        give_up(s, err == KW_ENOMEM ? err : KW_OK, kw_strerror(err), done);
}

/* ---- all of them ---- */

static void collect(struct webhook_posts *p, webhook_done *done)
{
    int left = 0;

    for (CURLMsg *m = curl_multi_info_read(p->multi, &left); m != NULL;
         m = curl_multi_info_read(p->multi, &left)) {
        char *at = NULL;
        if (m->msg != CURLMSG_DONE || curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &at) != 0)
            continue;
        CURLcode code = m->data.result;
        struct sending *s = (struct sending *)UNCONST(at);
        tell(s, code, done);
        sending_deinit(s);
    }
}

static void go_on_with_names(struct webhook_posts *p, webhook_done *done)
{
    for (size_t i = 0; i < WEBHOOK_POSTS_MAX; i++)
        if (p->sending[i].lookup != NULL)
            go_on(&p->sending[i], done);
}

void webhook_posts_wait(struct webhook_posts *p, int wait_ms, webhook_done *done)
{
    struct curl_waitfd woken = {.fd = p->wake, .events = CURL_WAIT_POLLIN};
    uint64_t times;
    int running = 0;

    curl_multi_perform(p->multi, &running);
    curl_multi_poll(p->multi, &woken, 1, wait_ms, NULL);
    if (woken.revents != 0 && read(p->wake, &times, sizeof times) < 0)
        times = 0;
    go_on_with_names(p, done);
    curl_multi_perform(p->multi, &running);
    collect(p, done);
}

void webhook_posts_wake(struct webhook_posts *p)
{
    curl_multi_wakeup(p->multi);
}

void webhook_posts_free(struct webhook_posts *p)
{
    if (p == NULL)
        return;
    for (size_t i = 0; i < WEBHOOK_POSTS_MAX; i++)
        sending_deinit(&p->sending[i]);
    curl_multi_cleanup(p->multi);
    file_closep(&p->wake);
    curl_global_cleanup();
    free(p);
}

void webhook_posts_freep(struct webhook_posts **p)
{
    webhook_posts_free(*p);
}

static enum kw_err fill(struct webhook_posts *p, const struct webhook_posts_options *o)
{
    p->rules = *o->rules;
    p->timeout_ms = o->timeout_ms == 0 ? TIMEOUT_MS : o->timeout_ms;
    snprintf(p->ca_file, sizeof p->ca_file, "%s", o->ca_file);
    snprintf(p->agent, sizeof p->agent, "%s", o->agent);
    for (size_t i = 0; i < WEBHOOK_POSTS_MAX; i++)
        p->sending[i].all = p;
    p->ask = o->ask;
    p->multi = curl_multi_init();
    p->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return p->multi == NULL || p->wake < 0 ? KW_ENOMEM : KW_OK;
}

enum kw_err webhook_posts_new(const struct webhook_posts_options *options, struct webhook_posts **out)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return KW_EUNAVAILABLE;
    struct webhook_posts *p = calloc(1, sizeof *p);
    if (p == NULL) {
        curl_global_cleanup();
        return KW_ENOMEM;
    }
    enum kw_err err = fill(p, options);
    if (err != KW_OK) {
        webhook_posts_free(p);
        return err;
    }
    *out = p;
    return KW_OK;
}
