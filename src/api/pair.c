/* pair.c - see pair.h. */
#include "api/pair.h"

#include <stdio.h>
#include <stdlib.h>

#include "json/key_out.h"

enum { RETRY_S = 1 };

static void pair_free(void *state)
{
    struct pair *p = state;

    mint_job_wipe(&p->job);
    free(p);
}

/* From here on the minter has nothing to do with it any more. */
static void done(void *ctx)
{
    struct pair *p = ctx;

    p->done(p->done_ctx);
}

static enum kw_err start(struct call *c, call_done *is_done, void *ctx)
{
    struct pair *p = c->wait.state;

    p->done = is_done;
    p->done_ctx = ctx;
    enum kw_err err = minter_submit(c->server->minter, &p->job);
    if (err != KW_EBUSY)
        return err;
    c->retry_after_s = RETRY_S;
    return problem_say(&c->problem, 503, "busy",
                       "Too many tokens are being made at this moment: try again in a second");
}

static json_t *pair_out(const struct pair *p)
{
    const struct mint_job *j = &p->job;
    const struct family *f = &j->family;
    int64_t now_ms = p->call->now_ms, access_ms = f->access_ends_ms - now_ms;

    return json_pack("{s:s, s:s, s:s%, s:s, s:I, s:s%, s:o, s:s, s:o}", "id", f->id, "key", f->key,
                     "accessToken", j->access.p, j->access.n, "tokenType", "Bearer", "expiresIn",
                     (json_int_t)(access_ms < 0 ? 0 : access_ms / 1000), "refreshToken",
                     j->refresh.p, j->refresh.n, "refreshEnds", json_out_moment(f->ends_ms),
                     "environment", kw_environment_name(f->environment), "permissions",
                     permissions_out(f->permissions));
}

/* What became of the family while the change was under way is told when its token is used. */
static enum kw_err go_on(struct call *c)
{
    struct pair *p = c->wait.state;
    const struct mint_job *j = &p->job;

    if (j->err == KW_ECONFLICT || j->err == KW_ENOTFOUND)
        return problem_say(&c->problem, 401, "token_ended",
                           "The token was ended meanwhile: exchange the key for another");
    if (j->err == KW_ERANGE)
        return problem_say(&c->problem, 409, "too_many_tokens",
                           "The key has %d families of tokens that have not ended: refresh them "
                           "instead of exchanging the key each time, or end some",
                           FAMILY_PER_KEY_MAX);
    if (j->outcome == MINT_REUSED && (j->err == KW_OK || j->err == KW_EUNSAVED)) /* it is ended */
        return refusal_say(c, &p->refusal);
    TRY(call_saved_new(c, j->err, "family of tokens", j->family.id, "ask for others"));
    if (j->outcome != MINT_DONE)
        return refusal_say(c, &p->refusal);
    return call_answer(c, 200, pair_out(p));
}

enum kw_err pair_new(struct call *c, struct pair **out)
{
    struct pair *p = calloc(1, sizeof *p);

    if (p == NULL)
        return KW_ENOMEM;
    p->call = c;
    p->job.ctx = p;
    p->job.done = done;
    p->job.now_ms = c->now_ms;
    c->wait.state = p;
    c->wait.free = pair_free;
    *out = p;
    return KW_OK;
}

void pair_ask(struct pair *p, enum kw_err (*then)(struct call *c))
{
    p->call->wait.start = start;
    p->call->wait.go_on = then;
}

void pair_go(struct pair *p)
{
    pair_ask(p, go_on);
}
