/* warning.c - each stage of a rotation is warned of by one word, and read back from the event that it became. */
#include "core/warning.h"

#include "suite.h"

static const struct of {
    const char *why;
    enum rotation_stage stage;
    uint32_t days;
    enum warning want;
} ofs[] = {
    {"never", ROTATION_NEVER, 0, WARNING_NONE},
    {"fine", ROTATION_FINE, 90, WARNING_NONE},
    {"30 days", ROTATION_IN_30, 90, WARNING_DUE_30},
    {"30 days, of as many", ROTATION_IN_30, 30, WARNING_NONE},
    {"30 days, of 31", ROTATION_IN_30, 31, WARNING_DUE_30},
    {"a week", ROTATION_IN_7, 90, WARNING_DUE_7},
    {"a week, of as many days", ROTATION_IN_7, 7, WARNING_NONE},
    {"a day", ROTATION_IN_1, 7, WARNING_DUE_1},
    {"a day, of one", ROTATION_IN_1, 1, WARNING_NONE},
    {"overdue", ROTATION_OVERDUE, 1, WARNING_OVERDUE},
};

static void a_stage_is_warned_of_unless_the_key_lives_no_longer(void **state)
{
    const struct of *row = *state;

    assert_int_equal(warning_of(row->stage, row->days), row->want);
}

static void a_warning_is_read_back_from_its_bytes(void **state)
{
    uint8_t bytes[EVENT_MAX];

    (void)state;
    for (enum warning w = WARNING_DUE_30; w < N_WARNINGS; w++) {
        struct event e = warning_event(w, 7), back;
        assert_ok(event_decode((struct str){(char *)bytes, event_encode(&e, bytes)}, &back));
        assert_int_equal(warning_in(&back), w);
        assert_int_equal(back.count, 0);
        assert_int_equal(back.time_us, 7);
        assert_false(event_is_allowed(&back));
        assert_true(strlen(warning_sentence(w)) > 0);
    }
}

static void what_is_no_warning_is_none(void **state)
{
    struct event agent = warning_event(WARNING_OVERDUE, 7), later = agent;

    (void)state;
    agent.kind = EVENT_DECISION; /* a stranger's agent may be any text */
    assert_int_equal(warning_in(&agent), WARNING_NONE);
    later.agent = STR("rotation_overdue_for_long");
    assert_int_equal(warning_in(&later), WARNING_NONE);
    later.agent = (struct str){NULL, 0};
    assert_int_equal(warning_in(&later), WARNING_NONE);
}

int main(void)
{
    SUITE_ROWS(a_stage_is_warned_of_unless_the_key_lives_no_longer, ofs);
    SUITE_TEST(a_warning_is_read_back_from_its_bytes);
    SUITE_TEST(what_is_no_warning_is_none);
    return suite_run("core/warning");
}
