/* crash.c - kill -9 of a verifier and of the recorder, at every stage: afterwards each attempt is on the record once. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "rig.h"

static struct rig_entries all;
static const char id[] = "7Q2mK4T9xJ1aBd";

/* Every position below head is on the record exactly once, as itself or inside of a gap. */
static void assert_each_once(const struct rig *r, uint64_t ring_id, uint64_t head)
{
    static uint8_t times[RIG_ENTRIES];

    memset(times, 0, sizeof times);
    assert_true(head <= RIG_ENTRIES);
    rig_read(r, &all);
    for (size_t i = 0; i < all.n; i++) {
        const struct event *e = &all.e[i].event;
        if (all.e[i].kind != RECORD_EVENT || e->ring != ring_id)
            continue;
        for (uint32_t k = 0; k < e->count; k++)
            times[e->position + k]++;
    }
    for (uint64_t i = 0; i < head; i++)
        if (times[i] != 1)
            fail_msg("position %llu of %llu is %u times on the record", (unsigned long long)i,
                     (unsigned long long)head, times[i]);
}

static void kill_me(void)
{
    kill(getpid(), SIGKILL);
    pause();
}

static void wait_for_killed(pid_t pid)
{
    int status;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* ---- the verifier ---- */

static void write_for_ever(const struct rig *r)
{
    struct played p;

    played_open(r, 0, &p);
    for (int64_t i = 0;; i++) {
        struct event e = rig_event(RIG_NOON + i, id);
        struct ring_header *h = played_header(&p);
        while (h->head[RING_PROVED] - h->tail[RING_PROVED] >= p.n_slots[RING_PROVED])
            usleep(100);
        played_decide(&p, RING_PROVED, &e);
    }
}

static void X2_a_verifier_is_killed_while_it_writes(void **state)
{
    struct rig r;
    struct played p;
    uint32_t seed = 1;

    (void)state;
    rig_init(&r);
    played_make(&r, 0, 42, RIG_SLOTS, RIG_SLOTS);
    struct recorder *recorder = rig_recorder(&r);
    for (int round = 0; round < 15; round++) {
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0)
            write_for_ever(&r);
        for (seed = seed * 1103515245 + 12345; seed % 7 != 0; seed = seed * 1103515245 + 12345) {
            usleep(seed >> 16 & 1023);
            rig_drain(recorder, RIG_NOON, NULL);
        }
        kill(pid, SIGKILL);
        wait_for_killed(pid);
        rig_drain(recorder, RIG_NOON, NULL);
    }
    played_open(&r, 0, &p); /* it can be claimed again, and is empty */
    uint64_t head = played_header(&p)->head[RING_PROVED];
    assert_int_equal(played_header(&p)->tail[RING_PROVED], head);
    assert_true(head > 0);
    assert_each_once(&r, 42, head);
    rig_assert_whole(&r);
    played_die(&p);
    recorder_close(recorder);
    rig_deinit(&r);
}

/* Dies in the middle of a decision, a place being reserved. */
static void X2_a_verifier_dies_between_reserve_and_commit(void **state)
{
    struct rig r;
    struct played p;

    (void)state;
    rig_init(&r);
    played_make(&r, 0, 42, RIG_SLOTS, RIG_SLOTS);
    struct recorder *recorder = rig_recorder(&r);
    for (int round = 0; round < 100; round++) {
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            struct event e = rig_event(RIG_NOON, id);
            played_open(&r, 0, &p);
            played_decide(&p, RING_PROVED, &e);
            played_reserve(&p, RING_PROVED);
            kill_me();
        }
        wait_for_killed(pid);
        rig_drain(recorder, RIG_NOON, NULL);
    }
    assert_each_once(&r, 42, 200);
    rig_assert_whole(&r);
    recorder_close(recorder);
    rig_deinit(&r);
}

/* ---- the recorder ---- */

enum stage {
    BEFORE_WRITE,
    HALF_WRITTEN,
    ALL_BUT_ONE_BYTE,
    BEFORE_SYNC,
    AFTER_SYNC,
    BEFORE_TAILS,
};

struct dying {
    enum stage stage;
    uint32_t lives; /* batches before the last */
};

static enum kw_err dying_write(void *ctx, int fd, const void *bytes, size_t n, off_t at)
{
    const struct dying *d = ctx;
    bool is_last = d->lives == 0;

    if (is_last && d->stage == HALF_WRITTEN)
        ignore(file_pwrite(fd, bytes, n / 2, at));
    if (is_last && d->stage == ALL_BUT_ONE_BYTE)
        ignore(file_pwrite(fd, bytes, n - 1, at));
    if (is_last && d->stage <= ALL_BUT_ONE_BYTE)
        kill_me();
    return file_pwrite(fd, bytes, n, at);
}

static enum kw_err dying_sync(void *ctx, int fd)
{
    struct dying *d = ctx;
    bool is_last = d->lives == 0;

    if (is_last && d->stage == BEFORE_SYNC)
        kill_me();
    if (fdatasync(fd) != 0)
        return KW_EIO;
    if (is_last && d->stage == AFTER_SYNC)
        kill_me();
    d->lives -= is_last ? 0 : 1;
    return KW_OK;
}

/* Called when a batch is durable, and before the tails are moved. */
static void dying_recorded(void *ctx, const struct event *e)
{
    const struct dying *d = ctx;

    (void)e;
    if (d->lives == 0 && d->stage == BEFORE_TAILS)
        kill_me();
}

static void record_until_death(const struct rig *r, struct dying *d)
{
    struct recorder_options o = {.audit_dir = r->audit,
                                 .run_dir = r->run,
                                 .signer = r->signer,
                                 .ctx = d,
                                 .recorded = dying_recorded,
                                 .io = {d, dying_write, dying_sync}};
    struct recorder *recorder;
    struct recorder_result result;

    if (recorder_open(&o, &recorder) != KW_OK)
        exit(1);
    for (;;)
        if (recorder_drain(recorder, RIG_NOON, &result) != KW_OK)
            exit(1);
}

static const struct death {
    const char *why;
    enum stage stage;
    bool is_torn; /* a gap tells of a torn batch */
} deaths[] = {
    {"before the write", BEFORE_WRITE, false},
    {"in the middle of the write", HALF_WRITTEN, true},
    {"before the last byte of the write", ALL_BUT_ONE_BYTE, true},
    {"before the sync", BEFORE_SYNC, false},
    {"after the sync", AFTER_SYNC, false},
    {"before the tails", BEFORE_TAILS, false},
};

static void X1_the_recorder_is_killed(void **state)
{
    const struct death *row = *state;
    struct rig r;
    struct played p;
    const int rounds = 4;

    rig_init(&r);
    played_make(&r, 0, 42, 1024, RIG_SLOTS);
    played_open(&r, 0, &p);
    for (int round = 0; round < rounds; round++) {
        struct dying d = {row->stage, (uint32_t)(round % 2)};
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0)
            record_until_death(&r, &d);
        int status;
        for (int64_t i = 0; waitpid(pid, &status, WNOHANG) == 0; i++) {
            struct event e = rig_event(RIG_NOON + i, id);
            if (played_header(&p)->head[0] - played_header(&p)->tail[0] < 1000)
                played_decide(&p, RING_PROVED, &e);
            usleep(50);
        }
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    }
    struct recorder *recorder = rig_recorder(&r);
    rig_drain(recorder, RIG_NOON, NULL);
    assert_each_once(&r, 42, played_header(&p)->head[RING_PROVED]);
    rig_assert_whole(&r);

    size_t torn = 0;
    for (size_t i = 0; i < all.n; i++)
        torn += strstr(all.agent[i], "of a torn batch") != NULL;
    assert_int_equal(torn > 0, row->is_torn);
    recorder_close(recorder);
    played_die(&p);
    rig_deinit(&r);
}

/* After a kill at any moment, the record can be gone on with within a second. */
static void X1_the_recorder_is_killed_at_random(void **state)
{
    struct rig r;
    struct played p;
    struct dying immortal = {BEFORE_WRITE, UINT32_MAX};

    (void)state;
    rig_init(&r);
    played_make(&r, 0, 42, 1024, RIG_SLOTS);
    played_open(&r, 0, &p);
    for (int round = 0; round < 20; round++) {
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0)
            record_until_death(&r, &immortal);
        for (int64_t i = 0; i < 40 + 7 * round; i++) {
            struct event e = rig_event(RIG_NOON + i, id);
            if (played_header(&p)->head[0] - played_header(&p)->tail[0] < 1000)
                played_decide(&p, RING_PROVED, &e);
            usleep(30);
        }
        kill(pid, SIGKILL);
        wait_for_killed(pid);
    }
    uint64_t began_ns = clock_boot_ns();
    struct recorder *recorder = rig_recorder(&r);
    assert_true(clock_boot_ns() - began_ns < 1000000000);
    rig_drain(recorder, RIG_NOON, NULL);
    assert_each_once(&r, 42, played_header(&p)->head[RING_PROVED]);
    rig_assert_whole(&r);
    recorder_close(recorder);
    played_die(&p);
    rig_deinit(&r);
}

/* ---- a disk that fails ---- */

struct failing {
    uint32_t k; /* the call that fails */
    uint32_t calls;
    bool fails_sync; /* a sync, otherwise a write */
    enum kw_err with;
    size_t written; /* bytes of a write that fails which still arrive */
    int last_fd;
    bool is_retried; /* a sync was called again after it had failed, without a new write */
    bool is_unsynced;
};

static enum kw_err failing_write(void *ctx, int fd, const void *bytes, size_t n, off_t at)
{
    struct failing *f = ctx;

    f->is_unsynced = false;
    if (!f->fails_sync && ++f->calls == f->k) {
        ignore(file_pwrite(fd, bytes, n < f->written ? n : f->written, at));
        return f->with;
    }
    return file_pwrite(fd, bytes, n, at);
}

static enum kw_err failing_sync(void *ctx, int fd)
{
    struct failing *f = ctx;

    f->is_retried |= f->is_unsynced;
    if (f->fails_sync && ++f->calls == f->k) {
        f->is_unsynced = true;
        return f->with;
    }
    return fdatasync(fd) == 0 ? KW_OK : KW_EIO;
}

static const struct failure {
    const char *why;
    bool fails_sync;
    enum kw_err with;
    size_t written;
} failures[] = {
    {"write: EIO", false, KW_EIO, 0},
    {"write: ENOSPC in the middle", false, KW_EFULL, 700},
    {"write: EIO at the end", false, KW_EIO, SIZE_MAX},
    {"sync: EIO", true, KW_EIO, 0},
    {"sync: ENOSPC", true, KW_EFULL, 0},
};

/* The k-th call fails: the error is reported, no sync is tried again, and nothing is lost or doubled; with a restart
 * in between, and without. */
static void X4_the_disk_fails(void **state)
{
    const struct failure *row = *state;

    for (uint32_t k = 1; k <= 6; k++) {
        struct rig r;
        struct played p;
        struct failing f = {k, .fails_sync = row->fails_sync, .with = row->with,
                            .written = row->written};
        struct recorder *recorder;
        struct recorder_result result;
        uint32_t errors = 0;

        rig_init(&r);
        struct recorder_options o = {.audit_dir = r.audit,
                                     .run_dir = r.run,
                                     .signer = r.signer,
                                     .io = {&f, failing_write, failing_sync}};
        played_make(&r, 0, 42, RIG_SLOTS, RIG_SLOTS);
        played_open(&r, 0, &p);
        assert_ok(recorder_open(&o, &recorder));
        for (int64_t i = 0; i < 10; i++) {
            struct event e = rig_event(RIG_NOON + i, id);
            uint64_t tail = played_header(&p)->tail[RING_PROVED];
            played_decide(&p, RING_PROVED, &e);
            enum kw_err err = recorder_drain(recorder, RIG_NOON + i, &result);
            if (err == KW_OK)
                continue;
            errors++;
            assert_int_equal(err, row->with);
            assert_int_equal(played_header(&p)->tail[RING_PROVED], tail);
            assert_int_equal(result.records, 0);
            if (k % 2 == 0) {
                recorder_close(recorder);
                assert_ok(recorder_open(&o, &recorder));
            }
        }
        assert_int_equal(errors, 1);
        assert_false(f.is_retried);
        assert_each_once(&r, 42, 10);
        rig_assert_whole(&r);
        recorder_close(recorder);
        played_die(&p);
        rig_deinit(&r);
    }
}

int main(void)
{
    SUITE_TEST(X2_a_verifier_is_killed_while_it_writes);
    SUITE_TEST(X2_a_verifier_dies_between_reserve_and_commit);
    SUITE_ROWS(X1_the_recorder_is_killed, deaths);
    SUITE_TEST(X1_the_recorder_is_killed_at_random);
    SUITE_ROWS(X4_the_disk_fails, failures);
    return suite_run("record/crash");
}
