/* line.c - see line.h. */
#include "record/line.h"

#include <inttypes.h>
#include <time.h>

#include "base/hex.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "core/warning.h"

/* ---- strings ---- */

void line_string(struct str s, struct buf *out)
{
    char piece[QUOTE_PIECE_MAX];

    buf_str(out, STR("\""));
    for (size_t i = 0; i < s.n;)
        buf_str(out, (struct str){piece, quote_next(s, &i, piece)});
    buf_str(out, STR("\""));
}

void line_time(int64_t time_us, struct buf *out)
{
    static const int64_t first_s = -62167219200, last_s = 253402300799; /* years 0 and 9999 */
    int64_t ms = time_us / 1000 - (time_us % 1000 < 0);
    int64_t s = ms / 1000 - (ms % 1000 < 0);
    int milli = (int)(ms - s * 1000);

    if (s < first_s || s > last_s) {
        milli = s < first_s ? 0 : 999;
        s = s < first_s ? first_s : last_s;
    }
    time_t at = (time_t)s;
    struct tm tm = {0};
    gmtime_r(&at, &tm);
    buf_printf(out, "\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\"", tm.tm_year + 1900, tm.tm_mon + 1,
               tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, milli);
}

/* ---- names ---- */

const char *line_event_kind(enum event_kind kind)
{
    switch (kind) {
    case EVENT_NONE:
        break;
    case EVENT_DECISION:
        return "decision";
    case EVENT_SUMMARY:
        return "summary";
    case EVENT_GAP:
        return "gap";
    case EVENT_WARNING:
        return "warning";
    }
    return "unknown";
}

const char *line_class(enum kw_class c)
{
    switch (c) {
    case KW_CLASS_UNLISTED:
        return "unlisted";
    case KW_CLASS_READ:
        return "read";
    case KW_CLASS_TRANSACT:
        return "transact";
    case KW_CLASS_MANAGE:
        return "manage";
    case KW_CLASS_PUBLIC:
        return "public";
    case KW_CLASS_DENY:
        return "deny";
    }
    return "unknown";
}

static const char *limit_name(enum kw_limit_kind kind)
{
    switch (kind) {
    case KW_NO_LIMIT:
        break;
    case KW_LIMIT_RATE:
        return "rate";
    case KW_LIMIT_QUOTA:
        return "quota";
    }
    return "";
}

static const char *credential_name(enum credential_kind kind)
{
    switch (kind) {
    case CREDENTIAL_NONE:
        break;
    case CREDENTIAL_KEY:
        return "key";
    case CREDENTIAL_TOKEN:
        return "token";
    }
    return "";
}

static const char *object_name(enum change_kind kind)
{
    switch (kind) {
    case CHANGE_KEY:
        return "key";
    case CHANGE_ACCOUNT:
        return "account";
    case CHANGE_POLICY:
        return "policy";
    case CHANGE_MEMBER:
        return "member";
    case CHANGE_TOKEN:
        return "token";
    case CHANGE_ENVIRONMENT:
        return "environment";
    case CHANGE_FAMILY:
        return "family";
    case CHANGE_SPEND_RULES:
        return "spend_rules";
    case CHANGE_DOCUMENT:
        return "document";
    }
    return "unknown";
}

/* ---- members: each writes its own comma in front ---- */

static void text(struct buf *out, const char *name, struct str value)
{
    buf_printf(out, ",\"%s\":", name);
    line_string(value, out);
}

/* A string that is left out when it is empty. */
static void some(struct buf *out, const char *name, struct str value)
{
    if (value.n > 0)
        text(out, name, value);
}

static void number(struct buf *out, const char *name, uint64_t value)
{
    buf_printf(out, ",\"%s\":%" PRIu64, name, value);
}

static void truth(struct buf *out, const char *name, bool value)
{
    buf_printf(out, ",\"%s\":%s", name, value ? "true" : "false");
}

static void hex(struct buf *out, const char *name, const void *bytes, size_t n)
{
    char digits[64];

    hex_put(bytes, n, digits);
    text(out, name, (struct str){digits, 2 * n});
}

static void put_who(const struct event *e, struct buf *out)
{
    char source[ADDRESS_TEXT_MAX];

    if (e->key_id[0] != '\0')
        text(out, "key_id", (struct str){e->key_id, sizeof e->key_id});
    truth(out, "proved", (e->flags & EVENT_PROVED) != 0);
    some(out, "credential", str_from(credential_name(e->credential)));
    if (e->token_id[0] != '\0')
        text(out, "token_id", (struct str){e->token_id, sizeof e->token_id});
    some(out, "account", e->account);
    some(out, "environment", str_from(kw_environment_name(e->environment)));
    if (e->kind != EVENT_GAP)
        text(out, "source", (struct str){source, address_print(&e->source, source)});
    some(out, e->kind == EVENT_GAP ? "note" : "agent", e->agent);
}

static void put_what(const struct event *e, struct buf *out)
{
    text(out, "method", e->method);
    text(out, "path", e->path);
    text(out, "class", str_from(line_class(e->route_class)));
    number(out, "route", e->route);
    number(out, "policy_version", e->policy_version);
    number(out, "key_version", e->key_version);
    number(out, "generation", e->generation);
    some(out, "limit", str_from(limit_name(e->limited_by)));
    truth(out, "tls", (e->flags & EVENT_TLS) != 0);
    truth(out, "loopback", (e->flags & EVENT_LOOPBACK) != 0);
    truth(out, "browser", (e->flags & EVENT_BROWSER) != 0);
    truth(out, "old_secret", (e->flags & EVENT_OLD_SECRET) != 0);
    number(out, "latency_ns", e->latency_ns);
}

/* No attempt: it has neither verdict nor count, and nobody who asked. */
static void put_warning(const struct event *e, struct buf *out)
{
    enum warning what = warning_in(e);

    buf_str(out, STR("{\"time\":"));
    line_time(e->time_us, out);
    text(out, "kind", str_from(line_event_kind(e->kind)));
    text(out, "what", what == WARNING_NONE ? STR("unknown") : str_from(warning_word(what)));
    text(out, "key_id", (struct str){e->key_id, sizeof e->key_id});
    some(out, "account", e->account);
    some(out, "environment", str_from(kw_environment_name(e->environment)));
    number(out, "key_version", e->key_version);
    number(out, "generation", e->generation);
}

/* Only a decision has a verdict for sure; what a gap or a summary counts came out as its reason
 * says. */
static void put_event(const struct event *e, bool is_whole, struct buf *out)
{
    buf_str(out, STR("{\"time\":"));
    line_time(e->time_us, out);
    text(out, "kind", str_from(line_event_kind(e->kind)));
    text(out, "reason", str_from(kw_reason_name(e->reason)));
    number(out, "status", e->status);
    text(out, "verdict", event_is_allowed(e) ? STR("allow") : STR("deny"));
    if (e->kind == EVENT_DECISION)
        hex(out, "request_id", e->request_id, EVENT_REQUEST_ID);
    put_who(e, out);
    if (e->kind == EVENT_DECISION)
        put_what(e, out);
    if (is_whole && e->kind != EVENT_SUMMARY) {
        buf_printf(out, ",\"ring\":\"%016" PRIx64 "\"", e->ring);
        number(out, "position", e->position);
    }
    number(out, "count", e->count);
}

static void put_sign_in(const struct sign_in *s, struct buf *out)
{
    char source[ADDRESS_TEXT_MAX];

    buf_str(out, STR("{\"time\":"));
    line_time(s->time_us, out);
    text(out, "kind", s->summed > 0 ? STR("sign_in_summary") : STR("sign_in"));
    text(out, "what", str_from(sign_in_what_word(s->what)));
    some(out, "why", str_from(sign_in_why_word(s->why)));
    if (s->summed == 0) {
        hex(out, "request_id", s->request_id, EVENT_REQUEST_ID);
        some(out, "member", s->member);
        some(out, "token", s->token);
        some(out, "account", s->account);
        some(out, "email", s->email);
        text(out, "source", (struct str){source, address_print(&s->source, source)});
        some(out, "agent", s->agent);
    }
    number(out, "count", s->summed > 0 ? s->summed : 1);
}

static void put_leak(const struct leak *l, bool is_whole, struct buf *out)
{
    char source[ADDRESS_TEXT_MAX];

    buf_str(out, STR("{\"time\":"));
    line_time(l->time_us, out);
    text(out, "kind", l->summed > 0 ? STR("leak_summary") : STR("leak"));
    text(out, "what", str_from(leak_what_word(l->what)));
    text(out, "by", str_from(leak_by_word(l->by)));
    if (l->summed == 0) {
        hex(out, "request_id", l->request_id, EVENT_REQUEST_ID);
        text(out, "key_id", l->key);
        text(out, "account", l->account);
        some(out, "environment", str_from(kw_environment_name(l->environment)));
        truth(out, "old_secret", l->is_old);
        if (is_whole)
            text(out, "source", (struct str){source, address_print(&l->source, source)});
        some(out, "url", l->url);
        some(out, "note", l->note);
    }
    number(out, "count", l->summed > 0 ? l->summed : 1);
}

static void put_reading(const struct reading *r, struct buf *out)
{
    char source[ADDRESS_TEXT_MAX];

    buf_str(out, STR("{\"time\":"));
    line_time(r->time_us, out);
    text(out, "kind", r->summed > 0 ? STR("read_summary") : STR("read"));
    text(out, "what", str_from(reading_what_word(r->what)));
    if (r->summed == 0) {
        hex(out, "request_id", r->request_id, EVENT_REQUEST_ID);
        text(out, "actor", r->actor);
        some(out, "member", r->member);
        some(out, "account", r->account);
        text(out, "source", (struct str){source, address_print(&r->source, source)});
        some(out, "filter", r->filter);
    }
    number(out, "count", r->summed > 0 ? r->summed : 1);
}

static void amount(struct buf *out, const char *name, struct amount a, unsigned decimals)
{
    char digits[AMOUNT_TEXT_MAX];

    text(out, name, (struct str){digits, amount_print(a, decimals, digits)});
}

static void put_spend(const struct spend_event *s, bool is_whole, struct buf *out)
{
    bool is_commit = s->what == SPEND_DID_COMMIT || s->what == SPEND_DID_REFUSE_COMMIT;

    buf_str(out, STR("{\"time\":"));
    line_time(s->time_us, out);
    text(out, "kind", STR("spend"));
    text(out, "what", str_from(spend_what_word(s->what)));
    some(out, "why", str_from(spend_why_word(s->why)));
    hex(out, "request_id", s->request_id, SPEND_REQUEST_ID);
    text(out, "key_id", s->key);
    some(out, "account", s->account);
    some(out, "environment", str_from(kw_environment_name(s->environment)));
    some(out, "reservation", s->reservation);
    text(out, "reference", s->reference);
    text(out, "currency", s->currency);
    amount(out, "amount", s->amount, s->decimals);
    if (is_commit)
        amount(out, "committed", s->committed, s->decimals);
    text(out, "destination", s->destination);
    text(out, "actor", s->actor);
    if (is_whole)
        number(out, "spend", s->n);
}

/* A summary that could break the line, or is no object, is shown as the text that it is. */
static void put_summary(struct str summary, struct buf *out)
{
    bool is_object = summary.n >= 2 && summary.p[0] == '{' && summary.p[summary.n - 1] == '}' &&
                     utf8_printable(summary);

    buf_str(out, STR(",\"summary\":"));
    if (is_object)
        buf_str(out, summary);
    else
        line_string(summary, out);
}

static void put_change(const struct record_change *c, bool is_whole, struct buf *out)
{
    buf_str(out, STR("{\"time\":"));
    line_time(change_time_us(c), out);
    buf_str(out, STR(",\"kind\":\"change\""));
    if (is_whole)
        number(out, "change", c->n);
    text(out, "object_kind", str_from(object_name(c->kind)));
    if (is_whole)
        number(out, "object", c->object);
    some(out, "object_id", c->id);
    some(out, "account", c->account);
    number(out, "version", c->version);
    text(out, "actor", c->actor);
    put_summary(c->summary, out);
}

static void put(const struct record_entry *e, bool is_whole, struct buf *out)
{
    switch (e->kind) {
    case RECORD_EVENT:
        if (e->event.kind == EVENT_WARNING)
            put_warning(&e->event, out);
        else
            put_event(&e->event, is_whole, out);
        break;
    case RECORD_CHANGE:
        put_change(&e->change, is_whole, out);
        break;
    case RECORD_SIGN_IN:
        put_sign_in(&e->sign_in, out);
        break;
    case RECORD_LEAK:
        put_leak(&e->leak, is_whole, out);
        break;
    case RECORD_SPEND:
        put_spend(&e->spend, is_whole, out);
        break;
    case RECORD_READING:
        put_reading(&e->reading, out);
        break;
    }
    if (is_whole) {
        number(out, "batch", e->batch);
        number(out, "record", e->number);
    }
    buf_str(out, STR("}\n"));
}

void line_json(const struct record_entry *e, struct buf *out)
{
    put(e, true, out);
}

void line_json_of_account(const struct record_entry *e, struct buf *out)
{
    put(e, false, out);
}
