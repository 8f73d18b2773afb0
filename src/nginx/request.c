/* request.c - what the client asked, as libkeyward wants to hear it. */
#include "module.h"

static ngx_int_t add(ngx_array_t *array, struct kw_str text)
{
    struct kw_str *slot = ngx_array_push(array);

    if (slot == NULL)
        return NGX_ERROR;
    *slot = text;
    return NGX_OK;
}

static struct kw_str text_of(ngx_str_t s)
{
    return (struct kw_str){(const char *)s.data, s.len};
}

/* "GET /a?b HTTP/1.1" → "GET", leaving the rest. */
static struct kw_str cut_word(struct kw_str *line)
{
    struct kw_str word = *line;

    while (word.n > 0 && *word.p == ' ') {
        word.p++;
        word.n--;
    }
    size_t left = word.n, n = 0;
    while (n < left && word.p[n] != ' ')
        n++;
    word.n = n;
    *line = (struct kw_str){word.p + n, left - n};
    return word;
}

/* The request line, not r->method_name and r->uri: error_page makes a GET of any method, a subrequest is a GET, and a
 * rewrite changes the path; the line stays what the client sent, over HTTP/2 too (nginx writes one for it).
 *
 * For "GET http://host/pay" nginx puts "/pay" into unparsed_uri and drops the rest, so the two must agree. What begins
 * with anything but "/" is handed on as it is and refused as ambiguous; so is an empty target. That is what is left of a
 * request that nginx itself refused and then redirected to an error_page, and what we make of HTTP/0.9. */
static void read_line(ngx_http_request_t *r, struct kw_request *out)
{
    struct kw_str line = text_of(r->request_line);

    out->method = cut_word(&line);
    struct kw_str target = cut_word(&line);
    if (r->http_version < NGX_HTTP_VERSION_10)
        return;
    bool is_path = target.n > 0 && target.p[0] == '/';
    bool agrees = target.n == r->unparsed_uri.len && ngx_memcmp(target.p, r->unparsed_uri.data, target.n) == 0;
    if (agrees || !is_path)
        out->target = target;
}

bool keyward_bearer_token(ngx_str_t field, struct kw_str *out)
{
    enum { SCHEME = sizeof "Bearer" - 1 };
    size_t i = SCHEME;

    if (field.len <= SCHEME || ngx_strncasecmp(field.data, (u_char *)"Bearer", SCHEME) != 0)
        return false;
    while (i < field.len && (field.data[i] == ' ' || field.data[i] == '\t'))
        i++;
    *out = (struct kw_str){(const char *)field.data + i, field.len - i};
    return i > SCHEME;
}

struct found { /* arrays of struct kw_str */
    ngx_array_t keys, bearers, cookies;
};

/* One walk over the whole list: $http_x_api_key and the like show the first of several only. */
static ngx_int_t read_header(const ngx_table_elt_t *h, const keyward_conf_t *conf, struct found *found,
                             struct kw_request *out)
{
    struct kw_str token;

    if (keyward_folds_to(h->key, (const char *)conf->header.data))
        return add(&found->keys, text_of(h->value));
    if (keyward_folds_to(h->key, "authorization"))
        return keyward_bearer_token(h->value, &token) ? add(&found->bearers, token) : NGX_OK;
    if (keyward_folds_to(h->key, "cookie"))
        return add(&found->cookies, text_of(h->value));
    if (keyward_folds_to(h->key, "user-agent") && out->agent.n == 0)
        out->agent = text_of(h->value);
    if (keyward_folds_to(h->key, "origin") || keyward_folds_under(h->key, "sec-fetch-"))
        out->flags |= KW_REQ_BROWSER;
    return NGX_OK;
}

static ngx_int_t read_headers(ngx_http_request_t *r, const keyward_conf_t *conf, struct kw_request *out)
{
    struct found found;
    struct keyward_walk walk = {&r->headers_in.headers.part, 0};

    if (ngx_array_init(&found.keys, r->pool, 2, sizeof(struct kw_str)) != NGX_OK ||
        ngx_array_init(&found.bearers, r->pool, 2, sizeof(struct kw_str)) != NGX_OK ||
        ngx_array_init(&found.cookies, r->pool, 2, sizeof(struct kw_str)) != NGX_OK)
        return NGX_ERROR;
    for (ngx_table_elt_t *h; (h = keyward_next(&walk)) != NULL;) {
        if (read_header(h, conf, &found, out) != NGX_OK)
            return NGX_ERROR;
    }
    /* Where no bearer is accepted it is no credential, but one of ours beside a key makes two all the same. */
    if (!conf->bearer && found.keys.nelts == 0)
        found.bearers.nelts = 0;
    out->keys = found.keys.elts;
    out->n_keys = found.keys.nelts;
    out->bearers = found.bearers.elts;
    out->n_bearers = found.bearers.nelts;
    out->cookies = found.cookies.elts;
    out->n_cookies = found.cookies.nelts;
    return NGX_OK;
}

void keyward_address(const struct sockaddr *sa, uint8_t out[16])
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

    if (sa->sa_family == AF_INET) {
        ngx_memcpy(out, mapped, sizeof mapped);
        ngx_memcpy(out + sizeof mapped, &((const struct sockaddr_in *)sa)->sin_addr, 4);
    } else if (sa->sa_family == AF_INET6) {
        ngx_memcpy(out, &((const struct sockaddr_in6 *)sa)->sin6_addr, 16);
    } else if (sa->sa_family == AF_UNIX) {
        out[15] = 1;
    }
}

static bool is_loopback(const struct sockaddr *sa)
{
    if (sa->sa_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)sa)->sin_addr.s_addr) >> 24 == 127;
    if (sa->sa_family == AF_INET6) {
        const struct in6_addr *a = &((const struct sockaddr_in6 *)sa)->sin6_addr;
        return IN6_IS_ADDR_LOOPBACK(a) || (IN6_IS_ADDR_V4MAPPED(a) && a->s6_addr[12] == 127);
    }
    return sa->sa_family == AF_UNIX;
}

static unsigned connection_flags(ngx_connection_t *c, const keyward_conf_t *conf)
{
    unsigned flags = 0;

    if (c->ssl != NULL)
        flags |= KW_REQ_TLS;
    /* local_sockaddr holds the wildcard of the listener until this has asked the kernel. */
    if (ngx_connection_local_sockaddr(c, NULL, 0) == NGX_OK && is_loopback(c->local_sockaddr))
        flags |= KW_REQ_LOOPBACK;
    if (conf->plaintext)
        flags |= KW_REQ_PLAINTEXT_OK;
    if (conf->refuse_browser)
        flags |= KW_REQ_REFUSE_BROWSER;
    return flags;
}

ngx_int_t keyward_read(ngx_http_request_t *r, const keyward_conf_t *conf, struct kw_request *out)
{
    *out = (struct kw_request){
        .key_header = text_of(conf->header),
        .environment = conf->environment,
        .flags = connection_flags(r->connection, conf),
    };
    keyward_address(r->connection->sockaddr, out->source); /* realip has put the client's there by now */
    /* The main request, for a subrequest's headers may have been edited on its behalf. */
    read_line(r->main, out);
    return read_headers(r->main, conf, out);
}
