/* headers.c - the request's headers as the upstream gets them. */
#include "module.h"

ngx_table_elt_t *keyward_next(struct keyward_walk *walk)
{
    while (walk->part != NULL && walk->i >= walk->part->nelts) {
        walk->part = walk->part->next;
        walk->i = 0;
    }
    if (walk->part == NULL)
        return NULL;
    return (ngx_table_elt_t *)walk->part->elts + walk->i++;
}

static u_char fold(u_char c)
{
    return c == '_' || c == '.' ? '-' : ngx_tolower(c);
}

bool keyward_folds_under(ngx_str_t name, const char *prefix)
{
    size_t i = 0;

    while (i < name.len && prefix[i] != '\0' && fold(name.data[i]) == (u_char)prefix[i])
        i++;
    return prefix[i] == '\0';
}

bool keyward_folds_to(ngx_str_t name, const char *folded)
{
    return name.len == strlen(folded) && keyward_folds_under(name, folded);
}

/* The hash must be that of the name in lower case: proxy_set_header and its kin find a header by it. */
ngx_int_t keyward_push(ngx_list_t *list, const char *name, ngx_str_t value)
{
    ngx_table_elt_t *h = ngx_list_push(list);

    if (h == NULL)
        return NGX_ERROR;
    h->key = keyward_str(name);
    h->value = value;
    h->lowcase_key = ngx_pnalloc(list->pool, h->key.len);
    if (h->lowcase_key == NULL)
        return NGX_ERROR;
    h->hash = ngx_hash_strlow(h->lowcase_key, h->key.data, h->key.len);
    return NGX_OK;
}

static bool is_our_bearer(ngx_str_t value)
{
    struct kw_str token = {(const char *)value.data, value.len};

    keyward_bearer_token(value, &token);
    return kw_is_ours(keyward_engine(), token);
}

/* A key sent to a public route was not looked at, and is removed all the same. */
static bool must_go(const ngx_table_elt_t *h, const keyward_conf_t *conf)
{
    if (keyward_folds_under(h->key, "x-keyward-") || keyward_folds_to(h->key, "x-request-id"))
        return true;
    if (keyward_folds_to(h->key, (const char *)conf->header.data))
        return !conf->forward_key;
    if (keyward_folds_to(h->key, "authorization"))
        return is_our_bearer(h->value) && !(conf->bearer && conf->forward_key);
    return false;
}

ngx_int_t keyward_plain(ngx_pool_t *pool, const char *text, ngx_str_t *out)
{
    ngx_str_t in = keyward_str(text);
    size_t n_escapes = ngx_escape_uri(NULL, in.data, in.len, NGX_ESCAPE_URI_COMPONENT);

    out->len = in.len + 2 * n_escapes;
    out->data = ngx_pnalloc(pool, out->len + 1);
    if (out->data == NULL)
        return NGX_ERROR;
    if (n_escapes == 0)
        ngx_memcpy(out->data, in.data, in.len);
    else
        ngx_escape_uri(out->data, in.data, in.len, NGX_ESCAPE_URI_COMPONENT);
    return NGX_OK;
}

ngx_int_t keyward_push_identity(ngx_list_t *list, const struct kw_decision *d)
{
    ngx_str_t account, permissions;

    permissions.data = ngx_pnalloc(list->pool, KW_PERMISSIONS_MAX);
    if (permissions.data == NULL || keyward_plain(list->pool, d->account, &account) != NGX_OK)
        return NGX_ERROR;
    permissions.len = kw_permissions_text(d->permissions, (char *)permissions.data);
    if (keyward_push(list, "X-Keyward-Key-Id", keyward_str(d->key_id)) != NGX_OK ||
        keyward_push(list, "X-Keyward-Account", account) != NGX_OK ||
        keyward_push(list, "X-Keyward-Environment", keyward_str(kw_environment_name(d->environment))) != NGX_OK ||
        keyward_push(list, "X-Keyward-Permissions", permissions) != NGX_OK ||
        keyward_push(list, "X-Request-Id", keyward_str(d->request_id)) != NGX_OK)
        return NGX_ERROR;
    return NGX_OK;
}

static ngx_int_t copy_kept(ngx_http_request_t *r, const keyward_conf_t *conf, ngx_list_t *list)
{
    struct keyward_walk walk = {&r->headers_in.headers.part, 0};

    for (ngx_table_elt_t *h; (h = keyward_next(&walk)) != NULL;) {
        if (must_go(h, conf))
            continue;
        ngx_table_elt_t *copy = ngx_list_push(list);
        if (copy == NULL)
            return NGX_ERROR;
        *copy = *h;
    }
    return NGX_OK;
}

static ngx_uint_t count(ngx_http_request_t *r)
{
    ngx_uint_t n = 0;

    for (ngx_list_part_t *part = &r->headers_in.headers.part; part != NULL; part = part->next)
        n += part->nelts;
    return n;
}

/* Of the headers that nginx keeps a pointer to, only this one can have been removed (keyward_header refuses the rest). */
static void mend_authorization(ngx_http_request_t *r)
{
    struct keyward_walk walk = {&r->headers_in.headers.part, 0};

    r->headers_in.authorization = NULL;
    for (ngx_table_elt_t *h; (h = keyward_next(&walk)) != NULL;) {
        if (r->headers_in.authorization == NULL && keyward_folds_to(h->key, "authorization"))
            r->headers_in.authorization = h;
    }
}

/* A new list, not the old one edited: r->headers_in.host and others point at its elements, and a subrequest shares them
 * with its parent. It has room for everything in its first part; a list's `last` points at that part, which moved with
 * the assignment (and which, in a subrequest, nginx leaves pointing at the parent's). proxy, fastcgi, uwsgi, scgi and
 * grpc all read this list. */
ngx_int_t keyward_forward(ngx_http_request_t *r, const keyward_conf_t *conf, const struct kw_decision *d)
{
    enum { N_OURS = 5 };
    ngx_list_t list;

    if (ngx_list_init(&list, r->pool, count(r) + N_OURS, sizeof(ngx_table_elt_t)) != NGX_OK)
        return NGX_ERROR;
    if (copy_kept(r, conf, &list) != NGX_OK || keyward_push_identity(&list, d) != NGX_OK)
        return NGX_ERROR;
    r->headers_in.headers = list;
    r->headers_in.headers.last = &r->headers_in.headers.part;
    mend_authorization(r);
    return NGX_OK;
}
