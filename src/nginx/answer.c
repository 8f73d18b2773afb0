/* answer.c - denials, and our headers in every answer of a request that was decided. */
#include "module.h"

static ngx_http_output_header_filter_pt next_header_filter;

static ngx_int_t push_number(ngx_http_request_t *r, const char *name, uint32_t number)
{
    ngx_str_t value = {.data = ngx_pnalloc(r->pool, NGX_INT32_LEN)};

    if (value.data == NULL)
        return NGX_ERROR;
    value.len = ngx_sprintf(value.data, "%uD", number) - value.data;
    return keyward_push(&r->headers_out.headers, name, value);
}

static ngx_int_t push_denial_headers(ngx_http_request_t *r, const struct kw_decision *d)
{
    ngx_list_t *headers = &r->headers_out.headers;

    if (keyward_push(headers, "Cache-Control", keyward_str("no-store")) != NGX_OK)
        return NGX_ERROR;
    if (d->status == NGX_HTTP_TOO_MANY_REQUESTS)
        return push_number(r, "Retry-After", d->retry_after_s);
    if (d->status != NGX_HTTP_UNAUTHORIZED)
        return NGX_OK;
    return keyward_push(headers, "WWW-Authenticate", keyward_str("ApiKey realm=\"keyward\""));
}

/* auth_request hands this header of its subrequest on to the client, and looks for it behind a pointer. */
static void point_at_www_authenticate(ngx_http_request_t *r)
{
    struct keyward_walk walk = {&r->headers_out.headers.part, 0};

    for (ngx_table_elt_t *h; (h = keyward_next(&walk)) != NULL;) {
        if (keyward_folds_to(h->key, "www-authenticate"))
            r->headers_out.www_authenticate = h;
    }
}

/* What an earlier pass of the request left behind must not colour the answer: headers copied from an upstream that sent
 * X-Accel-Redirect, and the status that `error_page 404 =200 /protected` holds ready in err_status. uri_changes 0 keeps
 * nginx from going to an error_page, should it find that the body is malformed while it discards it. */
void keyward_forget_earlier_passes(ngx_http_request_t *r)
{
    ngx_http_clean_header(r);
    r->err_status = 0;
    r->uri_changes = 0;
}

/* nginx's own auth_request sees the headers of an answer only, and its configuration has to make the body anew. */
static ngx_int_t push_body(ngx_http_request_t *r, ngx_str_t body)
{
    keyward_conf_t *conf = ngx_http_get_module_loc_conf(r, ngx_http_keyward_module);

    return conf->authorize ? keyward_push(&r->headers_out.headers, "X-Keyward-Denial", body) : NGX_OK;
}

ngx_int_t keyward_send_denial(ngx_http_request_t *r, const struct kw_decision *d, const struct kw_request *request)
{
    ngx_str_t type = ngx_string("application/json");
    ngx_http_complex_value_t body = {.value.data = ngx_pnalloc(r->pool, KW_BODY_MAX)};

    if (body.value.data == NULL)
        return NGX_ERROR;
    body.value.len = kw_answer_body(d, request, (char *)body.value.data);
    keyward_forget_earlier_passes(r);
    if (push_denial_headers(r, d) != NGX_OK || push_body(r, body.value) != NGX_OK)
        return NGX_ERROR;
    point_at_www_authenticate(r);
    return ngx_http_send_response(r, d->status, &type, &body);
}

/* Answered and finalized here, NGX_DONE: a status returned from a phase handler would go through error_page, which can
 * make a 200 of it, and through `satisfy`. ngx_http_send_response discards the body, so that the connection can be kept,
 * and knows HEAD and HTTP/2. */
ngx_int_t keyward_deny(ngx_http_request_t *r, const struct kw_decision *d, const struct kw_request *request)
{
    ngx_http_finalize_request(r, keyward_send_denial(r, d, request));
    return NGX_DONE;
}

static bool is_replaced(ngx_str_t name, bool proved)
{
    if (keyward_folds_to(name, "x-request-id"))
        return true;
    return proved && (keyward_folds_under(name, "ratelimit") || keyward_folds_under(name, "x-ratelimit") ||
                      keyward_folds_to(name, "x-keyward-old-secret-ends"));
}

/* A hash of 0 hides a header of the answer from everybody. */
static void hide_upstream_headers(ngx_http_request_t *r, bool proved)
{
    struct keyward_walk walk = {&r->headers_out.headers.part, 0};

    for (ngx_table_elt_t *h; (h = keyward_next(&walk)) != NULL;) {
        if (is_replaced(h->key, proved))
            h->hash = 0;
    }
}

static ngx_int_t push_text(ngx_http_request_t *r, const char *name, const struct kw_decision *d,
                            size_t (*text)(const struct kw_decision *, char *))
{
    ngx_str_t value = {.data = ngx_pnalloc(r->pool, KW_LIMIT_HEADER_MAX)};

    if (value.data == NULL)
        return NGX_ERROR;
    value.len = text(d, (char *)value.data);
    return value.len == 0 ? NGX_OK : keyward_push(&r->headers_out.headers, name, value);
}

static ngx_int_t push_limits(ngx_http_request_t *r, const struct kw_decision *d)
{
    const struct kw_limit_state *nearest = kw_answer_nearest(d);

    if (push_text(r, "RateLimit-Policy", d, kw_answer_ratelimit_policy) != NGX_OK ||
        push_text(r, "RateLimit", d, kw_answer_ratelimit) != NGX_OK)
        return NGX_ERROR;
    if (nearest == NULL)
        return NGX_OK;
    if (push_number(r, "X-RateLimit-Limit", nearest->quota) != NGX_OK ||
        push_number(r, "X-RateLimit-Remaining", nearest->remaining) != NGX_OK)
        return NGX_ERROR;
    return push_number(r, "X-RateLimit-Reset", nearest->reset_s);
}

/* Answers of subrequests have no headers of their own on the wire. */
static ngx_int_t header_filter(ngx_http_request_t *r)
{
    struct keyward_pass *pass = r == r->main ? keyward_find(r) : NULL;

    if (pass == NULL)
        return next_header_filter(r);
    const struct kw_decision *d = &pass->decision;
    hide_upstream_headers(r, d->proved);
    if (d->request_id[0] != '\0' &&
        keyward_push(&r->headers_out.headers, "X-Request-Id", keyward_str(d->request_id)) != NGX_OK)
        return NGX_ERROR;
    if (d->proved && push_limits(r, d) != NGX_OK)
        return NGX_ERROR;
    if (d->old_secret_ends_ms != 0 &&
        push_text(r, "X-Keyward-Old-Secret-Ends", d, kw_answer_old_secret_ends) != NGX_OK)
        return NGX_ERROR;
    return next_header_filter(r);
}

void keyward_init_filter(void)
{
    next_header_filter = ngx_http_top_header_filter;
    ngx_http_top_header_filter = header_filter;
}
