/* sign_in.c - the call by which a member signs in with e-mail and password. The unknown, the wrong and the locked are
 * answered alike, after the same work; a source that has tried too often, whatever it tried, after none. */
#include "api/api.h"
#include "api/hashing.h"
#include "api/signing.h"

struct signing_in {
    struct hashing hashing;
    struct member member; /* slot 0: nobody has the address */
    char email[MEMBER_EMAIL_MAX + 1];
    bool is_locked;
};

static struct attempt attempt_of(const struct call *c, const struct signing_in *s)
{
    return (struct attempt){
        .source = c->source.b, .email = str_from(s->email), .known_place = s->hashing.is_known};
}

static bool may_sign_in(const struct member *m)
{
    return m->slot != 0 && m->state == MEMBER_ACTIVE && m->password[0] != '\0';
}

/* ---- before the hash ---- */

static enum kw_err read_body(struct call *c, struct signing_in *s)
{
    static const char *const names[] = {"email", "password", NULL};
    struct str email, password;

    TRY(json_in_only(c->body, names, &c->problem));
    TRY(json_in_required(c->body, "email", &c->problem, &email));
    TRY(json_in_required(c->body, "password", &c->problem, &password));
    if (email.n > MEMBER_EMAIL_MAX)
        return problem_field(&c->problem, "range", "email", "An address has %d bytes at most",
                             MEMBER_EMAIL_MAX);
    signing_fold_email(email, s->email);
    return hashing_take(c, &s->hashing, "password", password);
}

/* Whoever cannot sign in is as if he were not there. */
static enum kw_err find_member(struct call *c, struct signing_in *s)
{
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_member_by_email(store, str_from(s->email), &s->member);
    sync_unlock(c->server->sync);
    if (err == KW_OK)
        s->hashing.is_known = signing_knows_place(c, &s->member);
    return err == KW_ENOTFOUND ? KW_OK : err;
}

/* ---- after it ---- */

static enum sign_in_why why_not(const struct signing_in *s)
{
    if (s->is_locked)
        return SIGN_IN_LOCKED;
    if (s->member.slot == 0)
        return SIGN_IN_UNKNOWN_EMAIL;
    return may_sign_in(&s->member) ? SIGN_IN_WRONG_PASSWORD : SIGN_IN_NOT_ACTIVE;
}

static enum kw_err refuse(struct call *c, const struct signing_in *s)
{
    const struct member *m = s->member.slot == 0 ? NULL : &s->member;

    signing_record(c, SIGN_IN_FAILED, why_not(s), m, signing_typed_email(s->email));
    return problem_say(&c->problem, 401, "sign_in_failed",
                       "E-mail or password is wrong, or there were too many attempts: then wait a "
                       "quarter of an hour");
}

/* Nobody could judge it: that is no failure of theirs. */
static enum kw_err too_busy(struct call *c, const struct signing_in *s)
{
    const struct attempt attempt = attempt_of(c, s);

    if (!s->is_locked)
        attempts_return(c->server->people->attempts, &attempt);
    signing_record(c, SIGN_IN_FAILED, SIGN_IN_BUSY, NULL, signing_typed_email(s->email));
    return hashing_busy(c);
}

/* What the member is may have changed while the password was hashed. */
static bool is_same(const struct signing_in *s, const struct member *now)
{
    return may_sign_in(now) && now->epoch == s->member.epoch &&
           strcmp(now->password, s->member.password) == 0;
}

static enum kw_err after_hash(struct call *c)
{
    const struct signing_in *s = c->wait.state;
    const struct attempt attempt = attempt_of(c, s);
    struct attempts *attempts = c->server->people->attempts;
    struct member m;

    if (s->hashing.answer.err != KW_OK)
        return too_busy(c, s);
    if (s->is_locked || !s->hashing.answer.matches ||
        signing_member(c, s->member.slot, &m) != KW_OK || !is_same(s, &m))
        return refuse(c, s);
    if (m.has_totp)
        attempts_return(attempts, &attempt); /* the code decides */
    else
        attempts_succeed(attempts, &attempt);
    return signing_after_password(c, &m);
}

enum kw_err sign_in_post(struct call *c)
{
    struct attempts *attempts = c->server->people->attempts;

    TRY(call_no_parameters(c));
    struct signing_in *s = hashing_new(c, sizeof *s);
    if (s == NULL)
        return KW_ENOMEM;
    TRY(read_body(c, s));
    TRY(find_member(c, s));
    const struct attempt attempt = attempt_of(c, s);
    s->is_locked = !attempts_take(attempts, &attempt, c->now_ms, NULL);
    if (s->is_locked && !attempts_take_work(attempts, &attempt, c->now_ms))
        return refuse(c, s);
    struct str encoded = may_sign_in(&s->member) ? str_from(s->member.password) : password_dummy();
    return hashing_begin(c, &s->hashing, encoded, after_hash);
}
