/* slowly.c - see slowly.h. */
#include "api/slowly.h"

#include <stdlib.h>

enum { RETRY_S = 5 };

struct slow {
    struct call *call;
    call_handler *work;
    call_handler *then; /* NULL: the work has answered */
    enum kw_err err;    /* what it said */
    call_done *done;
    void *done_ctx;
};

static void run(void *ctx, bool is_over)
{
    struct slow *s = ctx;

    s->err = is_over ? KW_EUNAVAILABLE : s->work(s->call);
    s->done(s->done_ctx);
}

/* A member is one asker, whatever he signs in with. The caller is looked up anew only when the work has been done. */
static struct str asker_of(const struct call *c)
{
    return str_from(c->caller.member[0] != '\0' ? c->caller.member : c->caller.actor);
}

static enum kw_err start(struct call *c, call_done *done, void *ctx)
{
    struct slow *s = c->wait.state;

    s->done = done;
    s->done_ctx = ctx;
    enum kw_err err = worker_submit(c->server->worker, &(struct worker_job){asker_of(c), run, s});
    if (err != KW_EBUSY)
        return err;
    c->retry_after_s = RETRY_S;
    return problem_say(&c->problem, 503, "busy",
                       "Too many searches wait at this moment, of yours or of all: try again in a "
                       "few seconds");
}

static enum kw_err go_on(struct call *c)
{
    const struct slow *s = c->wait.state;

    return s->err != KW_OK || s->then == NULL ? s->err : s->then(c);
}

enum kw_err slowly_then(struct call *c, call_handler *work, call_handler *then)
{
    struct slow *s = calloc(1, sizeof *s);

    if (s == NULL)
        return KW_ENOMEM;
    s->call = c;
    s->work = work;
    s->then = then;
    c->wait.state = s;
    c->wait.free = free;
    c->wait.start = start;
    c->wait.go_on = go_on;
    return KW_OK;
}

enum kw_err slowly(struct call *c, call_handler *work)
{
    return slowly_then(c, work, NULL);
}
