/* credentials.c - see credentials.h. */
#include "server/credentials.h"

#include <stdio.h>

#include "core/key.h"
#include "crypto/digest.h"

enum kw_err credential_member(const struct member *m, struct caller *out)
{
    struct caller by = {
        .kind = CALLER_MEMBER,
        .role = m->role,
        .is_operator = m->is_operator,
        .scopes = role_scopes(m->role, m->is_operator),
    };

    if (m->state != MEMBER_ACTIVE)
        return KW_ENOTFOUND;
    snprintf(by.actor, sizeof by.actor, "member:%s", m->id);
    snprintf(by.member, sizeof by.member, "%s", m->id);
    snprintf(by.home, sizeof by.home, "%s", m->account);
    if (!m->is_operator)
        snprintf(by.account, sizeof by.account, "%s", m->account);
    *out = by;
    return KW_OK;
}

/* ---- sessions ---- */

static enum kw_err find_member(struct call *c, struct str id, struct member *out)
{
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_member(store, id, NULL, out);
    sync_unlock(c->server->sync);
    return err;
}

/* A one-time password counts as fresh for whoever has one. */
static enum kw_err be_session(const struct session *s, const struct member *m, struct caller *out)
{
    struct caller by;

    if (m->epoch != s->epoch || m->slot != s->member_slot)
        return KW_ENOTFOUND;
    TRY(credential_member(m, &by));
    snprintf(by.session, sizeof by.session, "%s", s->id);
    by.proved_ms = s->stepped_up_ms;
    by.stepped_up_ms = m->has_totp ? s->stepped_up_ms : 0;
    *out = by;
    return KW_OK;
}

enum kw_err credential_session(struct call *c, struct str cookie, struct session *session,
                               struct caller *out)
{
    struct sessions *sessions = c->server->people->sessions;
    struct member m;

    TRY(sessions_find(sessions, cookie, c->now_ms, session));
    enum kw_err err = find_member(c, str_from(session->member), &m);
    if (err == KW_OK)
        err = be_session(session, &m, out);
    if (err == KW_ENOTFOUND) /* it can never be good again */
        sessions_end(sessions, cookie);
    return err;
}

/* ---- tokens ---- */

static enum kw_err find_token(struct call *c, struct str id, struct token *t, struct member *m)
{
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_token(store, id, NULL, t);
    if (err == KW_OK && t->member[0] != '\0')
        err = store_member(store, str_from(t->member), NULL, m);
    sync_unlock(c->server->sync);
    return err;
}

static enum sign_in_why why_not(const struct token *t, const struct digest *digest, int64_t now_ms)
{
    struct digest kept;

    memcpy(kept.b, t->digest, sizeof kept.b);
    if (!digest_eq(&kept, digest))
        return SIGN_IN_WRONG_SECRET;
    if (t->state != TOKEN_ACTIVE)
        return SIGN_IN_REVOKED;
    return t->expires_ms != 0 && now_ms >= t->expires_ms ? SIGN_IN_TOKEN_EXPIRED : SIGN_IN_NO_REASON;
}

/* On the record it is a failed log-in of whose token it is, as far as that is known: t and m may be empty. */
static enum kw_err refuse(struct call *c, enum sign_in_why why, struct str id,
                          const struct token *t, const struct member *m)
{
    struct sign_in s = {
        .time_us = sync_now_us(c->server->sync),
        .what = SIGN_IN_TOKEN_REFUSED,
        .why = why,
        .member = str_from(m->id),
        .token = id,
        .account = str_from(m->slot != 0 ? m->account : t->account),
        .source = c->source,
        .agent = str_from(c->agent),
    };

    memcpy(s.request_id, c->request_id, sizeof s.request_id);
    recording_sign_in(c->server->recording, &s);
    return KW_ENOTFOUND;
}

/* Whoever sees the whole installation is, with a token for one account, an owner of that one and no more. */
static void confine(struct caller *by, const char *account)
{
    if (by->is_operator)
        by->role = ROLE_OWNER;
    by->is_operator = false;
    by->scopes &= role_scopes(by->role, false);
    snprintf(by->account, sizeof by->account, "%s", account);
}

/* A token of a member can do what both he and it may. One for another account than his was made when he was an operator:
 * it ends with that. */
static enum kw_err be_token(const struct token *t, const struct member *m, struct caller *out)
{
    struct caller by = {.scopes = SCOPES_ALL, .role = ROLE_OWNER, .is_operator = true};

    if (t->member[0] != '\0')
        TRY(credential_member(m, &by));
    if (t->account[0] != '\0' && by.account[0] != '\0' && strcmp(t->account, by.account) != 0)
        return KW_ENOTFOUND;
    if (t->account[0] != '\0')
        confine(&by, t->account);
    by.kind = CALLER_TOKEN;
    by.scopes &= t->scopes;
    snprintf(by.actor, sizeof by.actor, "token:%s", t->id);
    *out = by;
    return KW_OK;
}

enum kw_err credential_token(struct call *c, struct str text, struct caller *out)
{
    AUTO(digest_wipe) struct digest digest = {0};
    struct member m = {.slot = 0};
    struct token t = {.slot = 0};
    struct str id = {"", 0};

    if (key_parse_admin(text, str_from(c->server->config->brand), &id) != KW_OK)
        return refuse(c, SIGN_IN_UNKNOWN_TOKEN, id, &t, &m);
    digest_of(text, &digest);
    enum kw_err err = find_token(c, id, &t, &m);
    if (err == KW_ENOTFOUND)
        return refuse(c, SIGN_IN_UNKNOWN_TOKEN, id, &t, &m);
    TRY(err);
    enum sign_in_why why = why_not(&t, &digest, c->now_ms);
    if (why != SIGN_IN_NO_REASON)
        return refuse(c, why, id, &t, &m);
    err = be_token(&t, &m, out);
    if (err == KW_ENOTFOUND)
        return refuse(c, m.state == MEMBER_ACTIVE ? SIGN_IN_MEMBER_CHANGED : SIGN_IN_NOT_ACTIVE, id,
                      &t, &m);
    TRY(err);
    uses_note(c->server->uses, USE_TOKEN, t.slot, c->now_ms, &c->source);
    return KW_OK;
}
