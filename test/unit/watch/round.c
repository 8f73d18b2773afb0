/* round.c - what is on the record is counted exactly once, whatever happens in between. */
#include "watch/round.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "kit.h"

static const int64_t second_us = 1000000, day_us = INT64_C(86400) * 1000000;

static struct event denied(int64_t time_us, const char key[15], enum kw_reason why)
{
    struct event e = rig_event(time_us, key);

    e.reason = why;
    e.status = (uint16_t)kw_reason_status(why);
    return e;
}

/* ---- counted ---- */

static void round_everybody_the_account_and_the_key_are_counted(void **state)
{
    struct kit k;
    struct event stranger = rig_stranger(RIG_NOON, 1);

    (void)state;
    kit_init(&k);
    memset(stranger.key_id, 0, sizeof stranger.key_id);
    stranger.reason = KW_WHY_MISSING_KEY;
    const struct event events[] = {
        rig_event(RIG_NOON, KIT_KEY), rig_event(RIG_NOON + second_us, KIT_KEY),
        denied(RIG_NOON, KIT_KEY, KW_WHY_RATE_LIMITED), rig_event(RIG_NOON, KIT_OTHER), stranger};
    kit_write(&k, RIG_NOON, events, COUNT_OF(events));
    struct round_result result = kit_count(&k);
    assert_int_equal(result.batch, 1);
    assert_int_equal(result.time_us, RIG_NOON);

    struct ask_answer all = kit_ask_day(&k, RIG_NOON, NULL, NULL);
    assert_int_equal(all.all.allowed, 3);
    assert_int_equal(all.all.denied, 2);
    assert_int_equal(all.reasons[KW_WHY_MISSING_KEY], 1);
    assert_int_equal(all.n_sources, 0);
    struct ask_answer acme = kit_ask_day(&k, RIG_NOON, NULL, "acme");
    assert_int_equal(acme.all.allowed, 2);
    assert_int_equal(acme.all.denied, 1);
    struct ask_answer key = kit_ask_day(&k, RIG_NOON, KIT_KEY, NULL);
    assert_int_equal(key.classes[KW_CLASS_READ].allowed, 2);
    assert_int_equal(key.reasons[KW_WHY_RATE_LIMITED], 1);
    assert_int_equal(key.n_sources, 1);
    assert_string_equal(key.sources[0].net, "192.0.2.0/24");
    assert_int_equal(key.sources[0].count.allowed, 2);
    assert_int_equal(key.sources[0].last_ms, (RIG_NOON + second_us) / 1000);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, NULL, "shop").all.denied, 0);
    kit_deinit(&k);
}

/* An attempt with a wrong secret is the key's that it claims: the rule by which GET /v1/events shows it. */
static void round_an_unproved_attempt_belongs_to_the_key_it_claims(void **state)
{
    struct kit k;
    struct event e = rig_stranger(RIG_NOON, 1);

    (void)state;
    kit_init(&k);
    kit_write(&k, RIG_NOON, &e, 1);
    kit_count(&k);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, "7Q2mK4T9xJ1aBd", NULL).all.denied, 1);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, NULL, "acme").all.denied, 1);
    kit_deinit(&k);
}

static void round_a_summary_counts_with_its_count_and_a_gap_not_at_all(void **state)
{
    struct kit k;
    struct event summary = rig_stranger(RIG_NOON, 1),
                 gap = {.kind = EVENT_GAP, .count = 9, .time_us = RIG_NOON};

    (void)state;
    kit_init(&k);
    summary.kind = EVENT_SUMMARY;
    summary.count = 3000000000;
    memset(summary.key_id, 0, sizeof summary.key_id);
    const struct event events[] = {summary, gap, summary};
    kit_write(&k, RIG_NOON, events, COUNT_OF(events));
    kit_count(&k);
    struct ask_answer all = kit_ask_day(&k, RIG_NOON, NULL, NULL);
    assert_int_equal(all.all.denied, 6000000000);
    assert_int_equal(all.reasons[KW_WHY_UNAVAILABLE], 0);
    kit_deinit(&k);
}

static void round_each_event_lies_in_its_own_minute_and_environment(void **state)
{
    struct kit k;
    struct event events[] = {rig_event(RIG_NOON, KIT_KEY),
                             rig_event(RIG_NOON + 60 * second_us, KIT_KEY),
                             rig_event(RIG_NOON + 60 * second_us, KIT_KEY)};

    (void)state;
    kit_init(&k);
    events[2].environment = KW_SANDBOX;
    kit_write(&k, RIG_NOON + 60 * second_us, events, COUNT_OF(events));
    kit_count(&k);
    struct ask q = {.step = STEP_MINUTE, .first = step_at(STEP_MINUTE, RIG_NOON / 1000) - 1, .n = 4};
    struct ask_answer a = kit_ask(&k, &q);
    assert_int_equal(a.buckets[0].allowed, 0);
    assert_int_equal(a.buckets[1].allowed, 1);
    assert_int_equal(a.buckets[2].allowed, 2);
    assert_int_equal(a.buckets[3].allowed, 0);
    q.environment = KW_SANDBOX;
    assert_int_equal(kit_ask(&k, &q).all.allowed, 1);
    kit_deinit(&k);
}

/* ---- exactly once ---- */

static void round_what_is_counted_is_not_counted_again(void **state)
{
    struct kit k;

    (void)state;
    kit_init(&k);
    for (int64_t i = 1; i <= 20; i++) {
        struct event e = rig_event(RIG_NOON + i, KIT_KEY);
        kit_write(&k, RIG_NOON + i, &e, 1);
        if (i % 3 == 0)
            kit_count(&k);
        if (i % 4 == 0)
            kit_restart(&k);
    }
    kit_count(&k);
    kit_restart(&k);
    kit_count(&k);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, KIT_KEY, NULL).all.allowed, 20);
    kit_deinit(&k);
}

/* What a process that is killed leaves behind: nothing of the transaction it was in. */
static void round_killed_at_any_moment_counts_exactly_once(void **state)
{
    struct kit k;
    uint32_t n = 0;

    (void)state;
    kit_init(&k);
    for (; n < 12; n++) {
        struct event e = rig_event(RIG_NOON + n, KIT_KEY);
        kit_write(&k, RIG_NOON + n, &e, 1);
        rounds_free(k.rounds); /* a database must not go through a fork */
        k.rounds = NULL;
        pid_t pid = fork();
        if (pid == 0) {
            struct round_result result;
            k.owner_fails = KW_OK;
            k.rounds = NULL;
            kit_restart(&k);
            for (;;) {
                ignore(rounds_run(k.rounds, &result));
                kit_restart(&k);
            }
        }
        usleep(1000 * (n + 1));
        assert_int_equal(kill(pid, SIGKILL), 0);
        waitpid(pid, NULL, 0);
        kit_restart(&k);
        kit_count(&k);
        assert_int_equal(kit_ask_day(&k, RIG_NOON, KIT_KEY, NULL).all.allowed, n + 1);
    }
    kit_deinit(&k);
}

static void round_what_is_not_durable_yet_waits(void **state)
{
    struct kit k;
    struct event e = rig_event(RIG_NOON, KIT_KEY);

    (void)state;
    kit_init(&k);
    kit_write(&k, RIG_NOON, &e, 1);
    kit_write(&k, RIG_NOON, &e, 1);
    k.durable = 1;
    assert_int_equal(kit_count(&k).batch, 1);
    k.durable = 0; /* a full disk: not now */
    assert_int_equal(kit_count(&k).batch, 1);
    k.durable = 2;
    assert_int_equal(kit_count(&k).batch, 2);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, KIT_KEY, NULL).all.allowed, 2);
    kit_deinit(&k);
}

static void round_that_fails_is_made_again_whole(void **state)
{
    struct kit k;
    struct round_result result;
    const struct event events[] = {rig_event(RIG_NOON, KIT_KEY), rig_event(RIG_NOON, KIT_OTHER)};

    (void)state;
    kit_init(&k);
    kit_write(&k, RIG_NOON, events, 1);
    kit_count(&k);
    kit_write(&k, RIG_NOON, events, 2);
    k.owner_fails = KW_EIO;
    assert_err(rounds_run(k.rounds, &result), KW_EIO);
    assert_int_equal(result.batch, 1);
    assert_false(result.more);
    k.owner_fails = KW_OK;
    assert_int_equal(kit_count(&k).batch, 2);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, NULL, NULL).all.allowed, 3);
    kit_deinit(&k);
}

/* No file may grow: what a full disk does to it. */
static void round_a_full_disk_stops_it_and_it_goes_on_later(void **state)
{
    struct kit k;
    struct round_result result;
    struct rlimit room, none;
    struct event e = rig_event(RIG_NOON, KIT_KEY);

    (void)state;
    kit_init(&k);
    kit_write(&k, RIG_NOON, &e, 1);
    kit_count(&k);
    kit_write(&k, RIG_NOON, &e, 1);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &room), 0);
    none = (struct rlimit){0, room.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    enum kw_err err = rounds_run(k.rounds, &result);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &room), 0);
    assert_true(err == KW_EIO || err == KW_EFULL);
    assert_int_equal(result.batch, 1);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, KIT_KEY, NULL).all.allowed, 1);
    assert_int_equal(kit_count(&k).batch, 2);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, KIT_KEY, NULL).all.allowed, 2);
    assert_int_not_equal(access(folder_file(&k.rig.folder, "usage.db.damaged"), F_OK), 0);
    kit_deinit(&k);
}

static void round_goes_on_into_the_next_day_and_behind_removed_ones(void **state)
{
    struct kit k;
    char name[DAY_PATH_MAX];

    (void)state;
    kit_init(&k);
    for (int64_t day = 0; day < 4; day++) {
        struct event e = rig_event(RIG_NOON + day * day_us, KIT_KEY);
        kit_write(&k, e.time_us, &e, 1);
        if (day == 0)
            kit_count(&k);
    }
    for (int32_t day = RIG_DAY; day < RIG_DAY + 2; day++) {
        assert_ok(day_path(k.rig.audit, day, ".seg", name));
        assert_int_equal(unlink(name), 0);
    }
    kit_restart(&k);
    assert_int_equal(kit_count(&k).batch, 4);
    const struct ask q = {.step = STEP_DAY, .first = RIG_DAY, .n = 4};
    struct ask_answer a = kit_ask(&k, &q);
    assert_int_equal(a.buckets[0].allowed, 1);
    assert_int_equal(a.buckets[1].allowed, 0); /* removed before it was counted */
    assert_int_equal(a.buckets[2].allowed, 1);
    assert_int_equal(a.buckets[3].allowed, 1);
    kit_deinit(&k);
}

/* ---- damaged, another ---- */

static void overwrite(const char *path, off_t at, size_t n)
{
    AUTO(file_closep) int fd = open(path, O_WRONLY | O_CLOEXEC);

    assert_true(fd >= 0);
    for (size_t i = 0; i < n; i++)
        assert_ok(file_pwrite(fd, "\xa5", 1, at + (off_t)i));
}

static bool is_there(const struct kit *k, const char *name)
{
    return access(folder_file(&k->rig.folder, name), F_OK) == 0;
}

static void round_a_damaged_file_is_moved_aside_and_counted_anew(void **state)
{
    struct kit k;
    struct event e = rig_event(RIG_NOON, KIT_KEY);

    (void)state;
    kit_init(&k);
    kit_write(&k, RIG_NOON, &e, 1);
    kit_write(&k, RIG_NOON, &e, 1);
    kit_count(&k);
    rounds_free(k.rounds);
    k.rounds = NULL;
    overwrite(k.file, 0, 100);
    kit_restart(&k);
    kit_write(&k, RIG_NOON, &e, 1);
    assert_int_equal(kit_count(&k).batch, 3);
    assert_true(is_there(&k, "usage.db.damaged"));
    assert_int_equal(kit_ask_day(&k, RIG_NOON, KIT_KEY, NULL).all.allowed, 3);
    kit_deinit(&k);
}

static void round_a_missing_file_is_counted_anew(void **state)
{
    struct kit k;
    struct event e = rig_event(RIG_NOON, KIT_KEY);

    (void)state;
    kit_init(&k);
    kit_write(&k, RIG_NOON, &e, 1);
    kit_count(&k);
    rounds_free(k.rounds);
    k.rounds = NULL;
    assert_int_equal(unlink(k.file), 0);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, KIT_KEY, NULL).all.allowed, 0);
    kit_restart(&k);
    kit_count(&k);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, KIT_KEY, NULL).all.allowed, 1);
    kit_deinit(&k);
}

static void round_a_page_that_is_damaged_is_noticed_when_it_is_read(void **state)
{
    struct kit k;
    struct stat st;
    struct round_result result;
    struct event e = rig_event(RIG_NOON, KIT_KEY);

    (void)state;
    kit_init(&k);
    kit_write(&k, RIG_NOON, &e, 1);
    kit_count(&k);
    rounds_free(k.rounds);
    k.rounds = NULL;
    assert_int_equal(stat(k.file, &st), 0);
    overwrite(k.file, 4096, (size_t)st.st_size - 4096);
    kit_restart(&k);
    kit_write(&k, RIG_NOON, &e, 1);
    for (int tries = 0; tries < 3 && rounds_run(k.rounds, &result) != KW_OK; tries++)
        ;
    assert_int_equal(kit_count(&k).batch, 2);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, KIT_KEY, NULL).all.allowed, 2);
    kit_deinit(&k);
}

static void round_another_record_is_counted_from_its_beginning(void **state)
{
    struct kit k;
    struct event e = rig_event(RIG_NOON, KIT_KEY);

    (void)state;
    kit_init(&k);
    for (int i = 0; i < 3; i++)
        kit_write(&k, RIG_NOON, &e, 1);
    kit_count(&k);
    kit_replace_record(&k);
    kit_restart(&k);
    for (int i = 0; i < 3; i++) { /* as long as the other; only its hashes differ */
        e = rig_event(RIG_NOON + 1, KIT_KEY);
        kit_write(&k, RIG_NOON, &e, 1);
    }
    kit_write(&k, RIG_NOON, &e, 1);
    assert_int_equal(kit_count(&k).batch, 4);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, KIT_KEY, NULL).all.allowed, 4);
    kit_deinit(&k);
}

static void round_a_day_that_cannot_be_read_on_is_passed_over(void **state)
{
    struct kit k;
    char name[DAY_PATH_MAX];
    struct event e = rig_event(RIG_NOON, KIT_KEY);

    (void)state;
    kit_init(&k);
    kit_write(&k, RIG_NOON, &e, 1);
    kit_count(&k);
    kit_write(&k, RIG_NOON, &e, 1);
    e.time_us = RIG_NOON + day_us;
    kit_write(&k, e.time_us, &e, 1);
    assert_ok(day_path(k.rig.audit, RIG_DAY, ".seg", name));
    struct stat st;
    assert_int_equal(stat(name, &st), 0);
    overwrite(name, st.st_size / 2, 8);
    kit_restart(&k);
    assert_int_equal(kit_count(&k).batch, 3);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, KIT_KEY, NULL).all.allowed, 1);
    assert_int_equal(kit_ask_day(&k, e.time_us, KIT_KEY, NULL).all.allowed, 1);
    kit_deinit(&k);
}

int main(void)
{
    SUITE_TEST(round_everybody_the_account_and_the_key_are_counted);
    SUITE_TEST(round_an_unproved_attempt_belongs_to_the_key_it_claims);
    SUITE_TEST(round_a_summary_counts_with_its_count_and_a_gap_not_at_all);
    SUITE_TEST(round_each_event_lies_in_its_own_minute_and_environment);
    SUITE_TEST(round_what_is_counted_is_not_counted_again);
    SUITE_TEST(round_killed_at_any_moment_counts_exactly_once);
    SUITE_TEST(round_what_is_not_durable_yet_waits);
    SUITE_TEST(round_that_fails_is_made_again_whole);
    SUITE_TEST(round_a_full_disk_stops_it_and_it_goes_on_later);
    SUITE_TEST(round_goes_on_into_the_next_day_and_behind_removed_ones);
    SUITE_TEST(round_a_damaged_file_is_moved_aside_and_counted_anew);
    SUITE_TEST(round_a_missing_file_is_counted_anew);
    SUITE_TEST(round_a_page_that_is_damaged_is_noticed_when_it_is_read);
    SUITE_TEST(round_another_record_is_counted_from_its_beginning);
    SUITE_TEST(round_a_day_that_cannot_be_read_on_is_passed_over);
    return suite_run("watch/round");
}
