/* handler.c - one decision per client request, kept for every later pass of it. */
#include "module.h"

enum { RETRY_MS = 1000 };

/* One engine per process, over reloads of the configuration too: in single-process mode nginx reloads without asking
 * init_process again. */
static struct kw_engine *engine;
static enum kw_err last_err;
static ngx_msec_t last_try_ms;

/* Says it once for each kind of failure, not once a second. */
static void tell(enum kw_err err, const ngx_str_t *state)
{
    if (err == last_err)
        return;
    last_err = err;
    if (err == KW_OK) {
        ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0, "keyward: \"%V\" is open", state);
        return;
    }
    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                  "keyward: cannot open \"%V\" (%s); protected locations answer 503 until it can be opened", state,
                  kw_strerror(err));
}

static void try_open(void)
{
    keyward_main_conf_t *conf = ngx_http_cycle_get_module_main_conf(ngx_cycle, ngx_http_keyward_module);

    if (conf == NULL || conf->state.len == 0)
        return;
    last_try_ms = ngx_current_msec;
    tell(kw_open((const char *)conf->state.data, &engine), &conf->state);
}

struct kw_engine *keyward_engine(void)
{
    if (engine == NULL && ngx_current_msec - last_try_ms >= RETRY_MS)
        try_open();
    return engine;
}

/* nginx asks this of the cache manager and the cache loader too: they decide nothing, and a ring would be lost to them.
 * The master is not asked. */
ngx_int_t keyward_init_process(ngx_cycle_t *cycle)
{
    if (ngx_process == NGX_PROCESS_WORKER || ngx_process == NGX_PROCESS_SINGLE)
        try_open();
    return NGX_OK;
}

void keyward_exit_process(ngx_cycle_t *cycle)
{
    kw_close(engine);
    engine = NULL;
}

/* The address of this function is the mark by which keyward_find knows our entry; there is nothing to clean up. */
static void mark(void *data)
{
}

/* An internal redirect, a named location and error_page clear r->ctx, and a subrequest begins with an empty one. The
 * pool is the same for all of them, and so are its clean-up entries (nginx's realip keeps its context there too). */
struct keyward_pass *keyward_find(ngx_http_request_t *r)
{
    for (ngx_pool_cleanup_t *c = r->pool->cleanup; c != NULL; c = c->next) {
        if (c->handler == mark)
            return c->data;
    }
    return NULL;
}

static struct keyward_pass *keep(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t *c = ngx_pool_cleanup_add(r->pool, sizeof(struct keyward_pass));

    if (c == NULL)
        return NULL;
    ngx_memzero(c->data, sizeof(struct keyward_pass));
    c->handler = mark;
    return c->data;
}

/* Without an engine there is no record that an id could lead to: nginx's own serves the access log. */
static void borrow_request_id(ngx_http_request_t *r, struct kw_decision *d)
{
    static ngx_str_t name = ngx_string("request_id");
    ngx_http_variable_value_t *v = ngx_http_get_variable(r, &name, ngx_hash_key(name.data, name.len));

    if (v != NULL && !v->not_found && v->len == KW_REQUEST_ID_LEN)
        ngx_memcpy(d->request_id, v->data, KW_REQUEST_ID_LEN);
}

struct keyward_pass *keyward_decide(ngx_http_request_t *r, const keyward_conf_t *conf, keyward_read_pt *read)
{
    struct keyward_pass *pass = keep(r);

    if (pass == NULL || read(r, conf, &pass->request) != NGX_OK)
        return NULL;
    struct kw_decision *d = &pass->decision;
    if (kw_authorize(keyward_engine(), &pass->request, d) != KW_OK)
        *d = (struct kw_decision){.verdict = KW_DENY, .status = NGX_HTTP_SERVICE_UNAVAILABLE};
    if (d->request_id[0] == '\0')
        borrow_request_id(r, d);
    return pass;
}

/* A proved key belongs to one environment. Where the operator's own rewrite leads from a sandbox location into a
 * production one, the first decision must not open the second. */
static bool is_of_another_environment(const struct kw_decision *d, const keyward_conf_t *conf)
{
    return d->proved && d->environment != conf->environment;
}

static ngx_int_t deny_environment(ngx_http_request_t *r, const struct keyward_pass *pass)
{
    struct kw_decision d = pass->decision;

    d.verdict = KW_DENY;
    d.reason = KW_WHY_ENVIRONMENT_MISMATCH;
    d.status = kw_reason_status(d.reason);
    return keyward_deny(r, &d, &pass->request);
}

/* Errors end the connection (NGX_ERROR) instead of answering 500: error_page could make a 200 of that. */
ngx_int_t keyward_handler(ngx_http_request_t *r)
{
    keyward_conf_t *conf = ngx_http_get_module_loc_conf(r, ngx_http_keyward_module);

    if (!conf->enable || conf->authorize)
        return NGX_DECLINED;
    struct keyward_pass *pass = keyward_find(r);
    if (pass == NULL)
        pass = keyward_decide(r, conf, keyward_read);
    if (pass == NULL)
        return NGX_ERROR;
    if (pass->decision.verdict != KW_ALLOW)
        return keyward_deny(r, &pass->decision, &pass->request);
    if (is_of_another_environment(&pass->decision, conf))
        return deny_environment(r, pass);
    if (keyward_forward(r, conf, &pass->decision) != NGX_OK)
        return NGX_ERROR;
    return NGX_DECLINED;
}
