/* variables.c - $keyward_… for log_format, map and proxy_set_header. */
#include "module.h"

static ngx_int_t set_value(ngx_http_variable_value_t *v, const char *text, size_t len)
{
    v->data = (u_char *)text;
    v->len = len;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = len == 0;
    return NGX_OK;
}

static ngx_int_t permissions_value(ngx_http_request_t *r, ngx_http_variable_value_t *v, const struct kw_decision *d)
{
    char *text = ngx_pnalloc(r->pool, KW_PERMISSIONS_MAX);

    if (text == NULL)
        return NGX_ERROR;
    return set_value(v, text, kw_permissions_text(d->permissions, text));
}

static ngx_int_t account_value(ngx_http_request_t *r, ngx_http_variable_value_t *v, const struct kw_decision *d)
{
    ngx_str_t text;

    if (keyward_plain(r->pool, d->account, &text) != NGX_OK)
        return NGX_ERROR;
    return set_value(v, (const char *)text.data, text.len);
}

enum what { KEY_ID, ACCOUNT, PERMISSIONS, REASON, REQUEST_ID };

static ngx_int_t get_decided(ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data)
{
    struct keyward_pass *pass = keyward_find(r);

    if (pass == NULL)
        return set_value(v, "", 0);
    const struct kw_decision *d = &pass->decision;
    switch ((enum what)data) {
    case KEY_ID:
        return set_value(v, d->key_id, strlen(d->key_id));
    case ACCOUNT:
        return account_value(r, v, d);
    case PERMISSIONS:
        return permissions_value(r, v, d);
    case REASON:
        return set_value(v, kw_reason_name(d->reason), strlen(kw_reason_name(d->reason)));
    case REQUEST_ID:
        return set_value(v, d->request_id, strlen(d->request_id));
    }
    return set_value(v, "", 0);
}

/* A key in the query must not reach the access log: this is $request with every credential of ours cut down. It is set
 * for requests too that were never decided, such as those that nginx refuses. */
static ngx_int_t get_request(ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data)
{
    size_t cap = r->request_line.len;
    char *text = ngx_pnalloc(r->pool, cap + 1);
    struct kw_str line = {(const char *)r->request_line.data, r->request_line.len};

    if (text == NULL)
        return NGX_ERROR;
    return set_value(v, text, cap == 0 ? 0 : kw_redact(keyward_engine(), line, text, cap));
}

static ngx_http_variable_t variables[] = {
    {.name = ngx_string("keyward_key_id"), .get_handler = get_decided, .data = KEY_ID},
    {.name = ngx_string("keyward_account"), .get_handler = get_decided, .data = ACCOUNT},
    {.name = ngx_string("keyward_permissions"), .get_handler = get_decided, .data = PERMISSIONS},
    {.name = ngx_string("keyward_reason"), .get_handler = get_decided, .data = REASON},
    {.name = ngx_string("keyward_request_id"), .get_handler = get_decided, .data = REQUEST_ID},
    {.name = ngx_string("keyward_request"), .get_handler = get_request},
};

/* Not cacheable: a variable that was read in the rewrite phase would stay empty after the decision. */
ngx_int_t keyward_add_variables(ngx_conf_t *cf)
{
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        ngx_http_variable_t *v = ngx_http_add_variable(cf, &variables[i].name, NGX_HTTP_VAR_NOCACHEABLE);
        if (v == NULL)
            return NGX_ERROR;
        v->get_handler = variables[i].get_handler;
        v->data = variables[i].data;
    }
    return NGX_OK;
}
