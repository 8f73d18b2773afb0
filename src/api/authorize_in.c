/* authorize_in.c - see authorize_in.h. */
#include "api/authorize_in.h"

#include "core/address.h"
#include "core/permission.h"

static struct kw_str kw_str_of(struct str s)
{
    return (struct kw_str){s.p, s.n};
}

/* No key is a question too: its answer is that one is missing. */
static enum kw_err read_key(const json_t *body, struct problem *p, struct authorize_ask *out)
{
    struct str text;

    TRY(json_in_text(body, "key", p, &text));
    out->key = kw_str_of(text);
    out->request.keys = &out->key;
    out->request.n_keys = text.p == NULL ? 0 : 1;
    TRY(json_in_text(body, "bearer", p, &text));
    out->bearer = kw_str_of(text);
    out->request.bearers = &out->bearer;
    out->request.n_bearers = text.p == NULL ? 0 : 1;
    return KW_OK;
}

static enum kw_err read_route(const json_t *body, struct problem *p, struct kw_request *r)
{
    struct str method, path;

    TRY(json_in_required(body, "method", p, &method));
    TRY(json_in_required(body, "path", p, &path));
    r->method = kw_str_of(method);
    r->target = kw_str_of(path);
    return KW_OK;
}

static enum kw_err read_source(const json_t *body, struct problem *p, struct kw_request *r)
{
    struct address source;
    struct str text;

    TRY(json_in_required(body, "source", p, &text));
    if (address_parse(text, &source) != KW_OK)
        return problem_field(p, "syntax", "source",
                             "It is the address of the client, without a port: \"203.0.113.7\" or "
                             "\"2001:db8::7\"");
    memcpy(r->source, source.b, sizeof r->source);
    return KW_OK;
}

static enum kw_err read_environment(const json_t *body, struct problem *p, struct kw_request *r)
{
    struct str name;

    TRY(json_in_required(body, "environment", p, &name));
    if (environment_parse(name, &r->environment) != KW_OK)
        return problem_field(p, "syntax", "environment", "It is \"sandbox\" or \"production\"");
    return KW_OK;
}

static enum kw_err read_flags(const json_t *body, struct problem *p, struct kw_request *r)
{
    bool tls = false, browser = false;

    if (json_object_get(body, "tls") == NULL)
        return problem_field(p, "missing", "tls",
                             "Say whether the client came by TLS: true or false");
    TRY(json_in_bool(body, "tls", p, &tls));
    TRY(json_in_bool(body, "browser", p, &browser));
    r->flags = (tls ? KW_REQ_TLS : 0u) | (browser ? KW_REQ_BROWSER : 0u);
    return KW_OK;
}

enum kw_err authorize_in(const json_t *body, struct problem *p, struct authorize_ask *out)
{
    static const char *const members[] = {"key",         "bearer", "method",  "path",      "source",
                                          "environment", "tls",    "browser", "userAgent", NULL};
    struct str agent;

    *out = (struct authorize_ask){0};
    TRY(json_in_only(body, members, p));
    TRY(read_key(body, p, out));
    TRY(read_route(body, p, &out->request));
    TRY(read_source(body, p, &out->request));
    TRY(read_environment(body, p, &out->request));
    TRY(read_flags(body, p, &out->request));
    TRY(json_in_text(body, "userAgent", p, &agent));
    out->request.agent = kw_str_of(agent);
    return KW_OK;
}
