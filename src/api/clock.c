/* clock.c - the calls that tell the time that is trusted, and believe the wall clock again. */
#include <inttypes.h>

#include "api/api.h"
#include "base/log.h"

static enum kw_err answer(struct call *c)
{
    struct sync_clock clock;

    sync_clock(c->server->sync, &clock);
    return call_answer(c, 200,
                       json_pack("{s:o, s:I, s:b, s:I}", "time", json_out_moment(clock.now_us / 1000),
                                 "wallClockAheadMs", (json_int_t)(clock.ahead_us / 1000), "jumped",
                                 (int)clock.jumped, "doubtMs", (json_int_t)(clock.doubt_us / 1000)));
}

enum kw_err clock_get(struct call *c)
{
    TRY(call_no_parameters(c));
    return answer(c);
}

enum kw_err clock_accept(struct call *c)
{
    struct sync_clock clock;

    TRY(call_no_parameters(c));
    TRY(call_needs_step_up(c, "Believing the wall clock"));
    TRY(recording_drain(c->server->recording)); /* what cannot be put on the record is not done */
    sync_clock(c->server->sync, &clock);
    log_warn("the wall clock was accepted by %s: time moves by %" PRId64 " s", c->caller.actor,
             clock.ahead_us / 1000000);
    sync_accept_clock(c->server->sync);
    TRY(recording_note(c->server->recording, "the wall clock was accepted by %s", c->caller.actor));
    return answer(c);
}
