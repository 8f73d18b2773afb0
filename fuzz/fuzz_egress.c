/* fuzz_egress.c - libcurl, which connects, reads out of a URL that is permitted what we read: two readers of one text that
 * differ are how a guard is passed by. */
#include <curl/curl.h>
#include <stdio.h>

#include "fuzz.h"
#include "notify/egress.h"

static const char *part(CURLU *u, CURLUPart which, unsigned flags, char *out, size_t size)
{
    char *text = NULL;

    out[0] = '\0';
    if (curl_url_get(u, which, &text, flags) != CURLUE_OK)
        return NULL;
    snprintf(out, size, "%s", text);
    curl_free(text);
    return out;
}

static bool is_part(CURLU *u, CURLUPart which, unsigned flags, const char *want)
{
    char text[EGRESS_URL_MAX + 1];
    const char *got = part(u, which, flags, text, sizeof text);

    return got != NULL && strcmp(got, want) == 0;
}

static void check_same(CURLU *u, const struct authority *a)
{
    char text[EGRESS_URL_MAX + 1], host[EGRESS_URL_MAX + 1], port[16];
    bool is_v6 = memchr(a->host.p, ':', a->host.n) != NULL;

    snprintf(host, sizeof host, "%s%.*s%s", is_v6 ? "[" : "", (int)a->host.n, a->host.p,
             is_v6 ? "]" : "");
    snprintf(port, sizeof port, "%u", a->port);
    MUST(is_part(u, CURLUPART_SCHEME, 0, "https"));
    MUST(part(u, CURLUPART_USER, 0, text, sizeof text) == NULL);
    MUST(part(u, CURLUPART_PASSWORD, 0, text, sizeof text) == NULL);
    MUST(part(u, CURLUPART_FRAGMENT, 0, text, sizeof text) == NULL);
    MUST(part(u, CURLUPART_ZONEID, 0, text, sizeof text) == NULL);
    MUST(is_part(u, CURLUPART_PORT, CURLU_DEFAULT_PORT, port));
    part(u, CURLUPART_HOST, 0, text, sizeof text);
    if (!is_v6) /* which libcurl may write in another way */
        MUST(strcmp(text, host) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct egress_rules rules;
    const struct str url = {(const char *)data, n};
    char why[EGRESS_WHY_MAX] = "", terminated[EGRESS_URL_MAX + 1];
    struct authority a;

    if (egress_url_check(&rules, url, &a, why) != KW_OK) {
        MUST(why[0] != '\0');
        return 0;
    }
    snprintf(terminated, sizeof terminated, "%.*s", (int)n, (const char *)data);
    MUST(strlen(terminated) == n);
    CURLU *u = curl_url();
    MUST(u != NULL);
    MUST(curl_url_set(u, CURLUPART_URL, terminated, 0) == CURLUE_OK);
    check_same(u, &a);
    curl_url_cleanup(u);
    return 0;
}
