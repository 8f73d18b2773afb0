/* key_change.c - see key_change.h. */
#include "api/key_change.h"

#include "api/key_in.h"
#include "api/key_one.h"
#include "api/key_right.h"

enum kw_err key_change_step(struct call *c, const struct grant *g, enum key_step step,
                            enum key_state *to)
{
    bool expired = lifecycle_expired(grant_ends_ms(g), c->now_ms);

    if (lifecycle_step(g->state, expired, step, to) == KW_OK)
        return KW_OK;
    return problem_say(&c->problem, 409, "conflict", "The key is %s, which is final: make a new one",
                       lifecycle_name(g->state, expired));
}

enum kw_err key_change(struct call *c, const json_t *body)
{
    struct grant g = {.slot = 0}, before;

    TRY(key_one_find(c, &g));
    TRY(key_right_touch(c, &g));
    TRY(call_if_match(c, "key", g.version));
    TRY(key_change_step(c, &g, STEP_CHANGE, &g.state));
    before = g;
    TRY(key_in_change(body, c->now_ms, &c->problem, &g));
    TRY(key_right_become(c, &before, &g));
    TRY(key_one_changed(c, sync_change_key(c->server->sync, call_actor(c), &g)));
    return key_one_answer(c, &g);
}
