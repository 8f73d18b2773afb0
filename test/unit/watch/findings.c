/* findings.c - what is found comes out of usage.db exactly once, whatever happens in between, and again when it is counted anew. */
#include "watch/findings.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kit.h"

static const int64_t second_us = 1000000, day_us = INT64_C(86400) * 1000000;

enum { SEEN_MAX = 20000 };

struct seen {
    struct findings_place at;
    size_t n;
    struct finding last;
    int64_t last_no;
    enum kw_err err;
    size_t n_until_err;
};

static enum kw_err see(void *ctx, int64_t no, const struct finding *f)
{
    struct seen *s = ctx;

    if (s->n == s->n_until_err)
        TRY(s->err);
    assert_true(no > s->last_no);
    s->last_no = no;
    s->last = *f;
    s->n++;
    return KW_OK;
}

static void read_on(const struct kit *k, struct seen *s, uint32_t limit)
{
    assert_ok(findings_after(k->file, &s->at, limit, see, s));
}

/* Something that is found at once, and again a day and more later. */
static void write_browser(struct kit *k, int64_t us, const char *key)
{
    struct event e = rig_event(us, key);

    e.flags |= EVENT_BROWSER | EVENT_PROVED;
    kit_write(k, us, &e, 1);
}

static void findings_come_once_and_in_order(void **state)
{
    struct kit k;
    struct seen s = {.n = 0};

    (void)state;
    kit_init(&k);
    read_on(&k, &s, 10); /* there is no file yet */
    assert_int_equal(s.n, 0);
    for (int64_t day = 0; day < 5; day++) {
        write_browser(&k, RIG_NOON + 2 * day * day_us, KIT_KEY);
        write_browser(&k, RIG_NOON + 2 * day * day_us + second_us, KIT_KEY);
    }
    k.now_us = RIG_NOON + 10 * day_us;
    kit_count(&k);
    read_on(&k, &s, 2);
    assert_int_equal(s.n, 2);
    assert_int_equal(s.last.detector, DETECT_BROWSER);
    assert_string_equal(s.last.subject, KIT_KEY);
    assert_string_equal(s.last.account, "acme");
    assert_int_equal(s.last.began_us, RIG_NOON + 2 * day_us);
    read_on(&k, &s, 10);
    read_on(&k, &s, 10);
    assert_int_equal(s.n, 5);
    kit_deinit(&k);
}

static void who_fails_is_given_the_same_again(void **state)
{
    struct kit k;
    struct seen s = {.err = KW_EIO, .n_until_err = 1};

    (void)state;
    kit_init(&k);
    write_browser(&k, RIG_NOON, KIT_KEY);
    write_browser(&k, RIG_NOON, KIT_OTHER);
    kit_count(&k);
    assert_err(findings_after(k.file, &s.at, 10, see, &s), KW_EIO);
    assert_int_equal(s.n, 1);
    s.err = KW_OK;
    read_on(&k, &s, 10);
    assert_int_equal(s.n, 2);
    assert_string_equal(s.last.account, "");
    kit_deinit(&k);
}

static void a_file_that_is_counted_anew_gives_the_same_findings_again(void **state)
{
    struct kit k;
    struct seen s = {.n = 0}, again;

    (void)state;
    kit_init(&k);
    for (int64_t i = 0; i < 30; i++) {
        struct event e = rig_stranger(RIG_NOON + i * second_us, 1);
        kit_write(&k, e.time_us, &e, 1);
    }
    kit_count(&k);
    read_on(&k, &s, 10);
    const struct findings_place at = s.at;
    assert_true(s.n >= 1);
    rounds_free(k.rounds);
    k.rounds = NULL;
    assert_int_equal(unlink(k.file), 0);
    kit_restart(&k);
    kit_count(&k);
    again = (struct seen){.at = at};
    read_on(&k, &again, 10);
    assert_int_not_equal(again.at.book, at.book);
    assert_int_equal(again.n, s.n);
    assert_memory_equal(&again.last, &s.last, sizeof s.last);
    kit_deinit(&k);
}

/* Half of what fills a bucket before a restart, half behind it. */
static void what_is_remembered_outlives_a_restart(void **state)
{
    struct kit k;
    struct seen s = {.n = 0};

    (void)state;
    kit_init(&k);
    for (int64_t i = 0; i < 12; i++) {
        struct event e = rig_stranger(RIG_NOON + i, 1);
        kit_write(&k, RIG_NOON + i, &e, 1);
        kit_count(&k);
        kit_restart(&k);
    }
    read_on(&k, &s, 10);
    assert_int_equal(s.n, 1);
    assert_int_equal(s.last.detector, DETECT_KEY_FAILURES);
    assert_string_equal(s.last.account, "acme");
    assert_int_equal(s.last.found_us, RIG_NOON + 9);
    kit_deinit(&k);
}

static void X8_killed_at_any_moment_it_finds_each_exactly_once(void **state)
{
    struct kit k;
    struct seen s = {.n = 0};
    uint32_t n = 0;

    (void)state;
    kit_init(&k);
    for (; n < 10; n++) {
        write_browser(&k, RIG_NOON + (int64_t)n * 2 * day_us, KIT_KEY);
        k.now_us = RIG_NOON + (int64_t)n * 2 * day_us;
        rounds_free(k.rounds); /* a database must not go through a fork */
        k.rounds = NULL;
        pid_t pid = fork();
        if (pid == 0) {
            struct round_result result;
            for (;;) {
                kit_restart(&k);
                ignore(rounds_run(k.rounds, &result));
            }
        }
        usleep(1000 * (n + 1));
        assert_int_equal(kill(pid, SIGKILL), 0);
        waitpid(pid, NULL, 0);
        kit_restart(&k);
        kit_count(&k);
        read_on(&k, &s, 10);
        assert_int_equal(s.n, n + 1);
    }
    kit_deinit(&k);
}

static void a_round_that_fails_has_found_nothing(void **state)
{
    struct kit k;
    struct round_result result;
    struct seen s = {.n = 0};

    (void)state;
    kit_init(&k);
    write_browser(&k, RIG_NOON, KIT_KEY);
    kit_count(&k);
    write_browser(&k, RIG_NOON + 2 * day_us, KIT_KEY);
    write_browser(&k, RIG_NOON + 2 * day_us, KIT_OTHER);
    k.owner_fails = KW_EIO;
    assert_err(rounds_run(k.rounds, &result), KW_EIO);
    read_on(&k, &s, 10);
    assert_int_equal(s.n, 1);
    k.owner_fails = KW_OK;
    kit_count(&k);
    read_on(&k, &s, 10);
    assert_int_equal(s.n, 3);
    kit_deinit(&k);
}

static void only_the_newest_are_kept(void **state)
{
    struct kit k;
    struct seen s = {.n = 0};
    struct book b;
    struct finding f = {.detector = DETECT_TEST};

    (void)state;
    kit_init(&k);
    assert_ok(book_open(k.file, &b));
    assert_ok(book_run(&b, BOOK_BEGIN));
    for (int i = 0; i < FINDINGS_MAX + 70; i++) {
        f.began_us = i;
        f.found_us = i < FINDINGS_MAX ? 0 : RIG_NOON;
        assert_ok(findings_add(&b, &f));
    }
    assert_ok(findings_add(&b, &f));
    assert_ok(findings_sweep(&b, 0));
    assert_ok(book_run(&b, BOOK_COMMIT));
    read_on(&k, &s, SEEN_MAX);
    assert_int_equal(s.n, FINDINGS_MAX);
    assert_int_equal(s.last.began_us, FINDINGS_MAX + 69);
    for (int i = 0; i < FINDINGS_MAX / 60; i++)
        assert_ok(findings_sweep(&b, RIG_NOON));
    s = (struct seen){.n = 0};
    read_on(&k, &s, SEEN_MAX);
    assert_int_equal(s.n, 70);
    book_close(&b);
    kit_deinit(&k);
}

static void damaged_states_and_findings_are_noticed(void **state)
{
    struct kit k;
    struct round_result result;
    struct seen s = {.n = 0};
    struct book b;

    (void)state;
    kit_init(&k);
    write_browser(&k, RIG_NOON, KIT_KEY);
    kit_count(&k);
    rounds_free(k.rounds);
    k.rounds = NULL;
    assert_ok(book_open(k.file, &b));
    assert_ok(db_script(&b.db, "UPDATE states SET image = substr(image, 2);"
                               "UPDATE findings SET bytes = substr(bytes, 1, 40)"));
    book_close(&b);
    assert_err(findings_after(k.file, &s.at, 10, see, &s), KW_EDAMAGED);
    kit_restart(&k);
    write_browser(&k, RIG_NOON, KIT_KEY);
    assert_true(rounds_run(k.rounds, &result) != KW_OK && result.more);
    kit_count(&k);
    read_on(&k, &s, 10);
    assert_int_equal(s.n, 1);
    kit_deinit(&k);
}

int main(void)
{
    SUITE_TEST(findings_come_once_and_in_order);
    SUITE_TEST(who_fails_is_given_the_same_again);
    SUITE_TEST(a_file_that_is_counted_anew_gives_the_same_findings_again);
    SUITE_TEST(what_is_remembered_outlives_a_restart);
    SUITE_TEST(X8_killed_at_any_moment_it_finds_each_exactly_once);
    SUITE_TEST(a_round_that_fails_has_found_nothing);
    SUITE_TEST(only_the_newest_are_kept);
    SUITE_TEST(damaged_states_and_findings_are_noticed);
    return suite_run("watch/findings");
}
