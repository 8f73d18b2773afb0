/* trusted.c - the time goes on by the boot clock, whatever the wall clock is set to. */
#include "sync/trusted.h"

#include "base/file.h"
#include "folder.h"
#include "suite.h"

#define S    ((int64_t)1000000)
#define HOUR (3600 * S)
#define WALL (1800000000 * S)
#define BOOT (5000 * (uint64_t)S)

static void X5_a_jump_of_the_wall_clock_moves_nothing_until_it_is_accepted(void **state)
{
    const int64_t *jump = *state;
    struct trusted t;

    trusted_open(&t, NULL, 0, BOOT, WALL);
    trusted_look(&t, BOOT + 100000, WALL + 100000 + *jump);
    assert_true(t.jumped);
    assert_int_equal(t.ahead_us, *jump);
    assert_int_equal(trusted_now_us(&t, BOOT + 100000), WALL + 100000);
    trusted_look(&t, BOOT + HOUR, WALL + HOUR + *jump);
    assert_int_equal(trusted_now_us(&t, BOOT + HOUR), WALL + HOUR);
    trusted_accept(&t, BOOT + HOUR, WALL + HOUR + *jump);
    assert_false(t.jumped);
    assert_int_equal(trusted_now_us(&t, BOOT + HOUR), WALL + HOUR + *jump);
}

static void X5_a_wall_clock_that_comes_back_is_believed_again(void **state)
{
    struct trusted t;

    (void)state;
    trusted_open(&t, NULL, 0, BOOT, WALL);
    trusted_look(&t, BOOT, WALL - HOUR);
    assert_true(t.jumped);
    trusted_look(&t, BOOT + 1, WALL + 1);
    assert_false(t.jumped);
}

static void X5_small_steps_are_followed_slowly(void **state)
{
    struct trusted t;

    (void)state;
    trusted_open(&t, NULL, 0, BOOT, WALL);
    for (int i = 1; i <= 20; i++)
        trusted_look(&t, BOOT, WALL + 2 * S);
    assert_int_equal(trusted_now_us(&t, BOOT), WALL + (int64_t)20 * TRUSTED_STEP_US);
    for (int i = 1; i <= 1000; i++)
        trusted_look(&t, BOOT, WALL + 2 * S);
    assert_int_equal(trusted_now_us(&t, BOOT), WALL + 2 * S);
}

static void X5_a_restart_goes_on_from_what_was_saved(void **state)
{
    struct folder f;
    struct trusted t;

    (void)state;
    folder_make(&f);
    const char *path = folder_file(&f, "clock");
    trusted_open(&t, path, 0, BOOT, WALL);
    trusted_open(&t, path, 0, BOOT + 60 * S, WALL + HOUR);
    assert_true(t.jumped);
    assert_int_equal(trusted_now_us(&t, BOOT + 60 * S), WALL + 60 * S);
    trusted_open(&t, path, 0, BOOT + 70 * S, WALL - HOUR);
    assert_true(t.jumped);
    assert_int_equal(trusted_now_us(&t, BOOT + 70 * S), WALL + 70 * S);
    folder_remove(&f);
}

/* How long the machine was off nobody knows; that it was not less than nothing, everybody. */
static void X5_after_a_start_of_the_machine_time_does_not_go_back(void **state)
{
    static const char line[] = "00000000000000000000000000000000 9000000000 1800000000000000\n";
    struct folder f;
    struct trusted t;

    (void)state;
    folder_make(&f);
    const char *path = folder_file(&f, "clock");
    assert_ok(file_replace(path, (struct str){line, sizeof line - 1}, 0600));
    trusted_open(&t, path, 0, BOOT, WALL - HOUR);
    assert_true(t.jumped);
    assert_true(trusted_now_us(&t, BOOT) >= WALL);
    assert_ok(file_replace(path, (struct str){line, sizeof line - 1}, 0600));
    trusted_open(&t, path, 0, BOOT, WALL + 24 * HOUR);
    assert_false(t.jumped);
    assert_int_equal(trusted_now_us(&t, BOOT), WALL + 24 * HOUR);
    assert_ok(file_replace(path, STR("nothing of ours"), 0600));
    trusted_open(&t, path, 0, BOOT, WALL);
    assert_int_equal(trusted_now_us(&t, BOOT), WALL);
    folder_remove(&f);
}

/* A machine whose clock is wrong at its start, or that was off for longer than anybody would think. */
static void X5_a_clock_that_is_far_ahead_after_a_start_is_doubted_until_it_is_accepted(void **state)
{
    static const char line[] = "00000000000000000000000000000000 9000000000 1800000000000000\n";
    const int64_t ahead = INT64_C(4000) * 24 * HOUR;
    struct folder f;
    struct trusted t;

    (void)state;
    folder_make(&f);
    const char *path = folder_file(&f, "clock");
    assert_ok(file_replace(path, (struct str){line, sizeof line - 1}, 0600));
    trusted_open(&t, path, 0, BOOT, WALL + ahead);
    assert_false(t.jumped);
    assert_int_equal(trusted_now_us(&t, BOOT) - t.doubt_us, WALL + (int64_t)BOOT);
    for (int64_t later = S; later <= 3 * S; later += S) {
        trusted_open(&t, path, 0, BOOT + (uint64_t)later, WALL + ahead + later);
        assert_int_equal(t.doubt_us, ahead - (int64_t)BOOT);
    }
    trusted_accept(&t, BOOT + 10 * S, WALL + 10 * S);
    assert_int_equal(t.doubt_us, 0);
    trusted_open(&t, path, 0, BOOT + 20 * S, WALL + 20 * S);
    assert_int_equal(t.doubt_us, 0);
    folder_remove(&f);
}

static void X5_without_a_file_what_the_record_knows_is_known(void **state)
{
    struct trusted t;

    (void)state;
    trusted_open(&t, NULL, WALL, BOOT, WALL + TRUSTED_OFF_US);
    assert_int_equal(t.doubt_us, 0);
    trusted_open(&t, NULL, WALL, BOOT, WALL + TRUSTED_OFF_US + S);
    assert_int_equal(t.doubt_us, TRUSTED_OFF_US + S);
    trusted_open(&t, NULL, 0, BOOT, WALL);
    assert_int_equal(t.doubt_us, 0);
}

int main(void)
{
    static const int64_t forward = HOUR, back = -HOUR;

    suite_add("X5_a_jump_of_the_wall_clock_moves_nothing_until_it_is_accepted", "forward",
              X5_a_jump_of_the_wall_clock_moves_nothing_until_it_is_accepted, &forward);
    suite_add("X5_a_jump_of_the_wall_clock_moves_nothing_until_it_is_accepted", "back",
              X5_a_jump_of_the_wall_clock_moves_nothing_until_it_is_accepted, &back);
    SUITE_TEST(X5_a_wall_clock_that_comes_back_is_believed_again);
    SUITE_TEST(X5_small_steps_are_followed_slowly);
    SUITE_TEST(X5_a_restart_goes_on_from_what_was_saved);
    SUITE_TEST(X5_after_a_start_of_the_machine_time_does_not_go_back);
    SUITE_TEST(X5_a_clock_that_is_far_ahead_after_a_start_is_doubted_until_it_is_accepted);
    SUITE_TEST(X5_without_a_file_what_the_record_knows_is_known);
    return suite_run("sync/trusted");
}
