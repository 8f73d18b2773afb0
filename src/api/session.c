/* session.c - the calls about one's own sessions: who is signed in, a fresh proof, the list, the end. */
#include <stdio.h>

#include "api/api.h"
#include "api/second_factor.h"
#include "api/signing.h"

enum kw_err session_get(struct call *c)
{
    AUTO(session_wipe) struct session s = {.epoch = 0};
    struct member m;

    TRY(call_no_parameters(c));
    TRY(signing_self(c, &m));
    TRY(sessions_find(c->server->people->sessions, c->cookie_in, c->now_ms, &s));
    return call_answer(c, 200, signing_session_out(c, &s, &m));
}

enum kw_err session_delete(struct call *c)
{
    struct member m;

    TRY(call_no_parameters(c));
    TRY(signing_self(c, &m));
    sessions_end(c->server->people->sessions, c->cookie_in);
    signing_set_cookie(c, "");
    signing_record(c, SIGN_IN_SIGNED_OUT, SIGN_IN_NO_REASON, &m, str_from(m.email));
    return call_answer(c, 200, json_pack("{s:b}", "signedOut", 1));
}

/* ---- a fresh proof ---- */

static enum kw_err refuse(struct call *c, enum sign_in_why why, const struct member *m)
{
    signing_wrong_proof(c, why, m);
    return problem_say(&c->problem, 403, "code_refused",
                       "This code does not hold, or there were too many: wait for the next one; "
                       "the fifth ends the session");
}

static enum kw_err judge(struct call *c, const struct member *m, enum sign_in_why *why)
{
    static const char *const names[] = {"code", NULL};
    const struct attempt attempt = {
        .source = c->source.b, .email = str_from(m->email), .known_place = true};
    struct str code;

    TRY(json_in_only(c->body, names, &c->problem));
    TRY(json_in_required(c->body, "code", &c->problem, &code));
    *why = SIGN_IN_LOCKED;
    if (!attempts_take(c->server->people->attempts, &attempt, c->now_ms, NULL))
        return KW_OK;
    TRY(second_factor_code(c, m, code, why));
    if (*why == SIGN_IN_NO_REASON)
        attempts_succeed(c->server->people->attempts, &attempt);
    return KW_OK;
}

enum kw_err session_step_up(struct call *c)
{
    AUTO(session_wipe) struct session s = {.epoch = 0};
    enum sign_in_why why;
    struct member m;

    TRY(call_no_parameters(c));
    TRY(signing_self(c, &m));
    if (!m.has_totp)
        return problem_say(&c->problem, 409, "totp_missing",
                           "You have no one-time password yet: set one up with POST /v1/me/totp");
    TRY(judge(c, &m, &why));
    if (why != SIGN_IN_NO_REASON)
        return refuse(c, why, &m);
    signing_record(c, SIGN_IN_STEPPED_UP, why, &m, str_from(m.email));
    TRY(signing_renew(c, &m, true, &s));
    return call_answer(c, 200, signing_session_out(c, &s, &m));
}

/* ---- all of one's own ---- */

struct listing {
    const struct call *call;
    json_t *list;
};

static void take(void *ctx, const struct session *s)
{
    struct listing *l = ctx;
    char source[ADDRESS_TEXT_MAX + 1] = "";
    struct address address;

    memcpy(address.b, s->source, sizeof address.b);
    source[address_print(&address, source)] = '\0';
    bool is_this = strcmp(s->id, l->call->caller.session) == 0;
    json_out_append(&l->list,
                    json_pack("{s:s, s:o, s:o, s:s, s:s, s:b}", "id", s->id, "createdAt",
                              json_out_moment(s->created_ms), "seenAt", json_out_moment(s->seen_ms),
                              "source", source, "agent", s->agent, "current", is_this));
}

enum kw_err sessions_get(struct call *c)
{
    struct listing l = {.call = c, .list = json_array()};
    struct member m;

    TRY(call_no_parameters(c));
    enum kw_err err = signing_self(c, &m);
    if (err != KW_OK) {
        json_decref(l.list);
        return err;
    }
    sessions_list(c->server->people->sessions, m.slot, c->now_ms, take, &l);
    return call_answer(c, 200, json_pack("{s:o}", "sessions", l.list));
}

enum kw_err sessions_delete(struct call *c)
{
    struct member m;

    TRY(call_no_parameters(c));
    TRY(signing_self(c, &m));
    if (sessions_end_id(c->server->people->sessions, m.slot, c->id) == 0)
        return problem_say(&c->problem, 404, "not_found", "You have no session of that id");
    if (str_eq(c->id, str_from(c->caller.session)))
        signing_set_cookie(c, "");
    signing_record(c, SIGN_IN_SESSION_ENDED, SIGN_IN_REVOKED, &m, str_from(m.email));
    return call_answer(c, 200, json_pack("{s:b}", "ended", 1));
}
