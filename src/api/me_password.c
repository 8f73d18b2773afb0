/* me_password.c - the call by which a member changes his password: the old one is compared, then the new one hashed. */
#include <stdio.h>

#include "api/api.h"
#include "api/hashing.h"
#include "api/password_in.h"
#include "api/signing.h"

struct changing {
    struct hashing hashing; /* of the old one, then of the new one */
    struct member member;
    char fresh[PASSWORD_BYTES_MAX + 1];
    size_t fresh_len;
};

static struct attempt attempt_of(const struct call *c, const struct changing *s)
{
    return (struct attempt){
        .source = c->source.b, .email = str_from(s->member.email), .known_place = true};
}

static enum kw_err save(struct call *c)
{
    AUTO(session_wipe) struct session session = {.epoch = 0};
    struct changing *s = c->wait.state;
    struct member m = s->member;

    if (s->hashing.answer.err != KW_OK)
        return hashing_busy(c);
    snprintf(m.password, sizeof m.password, "%s", s->hashing.answer.encoded);
    m.password_since_ms = c->now_ms;
    m.epoch++;
    enum kw_err err = sync_put_member(c->server->sync, call_actor(c), &m, NULL);
    if (err == KW_ECONFLICT)
        return problem_say(&c->problem, 409, "conflict", "You were changed meanwhile: try again");
    TRY(call_saved(c, err));
    TRY(signing_renew(c, &m, !m.has_totp, &session)); /* a password is one factor of two */
    return call_answer(c, 200, signing_session_out(c, &session, &m));
}

static enum kw_err hash_new(struct call *c)
{
    struct changing *s = c->wait.state;
    const struct attempt attempt = attempt_of(c, s);
    const struct str fresh = {s->fresh, s->fresh_len};

    if (s->hashing.answer.err != KW_OK) {
        attempts_return(c->server->people->attempts, &attempt);
        return hashing_busy(c);
    }
    if (!s->hashing.answer.matches) {
        signing_wrong_proof(c, SIGN_IN_WRONG_PASSWORD, &s->member);
        return problem_field(&c->problem, "wrong_password", "currentPassword",
                             "This is not your password");
    }
    attempts_succeed(c->server->people->attempts, &attempt);
    TRY(hashing_take(c, &s->hashing, "newPassword", fresh));
    return hashing_begin(c, &s->hashing, (struct str){NULL, 0}, save);
}

static enum kw_err read_body(struct call *c, struct changing *s)
{
    static const char *const names[] = {"currentPassword", "newPassword", NULL};
    struct str current, fresh;

    TRY(json_in_only(c->body, names, &c->problem));
    TRY(json_in_required(c->body, "currentPassword", &c->problem, &current));
    TRY(json_in_required(c->body, "newPassword", &c->problem, &fresh));
    TRY(password_in(c, "newPassword", fresh, &s->member));
    memcpy(s->fresh, fresh.p, fresh.n);
    s->fresh_len = fresh.n;
    return hashing_take(c, &s->hashing, "currentPassword", current);
}

enum kw_err me_password(struct call *c)
{
    TRY(call_no_parameters(c));
    struct changing *s = hashing_new(c, sizeof *s);
    if (s == NULL)
        return KW_ENOMEM;
    TRY(signing_self(c, &s->member));
    TRY(read_body(c, s));
    const struct attempt attempt = attempt_of(c, s);
    if (!attempts_take(c->server->people->attempts, &attempt, c->now_ms, NULL))
        return problem_say(&c->problem, 403, "locked",
                           "Too many wrong passwords: wait a quarter of an hour");
    return hashing_begin(c, &s->hashing, str_from(s->member.password), hash_new);
}
