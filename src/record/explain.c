/* explain.c - see explain.h. */
#include "record/explain.h"

#include <inttypes.h>

#include "base/hex.h"
#include "core/warning.h"
#include "record/line.h"

/* ---- what a step found when it let the request pass ---- */

static void passed_tls(const struct event *e, struct buf *out)
{
    if ((e->flags & EVENT_TLS) != 0)
        buf_str(out, STR("the connection was TLS"));
    else if ((e->flags & EVENT_LOOPBACK) != 0)
        buf_str(out, STR("no TLS, on a loopback listener"));
    else
        buf_str(out, STR("no TLS, which the operator accepts here"));
}

/* What keyward serve itself was asked is of class read, by no line of the policy: no request at the gateway is. */
static bool is_of_serve(const struct event *e)
{
    return e->route == 0 && e->route_class == KW_CLASS_READ;
}

static void passed_route(const struct event *e, struct buf *out)
{
    if (is_of_serve(e))
        buf_str(out, STR("keyward serve itself was asked: class read"));
    else if (e->policy_version == 0)
        buf_str(out, STR("there was no policy: every route is unlisted"));
    else if (e->route == 0)
        buf_printf(out, "version %" PRIu32 " of the policy does not list it", e->policy_version);
    else
        buf_printf(out, "line %" PRIu32 " of version %" PRIu32 " of the policy: class %s", e->route,
                   e->policy_version, line_class(e->route_class));
}

static void passed_credential(const struct event *e, struct buf *out)
{
    bool is_token = e->credential == CREDENTIAL_TOKEN;

    buf_printf(out, "there was exactly one, %s", is_token ? "an access token" : "a key");
}

static void passed_secret(const struct event *e, struct buf *out)
{
    bool is_old = (e->flags & EVENT_OLD_SECRET) != 0;

    buf_printf(out, "the id is known, and its secret matched: generation %" PRIu32 "%s",
               e->generation, is_old ? ", the one that is being rotated out" : "");
}

static void passed_environment(const struct event *e, struct buf *out)
{
    buf_printf(out, "the key's, as the host's, is %s", kw_environment_name(e->environment));
}

static void passed_browser(const struct event *e, struct buf *out)
{
    if ((e->flags & EVENT_BROWSER) != 0)
        buf_str(out, STR("used from a browser, which is only reported here"));
    else
        buf_str(out, STR("not used from a browser"));
}

static void passed_permission(const struct event *e, struct buf *out)
{
    buf_printf(out, "the key holds one that covers class %s", line_class(e->route_class));
}

/* ---- the steps ---- */

/* One step stands for a row of neighbouring reasons. passed is text, or a function where it depends on the event. */
static const struct step {
    enum kw_reason last;
    const char *name, *passed;
    void (*put)(const struct event *e, struct buf *out);
} steps[] = {
    {KW_WHY_UNAVAILABLE, "verifier", "it held its rings and a keyring of this boot", NULL},
    {KW_WHY_PATH_AMBIGUOUS, "path", "it can be read in one way only", NULL},
    {KW_WHY_CREDENTIAL_IN_URL, "url", "no credential in query, path or cookie", NULL},
    {KW_WHY_TLS_REQUIRED, "tls", NULL, passed_tls},
    {KW_WHY_PUBLIC, "route", NULL, passed_route},
    {KW_WHY_AMBIGUOUS_CREDENTIALS, "credential", NULL, passed_credential},
    {KW_WHY_TOO_MANY_FAILURES, "secret", NULL, passed_secret},
    {KW_WHY_STALE, "keyring", "it was fresh enough for this class", NULL},
    {KW_WHY_FROZEN, "state", "key and account were active, and nothing was frozen", NULL},
    {KW_WHY_ENVIRONMENT_MISMATCH, "environment", NULL, passed_environment},
    {KW_WHY_IP_NOT_ALLOWED, "address", "the key may be used from there", NULL},
    {KW_WHY_BROWSER_USE, "browser", NULL, passed_browser},
    {KW_WHY_PERMISSION_DENIED, "permission", NULL, passed_permission},
    {KW_WHY_UNRECORDABLE, "record", "there was room for it", NULL},
    {KW_WHY_QUOTA_EXCEEDED, "limits", "rate and quota had room for it", NULL},
};

/* Nothing of the key holds back a token that is given up (engine/use.h). */
static bool is_asked(const struct event *e, const struct step *s)
{
    bool is_given_up = is_of_serve(e) && str_eq(e->path, STR("/v1/tokens/revoke"));

    return !is_given_up || s->last <= KW_WHY_TOO_MANY_FAILURES || s->last == KW_WHY_UNRECORDABLE;
}

static void put_step(const struct event *e, const struct step *s, struct buf *out)
{
    if (!is_asked(e, s)) {
        buf_printf(out, "  -       %-12s not asked: a token was given up\n", s->name);
        return;
    }
    buf_printf(out, "  passed  %-12s ", s->name);
    if (s->put != NULL)
        s->put(e, out);
    else
        buf_str(out, str_from(s->passed));
    buf_str(out, STR("\n"));
}

/* A public route answers before any credential is looked at; that it is one is what the step found. */
static void put_decision(const struct event *e, const struct step *s, struct buf *out)
{
    const char *word = kw_reason_status(e->reason) == 200 ? "ALLOWED" : "DENIED ";

    buf_printf(out, "  %s %-12s %s: %s\n", word, s == NULL ? "" : s->name,
               kw_reason_name(e->reason), kw_reason_message(e->reason));
}

static bool is_of_token(enum kw_reason why)
{
    return why == KW_WHY_TOKEN_EXPIRED || why == KW_WHY_TOKEN_ENDED || why == KW_WHY_TOKEN_REUSED;
}

/* Reasons that were added later stand at the end of the table, and are those of an earlier step. */
static enum kw_reason stand_in(enum kw_reason why)
{
    if (why == KW_WHY_UNTRUSTED_PEER || why == KW_WHY_FORWARDED_AMBIGUOUS)
        return KW_WHY_UNAVAILABLE;
    if (why == KW_WHY_SECRET_ROTATED || is_of_token(why))
        return KW_WHY_WRONG_SECRET;
    return why == KW_WHY_ROTATION_OVERDUE ? KW_WHY_PERMISSION_DENIED : why;
}

static void put_steps(const struct event *e, struct buf *out)
{
    enum kw_reason why = stand_in(e->reason);
    size_t i = 0;

    for (; i < COUNT_OF(steps) && steps[i].last < why; i++)
        put_step(e, &steps[i], out);
    put_decision(e, i < COUNT_OF(steps) ? &steps[i] : NULL, out);
    for (i++; i < COUNT_OF(steps); i++)
        buf_printf(out, "  -       %-12s not reached\n", steps[i].name);
}

/* ---- who and what ---- */

static void put_time(const struct event *e, struct buf *out)
{
    line_time(e->time_us, out);
}

static void put_key(const struct event *e, struct buf *out)
{
    bool is_proved = (e->flags & EVENT_PROVED) != 0;

    if (e->key_id[0] == '\0') {
        buf_str(out, STR("no key id\n"));
        return;
    }
    buf_str(out, STR("key "));
    line_string((struct str){e->key_id, sizeof e->key_id}, out);
    buf_str(out, is_proved ? STR(" (proved)") : STR(" (only claimed: the secret was not proved)"));
    if (e->account.n > 0) {
        buf_str(out, STR(", account "));
        line_string(e->account, out);
    }
    buf_printf(out, ", its row at version %" PRIu32 "\n", e->key_version);
}

static void put_request(const struct event *e, struct buf *out)
{
    char source[ADDRESS_TEXT_MAX], id[2 * EVENT_REQUEST_ID];

    hex_put(e->request_id, EVENT_REQUEST_ID, id);
    buf_str(out, STR("request "));
    buf_str(out, (struct str){id, sizeof id});
    buf_str(out, STR(" at "));
    put_time(e, out);
    buf_str(out, STR("\n"));
    line_string(e->method, out);
    buf_str(out, STR(" "));
    line_string(e->path, out);
    buf_str(out, STR(" from "));
    buf_str(out, (struct str){source, address_print(&e->source, source)});
    buf_str(out, STR(", agent "));
    line_string(e->agent, out);
    buf_printf(out, ", decided in %" PRIu32 " ns\n", e->latency_ns);
}

static void put_counted(const struct event *e, struct buf *out)
{
    char source[ADDRESS_TEXT_MAX];

    put_time(e, out);
    buf_printf(out, ": %" PRIu32 " attempts, %s: %s", e->count, kw_reason_name(e->reason),
               kw_reason_message(e->reason));
    if (e->kind == EVENT_SUMMARY) {
        buf_str(out, STR("\nfrom "));
        buf_str(out, (struct str){source, address_print(&e->source, source)});
        buf_str(out, STR(", summed up because there were too many to record one by one\n"));
        return;
    }
    buf_str(out, STR("\nnot recorded one by one: "));
    line_string(e->agent, out);
    buf_str(out, e->count == 0 ? STR(" (how many nobody can tell)\n") : STR("\n"));
}

static void put_warning(const struct event *e, struct buf *out)
{
    put_time(e, out);
    buf_str(out, STR(": a warning of key "));
    line_string((struct str){e->key_id, sizeof e->key_id}, out);
    buf_printf(out, ", generation %" PRIu32 " of its secret: %s\n", e->generation,
               warning_sentence(warning_in(e)));
}

void explain_event(const struct event *e, struct buf *out)
{
    if (e->kind == EVENT_WARNING) {
        put_warning(e, out);
        return;
    }
    if (e->kind != EVENT_DECISION) {
        put_counted(e, out);
        return;
    }
    put_request(e, out);
    put_key(e, out);
    put_steps(e, out);
}

/* ---- sign-ins ---- */

static void put_member(const struct sign_in *s, struct buf *out)
{
    if (s->token.n > 0)
        buf_str(out, STR("the token "));
    else if (s->member.n > 0)
        buf_str(out, STR("the member "));
    else
        buf_str(out, STR("somebody"));
    if (s->token.n > 0 || s->member.n > 0)
        line_string(s->token.n > 0 ? s->token : s->member, out);
    if (s->account.n > 0) {
        buf_str(out, STR(" of account "));
        line_string(s->account, out);
    }
    if (s->email.n > 0) {
        buf_str(out, STR(", by the e-mail "));
        line_string(s->email, out);
    }
}

static void put_outcome(const struct sign_in *s, struct buf *out)
{
    buf_printf(out, " %s", sign_in_what_sentence(s->what));
    if (s->why != SIGN_IN_NO_REASON)
        buf_printf(out, ": %s", sign_in_why_sentence(s->why));
    buf_str(out, STR("\n"));
}

static void put_request_id(const uint8_t request_id[EVENT_REQUEST_ID], int64_t time_us,
                           struct buf *out)
{
    char id[2 * EVENT_REQUEST_ID];

    hex_put(request_id, EVENT_REQUEST_ID, id);
    buf_str(out, STR("request "));
    buf_str(out, (struct str){id, sizeof id});
    buf_str(out, STR(" at "));
    line_time(time_us, out);
}

static void put_origin(const uint8_t request_id[EVENT_REQUEST_ID], int64_t time_us,
                       const struct address *from, struct buf *out)
{
    char source[ADDRESS_TEXT_MAX];

    put_request_id(request_id, time_us, out);
    buf_str(out, STR("\nfrom "));
    buf_str(out, (struct str){source, address_print(from, source)});
}

void explain_sign_in(const struct sign_in *s, struct buf *out)
{
    if (s->summed > 0) {
        line_time(s->time_us, out);
        buf_printf(out, ": %" PRIu32 " times somebody", s->summed);
        put_outcome(s, out);
        return;
    }
    put_origin(s->request_id, s->time_us, &s->source, out);
    buf_str(out, STR(", agent "));
    line_string(s->agent, out);
    buf_str(out, STR("\n"));
    put_member(s, out);
    put_outcome(s, out);
}

/* ---- leaks ---- */

static void put_found(const char *what, struct str text, struct buf *out)
{
    if (text.n == 0)
        return;
    buf_printf(out, "%s ", what);
    line_string(text, out);
    buf_str(out, STR("\n"));
}

void explain_leak(const struct leak *l, bool for_account, struct buf *out)
{
    if (l->summed > 0) {
        line_time(l->time_us, out);
        buf_printf(out, ": %" PRIu32 " times somebody reported a text that %s\n", l->summed,
                   leak_what_sentence(l->what));
        return;
    }
    if (for_account)
        put_request_id(l->request_id, l->time_us, out);
    else
        put_origin(l->request_id, l->time_us, &l->source, out);
    buf_printf(out, ", by %s\n", l->by == LEAK_BY_GITHUB ? "GitHub, signed" : "anybody");
    buf_str(out, STR("reported as leaked: key "));
    line_string(l->key, out);
    buf_str(out, STR(" of account "));
    line_string(l->account, out);
    buf_printf(out, ", with %s\nthe report %s\n",
               l->is_old ? "the secret that is being rotated out" : "its current secret",
               leak_what_sentence(l->what));
    put_found("found at", l->url, out);
    put_found("noted:", l->note, out);
}

/* ---- readings ---- */

static void explain_reading(const struct reading *r, struct buf *out)
{
    if (r->summed > 0) {
        line_time(r->time_us, out);
        buf_printf(out, ": %" PRIu32 " times somebody %s\n", r->summed,
                   reading_what_sentence(r->what));
        return;
    }
    put_origin(r->request_id, r->time_us, &r->source, out);
    buf_str(out, STR("\n"));
    line_string(r->actor, out);
    buf_printf(out, " %s\n", reading_what_sentence(r->what));
    put_found("asked for", r->filter, out);
}

void explain_entry(const struct record_entry *e, bool for_account, struct buf *out)
{
    switch (e->kind) {
    case RECORD_EVENT:
        explain_event(&e->event, out);
        break;
    case RECORD_CHANGE:
        break;
    case RECORD_SIGN_IN:
        explain_sign_in(&e->sign_in, out);
        break;
    case RECORD_LEAK:
        explain_leak(&e->leak, for_account, out);
        break;
    case RECORD_SPEND:
        explain_spend(&e->spend, out);
        break;
    case RECORD_READING:
        explain_reading(&e->reading, out);
        break;
    }
}
