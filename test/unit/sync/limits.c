/* limits.c - limits that are lost: no quota is given once more. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/limits.h"
#include "suite.h"
#include "sync/house.h"

enum { QUOTA = 5 };

static struct grant key_with_quota(struct house *h, char text[KEY_MAX])
{
    struct grant g = house_key(h, 1, text);

    g.quota = (struct quota){QUOTA, QUOTA_MONTH};
    assert_ok(house_change(h, &g));
    return g;
}

static void use(const struct house *h, const char text[KEY_MAX], int n)
{
    for (int i = 0; i < n; i++)
        assert_int_equal(house_ask(h, text), KW_WHY_ALLOWED);
}

/* Exactly so many are left, not one more. */
static void assert_left(const struct house *h, const char text[KEY_MAX], int n)
{
    use(h, text, n);
    assert_int_equal(house_ask(h, text), KW_WHY_QUOTA_EXCEEDED);
}

static void another_start(struct house *h)
{
    house_shut(h); /* saves the quotas used */
    house_open(h);
}

static void tend(struct house *h)
{
    for (int i = 0; i < 3; i++)
        sync_tick(h->sync);
    usleep(150000); /* an engine without files tries again after 100 ms */
}

static void cut(const struct house *h, off_t size)
{
    assert_int_equal(truncate(house_file(h, "limits"), size), 0);
}

static void emptied(const struct house *h)
{
    cut(h, 0);
}

static void cut_to_its_misses(const struct house *h)
{
    cut(h, (off_t)limits_line_offset(0));
}

static void cut_before_the_key(const struct house *h)
{
    cut(h, (off_t)limits_line_offset(1));
}

static void deleted(const struct house *h)
{
    assert_int_equal(unlink(house_file(h, "limits")), 0);
}

static void filled(const struct house *h)
{
    static uint8_t garbage[1 << 16];
    int fd = open(house_file(h, "limits"), O_WRONLY | O_CLOEXEC);

    memset(garbage, 0x5a, sizeof garbage);
    assert_int_equal(pwrite(fd, garbage, sizeof garbage, 0), sizeof garbage);
    close(fd);
}

static const struct loss {
    const char *why;
    void (*lose)(const struct house *h);
} losses[] = {
    {"deleted", deleted},
    {"emptied", emptied},
    {"cut to its misses", cut_to_its_misses},
    {"cut before the key", cut_before_the_key},
    {"its header filled with garbage", filled},
};

static void X11_a_lost_file_gives_no_quota_once_more(void **state)
{
    const struct loss *row = *state;
    char text[KEY_MAX];
    struct house h;

    house_make(&h);
    key_with_quota(&h, text);
    use(&h, text, 3);
    another_start(&h);
    row->lose(&h);
    tend(&h);
    assert_left(&h, text, QUOTA - 3);
    house_clear(&h);
}

/* A file that was only unlinked is still counted in: nothing of it is lost, saved or not. */
static void X11_a_deleted_file_loses_nothing_that_was_not_saved(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    key_with_quota(&h, text);
    use(&h, text, 3);
    deleted(&h);
    use(&h, text, 1);
    tend(&h);
    assert_left(&h, text, QUOTA - 4);
    house_clear(&h);
}

/* Not more than what was used since the last save is given again. */
static void X11_a_cut_file_loses_only_what_was_not_saved(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    key_with_quota(&h, text);
    use(&h, text, 3);
    another_start(&h);
    use(&h, text, 1);
    emptied(&h);
    tend(&h);
    assert_left(&h, text, QUOTA - 3);
    house_clear(&h);
}

/* An engine that has been open all the time must not go on counting in the old file. */
static void X11_a_file_deleted_between_two_runs_is_given_up_by_everybody(void **state)
{
    char text[KEY_MAX];
    struct kw_engine *old;
    struct house h;

    (void)state;
    house_make(&h);
    key_with_quota(&h, text);
    use(&h, text, 3);
    house_shut(&h);
    deleted(&h);
    house_open(&h);
    use(&h, text, 1);
    old = h.engine;
    assert_ok(kw_open(h.run, &h.engine));
    assert_left(&h, text, QUOTA - 4);
    kw_close(h.engine);
    h.engine = old;
    assert_left(&h, text, 0);
    house_clear(&h);
}

/* What a verifier scribbles into a line is not what was saved. */
static void X11_garbage_does_not_take_the_place_of_what_was_saved(void **state)
{
    const struct limits_line garbage = {.tag = 0x5a5a, .rate = 1, .quota = 1};
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = key_with_quota(&h, text);
    use(&h, text, 3);
    another_start(&h);
    int fd = open(house_file(&h, "limits"), O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, &garbage, sizeof garbage, (off_t)limits_line_offset(g.slot)),
                     sizeof garbage);
    close(fd);
    another_start(&h);
    house_shut(&h);
    deleted(&h);
    house_open(&h);
    assert_left(&h, text, QUOTA - 3);
    house_clear(&h);
}

int main(void)
{
    SUITE_ROWS(X11_a_lost_file_gives_no_quota_once_more, losses);
    SUITE_TEST(X11_a_deleted_file_loses_nothing_that_was_not_saved);
    SUITE_TEST(X11_a_cut_file_loses_only_what_was_not_saved);
    SUITE_TEST(X11_a_file_deleted_between_two_runs_is_given_up_by_everybody);
    SUITE_TEST(X11_garbage_does_not_take_the_place_of_what_was_saved);
    return suite_run("sync/limits");
}
