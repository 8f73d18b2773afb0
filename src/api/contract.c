/* contract.c - the calls that tell the contract, api/openapi.yaml: as JSON, as a page, and the look of that page. */
#include <stdio.h>

#include "api/api.h"
#include "api/contract_texts.h"
#include "base/hex.h"
#include "crypto/digest.h"

enum { TEXT_MAX = 4 << 20 };

/* "<SHA-256 of the text>", so that a new program's text is another one. */
static void name_text(struct str text, char etag[CALL_HEADER_MAX])
{
    struct digest digest = {0};
    char hex[2 * sizeof digest.b + 1];

    digest_of(text, &digest);
    hex_put(digest.b, sizeof digest.b, hex);
    snprintf(etag, CALL_HEADER_MAX, "\"%.64s\"", hex);
}

/* If-None-Match (RFC 9110, 13.1.2): one tag, strong or weak (a proxy that compresses makes it weak), or "*". A list is answered
 * with the whole text, which is right as well. */
static bool has_it(struct str sent, const char *etag)
{
    if (str_starts(sent, STR("W/")))
        sent = (struct str){sent.p + 2, sent.n - 2};
    return str_eq(sent, str_from(etag)) || str_eq(sent, STR("*"));
}

static enum kw_err tell(struct call *c, struct str text, const char *type)
{
    TRY(call_no_parameters(c));
    name_text(text, c->etag);
    c->cache =
        "public, no-cache"; /* kept, and asked about before each use: a new program may say something else */
    c->text = BUF_MAX(TEXT_MAX);
    if (c->if_none_match.p != NULL && has_it(c->if_none_match, c->etag))
        return call_answer_text(c, 304, type);
    buf_str(&c->text, text);
    return call_answer_text(c, 200, type);
}

enum kw_err contract_json(struct call *c)
{
    return tell(c, contract_text_json, "application/json");
}

/* Nothing is run and applied but what carries the nonce, which nobody could know before. */
static const char page_policy[] =
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

enum kw_err contract_page(struct call *c)
{
    TRY(call_no_parameters(c));
    return call_answer_page(c, contract_text_page, page_policy);
}

enum kw_err contract_style(struct call *c)
{
    return tell(c, contract_text_style, "text/css; charset=utf-8");
}
