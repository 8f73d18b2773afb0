/* call.c - what a member has to have proved just now, and for how long that counts. */
#include "server/call.h"

#include "suite.h"

static const int64_t now = 1700000000000;

static struct call by(enum caller_kind kind, int64_t proved_ms, int64_t stepped_up_ms)
{
    return (struct call){
        .now_ms = now,
        .caller = {.kind = kind, .proved_ms = proved_ms, .stepped_up_ms = stepped_up_ms}};
}

static void a_proof_counts_for_five_minutes(void **state)
{
    struct call c = by(CALLER_MEMBER, now - CALL_STEP_UP_MS + 1, now - CALL_STEP_UP_MS + 1);

    (void)state;
    assert_ok(call_needs_step_up(&c, "This"));
    assert_ok(call_needs_fresh_proof(&c, "This"));
    c.now_ms++;
    assert_err(call_needs_step_up(&c, "This"), KW_EINVAL);
    assert_int_equal(c.problem.status, 403);
    assert_string_equal(c.problem.code, "step_up_required");
    c.problem = (struct problem){0};
    assert_err(call_needs_fresh_proof(&c, "This"), KW_EINVAL);
    assert_string_equal(c.problem.code, "step_up_required");
}

static void who_has_no_one_time_password_is_never_stepped_up(void **state)
{
    struct call c = by(CALLER_MEMBER, now, 0);

    (void)state;
    assert_ok(call_needs_fresh_proof(&c, "This"));
    assert_err(call_needs_step_up(&c, "This"), KW_EINVAL);
    c.problem = (struct problem){0};
    c.now_ms = now + CALL_STEP_UP_MS;
    assert_err(call_needs_fresh_proof(&c, "This"), KW_EINVAL);
    assert_int_equal(c.problem.status, 403);
    assert_string_equal(c.problem.code, "sign_in_again");
}

static void programs_are_not_asked_for_one(void **state)
{
    (void)state;
    assert_ok(call_needs_step_up(&(struct call){.caller = {.kind = CALLER_TOKEN}}, "This"));
    assert_ok(call_needs_step_up(&(struct call){.caller = {.kind = CALLER_PEER}}, "This"));
    assert_ok(call_needs_fresh_proof(&(struct call){.caller = {.kind = CALLER_TOKEN}}, "This"));
    assert_ok(call_needs_fresh_proof(&(struct call){.caller = {.kind = CALLER_PEER}}, "This"));
}

int main(void)
{
    SUITE_TEST(a_proof_counts_for_five_minutes);
    SUITE_TEST(who_has_no_one_time_password_is_never_stepped_up);
    SUITE_TEST(programs_are_not_asked_for_one);
    return suite_run("server/call");
}
