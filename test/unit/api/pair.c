/* pair.c - what the minter came to, as who asked is told: a pair, a refusal, or that it could not be done. */
#include "api/pair.h"

#include "suite.h"

static const struct outcome {
    const char *why;
    enum kw_err err;
    enum mint_outcome outcome;
    int status;
    const char *code;
} outcomes[] = {
    {"reused, and ended", KW_OK, MINT_REUSED, 401, "token_reused"},
    {"reused, and ended, but not saved yet", KW_EUNSAVED, MINT_REUSED, 401, "token_reused"},
    {"reused, and not ended: the disk is full", KW_EFULL, MINT_REUSED, 507, "full"},
    {"reused, and not ended: the disk refuses", KW_EIO, MINT_REUSED, 500, "io"},
    {"reused, and not ended: changed all the time", KW_EBUSY, MINT_REUSED, 503, "busy"},
    {"reused, and not ended: no memory", KW_ENOMEM, MINT_REUSED, 503, "memory"},
    {"denied", KW_OK, MINT_DENIED, 401, "token_reused"},
    {"not saved", KW_EUNSAVED, MINT_DENIED, 507, "unsaved"},
    {"ended meanwhile", KW_ECONFLICT, MINT_DENIED, 401, "token_ended"},
    {"deleted meanwhile", KW_ENOTFOUND, MINT_DENIED, 401, "token_ended"},
    {"one too many", KW_ERANGE, MINT_DENIED, 409, "too_many_tokens"},
};

/* A refusal says that the family is ended: it is not said before that is so. */
static void D17_who_asked_is_told_what_became_of_the_family(void **state)
{
    const struct outcome *row = *state;
    struct call c = {.now_ms = 1};
    struct pair *p;

    assert_ok(pair_new(&c, &p));
    pair_go(p);
    p->job.err = row->err;
    p->job.outcome = row->outcome;
    p->refusal.decision.reason = KW_WHY_TOKEN_REUSED;
    p->refusal.decision.status = kw_reason_status(KW_WHY_TOKEN_REUSED);
    problem_of(c.wait.go_on(&c), &c.problem);
    assert_int_equal(c.problem.status, row->status);
    assert_string_equal(c.problem.code, row->code);
    c.wait.free(c.wait.state);
}

int main(void)
{
    SUITE_ROWS(D17_who_asked_is_told_what_became_of_the_family, outcomes);
    return suite_run("api/pair");
}
