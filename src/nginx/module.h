/* module.h - the gateway: an nginx module that lets through what libkeyward allows, told who it is.
 *
 *   module.c     directives, their defaults and what `nginx -t` refuses
 *   handler.c    one decision per client request, in the PREACCESS phase
 *   authorize.c  the same for somebody else's request: what a trusted proxy asks (forward-auth)
 *   request.c    what nginx knows of a request → struct kw_request
 *   forwarded.c  what a proxy tells of its client's, and whom to believe
 *   headers.c    the request's headers as the upstream gets them
 *   answer.c     denials, and our headers in every answer
 *   variables.c  $keyward_… for log_format and friends
 *
 * All memory comes from r->pool. Nothing here decides: libkeyward does. */
#ifndef KEYWARD_NGINX_MODULE_H
#define KEYWARD_NGINX_MODULE_H

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <keyward/forwarded.h>
#include <keyward/keyward.h>

typedef struct {
    ngx_str_t state; /* the run folder of `keyward serve`; empty: not given */
} keyward_main_conf_t;

typedef struct {
    ngx_flag_t enable;
    ngx_uint_t environment; /* enum kw_environment */
    ngx_str_t header;       /* lower case */
    ngx_flag_t bearer;
    ngx_uint_t refuse_browser;
    ngx_flag_t forward_key;
    ngx_flag_t plaintext;
    ngx_flag_t authorize; /* of this location only: not inherited */
    ngx_array_t *proxies; /* of struct kw_network; NULL: none */
    ngx_array_t *hosts;   /* of struct kw_host; NULL: none */
    ngx_str_t file; /* where `keyward on` or keyward_authorize stands, for the message of `nginx -t` */
    ngx_uint_t line;
} keyward_conf_t;

/* What was asked and decided, once per client request. Lives as long as the request's pool. */
struct keyward_pass {
    struct kw_request request;
    struct kw_decision decision;
};

extern ngx_module_t ngx_http_keyward_module;

/* ---- handler.c ---- */

ngx_int_t keyward_handler(ngx_http_request_t *r);

/* The decision of this client request, whichever of its subrequests or redirects asks; NULL while there is none. */
struct keyward_pass *keyward_find(ngx_http_request_t *r);

/* Fills *out with what is asked. NGX_ERROR: out of memory. */
typedef ngx_int_t keyward_read_pt(ngx_http_request_t *r, const keyward_conf_t *conf, struct kw_request *out);

/* Decides on what is read, and keeps it. NULL: out of memory. */
struct keyward_pass *keyward_decide(ngx_http_request_t *r, const keyward_conf_t *conf, keyward_read_pt *read);

/* This process's engine, NULL while it cannot be opened; tries again, but not twice within a second. */
struct kw_engine *keyward_engine(void);

ngx_int_t keyward_init_process(ngx_cycle_t *cycle);
void keyward_exit_process(ngx_cycle_t *cycle);

/* ---- authorize.c ---- */

/* The content handler of keyward_authorize. */
ngx_int_t keyward_authorize_handler(ngx_http_request_t *r);

/* ---- request.c ---- */

/* Fills *out from what the client sent. NGX_ERROR: out of memory. */
keyward_read_pt keyward_read;

/* An address in network order, IPv4 as ::ffff:a.b.c.d; a peer on a unix socket is on this machine: ::1. */
void keyward_address(const struct sockaddr *sa, uint8_t out[16]);

/* What stands behind "Bearer " in an Authorization field; false: it is of another scheme. */
bool keyward_bearer_token(ngx_str_t field, struct kw_str *out);

/* ---- forwarded.c ---- */

/* The same, from what the peer tells of its client's request. */
keyward_read_pt keyward_read_forwarded;

/* Directives: keyward_trust CIDR…, keyward_host NAME ENVIRONMENT. */
char *keyward_set_trust(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *keyward_set_host(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* ---- headers.c ---- */

struct keyward_walk { /* {&list.part, 0} begins */
    ngx_list_part_t *part;
    ngx_uint_t i;
};
ngx_table_elt_t *keyward_next(struct keyward_walk *walk);

/* Whether a header's name is this one, or begins with it, when case is ignored and "_" and "." are read as "-", as many
 * a framework behind us does. The second argument is in lower case with "-". */
bool keyward_folds_to(ngx_str_t name, const char *folded);
bool keyward_folds_under(ngx_str_t name, const char *prefix);

/* Appends a header. The name is a literal; the value must live as long as the request. */
ngx_int_t keyward_push(ngx_list_t *list, const char *name, ngx_str_t value);

/* An account's id as the value of a header: plain by its grammar; should it ever not be, it is percent-encoded, and no
 * second header. */
ngx_int_t keyward_plain(ngx_pool_t *pool, const char *text, ngx_str_t *out);

/* Appends who calls, as decided: five headers, each always there, empty where there is nothing to say. */
ngx_int_t keyward_push_identity(ngx_list_t *list, const struct kw_decision *d);

/* Makes r's headers what the upstream is to see: identity as decided, no credential of ours. Doing it twice is harmless. */
ngx_int_t keyward_forward(ngx_http_request_t *r, const keyward_conf_t *conf, const struct kw_decision *d);

/* ---- answer.c ---- */

/* Before an answer of ours is made. */
void keyward_forget_earlier_passes(ngx_http_request_t *r);

/* Sends a denial; what a content handler is to return. */
ngx_int_t keyward_send_denial(ngx_http_request_t *r, const struct kw_decision *d, const struct kw_request *request);

/* Answers with a denial and ends the request; returns what the phase handler is to return. */
ngx_int_t keyward_deny(ngx_http_request_t *r, const struct kw_decision *d, const struct kw_request *request);
void keyward_init_filter(void);

/* ---- variables.c ---- */

ngx_int_t keyward_add_variables(ngx_conf_t *cf);

static inline ngx_str_t keyward_str(const char *text)
{
    return (ngx_str_t){strlen(text), (u_char *)text};
}

#endif
