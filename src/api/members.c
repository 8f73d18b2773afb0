/* members.c - the calls about the people of an account: found, invited, changed, removed. Nobody gives what he has not, and
 * nobody touches who is above him. */
#include <stdio.h>

#include "api/api.h"
#include "api/link_out.h"
#include "api/member_find.h"
#include "api/member_out.h"
#include "api/name_in.h"
#include "api/rank.h"
#include "api/replay.h"
#include "api/signing.h"
#include "config/link.h"
#include "crypto/random.h"
#include "server/last_use.h"
#include "server/page.h"

static enum kw_err put(struct call *c, struct member *m)
{
    enum kw_err err = sync_put_member(c->server->sync, call_actor(c), m, NULL);
    uint32_t owners = 1;

    if (err == KW_EEXISTS)
        return problem_field(&c->problem, "exists", "email", "Somebody has this address already");
    if (err != KW_ECONFLICT)
        return call_saved(c, err);
    struct store *store = sync_lock(c->server->sync);
    err = store_owners(store, str_from(m->account), &owners);
    sync_unlock(c->server->sync);
    TRY(err);
    if (owners <= 1)
        return problem_say(&c->problem, 409, "last_owner",
                           "An account keeps an owner: make somebody else one first");
    return problem_say(&c->problem, 409, "conflict",
                       "Somebody else changed the member meanwhile: read it again");
}

static enum kw_err read_role(struct call *c, struct member *m)
{
    struct str role;

    TRY(json_in_required(c->body, "role", &c->problem, &role));
    if (role_parse(role, &m->role) != KW_OK)
        return problem_field(&c->problem, "syntax", "role",
                             "It is \"viewer\", \"developer\", \"admin\" or \"owner\"");
    return KW_OK;
}

/* ---- invited ---- */

static enum kw_err read_email(struct call *c, struct member *m)
{
    struct str email;

    TRY(json_in_required(c->body, "email", &c->problem, &email));
    if (email.n <= MEMBER_EMAIL_MAX)
        signing_fold_email(email, m->email);
    if (email.n > MEMBER_EMAIL_MAX || member_email_check(str_from(m->email)) != KW_OK)
        return problem_field(&c->problem, "syntax", "email", "Write it as name@example.com");
    return KW_OK;
}

/* Whoever has an account invites into it; whoever sees all of them names one. */
static enum kw_err read_account(struct call *c, struct member *m)
{
    struct str own = call_account(c), id;

    TRY(json_in_text(c->body, "account", &c->problem, &id));
    if (id.p == NULL)
        id = own.p != NULL ? own : str_from(c->caller.home);
    if (id.n == 0)
        return problem_field(&c->problem, "missing", "account", "Whose member it will be");
    if (account_id_check(id) != KW_OK || (own.p != NULL && !str_eq(id, own)))
        return problem_field(&c->problem, "not_found", "account", "There is no such account");
    snprintf(m->account, sizeof m->account, "%.*s", (int)id.n, id.p);
    return KW_OK;
}

static enum kw_err read_invitation(struct call *c, struct member *m)
{
    static const char *const names[] = {"email", "name", "role", "account", "operator", NULL};

    TRY(json_in_only(c->body, names, &c->problem));
    TRY(read_email(c, m));
    TRY(name_in_given(c->body, &c->problem, m->name));
    TRY(read_role(c, m));
    TRY(read_account(c, m));
    TRY(json_in_bool(c->body, "operator", &c->problem, &m->is_operator));
    return rank_covers(c, m->role, m->is_operator);
}

static enum kw_err answer_link(struct call *c, int status, const struct member *m, const char *link)
{
    TRY(member_answer(c, m));
    c->status = status;
    c->answer = link_out(c, m, link, STEAL(c->answer));
    return c->answer == NULL ? KW_ENOMEM : KW_OK;
}

/* Nobody has come yet, so that there is no last sign-in. */
static json_t *invited_again(const struct call *c, const void *object)
{
    const struct last_use use = {.kind = USE_MEMBER};

    (void)c;
    return link_out_again(last_use_out(&use, member_out(object)));
}

enum kw_err members_invite(struct call *c)
{
    struct member m = {.state = MEMBER_INVITED, .created_ms = c->now_ms};
    char link[LINK_TEXT_MAX + 1];
    struct replay replay;

    TRY(call_no_parameters(c));
    TRY(replay_begin(c, "/v1/members", invited_again, &replay));
    if (call_is_answered(c))
        return KW_OK;
    TRY(call_needs_fresh_proof(c, "Inviting somebody"));
    TRY(read_invitation(c, &m));
    snprintf(m.created_by, sizeof m.created_by, "%s", c->caller.actor);
    TRY(random_base62(m.id, KW_KEY_ID_LEN));
    TRY(link_make(&m, LINK_INVITATION, c->now_ms, LINK_INVITATION_MS, link));
    enum kw_err err = replay_settle(
        c, &replay, sync_put_member(c->server->sync, call_actor(c), &m, replay_reply(&replay)));
    if (call_is_answered(c))
        return KW_OK;
    if (err == KW_EEXISTS)
        return problem_field(&c->problem, "exists", "email", "Somebody has this address already");
    if (err == KW_ENOTFOUND)
        return problem_field(&c->problem, "not_found", "account", "There is no such account");
    TRY(call_saved_new(c, err, "invitation of", m.id, "make the member a new link"));
    snprintf(c->location, sizeof c->location, "/v1/members/%s", m.id);
    err = answer_link(c, 201, &m, link);
    explicit_bzero(link, sizeof link);
    return err;
}

/* A new link takes the place of the one that is open: an invitation for whoever has not come yet, else a new password. */
enum kw_err members_link(struct call *c)
{
    char link[LINK_TEXT_MAX + 1];
    struct member m = {.slot = 0};

    TRY(call_no_parameters(c));
    TRY(member_find(c, &m));
    TRY(rank_covers(c, m.role, m.is_operator));
    TRY(call_needs_fresh_proof(c, "A link with which somebody chooses a password"));
    bool is_new = m.state == MEMBER_INVITED;
    if (m.state == MEMBER_REMOVED)
        return problem_say(&c->problem, 409, "conflict", "The member has been removed: invite anew");
    enum member_link kind = m.email[0] == '\0' ? LINK_SETUP : is_new ? LINK_INVITATION : LINK_RESET;
    TRY(link_make(&m, kind, c->now_ms, is_new ? LINK_INVITATION_MS : LINK_RESET_MS, link));
    TRY(put(c, &m));
    enum kw_err err = answer_link(c, 200, &m, link);
    explicit_bzero(link, sizeof link);
    return err;
}

/* ---- read, changed, removed ---- */

enum kw_err members_get(struct call *c)
{
    struct member m = {.slot = 0};

    TRY(call_no_parameters(c));
    TRY(member_find(c, &m));
    return member_answer(c, &m);
}

static enum kw_err read_change(struct call *c, struct member *m)
{
    static const char *const names[] = {"name", "role", "operator", NULL};

    TRY(json_in_only(c->body, names, &c->problem));
    if (json_object_size(c->body) == 0)
        return problem_say(&c->problem, 400, "missing",
                           "Nothing is to be changed: the body is empty");
    TRY(name_in_given(c->body, &c->problem, m->name));
    if (json_object_get(c->body, "role") != NULL)
        TRY(read_role(c, m));
    return json_in_bool(c->body, "operator", &c->problem, &m->is_operator);
}

/* Whoever is made more than he was is let in anew. */
static enum kw_err check_rise(struct call *c, const struct member *before, const struct member *m)
{
    TRY(rank_covers(c, m->role, m->is_operator));
    if (m->is_operator && !before->is_operator)
        return call_needs_step_up(c, "Making somebody an operator");
    if (m->role > before->role)
        return call_needs_fresh_proof(c, "A higher role for somebody");
    return KW_OK;
}

enum kw_err members_change(struct call *c)
{
    struct member m = {.slot = 0}, before;

    TRY(call_no_parameters(c));
    TRY(member_find(c, &m));
    TRY(rank_covers(c, m.role, m.is_operator));
    TRY(call_if_match(c, "member", m.version));
    before = m;
    TRY(read_change(c, &m));
    TRY(check_rise(c, &before, &m));
    TRY(put(c, &m));
    return member_answer(c, &m);
}

/* He can sign in no more, and what he had is over: his sessions, his links, his tokens. The account's keys stay. */
enum kw_err members_remove(struct call *c)
{
    struct member m = {.slot = 0};

    TRY(call_no_parameters(c));
    TRY(member_find(c, &m));
    TRY(rank_covers(c, m.role, m.is_operator));
    if (m.state == MEMBER_REMOVED)
        return member_answer(c, &m);
    TRY(call_needs_fresh_proof(c, "Removing somebody"));
    m.state = MEMBER_REMOVED;
    member_forget(&m);
    TRY(put(c, &m));
    sessions_end_member(c->server->people->sessions, m.slot);
    half_login_end_member(c->server->people->half, m.slot);
    return member_answer(c, &m);
}

/* ---- all ---- */

struct listing {
    const struct call *call;
    struct store *store;
    struct page page;
};

static void listing_deinit(struct listing *l)
{
    page_deinit(&l->page);
}

static enum kw_err take(void *ctx, const struct member *m)
{
    struct listing *l = ctx;
    struct last_use use;

    TRY(last_use_find(l->call->server, l->store, USE_MEMBER, m->slot, str_from(m->id), &use));
    return page_add(&l->page, m->slot, last_use_out(&use, member_out(m)));
}

enum kw_err members_list(struct call *c)
{
    static const char *const parameters[] = {"account", "limit", "cursor", NULL};
    AUTO(listing_deinit) struct listing l = {.call = c};

    TRY(query_only(&c->query, parameters, &c->problem));
    TRY(page_begin(c, "members", &l.page));
    const struct store_member_filter f = {.account = call_listed_account(c),
                                          .after_slot = l.page.after};
    l.store = sync_lock(c->server->sync);
    enum kw_err err = store_members(l.store, &f, take, &l);
    sync_unlock(c->server->sync);
    if (err != KW_EFULL)
        TRY(err);
    return page_answer(&l.page);
}
