/* links.c - the calls of somebody who holds a one-time link: what it is for, and using it. Looking changes nothing. */
#include <stdio.h>

#include "api/api.h"
#include "api/hashing.h"
#include "api/name_in.h"
#include "api/password_in.h"
#include "api/signing.h"
#include "config/link.h"

static enum kw_err find_open(struct call *c, struct str text, struct member *out)
{
    AUTO(digest_wipe) struct digest digest = {.b = {0}};
    struct member m;
    struct str id;

    TRY(link_read(text, &id, &digest));
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_member(store, id, NULL, &m);
    sync_unlock(c->server->sync);
    TRY(err);
    if (!link_is_open(&m, &digest, c->now_ms))
        return KW_ENOTFOUND;
    *out = m;
    return KW_OK;
}

static enum kw_err find(struct call *c, struct str text, struct member *m)
{
    enum kw_err err = find_open(c, text, m);

    if (err != KW_ENOTFOUND)
        return err;
    signing_record(c, SIGN_IN_LINK_FAILED, SIGN_IN_LINK_UNKNOWN, NULL, (struct str){NULL, 0});
    return problem_say(
        &c->problem, 404, "link_dead",
        "This link was used, has expired, or a newer one took its place: ask for another");
}

enum kw_err links_open(struct call *c)
{
    static const char *const names[] = {"link", NULL};
    struct member m = {.slot = 0};
    struct str text;

    TRY(call_no_parameters(c));
    TRY(json_in_only(c->body, names, &c->problem));
    TRY(json_in_required(c->body, "link", &c->problem, &text));
    TRY(find(c, text, &m));
    return call_answer(c, 200,
                       json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:o}", "kind", link_name(m.link),
                                 "email", m.email, "name", m.name, "account", m.account, "role",
                                 role_name(m.role), "totp", m.has_totp, "endsAt",
                                 json_out_moment(m.link_ends_ms)));
}

/* ---- used ---- */

struct accepting {
    struct hashing hashing;
    struct member member; /* as he will be, but for the password */
};

static enum kw_err save(struct call *c)
{
    struct accepting *s = c->wait.state;
    struct member m = s->member;

    if (s->hashing.answer.err != KW_OK)
        return hashing_busy(c);
    snprintf(m.password, sizeof m.password, "%s", s->hashing.answer.encoded);
    snprintf(c->caller.actor, sizeof c->caller.actor, "member:%s", m.id);
    enum kw_err err = sync_put_member(c->server->sync, call_actor(c), &m, NULL);
    if (err == KW_EEXISTS)
        return problem_field(&c->problem, "exists", "email", "Somebody has this address already");
    if (err == KW_ECONFLICT)
        return problem_say(&c->problem, 409, "conflict", "The link was used at this very moment");
    TRY(call_saved(c, err));
    signing_record(c, SIGN_IN_LINK_USED, SIGN_IN_NO_REASON, &m, str_from(m.email));
    return signing_after_password(c, &m);
}

/* Who sets an installation up says who he is; an invitation says whom it is for. */
static enum kw_err read_email(struct call *c, struct member *m)
{
    struct str email;

    TRY(json_in_text(c->body, "email", &c->problem, &email));
    if (email.p == NULL && m->link != LINK_SETUP)
        return KW_OK;
    if (m->link != LINK_SETUP)
        return problem_field(&c->problem, "unknown_member", "email", "The link says whom it is for");
    if (email.p == NULL)
        return problem_field(&c->problem, "missing", "email", "Your e-mail address, to sign in with");
    if (email.n <= MEMBER_EMAIL_MAX)
        signing_fold_email(email, m->email);
    if (email.n > MEMBER_EMAIL_MAX || member_email_check(str_from(m->email)) != KW_OK)
        return problem_field(&c->problem, "syntax", "email", "Write it as name@example.com");
    return KW_OK;
}

static enum kw_err read_acceptance(struct call *c, struct accepting *s)
{
    static const char *const names[] = {"link", "password", "name", "email", NULL};
    struct member *m = &s->member;
    struct str text, password;

    TRY(json_in_only(c->body, names, &c->problem));
    TRY(json_in_required(c->body, "link", &c->problem, &text));
    TRY(json_in_required(c->body, "password", &c->problem, &password));
    TRY(find(c, text, m));
    TRY(read_email(c, m));
    TRY(name_in_given(c->body, &c->problem, m->name));
    s->hashing.is_known = true; /* his link is good */
    TRY(password_in(c, "password", password, m));
    return hashing_take(c, &s->hashing, "password", password);
}

enum kw_err links_accept(struct call *c)
{
    TRY(call_no_parameters(c));
    struct accepting *s = hashing_new(c, sizeof *s);
    if (s == NULL)
        return KW_ENOMEM;
    TRY(read_acceptance(c, s));
    s->member.state = MEMBER_ACTIVE;
    s->member.password_since_ms = c->now_ms;
    s->member.epoch++;
    link_close(&s->member);
    return hashing_begin(c, &s->hashing, (struct str){NULL, 0}, save);
}
