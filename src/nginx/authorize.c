/* authorize.c - forward-auth: another proxy asks whether its client's request may pass, and is told who calls. */
#include "module.h"

/* 200 with the identity as headers, for the proxy to set on its client's request in place of whatever the client sent
 * under these names; our header filter adds the request id and the limits. */
static ngx_int_t send_allowed(ngx_http_request_t *r, const struct kw_decision *d)
{
    ngx_str_t type = ngx_string("text/plain");
    ngx_http_complex_value_t empty = {.value.len = 0};

    keyward_forget_earlier_passes(r);
    if (keyward_push_identity(&r->headers_out.headers, d) != NGX_OK ||
        keyward_push(&r->headers_out.headers, "Cache-Control", keyward_str("no-store")) != NGX_OK)
        return NGX_ERROR;
    return ngx_http_send_response(r, NGX_HTTP_OK, &type, &empty);
}

/* The operator's error_page or rewrite led a request here that was decided before: that decision was about another
 * question, and must not be read as the answer to this one. */
static ngx_int_t refuse_again(ngx_http_request_t *r, const struct keyward_pass *pass)
{
    struct kw_decision d = pass->decision;

    d.verdict = KW_DENY;
    d.reason = KW_WHY_UNTRUSTED_PEER;
    d.status = kw_reason_status(d.reason);
    return keyward_send_denial(r, &d, &pass->request);
}

/* A content handler, so nothing comes behind it that could turn a denial into something else: what it answers is sent
 * here and now. */
ngx_int_t keyward_authorize_handler(ngx_http_request_t *r)
{
    keyward_conf_t *conf = ngx_http_get_module_loc_conf(r, ngx_http_keyward_module);
    struct keyward_pass *pass = keyward_find(r);

    if (pass != NULL)
        return refuse_again(r, pass);
    pass = keyward_decide(r, conf, keyward_read_forwarded);
    if (pass == NULL)
        return NGX_ERROR;
    if (pass->decision.verdict != KW_ALLOW)
        return keyward_send_denial(r, &pass->decision, &pass->request);
    return send_allowed(r, &pass->decision);
}
