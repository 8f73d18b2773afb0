/* module.c - the directives of the gateway and what they default to. */
#include "module.h"

static char *set_keyward(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static char *set_authorize(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static char *set_header(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static char *set_state(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

static ngx_conf_enum_t environments[] = {
    {ngx_string("sandbox"), KW_SANDBOX},
    {ngx_string("production"), KW_PRODUCTION},
    {ngx_null_string, 0},
};

static ngx_conf_enum_t browser_ways[] = {
    {ngx_string("report"), 0},
    {ngx_string("refuse"), 1},
    {ngx_null_string, 0},
};

#define IN_HOST (NGX_HTTP_SRV_CONF | NGX_HTTP_LOC_CONF)
#define ANYWHERE (NGX_HTTP_MAIN_CONF | IN_HOST)
#define LOC_SLOT(field) NGX_HTTP_LOC_CONF_OFFSET, offsetof(keyward_conf_t, field)

static ngx_command_t commands[] = {
    {ngx_string("keyward_state"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1, set_state, NGX_HTTP_MAIN_CONF_OFFSET,
     offsetof(keyward_main_conf_t, state), NULL},
    {ngx_string("keyward"), ANYWHERE | NGX_CONF_FLAG, set_keyward, LOC_SLOT(enable), NULL},
    {ngx_string("keyward_environment"), IN_HOST | NGX_CONF_TAKE1, ngx_conf_set_enum_slot, LOC_SLOT(environment),
     environments},
    {ngx_string("keyward_header"), ANYWHERE | NGX_CONF_TAKE1, set_header, LOC_SLOT(header), NULL},
    {ngx_string("keyward_bearer"), ANYWHERE | NGX_CONF_FLAG, ngx_conf_set_flag_slot, LOC_SLOT(bearer), NULL},
    {ngx_string("keyward_browser"), ANYWHERE | NGX_CONF_TAKE1, ngx_conf_set_enum_slot, LOC_SLOT(refuse_browser),
     browser_ways},
    {ngx_string("keyward_forward_key"), ANYWHERE | NGX_CONF_FLAG, ngx_conf_set_flag_slot, LOC_SLOT(forward_key), NULL},
    {ngx_string("keyward_plaintext"), ANYWHERE | NGX_CONF_FLAG, ngx_conf_set_flag_slot, LOC_SLOT(plaintext), NULL},
    {ngx_string("keyward_authorize"), NGX_HTTP_LOC_CONF | NGX_CONF_NOARGS, set_authorize, LOC_SLOT(authorize), NULL},
    {ngx_string("keyward_trust"), ANYWHERE | NGX_CONF_1MORE, keyward_set_trust, LOC_SLOT(proxies), NULL},
    {ngx_string("keyward_host"), ANYWHERE | NGX_CONF_TAKE2, keyward_set_host, LOC_SLOT(hosts), environments},
    ngx_null_command,
};

static void note_place(ngx_conf_t *cf, keyward_conf_t *conf)
{
    conf->file = cf->conf_file->file.name;
    conf->line = cf->conf_file->line;
}

static char *set_keyward(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    note_place(cf, conf);
    return ngx_conf_set_flag_slot(cf, cmd, conf);
}

static char *set_authorize(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    keyward_conf_t *loc = conf;
    ngx_http_core_loc_conf_t *core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (loc->authorize)
        return "is duplicate";
    if (core->handler != NULL)
        return "stands in a location that is answered by another directive already";
    note_place(cf, loc);
    loc->authorize = 1;
    core->handler = keyward_authorize_handler;
    return NGX_CONF_OK;
}

static char *set_state(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    keyward_main_conf_t *main_conf = conf;
    char *rc = ngx_conf_set_str_slot(cf, cmd, conf);

    if (rc != NGX_CONF_OK)
        return rc;
    if (main_conf->state.len == 0)
        return "needs the run folder of keyward serve, such as /run/keyward";
    if (ngx_conf_full_name(cf->cycle, &main_conf->state, 0) != NGX_OK)
        return NGX_CONF_ERROR;
    return NGX_CONF_OK;
}

static bool is_token(ngx_str_t name)
{
    for (size_t i = 0; i < name.len; i++) {
        u_char c = name.data[i] | 0x20;
        if ((c < 'a' || c > 'z') && (name.data[i] < '0' || name.data[i] > '9') && name.data[i] != '-')
            return false;
    }
    return name.len > 0;
}

/* nginx keeps pointers to the headers that it knows, and Host or Cookie as the key would be a mistake anyway. */
static bool is_taken(ngx_str_t name)
{
    for (ngx_http_header_t *h = ngx_http_headers_in; h->name.len > 0; h++) {
        if (h->name.len == name.len && ngx_strncasecmp(h->name.data, name.data, name.len) == 0)
            return true;
    }
    return keyward_folds_under(name, "x-keyward-") || keyward_folds_to(name, "x-request-id");
}

static char *set_header(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    keyward_conf_t *loc = conf;
    char *rc = ngx_conf_set_str_slot(cf, cmd, conf);

    if (rc != NGX_CONF_OK)
        return rc;
    if (!is_token(loc->header))
        return "takes the name of a header: letters, digits and \"-\"";
    if (is_taken(loc->header))
        return "cannot take a header that means something else already; choose a name such as x-api-key";
    ngx_strlow(loc->header.data, loc->header.data, loc->header.len);
    return NGX_CONF_OK;
}

static void *create_main_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(keyward_main_conf_t));
}

static void *create_loc_conf(ngx_conf_t *cf)
{
    keyward_conf_t *conf = ngx_pcalloc(cf->pool, sizeof *conf);

    if (conf == NULL)
        return NULL;
    conf->enable = NGX_CONF_UNSET;
    conf->environment = NGX_CONF_UNSET_UINT;
    conf->bearer = NGX_CONF_UNSET;
    conf->refuse_browser = NGX_CONF_UNSET_UINT;
    conf->forward_key = NGX_CONF_UNSET;
    conf->plaintext = NGX_CONF_UNSET;
    return conf;
}

static char *complain(ngx_conf_t *cf, const keyward_conf_t *conf, const char *what)
{
    ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "\"%s\" in %V:%ui %s", conf->authorize ? "keyward_authorize" : "keyward on",
                  &conf->file, conf->line, what);
    return NGX_CONF_ERROR;
}

static char *check(ngx_conf_t *cf, const keyward_conf_t *conf)
{
    keyward_main_conf_t *main_conf = ngx_http_conf_get_module_main_conf(cf, ngx_http_keyward_module);

    if (!conf->enable && !conf->authorize)
        return NGX_CONF_OK;
    if (main_conf->state.len == 0)
        return complain(cf, conf, "needs the state of keyward serve: write \"keyward_state /run/keyward;\" into the http "
                                  "block");
    if (conf->authorize && conf->proxies == NULL)
        return complain(cf, conf, "answers nobody: name the proxies that may ask, such as \"keyward_trust 10.0.0.0/8;\"");
    if (conf->authorize && conf->hosts != NULL)
        return NGX_CONF_OK;
    if (conf->environment == KW_NO_ENVIRONMENT)
        return complain(cf, conf, conf->authorize ? "has no environment: write \"keyward_host api.example.com production;\" "
                                                    "for each host of its proxies, or \"keyward_environment sandbox;\""
                                                  : "reaches a server or location without an environment: write "
                                                    "\"keyward_environment sandbox;\" or \"keyward_environment "
                                                    "production;\" into that server");
    return NGX_CONF_OK;
}

/* A directive behind keyward_authorize, such as proxy_pass, makes the location its own without a word; it would answer
 * requests that nobody has decided. */
static bool is_answered_by_us(ngx_conf_t *cf)
{
    ngx_http_core_loc_conf_t *core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    return core->handler == keyward_authorize_handler;
}

static char *merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    keyward_conf_t *prev = parent, *conf = child;

    if (conf->authorize && !is_answered_by_us(cf))
        return complain(cf, conf, "stands in a location that another directive behind it answers: leave that out");
    if (conf->authorize && conf->enable == 1)
        return complain(cf, conf, "stands beside \"keyward on\", which is about requests for this nginx itself: leave one "
                                  "of them out");
    if (conf->enable == NGX_CONF_UNSET && !conf->authorize) {
        conf->file = prev->file;
        conf->line = prev->line;
    }
    ngx_conf_merge_value(conf->enable, prev->enable, 0);
    ngx_conf_merge_uint_value(conf->environment, prev->environment, KW_NO_ENVIRONMENT);
    ngx_conf_merge_str_value(conf->header, prev->header, "x-api-key");
    ngx_conf_merge_value(conf->bearer, prev->bearer, 0);
    ngx_conf_merge_uint_value(conf->refuse_browser, prev->refuse_browser, 0);
    ngx_conf_merge_value(conf->forward_key, prev->forward_key, 0);
    ngx_conf_merge_value(conf->plaintext, prev->plaintext, 0);
    if (conf->proxies == NULL)
        conf->proxies = prev->proxies;
    if (conf->hosts == NULL)
        conf->hosts = prev->hosts;
    return check(cf, conf);
}

/* Last in PREACCESS. nginx runs the handlers of a phase from the end of this array to its beginning and a dynamic
 * module is asked after the built-in ones, so that a plain push would run us before realip and limit_req. */
static ngx_int_t push_handler_last(ngx_conf_t *cf)
{
    ngx_http_core_main_conf_t *core = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    ngx_array_t *array = &core->phases[NGX_HTTP_PREACCESS_PHASE].handlers;

    if (ngx_array_push(array) == NULL)
        return NGX_ERROR;
    ngx_http_handler_pt *handlers = array->elts;
    ngx_memmove(handlers + 1, handlers, (array->nelts - 1) * sizeof *handlers);
    handlers[0] = keyward_handler;
    return NGX_OK;
}

static ngx_int_t postconfiguration(ngx_conf_t *cf)
{
    keyward_init_filter();
    return push_handler_last(cf);
}

static ngx_http_module_t context = {
    .preconfiguration = keyward_add_variables,
    .postconfiguration = postconfiguration,
    .create_main_conf = create_main_conf,
    .create_loc_conf = create_loc_conf,
    .merge_loc_conf = merge_loc_conf,
};

ngx_module_t ngx_http_keyward_module = {
    NGX_MODULE_V1,
    .ctx = &context,
    .commands = commands,
    .type = NGX_HTTP_MODULE,
    .init_process = keyward_init_process,
    .exit_process = keyward_exit_process,
};
