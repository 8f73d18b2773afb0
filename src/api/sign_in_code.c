/* sign_in_code.c - the second half of a log-in: a code for the ticket of the first. */
#include "api/api.h"
#include "api/second_factor.h"
#include "api/signing.h"

struct given {
    struct str ticket, code, recovery; /* one of the latter two */
};

static enum kw_err read_body(struct call *c, struct given *g)
{
    static const char *const names[] = {"ticket", "code", "recoveryCode", NULL};

    TRY(json_in_only(c->body, names, &c->problem));
    TRY(json_in_required(c->body, "ticket", &c->problem, &g->ticket));
    TRY(json_in_text(c->body, "code", &c->problem, &g->code));
    TRY(json_in_text(c->body, "recoveryCode", &c->problem, &g->recovery));
    if ((g->code.p == NULL) == (g->recovery.p == NULL))
        return problem_field(
            &c->problem, "missing", "code",
            "Send the six digits as code, or one of your recovery codes as recoveryCode");
    return KW_OK;
}

/* One answer for a ticket that is over, a wrong code, one that was used, and too many of them. */
static enum kw_err refuse(struct call *c, enum sign_in_why why, const struct member *m)
{
    signing_record(c, SIGN_IN_FAILED, why, m, (struct str){NULL, 0});
    return problem_say(
        &c->problem, 401, "code_refused",
        "This code does not hold, or the log-in took too long or too many tries: wait "
        "for the next code, or begin again with your password");
}

static enum kw_err judge(struct call *c, const struct given *g, struct member *m,
                         enum sign_in_why *why)
{
    const struct attempt attempt = {.source = c->source.b,
                                    .email = str_from(m->email),
                                    .known_place = signing_knows_place(c, m)};
    struct attempts *attempts = c->server->people->attempts;

    *why = SIGN_IN_LOCKED;
    if (!attempts_take(attempts, &attempt, c->now_ms, NULL))
        return KW_OK;
    TRY(g->code.p != NULL ? second_factor_code(c, m, g->code, why)
                          : second_factor_recovery(c, m, g->recovery, why));
    if (*why == SIGN_IN_NO_REASON || *why == SIGN_IN_RECOVERY_CODE)
        attempts_succeed(attempts, &attempt);
    return KW_OK;
}

enum kw_err sign_in_code_post(struct call *c)
{
    struct half_login half;
    struct given g = {.code = {NULL, 0}};
    enum sign_in_why why;
    struct member m;

    TRY(call_no_parameters(c));
    TRY(read_body(c, &g));
    if (half_login_try(c->server->people->half, g.ticket, c->now_ms, &half) != KW_OK)
        return refuse(c, SIGN_IN_HALF_EXPIRED, NULL);
    if (signing_member(c, half.member_slot, &m) != KW_OK || m.epoch != half.epoch || !m.has_totp)
        return refuse(c, SIGN_IN_MEMBER_CHANGED, NULL);
    TRY(judge(c, &g, &m, &why));
    if (why != SIGN_IN_NO_REASON && why != SIGN_IN_RECOVERY_CODE)
        return refuse(c, why, &m);
    if (!half_login_end(c->server->people->half, g.ticket))
        return refuse(c, SIGN_IN_HALF_EXPIRED, &m);
    signing_record(c, SIGN_IN_DONE, why, &m, str_from(m.email));
    return signing_begin(c, &m);
}
