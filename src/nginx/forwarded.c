/* forwarded.c - what a proxy tells of its client's request, and which proxies are believed. */
#include "module.h"

static const char *const names[KW_N_FORWARDED] = {
#define X(symbol, name) [symbol] = name,
    KW_FORWARDED_FIELDS(X)
#undef X
};

/* Any spelling counts: one that another program would fold to the same name makes the field a doubled one. */
static void collect(ngx_http_request_t *r, struct kw_forwarded *out)
{
    struct keyward_walk walk = {&r->headers_in.headers.part, 0};

    for (ngx_table_elt_t *h; (h = keyward_next(&walk)) != NULL;) {
        for (size_t i = 0; i < KW_N_FORWARDED; i++) {
            if (!keyward_folds_to(h->key, names[i]))
                continue;
            out->value[i] = (struct kw_str){(const char *)h->value.data, h->value.len};
            out->n[i]++;
        }
    }
}

/* The other end of the connection itself. Where realip has put somebody else's address in its place, realip knows the
 * one that was there; a proxy must not become trusted by what stands in a header. */
static void read_peer(ngx_http_request_t *r, uint8_t out[16])
{
    static ngx_str_t name = ngx_string("realip_remote_addr");
    ngx_http_variable_value_t *v = ngx_http_get_variable(r, &name, ngx_hash_key(name.data, name.len));
    struct kw_network peer;

    ngx_memzero(out, 16);
    if (v == NULL || v->not_found)
        keyward_address(r->connection->sockaddr, out);
    else if (v->len >= 5 && ngx_strncmp(v->data, "unix:", 5) == 0)
        out[15] = 1; /* as keyward_address has it */
    else if (kw_network_parse((struct kw_str){(const char *)v->data, v->len}, &peer) == KW_OK)
        ngx_memcpy(out, peer.address, sizeof peer.address);
}

static struct kw_trust trust_of(const keyward_conf_t *conf)
{
    struct kw_trust trust = {.environment = conf->environment};

    if (conf->proxies != NULL) {
        trust.proxies = conf->proxies->elts;
        trust.n_proxies = conf->proxies->nelts;
    }
    if (conf->hosts != NULL) {
        trust.hosts = conf->hosts->elts;
        trust.n_hosts = conf->hosts->nelts;
    }
    return trust;
}

/* A subrequest is no proxy's question but the client's own request, whose fields say what it likes; `keyward on` is what
 * protects a location of this nginx. */
ngx_int_t keyward_read_forwarded(ngx_http_request_t *r, const keyward_conf_t *conf, struct kw_request *out)
{
    struct kw_forwarded forwarded;
    struct kw_trust trust = trust_of(conf);
    uint8_t peer[16];

    if (keyward_read(r, conf, out) != NGX_OK)
        return NGX_ERROR;
    ngx_memzero(&forwarded, sizeof forwarded);
    collect(r->main, &forwarded);
    read_peer(r, peer);
    if (r != r->main)
        trust.n_proxies = 0;
    kw_forwarded_read(&trust, peer, &forwarded, out);
    return NGX_OK;
}

static void *add(ngx_conf_t *cf, ngx_array_t **array, size_t size)
{
    if (*array == NULL)
        *array = ngx_array_create(cf->pool, 4, size);
    return *array == NULL ? NULL : ngx_array_push(*array);
}

char *keyward_set_trust(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    keyward_conf_t *loc = conf;
    ngx_str_t *args = cf->args->elts;

    for (ngx_uint_t i = 1; i < cf->args->nelts; i++) {
        struct kw_network *net = add(cf, &loc->proxies, sizeof *net);
        if (net == NULL)
            return NGX_CONF_ERROR;
        if (kw_network_parse((struct kw_str){(const char *)args[i].data, args[i].len}, net) != KW_OK)
            return "takes the networks of trusted proxies: 10.0.0.0/8, 2001:db8::/32 or an address; no bits may be set "
                   "behind the prefix";
    }
    return NGX_CONF_OK;
}

static bool is_host_name(ngx_str_t name)
{
    for (size_t i = 0; i < name.len; i++) {
        u_char c = ngx_tolower(name.data[i]);
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' && c != '_')
            return false;
    }
    return name.len > 0;
}

static bool is_listed(const ngx_array_t *hosts, ngx_str_t name)
{
    const struct kw_host *host = hosts == NULL ? NULL : hosts->elts;

    for (size_t i = 0; hosts != NULL && i < hosts->nelts; i++) {
        if (host[i].name.n == name.len && ngx_memcmp(host[i].name.p, name.data, name.len) == 0)
            return true;
    }
    return false;
}

char *keyward_set_host(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    keyward_conf_t *loc = conf;
    ngx_str_t *args = cf->args->elts, name = args[1];

    if (!is_host_name(name))
        return "takes the name of a host, without scheme and port, and its environment";
    ngx_strlow(name.data, name.data, name.len);
    if (is_listed(loc->hosts, name))
        return "names a host that has its environment already";
    for (ngx_conf_enum_t *e = cmd->post; e->name.len > 0; e++) {
        if (e->name.len != args[2].len || ngx_strncmp(e->name.data, args[2].data, args[2].len) != 0)
            continue;
        struct kw_host *host = add(cf, &loc->hosts, sizeof *host);
        if (host == NULL)
            return NGX_CONF_ERROR;
        *host = (struct kw_host){{(const char *)name.data, name.len}, e->value};
        return NGX_CONF_OK;
    }
    return "takes \"sandbox\" or \"production\" as the environment of its host";
}
