/* spend.c - the calls by which a backend asks before it moves money: reserve, then commit or release. */
#include <stdio.h>
#include <stdlib.h>

#include "api/api.h"
#include "api/spend_in.h"
#include "api/spend_out.h"
#include "core/key.h"
#include "crypto/random.h"

enum { RETRY_S = 1 };

struct spending {
    struct spend_job job;
    call_done *done;
    void *done_ctx;
};

/* ---- decided, in the spender's thread, and answered ---- */

static void decided(void *ctx)
{
    const struct spending *s = ctx;

    s->done(s->done_ctx);
}

static enum kw_err start(struct call *c, call_done *done, void *ctx)
{
    struct spending *s = c->wait.state;

    s->done = done;
    s->done_ctx = ctx;
    enum kw_err err = spender_submit(c->server->spender, &s->job);
    if (err != KW_EBUSY)
        return err;
    c->retry_after_s = RETRY_S;
    return problem_say(&c->problem, 503, "busy",
                       "Too many reservations wait at this moment: try again in a second");
}

static enum kw_err answer(struct call *c)
{
    const struct spending *s = c->wait.state;
    const struct spend_item *i = &s->job.item;
    bool is_new = i->step == SPEND_STEP_RESERVE;

    TRY(i->err);
    if (i->why != SPEND_NO_REASON)
        return spend_refused(c, i);
    c->is_replay = i->is_replay;
    if (is_new)
        snprintf(c->location, sizeof c->location, "/v1/spend/%s", i->r.id);
    return call_answer(c, is_new ? 201 : 200, spend_out(&i->r, c->now_ms));
}

static enum kw_err decide(struct call *c, const struct spend_item *item)
{
    struct spending *s = calloc(1, sizeof *s);

    if (s == NULL)
        return KW_ENOMEM;
    s->job = (struct spend_job){.item = *item, .done = decided, .ctx = s};
    s->job.item.account = call_account(c).p;
    s->job.item.actor = call_actor(c);
    c->wait.state = s;
    c->wait.free = free;
    c->wait.start = start;
    c->wait.go_on = answer;
    return KW_OK;
}

/* ---- the calls ---- */

enum kw_err spend_reserve(struct call *c)
{
    struct spend_item item = {.step = SPEND_STEP_RESERVE};

    TRY(call_no_parameters(c));
    TRY(spend_in_reserve(c->body, &c->problem, &item));
    TRY(random_base62(item.r.id, SPEND_ID_LEN));
    return decide(c, &item);
}

static enum kw_err no_such(struct call *c)
{
    return problem_say(&c->problem, 404, "not_found", "There is no reservation of that id");
}

static enum kw_err end(struct call *c, enum spend_step step, struct amount committed)
{
    struct spend_item item = {.step = step, .r.committed = committed};

    if (!key_id_ok(c->id)) /* the same form */
        return no_such(c);
    memcpy(item.r.id, c->id.p, SPEND_ID_LEN);
    return decide(c, &item);
}

enum kw_err spend_commit(struct call *c)
{
    struct amount committed;

    TRY(call_no_parameters(c));
    TRY(spend_in_commit(c->body, &c->problem, &committed));
    return end(c, SPEND_STEP_COMMIT, committed);
}

enum kw_err spend_release(struct call *c)
{
    TRY(call_no_parameters(c));
    return end(c, SPEND_STEP_RELEASE, (struct amount){.u = 0});
}

enum kw_err spend_get(struct call *c)
{
    struct reservation r;
    enum kw_err err = KW_ENOTFOUND;

    TRY(call_no_parameters(c));
    if (key_id_ok(c->id)) {
        struct store *store = sync_lock(c->server->sync);
        err = store_reservation(store, c->id, call_account(c).p, &r);
        sync_unlock(c->server->sync);
    }
    if (err == KW_ENOTFOUND)
        return no_such(c);
    TRY(err);
    return call_answer(c, 200, spend_out(&r, c->now_ms));
}
