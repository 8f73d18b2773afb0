/* read_log.c - see read_log.h. */
#include "api/read_log.h"

#include <stdio.h>

#include "core/exposure.h"
#include "crypto/digest.h"

enum { TEXT_MAX = 8192 };

static bool is_one_of(struct str name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (str_eq(name, str_from(*names)))
            return true;
    return false;
}

/* "key=…&reason=…", without the parameters that are named. */
static void put_filter(const struct query *q, const char *const *but, struct buf *out)
{
    for (size_t i = 0; i < q->n; i++) {
        if (is_one_of(q->parameters[i].name, but))
            continue;
        if (out->n > 0)
            buf_str(out, STR("&"));
        buf_str(out, q->parameters[i].name);
        buf_str(out, STR("="));
        buf_str(out, q->parameters[i].value);
    }
}

/* What a page that shows the newest asks for changes from one time to the next: from where on. */
static uint64_t alike(const struct call *c, enum reading_what what)
{
    static const char *const moving[] = {"cursor", "limit", "from", "until", NULL};
    AUTO(buf_deinit) struct buf text = BUF_MAX(TEXT_MAX);
    bool is_page = query_get(&c->query, "cursor").p != NULL;
    struct digest d;
    uint64_t n;

    if ((what == READING_EXPORTED && !is_page) || what == READING_EXPLAINED || what == READING_TRIED)
        return 0;
    buf_printf(&text, "%s %s %s ", c->caller.actor, c->caller.session, reading_what_word(what));
    buf_add(&text, c->source.b, sizeof c->source.b);
    put_filter(&c->query, moving, &text);
    digest_of(buf_view(&text), &d);
    memcpy(&n, d.b, sizeof n);
    return text.failed ? 0 : n;
}

static enum kw_err put(struct call *c, const struct reading *r)
{
    uint32_t wait_s = 0;

    if (recording_reading(c->server->recording, r, alike(c, r->what), &wait_s))
        return KW_OK;
    c->retry_after_s = wait_s;
    return problem_say(
        &c->problem, 429,
        "too_many_readings", "You have read the record in 60 ways within a minute, each of which is on it: go on in %u s",
        wait_s);
}

enum kw_err read_log(struct call *c, enum reading_what what, const char *more)
{
    static const char *const paging[] = {"cursor", "limit", "format", NULL};
    AUTO(buf_deinit) struct buf text = BUF_MAX(TEXT_MAX);
    char filter[READING_FILTER_MAX];

    put_filter(&c->query, paging, &text);
    if (more != NULL)
        buf_str(&text, str_from(more));
    size_t n = exposure_redact(buf_view(&text), str_from(c->server->config->brand),
                               STR("x-api-key"), filter, sizeof filter);
    struct reading r = {.time_us = sync_now_us(c->server->sync),
                        .what = what,
                        .actor = str_from(c->caller.actor),
                        .member = str_from(c->caller.member),
                        .account = str_from(c->caller.account),
                        .filter = {filter, n},
                        .source = c->source};
    memcpy(r.request_id, c->request_id, sizeof r.request_id);
    return put(c, &r);
}
