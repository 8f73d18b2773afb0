/* limits.c - limits shared by threads and processes: never more than they allow, whatever lies in the file. */
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "engine/world.h"
#include "suite.h"

enum { THREADS = 8, LINES = 16 };

struct shared {
    struct folder folder;
    struct limits_file file;
    struct limits *limits;
    _Atomic int torn;
};

static void open_shared(struct shared *s)
{
    bool made;

    *s = (struct shared){0};
    folder_make(&s->folder);
    assert_ok(limits_file_open(folder_file(&s->folder, "limits"), (gid_t)-1, LINES, &s->file, &made));
    assert_true(made);
    assert_ok(limits_open(folder_file(&s->folder, "limits"), &s->torn, &s->limits));
}

static void close_shared(struct shared *s)
{
    limits_close(s->limits);
    limits_file_close(&s->file);
    folder_remove(&s->folder);
}

static struct limits_ask ask_of(uint32_t slot)
{
    return (struct limits_ask){.slot = slot,
                               .id = STR("0000000001AbCd"),
                               .boot_us = WORLD_BOOT_US,
                               .wall_s = WORLD_WALL_MS / 1000};
}

static enum kw_limit_kind take(struct limits *l, const struct limits_ask *ask)
{
    struct limits_answer a;

    assert_ok(limits_take(l, ask, &a));
    return a.refused_by;
}

/* ---- many at once ---- */

struct worker {
    pthread_t thread;
    pthread_barrier_t *start;
    struct limits *limits;
    struct limits_ask ask;
    int attempts;
    uint32_t admitted;
};

static void *work(void *arg)
{
    struct worker *w = arg;
    struct limits_answer a;

    pthread_barrier_wait(w->start);
    for (int i = 0; i < w->attempts; i++)
        if (limits_take(w->limits, &w->ask, &a) == KW_OK && a.refused_by == KW_NO_LIMIT)
            w->admitted++;
    return NULL;
}

static uint32_t admitted_by_threads(struct limits *l, const struct limits_ask *ask, int attempts)
{
    struct worker workers[THREADS];
    pthread_barrier_t start;
    uint32_t n = 0;

    pthread_barrier_init(&start, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.start = &start, .limits = l, .ask = *ask, .attempts = attempts};
        pthread_create(&workers[i].thread, NULL, work, &workers[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        n += workers[i].admitted;
    }
    pthread_barrier_destroy(&start);
    return n;
}

static void G2_threads_take_exactly_the_quota(void **state)
{
    struct limits_ask ask = ask_of(1);
    struct shared s;

    (void)state;
    open_shared(&s);
    ask.quota = (struct quota){1000, QUOTA_DAY};
    assert_int_equal(admitted_by_threads(s.limits, &ask, 625), 1000);
    close_shared(&s);
}

/* The first requests of a new key meet in a line that is nobody's yet. */
static void first_requests_take_no_more_than_one(void **state)
{
    static const struct limits_line nobody = {0}, foreign = {.tag = 12345};
    struct limits_ask ask = ask_of(1);
    struct shared s;

    (void)state;
    open_shared(&s);
    ask.rate = (struct rate){.n = 1, .window_s = 86400, .burst = 1};
    for (int round = 0; round < 1000; round++) {
        assert_ok(file_pwrite(s.file.fd, round % 2 == 0 ? &nobody : &foreign, sizeof nobody,
                              (off_t)limits_line_offset(1)));
        assert_int_equal(admitted_by_threads(s.limits, &ask, 1), 1);
    }
    close_shared(&s);
}

static void G2_processes_take_exactly_the_quota(void **state)
{
    struct limits_ask ask = ask_of(2);
    struct shared s;
    uint32_t *admitted = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t children[2];

    (void)state;
    open_shared(&s);
    assert_ptr_not_equal(admitted, MAP_FAILED);
    ask.quota = (struct quota){1000, QUOTA_MONTH};
    for (int i = 0; i < 2; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            admitted[i] = admitted_by_threads(s.limits, &ask, 200);
            _exit(0);
        }
    }
    for (int i = 0; i < 2; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(admitted[0] + admitted[1], 1000);
    munmap(admitted, 4096);
    close_shared(&s);
}

static void a_rate_admits_its_burst_and_then_its_pace(void **state)
{
    struct limits_ask ask = ask_of(3);
    struct shared s;

    (void)state;
    open_shared(&s);
    ask.rate = (struct rate){.n = 10, .window_s = 1, .burst = 5};
    assert_int_equal(admitted_by_threads(s.limits, &ask, 50), 5);
    for (int second = 1; second <= 5; second++) {
        ask.boot_us = WORLD_BOOT_US + (uint64_t)second * 100000;
        assert_int_equal(admitted_by_threads(s.limits, &ask, 20), 1);
    }
    close_shared(&s);
}

static void with_both_limits_neither_gives_more(void **state)
{
    struct limits_ask ask = ask_of(4);
    struct shared s;

    (void)state;
    open_shared(&s);
    ask.rate = (struct rate){.n = 100, .window_s = 60, .burst = 100};
    ask.quota = (struct quota){30, QUOTA_DAY};
    assert_int_equal(admitted_by_threads(s.limits, &ask, 50), 30);
    ask.slot = 5;
    ask.rate.burst = 20;
    uint32_t admitted = admitted_by_threads(s.limits, &ask, 50);
    assert_in_range(admitted, 1, 20);
    close_shared(&s);
}

/* ---- what may lie in the file ---- */

static void put_line(struct shared *s, uint32_t slot, uint64_t tag, uint64_t rate, uint64_t quota)
{
    struct limits_line line = {.tag = tag, .rate = rate, .quota = quota};

    assert_ok(file_pwrite(s->file.fd, &line, sizeof line, (off_t)limits_line_offset(slot)));
}

/* What a look at the limits tells, and that the line is afterwards what it was before. */
static struct limits_answer peek(const struct shared *s, const struct limits_ask *ask)
{
    struct limits_line before, after;
    struct limits_answer a;

    assert_ok(file_pread(s->file.fd, &before, sizeof before, (off_t)limits_line_offset(ask->slot)));
    assert_ok(limits_peek(s->limits, ask, &a));
    assert_ok(file_pread(s->file.fd, &after, sizeof after, (off_t)limits_line_offset(ask->slot)));
    assert_memory_equal(&before, &after, sizeof before);
    assert_int_equal(a.refused_by, KW_NO_LIMIT);
    return a;
}

static void a_look_takes_nothing(void **state)
{
    struct limits_ask ask = ask_of(6);
    struct shared s;

    (void)state;
    open_shared(&s);
    ask.rate = (struct rate){.n = 60, .window_s = 60, .burst = 5};
    ask.quota = (struct quota){3, QUOTA_DAY};
    for (uint32_t taken = 0; taken <= 3; taken++) {
        for (int i = 0; i < 3; i++) {
            struct limits_answer a = peek(&s, &ask);
            assert_int_equal(a.rate.remaining, 5 - taken);
            assert_int_equal(a.rate.reset_s, taken);
            assert_int_equal(a.quota.remaining, 3 - taken);
        }
        assert_int_equal(take(s.limits, &ask), taken < 3 ? KW_NO_LIMIT : KW_LIMIT_QUOTA);
    }
    ask.slot = LINES + 1000000;
    struct limits_answer a;
    assert_err(limits_peek(s.limits, &ask, &a), KW_EUNAVAILABLE);
    close_shared(&s);
}

static void a_look_at_another_keys_line_sees_nothing_of_it(void **state)
{
    struct limits_ask ask = ask_of(6);
    struct shared s;

    (void)state;
    open_shared(&s);
    ask.rate = (struct rate){.n = 60, .window_s = 60, .burst = 5};
    ask.quota = (struct quota){3, QUOTA_DAY};
    put_line(&s, 6, 12345, UINT64_MAX, UINT64_MAX);
    assert_int_equal(peek(&s, &ask).rate.remaining, 5);
    assert_int_equal(peek(&s, &ask).quota.remaining, 3);
    close_shared(&s);
}

static void X11_garbage_in_a_line_locks_nobody_out(void **state)
{
    static const uint64_t words[] = {UINT64_MAX, UINT64_MAX / 2, 0x8000000000000000u,
                                     0xdeadbeefdeadbeefu, 1};
    struct limits_ask ask = ask_of(6);
    struct shared s;

    (void)state;
    open_shared(&s);
    ask.rate = (struct rate){.n = 60, .window_s = 60, .burst = 6};
    ask.quota = (struct quota){100, QUOTA_DAY};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        put_line(&s, 6, limits_tag(ask.id), words[i], words[i]);
        assert_int_equal(take(s.limits, &ask), KW_NO_LIMIT);
        int more = 0;
        while (take(s.limits, &ask) == KW_NO_LIMIT && more < 100)
            more++;
        assert_true(more < 6);
    }
    close_shared(&s);
}

static void a_line_of_another_key_is_taken_over_empty(void **state)
{
    struct limits_ask ask = ask_of(7);
    struct shared s;

    (void)state;
    open_shared(&s);
    ask.quota = (struct quota){2, QUOTA_DAY};
    uint32_t today = quota_span_of(QUOTA_DAY, ask.wall_s).number;
    put_line(&s, 7, 99, UINT64_MAX / 4, quota_word(today, 2));
    assert_int_equal(take(s.limits, &ask), KW_NO_LIMIT);
    assert_int_equal(take(s.limits, &ask), KW_NO_LIMIT);
    assert_int_equal(take(s.limits, &ask), KW_LIMIT_QUOTA);
    close_shared(&s);
}

static void a_slot_beyond_the_file_is_no_admission(void **state)
{
    static const uint32_t slots[] = {LINES, LINES + 1, 1u << 20, UINT32_MAX};
    struct limits_answer a;
    struct shared s;

    (void)state;
    open_shared(&s);
    for (size_t i = 0; i < COUNT_OF(slots); i++) {
        struct limits_ask ask = ask_of(slots[i]);
        assert_err(limits_take(s.limits, &ask, &a), KW_EUNAVAILABLE);
    }
    close_shared(&s);
}

static void a_refused_request_takes_nothing_from_the_other(void **state)
{
    struct limits_ask ask = ask_of(8);
    struct limits_answer a;
    struct shared s;

    (void)state;
    open_shared(&s);
    ask.rate = (struct rate){.n = 60, .window_s = 60, .burst = 60};
    ask.quota = (struct quota){1, QUOTA_DAY};
    assert_int_equal(take(s.limits, &ask), KW_NO_LIMIT);
    for (int i = 0; i < 100; i++) {
        assert_ok(limits_take(s.limits, &ask, &a));
        assert_int_equal(a.refused_by, KW_LIMIT_QUOTA);
        assert_int_equal(a.rate.remaining, 59);
        assert_int_equal(a.quota.remaining, 0);
    }
    close_shared(&s);
}

static const struct broken_file {
    const char *why;
    long size; /* 0: whole */
    const char *magic;
    uint32_t format, n_sets;
    enum kw_err err;
} broken_files[] = {
    {"short of a line", 4096, LIMITS_MAGIC, LIMITS_FORMAT, LIMITS_SETS, KW_EDAMAGED},
    {"another magic", 0, "keyward LIMITS", LIMITS_FORMAT, LIMITS_SETS, KW_EFORMAT},
    {"another format", 0, LIMITS_MAGIC, LIMITS_FORMAT + 1, LIMITS_SETS, KW_EFORMAT},
    {"another size of sets", 0, LIMITS_MAGIC, LIMITS_FORMAT, LIMITS_SETS * 2, KW_EDAMAGED},
    {"no sets", 0, LIMITS_MAGIC, LIMITS_FORMAT, 0, KW_EDAMAGED},
};

static void X11_a_file_that_is_not_whole_is_not_opened(void **state)
{
    const struct broken_file *row = *state;
    struct limits_header h = {.format = row->format, .n_sets = row->n_sets};
    struct limits *again = NULL;
    struct shared s;

    open_shared(&s);
    memcpy(h.magic, row->magic, strlen(row->magic));
    assert_ok(file_pwrite(s.file.fd, &h, sizeof h, 0));
    if (row->size != 0)
        assert_int_equal(ftruncate(s.file.fd, row->size), 0);
    assert_err(limits_open(folder_file(&s.folder, "limits"), &s.torn, &again), row->err);
    assert_err(limits_open(folder_file(&s.folder, "none"), &s.torn, &again), KW_EUNAVAILABLE);
    close_shared(&s);
}

/* ---- failures of strangers ---- */

static struct address address(const char *text)
{
    struct address a;

    assert_ok(address_parse(str_from(text), &a));
    return a;
}

static int misses_counted(struct limits *l, const char *from, int attempts)
{
    struct address a = address(from);
    uint32_t retry_s = 0;
    int n = 0;

    for (int i = 0; i < attempts; i++)
        n += limits_miss(l, &a, WORLD_BOOT_US, &retry_s);
    assert_true(n == attempts || (retry_s >= 1 && retry_s <= 60));
    return n;
}

static void a_source_may_fail_a_hundred_times(void **state)
{
    struct address a = address("198.51.100.7");
    uint32_t retry_s;
    struct shared s;

    (void)state;
    open_shared(&s);
    assert_int_equal(misses_counted(s.limits, "198.51.100.7", 150), 100);
    assert_int_equal(misses_counted(s.limits, "198.51.100.8", 150), 100);
    assert_false(limits_miss(s.limits, &a, WORLD_BOOT_US, &retry_s));
    assert_true(limits_miss(s.limits, &a, WORLD_BOOT_US + (uint64_t)retry_s * 1000000, &retry_s));
    close_shared(&s);
}

static void G4_a_64_is_one_source(void **state)
{
    uint32_t retry_s;
    int counted = 0;
    struct shared s;

    (void)state;
    open_shared(&s);
    for (unsigned i = 0; i < 65536; i++) {
        struct address a = address("2001:db8:1:2::");
        a.b[14] = (uint8_t)(i >> 8);
        a.b[15] = (uint8_t)i;
        counted += limits_miss(s.limits, &a, WORLD_BOOT_US, &retry_s);
    }
    assert_int_equal(counted, 100);
    assert_int_equal(misses_counted(s.limits, "2001:db8:1:3::1", 150), 100);
    close_shared(&s);
}

static void networks_of_one_48_share_a_ceiling(void **state)
{
    uint32_t retry_s;
    int counted = 0;
    struct shared s;

    (void)state;
    open_shared(&s);
    for (unsigned i = 0; i < 5000; i++) {
        struct address a = address("2001:db8:7::1");
        a.b[6] = (uint8_t)(i >> 8);
        a.b[7] = (uint8_t)i;
        counted += limits_miss(s.limits, &a, WORLD_BOOT_US, &retry_s);
    }
    assert_int_equal(counted, 1000);
    assert_int_equal(misses_counted(s.limits, "2001:db8:8::1", 150), 100);
    close_shared(&s);
}

static void X11_garbage_in_the_misses_locks_no_source_out(void **state)
{
    static uint8_t garbage[(size_t)LIMITS_SETS * LIMITS_WAYS * sizeof(struct limits_miss)];
    struct shared s;

    (void)state;
    open_shared(&s);
    memset(garbage, 0xff, sizeof garbage);
    assert_ok(file_pwrite(s.file.fd, garbage, sizeof garbage, LIMITS_PAGE));
    assert_int_equal(misses_counted(s.limits, "198.51.100.7", 150), 100);
    close_shared(&s);
}

int main(void)
{
    SUITE_TEST(G2_threads_take_exactly_the_quota);
    SUITE_TEST(first_requests_take_no_more_than_one);
    SUITE_TEST(G2_processes_take_exactly_the_quota);
    SUITE_TEST(a_rate_admits_its_burst_and_then_its_pace);
    SUITE_TEST(with_both_limits_neither_gives_more);
    SUITE_TEST(a_look_takes_nothing);
    SUITE_TEST(a_look_at_another_keys_line_sees_nothing_of_it);
    SUITE_TEST(X11_garbage_in_a_line_locks_nobody_out);
    SUITE_TEST(a_line_of_another_key_is_taken_over_empty);
    SUITE_TEST(a_slot_beyond_the_file_is_no_admission);
    SUITE_TEST(a_refused_request_takes_nothing_from_the_other);
    SUITE_ROWS(X11_a_file_that_is_not_whole_is_not_opened, broken_files);
    SUITE_TEST(a_source_may_fail_a_hundred_times);
    SUITE_TEST(G4_a_64_is_one_source);
    SUITE_TEST(networks_of_one_48_share_a_ceiling);
    SUITE_TEST(X11_garbage_in_the_misses_locks_no_source_out);
    return suite_run("engine/limits");
}
