/* signing.c - see signing.h. */
#include "api/signing.h"

#include <stdio.h>

#include "api/scopes_out.h"
#include "base/hex.h"

void signing_record(struct call *c, enum sign_in_what what, enum sign_in_why why,
                    const struct member *m, struct str email)
{
    struct sign_in s = {
        .time_us = sync_now_us(c->server->sync),
        .what = what,
        .why = why,
        .member = str_from(m == NULL ? "" : m->id),
        .account = str_from(m == NULL ? "" : m->account),
        .email = email,
        .source = c->source,
        .agent = str_from(c->agent),
    };

    memcpy(s.request_id, c->request_id, sizeof s.request_id);
    recording_sign_in(c->server->recording, &s);
}

enum kw_err signing_member(struct call *c, uint32_t slot, struct member *out)
{
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_member_in_slot(store, slot, out);
    sync_unlock(c->server->sync);
    if (err == KW_OK && out->state != MEMBER_ACTIVE)
        return KW_ENOTFOUND;
    return err;
}

enum kw_err signing_self(struct call *c, struct member *out)
{
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_member(store, str_from(c->caller.member), NULL, out);
    sync_unlock(c->server->sync);
    return err;
}

bool signing_knows_place(struct call *c, const struct member *m)
{
    char here[ADDRESS_TEXT_MAX + 1] = "";
    struct last_use last = {.source = ""};

    here[address_print(&c->source, here)] = '\0';
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_use(store, USE_MEMBER, m->slot, &last);
    sync_unlock(c->server->sync);
    return err == KW_OK && strcmp(last.source, here) == 0;
}

void signing_set_cookie(struct call *c, const char *text)
{
    snprintf(c->cookie, sizeof c->cookie,
             CALL_COOKIE_NAME "=%s; Path=/; Secure; HttpOnly; SameSite=Strict%s", text,
             text[0] == '\0' ? "; Max-Age=0" : "");
}

static json_t *member_of(const struct member *m)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:i}", "id", m->id, "email", m->email,
                     "name", m->name, "account", m->account, "role", role_name(m->role), "operator",
                     m->is_operator, "totp", m->has_totp, "recoveryCodes", (int)m->n_recovery);
}

/* When a fresh one-time password will be asked for again; 0: it would be now. */
static int64_t step_up_ends(const struct call *c, const struct session *s, const struct member *m)
{
    int64_t ends_ms = s->stepped_up_ms + CALL_STEP_UP_MS;

    return m->has_totp && ends_ms > c->now_ms ? ends_ms : 0;
}

json_t *signing_session_out(const struct call *c, const struct session *s, const struct member *m)
{
    char here[USE_SOURCE_MAX + 1];

    uses_print_source(&c->source, here);
    return json_pack("{s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:s?}", "id", s->id, "member",
                     member_of(m), "scopes", scopes_out(role_scopes(m->role, m->is_operator)),
                     "csrfToken", s->csrf, "createdAt", json_out_moment(s->created_ms), "endsAt",
                     json_out_moment(s->created_ms + SESSION_LONGEST_MS), "steppedUpUntil",
                     json_out_moment(step_up_ends(c, s, m)), "source", here[0] == '\0' ? NULL : here);
}

enum kw_err signing_begin(struct call *c, const struct member *m)
{
    const struct session_start start = {
        .member_slot = m->slot,
        .member = str_from(m->id),
        .account = str_from(m->account),
        .epoch = m->epoch,
        .source = c->source.b,
        .agent = str_from(c->agent),
    };
    AUTO(session_wipe) struct session s = {.epoch = 0};
    char text[SESSION_TEXT_LEN + 1];

    sessions_end(c->server->people->sessions, c->cookie_in);
    TRY(sessions_begin(c->server->people->sessions, &start, c->now_ms, text, &s));
    signing_set_cookie(c, text);
    explicit_bzero(text, sizeof text);
    uses_note(c->server->uses, USE_MEMBER, m->slot, c->now_ms, &c->source);
    uses_save(c->server->uses, c->server->sync); /* the soft lock asks for it */
    snprintf(c->location, sizeof c->location, "/v1/session");
    return call_answer(c, 201, signing_session_out(c, &s, m));
}

/* ---- after a password ---- */

static enum kw_err ask_for_code(struct call *c, const struct member *m)
{
    const struct half_login who = {.member_slot = m->slot, .epoch = m->epoch};
    char ticket[TICKET_LEN + 1];

    TRY(half_login_begin(c->server->people->half, who, c->now_ms, ticket));
    signing_record(c, SIGN_IN_HALF, SIGN_IN_NO_REASON, m, str_from(m->email));
    json_t *answer = json_pack("{s:s, s:s, s:o}", "next", "totp", "ticket", ticket, "endsAt",
                               json_out_moment(c->now_ms + TICKET_MS));
    explicit_bzero(ticket, sizeof ticket);
    return call_answer(c, 202, answer);
}

enum kw_err signing_after_password(struct call *c, const struct member *m)
{
    if (m->has_totp)
        return ask_for_code(c, m);
    signing_record(c, SIGN_IN_DONE, SIGN_IN_NO_REASON, m, str_from(m->email));
    return signing_begin(c, m);
}

enum kw_err signing_renew(struct call *c, const struct member *m, bool all_proved, struct session *out)
{
    const struct session_renewal how = {.epoch = m->epoch, .all_proved = all_proved};
    char text[SESSION_TEXT_LEN + 1];

    TRY(sessions_renew(c->server->people->sessions, c->cookie_in, how, c->now_ms, text, out));
    signing_set_cookie(c, text);
    explicit_bzero(text, sizeof text);
    return KW_OK;
}

void signing_fold_email(struct str email, char out[MEMBER_EMAIL_MAX + 1])
{
    size_t n = email.n < MEMBER_EMAIL_MAX ? email.n : MEMBER_EMAIL_MAX;

    for (size_t i = 0; i < n; i++)
        out[i] = (char)(email.p[i] >= 'A' && email.p[i] <= 'Z' ? email.p[i] | 0x20 : email.p[i]);
    out[n] = '\0';
}

struct str signing_typed_email(const char *email)
{
    struct str typed = str_from(email);

    return member_email_check(typed) == KW_OK ? typed : STR("");
}

void signing_wrong_proof(struct call *c, enum sign_in_why why, const struct member *m)
{
    signing_record(c, SIGN_IN_STEP_UP_FAILED, why, m, str_from(m->email));
    if (!sessions_wrong(c->server->people->sessions, c->cookie_in))
        return;
    signing_record(c, SIGN_IN_SESSION_ENDED, why, m, str_from(m->email));
    signing_set_cookie(c, "");
}
