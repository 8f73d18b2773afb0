/* dashboard.c - what a browser is answered for the dashboard: its one page under each of its addresses, and its files. The
 * page finds out by itself, from its address, what it is to show. Whoever asks is not looked at: no session is touched. */
#include <stdio.h>

#include "api/api.h"
#include "api/dashboard_files.h"
#include "server/accept_encoding.h"
#include "server/router.h"

#define PAGE(path)                                                     \
    {                                                                  \
        "GET", path, BODY_NONE, ASKER_ANYONE, 0, dashboard_answer_page \
    }

const struct api_route page_routes[] = {
    PAGE("/"),
    PAGE("/sign-in"),
    PAGE("/forgot"),
    PAGE("/accept"),
    PAGE("/keys"),
    PAGE("/keys/new"),
    PAGE("/keys/{id}"),
    PAGE("/activity"),
    PAGE("/activity/{id}"),
    PAGE("/alerts"),
    PAGE("/alerts/{id}"),
    PAGE("/reports"),
    PAGE("/reports/{id}"),
    PAGE("/usage"),
    PAGE("/detectors"),
    PAGE("/webhooks"),
    PAGE("/webhooks/{id}"),
    PAGE("/policy"),
    PAGE("/members"),
    PAGE("/members/{id}"),
    PAGE("/tokens"),
    PAGE("/accounts"),
    PAGE("/accounts/{id}"),
    PAGE("/you"),
    {"GET", "/assets/{id}", BODY_NONE, ASKER_ANYONE, 0, dashboard_answer_asset},
    {"GET", "/favicon.svg", BODY_NONE, ASKER_ANYONE, 0, dashboard_answer_icon},
    {NULL},
};

/* Scripts are files of ours and nothing else. Mantine puts style elements into the page while it runs, which carry the nonce
 * that it reads there; what React sets as a style goes by the CSSOM, which no policy has to let in. */
static const char policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

enum kw_err dashboard_answer_page(struct call *c)
{
    return call_answer_page(c, dashboard_page, policy);
}

/* Names the coding in the answer, too. */
static struct str shortest_taken(struct call *c, const struct dashboard_file *file)
{
    if (file->br.p != NULL && accept_encoding_br(c->accept_encoding)) {
        c->encoding = "br";
        return file->br;
    }
    if (file->gzip.p != NULL && accept_encoding_gzip(c->accept_encoding)) {
        c->encoding = "gzip";
        return file->gzip;
    }
    return file->plain;
}

static enum kw_err answer_file(struct call *c, struct str path, const char *cache)
{
    const struct dashboard_file *file = dashboard_file_find(path);

    if (file == NULL)
        return problem_say(&c->problem, 404, "not_found", "The dashboard has no such file");
    c->cache = cache;
    c->varies = file->gzip.p != NULL || file->br.p != NULL;
    return call_answer_fixed(c, shortest_taken(c, file), file->type);
}

/* Its name holds a hash of its bytes (RFC 8246): what is there today is the same tomorrow. */
enum kw_err dashboard_answer_asset(struct call *c)
{
    char path[128];
    int n = snprintf(path, sizeof path, "/assets/%.*s", (int)c->id.n, c->id.p);

    if (n < 0 || (size_t)n >= sizeof path)
        return problem_say(&c->problem, 404, "not_found", "The dashboard has no such file");
    return answer_file(c, str_from(path), "public, max-age=31536000, immutable");
}

enum kw_err dashboard_answer_icon(struct call *c)
{
    return answer_file(c, STR("/favicon.svg"), "public, max-age=86400");
}
