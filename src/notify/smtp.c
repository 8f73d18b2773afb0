/* smtp.c - see smtp.h. libcurl speaks; it doubles points at the beginning of lines itself. */
#include "notify/smtp.h"

#include <curl/curl.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/file.h"
#include "core/authority.h"

enum { PASSWORD_MAX = 256, CONNECT_S = 20, TIMEOUT_S = 120, REFUSED_FOR_GOOD = 500 };

struct sending {
    CURL *curl;
    struct curl_slist *to;
    struct str left; /* of the message */
    const atomic_bool *stop;
    char password[PASSWORD_MAX + 1];
};

static enum kw_err say(char *why, enum kw_err err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum kw_err say(char *why, enum kw_err err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(why, SMTP_WHY_MAX, format, args);
    va_end(args);
    return err;
}

/* ---- settings ---- */

static enum kw_err read_url(struct str url, bool *is_tls, struct authority *out)
{
    struct str scheme;

    if (url.n > SMTP_URL_MAX)
        return KW_ERANGE;
    TRY(authority_of_url(url, &scheme, out));
    *is_tls = str_eq(scheme, STR("smtps"));
    return *is_tls || str_eq(scheme, STR("smtp")) ? KW_OK : KW_ESYNTAX;
}

enum kw_err smtp_url_check(struct str url)
{
    struct authority a;
    bool is_tls;

    return read_url(url, &is_tls, &a);
}

static enum kw_err read_password(const char *path, char out[PASSWORD_MAX + 1], char *why)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(PASSWORD_MAX + 2);

    enum kw_err err = file_check_private(path, true);
    if (err == KW_EPERM)
        return say(why, err,
                   "%.100s may be read by others: chmod 600 it, and chown it to this user", path);
    if (err == KW_OK)
        err = file_read(path, &text);
    if (err != KW_OK)
        return say(why, err, "%.100s cannot be read: %s", path, kw_strerror(err));
    struct str line = str_trim(buf_view(&text));
    if (line.n == 0 || line.n > PASSWORD_MAX || memchr(line.p, '\n', line.n) != NULL ||
        memchr(line.p, '\0', line.n) != NULL)
        err = say(why, KW_EFORMAT, "%.100s is to hold one line, the password", path);
    else
        snprintf(out, PASSWORD_MAX + 1, "%.*s", (int)line.n, line.p);
    explicit_bzero(text.p, text.cap);
    return err;
}

enum kw_err smtp_check_password(const struct smtp_server *s, char why[SMTP_WHY_MAX])
{
    char password[PASSWORD_MAX + 1];

    if (s->user[0] == '\0')
        return KW_OK;
    enum kw_err err = read_password(s->password_file, password, why);
    explicit_bzero(password, sizeof password);
    return err;
}

/* ---- sent ---- */

static void sending_deinit(struct sending *s)
{
    curl_easy_cleanup(s->curl);
    curl_slist_free_all(s->to);
    explicit_bzero(s->password, sizeof s->password);
}

static size_t give(char *to, size_t size, size_t n, void *ctx)
{
    struct sending *s = ctx;
    struct str piece = {NULL, 0};
    size_t room = size * n;

    if (str_take(&s->left, s->left.n < room ? s->left.n : room, &piece) && piece.n > 0)
        memcpy(to, piece.p, piece.n);
    return piece.n;
}

static int look_up(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct sending *s = ctx;

    (void)a, (void)b, (void)c, (void)d;
    return atomic_load(s->stop); /* not 0: it ends here */
}

/* To this machine by smtp:// in the clear: nobody else hears it, and its certificate is seldom in the name of localhost. */
static long use_ssl(const char *url)
{
    struct authority a = {.port = 0};
    bool is_tls = true;

    ignore(read_url(str_from(url), &is_tls, &a)); /* it was checked; else TLS it is */
    return !is_tls && a.is_loopback ? CURLUSESSL_NONE : CURLUSESSL_ALL;
}

/* Those of the file alone: Debian's libcurl also trusts a folder of the machine's unless it is told not to. */
static bool set_authorities(CURL *c, const char *ca_file)
{
    return ca_file[0] == '\0' || (curl_easy_setopt(c, CURLOPT_CAINFO, ca_file) == CURLE_OK &&
                                  curl_easy_setopt(c, CURLOPT_CAPATH, (char *)NULL) == CURLE_OK);
}

static bool set_server(CURL *c, const struct smtp_server *s)
{
    return curl_easy_setopt(c, CURLOPT_URL, s->url) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK && /* no stop waits for a name */
           curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)TIMEOUT_S) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_USE_SSL, use_ssl(s->url)) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           set_authorities(c, s->ca_file);
}

static bool set_login(struct sending *x, const struct smtp_server *s)
{
    return s->user[0] == '\0' ||
           (curl_easy_setopt(x->curl, CURLOPT_USERNAME, s->user) == CURLE_OK &&
            curl_easy_setopt(x->curl, CURLOPT_PASSWORD, x->password) == CURLE_OK);
}

static bool set_message(struct sending *x, const char *from, const char *to)
{
    CURL *c = x->curl;

    x->to = curl_slist_append(NULL, to);
    return x->to != NULL && curl_easy_setopt(c, CURLOPT_MAIL_FROM, from) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_MAIL_RCPT, x->to) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_READFUNCTION, give) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_READDATA, x) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, look_up) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_XFERINFODATA, x) == CURLE_OK;
}

static enum kw_err perform(struct sending *x, char *why)
{
    long said = 0;

    CURLcode code = curl_easy_perform(x->curl);
    if (code == CURLE_OK)
        return KW_OK;
    curl_easy_getinfo(x->curl, CURLINFO_RESPONSE_CODE, &said);
    /* Who may log in is the operator's to mend; the rest of what a server refuses for good, it refuses again. */
    bool is_final = said >= REFUSED_FOR_GOOD && code == CURLE_SEND_ERROR;
    return say(why, is_final ? KW_EINVAL : KW_EUNAVAILABLE,
               "%s (the mail server's last answer: %ld)", curl_easy_strerror(code), said);
}

enum kw_err smtp_send(const struct smtp_server *s, const char *to, struct str message,
                      const atomic_bool *stop, char why[SMTP_WHY_MAX])
{
    AUTO(sending_deinit) struct sending x = {.left = message, .stop = stop};

    if (s->user[0] != '\0')
        TRY(read_password(s->password_file, x.password, why));
    x.curl = curl_easy_init();
    if (x.curl == NULL || !set_server(x.curl, s) || !set_login(&x, s) ||
        !set_message(&x, s->from, to))
        return say(why, KW_EUNAVAILABLE, "libcurl cannot do what is asked of it, or memory ran out");
    return perform(&x, why);
}
