/* deadlines.c - a connection has so long for each step, and no byte now and then makes it longer. */
#include "server/deadlines.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "suite.h"

enum { STEP_MS = 300, STEP_US = STEP_MS * 1000 };

static bool is_shut(int fd, int within_ms)
{
    struct pollfd p = {.fd = fd, .events = POLLRDHUP};

    return poll(&p, 1, within_ms) == 1;
}

static void X9_who_takes_too_long_is_shut_down(void **state)
{
    struct deadlines *d;
    int ends[2];

    (void)state;
    assert_ok(deadlines_new(2, STEP_US, &d));
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    struct connection_clock *c = deadlines_start(d, ends[0]);
    assert_non_null(c);
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_false(is_shut(ends[1], STEP_MS / 2));
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_true(is_shut(ends[1], 10000));
    deadlines_stop(d, c);
    deadlines_free(d);
    close(ends[0]);
    close(ends[1]);
}

static void a_step_gives_new_time_and_a_stopped_clock_shuts_nobody(void **state)
{
    struct deadlines *d;
    int ends[2];

    (void)state;
    assert_ok(deadlines_new(1, (uint64_t)20 * STEP_US, &d));
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    struct connection_clock *c = deadlines_start(d, ends[0]);
    deadlines_step(d, c);
    assert_null(deadlines_start(d, ends[1])); /* one at most */
    deadlines_stop(d, c);
    assert_false(is_shut(ends[1], STEP_MS));
    deadlines_step(d, NULL);
    deadlines_stop(d, NULL);
    deadlines_free(d);
    deadlines_free(NULL);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    SUITE_TEST(X9_who_takes_too_long_is_shut_down);
    SUITE_TEST(a_step_gives_new_time_and_a_stopped_clock_shuts_nobody);
    return suite_run("server/deadlines");
}
