/* answer.c - see answer.h. */
#include "server/answer.h"

#include <stdio.h>

static const struct {
    const char *name, *value;
} on_every_answer[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
};

static void add_header(struct MHD_Response *r, const char *name, const char *value)
{
    if (value[0] != '\0')
        MHD_add_response_header(r, name, value); /* can only fail for want of memory */
}

static void add_number(struct MHD_Response *r, const char *name, unsigned value)
{
    char text[12] = "";

    if (value != 0)
        snprintf(text, sizeof text, "%u", value);
    add_header(r, name, text);
}

/* A page says itself what it lets in; all other answers, nothing. */
static const char no_page[] =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static void add_security(struct MHD_Response *r, const struct call *c)
{
    bool is_page = c->problem.status == 0 && c->policy[0] != '\0';

    for (size_t i = 0; i < COUNT_OF(on_every_answer); i++)
        add_header(r, on_every_answer[i].name, on_every_answer[i].value);
    add_header(r, "Content-Security-Policy", is_page ? c->policy : no_page);
}

static struct MHD_Response *response_of(struct json_text *text)
{
    if (text == NULL)
        return NULL;
    struct MHD_Response *r = MHD_create_response_from_buffer_with_free_callback_cls(
        text->n, text->p, json_text_free, text);

    if (r == NULL)
        json_text_free(text);
    return r;
}

/* libmicrohttpd writes to nobody's buffer, but takes it as one that it could. */
static struct MHD_Response *response_of_fixed(struct str bytes)
{
    return MHD_create_response_from_buffer(bytes.n, UNCONST(bytes.p), MHD_RESPMEM_PERSISTENT);
}

static struct json_text *said_in_json(struct exchange *x)
{
    struct call *c = &x->call;
    json_t *said = c->problem.status != 0 ? json_out_problem(&c->problem, x->request_id)
                                          : json_incref(c->answer);
    struct json_text *text = json_out_text(said);

    json_decref(said);
    return text;
}

static struct MHD_Response *said(struct exchange *x)
{
    struct call *c = &x->call;

    if (c->problem.status != 0 || c->text_type == NULL)
        return response_of(said_in_json(x));
    if (c->fixed.p != NULL)
        return response_of_fixed(c->fixed);
    return response_of(json_text_of(buf_view(&c->text)));
}

enum MHD_Result answer_queue(struct MHD_Connection *connection, struct exchange *x)
{
    struct call *c = &x->call;
    bool failed = c->problem.status != 0;
    bool is_text = !failed && c->text_type != NULL;
    struct MHD_Response *r = said(x);
    if (r == NULL)
        return MHD_NO; /* closing the connection is an answer as well */
    add_header(r, "Content-Type", is_text ? c->text_type : "application/json");
    add_header(r, "Cache-Control", failed || c->cache == NULL ? "no-store" : c->cache);
    add_header(r, "Content-Encoding", failed || c->encoding == NULL ? "" : c->encoding);
    add_header(r, "Vary", !failed && c->varies ? "Accept-Encoding" : "");
    add_header(r, "X-Request-Id", x->request_id);
    add_header(r, "WWW-Authenticate", c->problem.status == 401 ? "Bearer realm=\"keyward\"" : "");
    add_header(r, "Allow", c->problem.status == 405 ? x->allow : "");
    add_header(r, "Location", failed ? "" : c->location);
    add_header(r, "ETag", failed ? "" : c->etag);
    add_header(r, "Set-Cookie", c->cookie);
    add_header(r, "Idempotent-Replayed", c->is_replay ? "true" : "");
    add_number(r, "Retry-After", c->retry_after_s);
    add_security(r, c);
    unsigned status = (unsigned)(failed ? c->problem.status : c->status);
    enum MHD_Result queued = MHD_queue_response(connection, status, r);
    MHD_destroy_response(r);
    return queued;
}
