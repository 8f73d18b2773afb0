/* member_credentials.c - the call that takes from a member all that he signs in with: password, one-time password, codes on
 * paper. Whoever lost both comes back through a new link; whoever found one of them comes in with nothing. */
#include <stdio.h>

#include "api/api.h"
#include "api/member_find.h"
#include "api/member_out.h"

/* A second factor that the account's own people could take away would be none. */
static enum kw_err check(struct call *c, const struct member *m)
{
    if (!c->caller.is_operator || c->caller.kind == CALLER_TOKEN)
        return problem_say(&c->problem, 403, "rank",
                           "Only an operator may do this, or an administrator of the machine: "
                           "`keyward members link %s --without-totp`",
                           m->id);
    TRY(call_needs_step_up(c, "Taking away what somebody signs in with"));
    if (m->state == MEMBER_REMOVED)
        return problem_say(&c->problem, 409, "conflict", "The member has been removed: invite anew");
    return KW_OK;
}

static enum kw_err take_first(void *ctx, const struct token *t)
{
    struct token *first = ctx;

    if (t->state != TOKEN_ACTIVE)
        return KW_OK;
    *first = *t;
    return KW_EFULL; /* enough */
}

static enum kw_err revoke_one(struct call *c, struct token *t)
{
    t->state = TOKEN_REVOKED;
    enum kw_err err = sync_put_token(c->server->sync, call_actor(c), t, NULL);
    return err == KW_ECONFLICT ? KW_OK : err; /* somebody else did it: it is looked for again */
}

/* What he made may have been made by whoever had found his password. */
static enum kw_err revoke_tokens(struct call *c, const struct member *m)
{
    const struct store_token_filter f = {.account = {NULL, 0}, .member = str_from(m->id)};

    for (;;) {
        struct token first = {.slot = 0};
        struct store *store = sync_lock(c->server->sync);
        enum kw_err err = store_tokens(store, &f, take_first, &first);
        sync_unlock(c->server->sync);
        if (first.slot == 0)
            return err;
        TRY(revoke_one(c, &first));
    }
}

enum kw_err members_forget(struct call *c)
{
    struct member m = {.slot = 0};

    TRY(call_no_parameters(c));
    TRY(member_find(c, &m));
    TRY(check(c, &m));
    member_forget(&m);
    enum kw_err err = sync_put_member(c->server->sync, call_actor(c), &m, NULL);
    if (err == KW_ECONFLICT)
        return problem_say(&c->problem, 409, "conflict",
                           "Somebody else changed the member meanwhile: try again");
    TRY(call_saved(c, err));
    sessions_end_member(c->server->people->sessions, m.slot);
    half_login_end_member(c->server->people->half, m.slot);
    TRY(call_saved(c, revoke_tokens(c, &m)));
    return member_answer(c, &m);
}
