/* url.c - see url.h. Taken apart by libcurl, which will also connect: two parsers that disagree about where the host ends
 * are how a token gets somewhere else. */
#include "client/url.h"

#include <curl/curl.h>
#include <stdio.h>

struct parts {
    CURLU *url;
    char *scheme, *host, *port; /* owned; port NULL: the scheme's */
};

static void parts_deinit(struct parts *p)
{
    curl_free(p->scheme);
    curl_free(p->host);
    curl_free(p->port);
    curl_url_cleanup(p->url);
}

static enum kw_err wrong(char *why, const char *sentence)
{
    snprintf(why, CLIENT_URL_WHY_MAX, "%s", sentence);
    return KW_ESYNTAX;
}

static bool has(const struct parts *p, CURLUPart what)
{
    char *text = NULL;

    bool is_there = curl_url_get(p->url, what, &text, 0) == CURLUE_OK;
    curl_free(text);
    return is_there;
}

static bool has_path(const struct parts *p)
{
    char *path = NULL;

    bool is_there =
        curl_url_get(p->url, CURLUPART_PATH, &path, 0) != CURLUE_OK || strcmp(path, "/") != 0;
    curl_free(path);
    return is_there;
}

static bool is_loopback(const char *host)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(host, names[i]) == 0)
            return true;
    return false;
}

static enum kw_err take_apart(const char *text, struct parts *p, char *why)
{
    static const char form[] =
        "write it as https://keyward.example.com, with :PORT where it is not 443";

    p->url = curl_url();
    if (p->url == NULL)
        return KW_ENOMEM;
    if (strlen(text) > CLIENT_URL_MAX || !str_only(str_from(text), "abcdefghijklmnopqrstuvwxyz"
                                                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                                   "0123456789-._~:/?#[]@%&="))
        return wrong(why, form);
    if (curl_url_set(p->url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
        curl_url_get(p->url, CURLUPART_SCHEME, &p->scheme, 0) != CURLUE_OK ||
        curl_url_get(p->url, CURLUPART_HOST, &p->host, 0) != CURLUE_OK)
        return wrong(why, form);
    if (curl_url_get(p->url, CURLUPART_PORT, &p->port, 0) == CURLUE_OUT_OF_MEMORY)
        return KW_ENOMEM;
    return KW_OK;
}

static enum kw_err check(const struct parts *p, char *why)
{
    bool is_plain = strcmp(p->scheme, "http") == 0;

    if (!is_plain && strcmp(p->scheme, "https") != 0)
        return wrong(why, "only https:// is spoken");
    if (has(p, CURLUPART_USER) || has(p, CURLUPART_PASSWORD))
        return wrong(why, "no name and password go into it: the token says who is asking");
    if (has_path(p) || has(p, CURLUPART_QUERY) || has(p, CURLUPART_FRAGMENT))
        return wrong(why, "the address ends with the host or the port: no path, no query");
    if (is_plain && !is_loopback(p->host))
        return wrong(why,
                     "write https://, not http://: without TLS everybody on the way could read "
                     "the token (http:// is for localhost, 127.0.0.1 and [::1])");
    return KW_OK;
}

enum kw_err client_url_read(const char *text, struct buf *out, char why[CLIENT_URL_WHY_MAX])
{
    AUTO(parts_deinit) struct parts p = {NULL};

    TRY(take_apart(text, &p, why));
    TRY(check(&p, why));
    buf_printf(out, "%s://%s", p.scheme, p.host);
    if (p.port != NULL)
        buf_printf(out, ":%s", p.port);
    return out->failed ? KW_ENOMEM : KW_OK;
}
