/* search.c - how long it takes to find something on a long record.
 *
 *     bench-search FOLDER [RECORDS [ROWS]]
 *
 * Writes a record of so many attempts (10,000,000) into FOLDER/audit, 30 days of them, in batches of 1,000 as a host makes that decides 10,000
 * requests a second; with ROWS in batches of so many, one every 100 ms, which makes 864,000 a day. 100,000 keys of 1,000 accounts, 100,000
 * addresses, one refusal in thirty. Then makes the indexes, and asks. A figure is the processor time of the whole answer (`_page`: the first 100, newest first); `_cold`: by the clock, after the files
 * were dropped from the page cache. Removes what it has written. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "bench.h"
#include "record/index.h"
#include "record/search.h"
#include "record/verify.h"

enum {
    KEYS = 100000,
    ACCOUNTS = 1000,
    ADDRESSES = 100000,
    ROWS = 1000, /* in a batch, and at most */
    DAYS = 30,
    PAGE = 100,
    TRIES = 5
};
enum { FIRST_DAY = 20000, RECORDS = 10000000, BATCH_US = 100000 };

static struct {
    char audit[4096];
    struct stream stream;
    uint64_t n, rows;
    int32_t days;
    struct event middle; /* to be found again: the first of the middle of all */
    char account[16];
} b;

/* ---- written ---- */

static void key_of(uint64_t i, char id[15])
{
    snprintf(id, 15, "k%013llu", (unsigned long long)i);
}

static struct event attempt(int64_t time_us)
{
    static char account[16];
    char id[15];
    uint64_t r = stream_next(&b.stream), key = r % KEYS;
    uint32_t address = (uint32_t)((r >> 20) % ADDRESSES);
    bool is_refused = (r >> 40) % 30 == 0;
    struct event e = {.kind = EVENT_DECISION,
                      .reason = is_refused ? KW_WHY_RATE_LIMITED : KW_WHY_ALLOWED,
                      .route_class = KW_CLASS_READ,
                      .environment = KW_PRODUCTION,
                      .credential = 1,
                      .flags = EVENT_PROVED | EVENT_TLS,
                      .status = is_refused ? 429 : 200,
                      .count = 1,
                      .time_us = time_us,
                      .ring = 42,
                      .position = b.n,
                      .generation = 1,
                      .key_version = 1,
                      .policy_version = 1,
                      .route = 17,
                      .latency_ns = 700,
                      .agent = STR("node-fetch/1.0 (+https://github.com)"),
                      .method = STR("GET"),
                      .path = STR("/api/v1/wallet/7f3a2c11/transactions")};

    key_of(key, id);
    memcpy(e.key_id, id, sizeof e.key_id);
    snprintf(account, sizeof account, "shop-%04u", (unsigned)(key % ACCOUNTS));
    e.account = str_from(account);
    const uint8_t source[] = {
        0xff, 0xff, 10, (uint8_t)(address >> 16), (uint8_t)(address >> 8), (uint8_t)address};
    memcpy(e.source.b + 10, source, sizeof source);
    for (size_t i = 0; i < 2; i++) {
        uint64_t half = stream_next(&b.stream);
        memcpy(e.request_id + 8 * i, &half, 8);
    }
    return e;
}

static enum kw_err no_sync(void *ctx, int fd)
{
    (void)ctx;
    (void)fd;
    return KW_OK;
}

static enum kw_err write_all(void *ctx, int fd, const void *bytes, size_t n, off_t at)
{
    (void)ctx;
    return file_pwrite(fd, bytes, n, at);
}

static void write_batch(struct segments *s, int64_t time_us, uint64_t half)
{
    static uint8_t bytes[ROWS][EVENT_MAX];
    struct record records[ROWS];
    const struct batch_head head = {.time_us = time_us + ROWS};

    for (uint32_t i = 0; i < b.rows; i++, b.n++) {
        const struct event e = attempt(time_us + i);
        if (b.n == half) {
            b.middle = e;
            snprintf(b.account, sizeof b.account, "%.*s", (int)e.account.n, e.account.p);
        }
        records[i] = (struct record){RECORD_EVENT, {(char *)bytes[i], event_encode(&e, bytes[i])}};
    }
    must("append", segments_append(s, &head, records, (uint32_t)b.rows));
}

static double seconds_since(uint64_t began_ns)
{
    return (double)(clock_boot_ns() - began_ns) / 1e9;
}

static void write_record(uint64_t n, int64_t step_us)
{
    AUTO(secret_wipe) struct secret seed = {{1}};
    const uint64_t n_batches = n / b.rows, began = clock_boot_ns();
    struct segments *s;
    struct signer *signer;

    must("signing key", signer_new(&seed, &signer));
    must("segments",
         segments_open(&(struct segment_options){b.audit, signer, {NULL, write_all, no_sync}}, &s));
    for (uint64_t i = 0; i < n_batches; i++)
        write_batch(s, day_begin_us(FIRST_DAY) + (int64_t)i * step_us, n / 2);
    figure("search_write_rate", (double)b.n / seconds_since(began), "events/s");
    segments_close(s);
    signer_free(signer);
}

/* ---- its size, its indexes ---- */

static uint64_t size_of(const char *suffix)
{
    char path[DAY_PATH_MAX];
    uint64_t sum = 0;
    struct stat st;

    for (int32_t day = FIRST_DAY; day <= FIRST_DAY + b.days; day++)
        if (day_path(b.audit, day, suffix, path) == KW_OK && stat(path, &st) == 0)
            sum += (uint64_t)st.st_size;
    return sum;
}

static void make_indexes(void)
{
    struct days days;
    const uint64_t began = clock_boot_ns();

    must("days", days_list(b.audit, &days));
    for (size_t i = 0; i < days.n; i++)
        must("index", index_update(b.audit, days.day[i]));
    days_deinit(&days);
    figure("search_index_rate", (double)b.n / seconds_since(began), "events/s");
    figure("search_record_bytes", (double)size_of(".seg") / (double)b.n, "bytes/event");
    figure("search_index_bytes", (double)size_of(".idx") / (double)b.n, "bytes/event");
}

/* ---- asked ---- */

static void forget_pages(void)
{
    char path[DAY_PATH_MAX];

    for (int32_t day = FIRST_DAY; day <= FIRST_DAY + b.days; day++)
        for (int i = 0; i < 2; i++) {
            if (day_path(b.audit, day, i == 0 ? ".seg" : ".idx", path) != KW_OK)
                continue;
            AUTO(file_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
            if (fd >= 0 && fsync(fd) == 0)
                posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
        }
}

static enum kw_err count(void *ctx, const struct record_entry *e)
{
    (void)e;
    ++*(uint64_t *)ctx;
    return KW_OK;
}

/* The clock tells what the disk costs; the thread's time what the search does, on a machine that does other things as well. */
static double ask_once(const struct record_query *q, uint64_t (*time_ns)(void), uint64_t *n)
{
    const uint64_t began = time_ns();

    *n = 0;
    must("search", search_run(b.audit, q, count, n));
    return (double)(time_ns() - began) / 1e6;
}

static void ask(const char *name, const struct record_query *q)
{
    double ms[TRIES], cold;
    char text[64];
    uint64_t n;

    forget_pages();
    cold = ask_once(q, clock_boot_ns, &n);
    for (int i = 0; i < TRIES; i++)
        ms[i] = ask_once(q, thread_ns, &n);
    fprintf(stderr, "%s: %llu found\n", name, (unsigned long long)n);
    snprintf(text, sizeof text, "search_%s", name);
    figure(text, median_of(ms, TRIES), "ms");
    snprintf(text, sizeof text, "search_%s_cold", name);
    figure(text, cold, "ms");
}

static void ask_all(void)
{
    const enum kw_reason limited = KW_WHY_RATE_LIMITED, never = KW_WHY_KEY_REVOKED;
    const struct str key = {b.middle.key_id, sizeof b.middle.key_id};
    const uint8_t nobody[EVENT_REQUEST_ID] = {1};
    const int64_t then = b.middle.time_us, minute_us = 60000000;

    ask("newest", &(struct record_query){.limit = PAGE});
    ask("key_page", &(struct record_query){.key_id = key, .limit = PAGE});
    ask("key_all", &(struct record_query){.key_id = key});
    ask("account_page", &(struct record_query){.account = str_from(b.account), .limit = PAGE});
    ask("address_all", &(struct record_query){.source = &b.middle.source});
    ask("reason_page", &(struct record_query){.reason = &limited, .limit = PAGE});
    ask("reason_never", &(struct record_query){.reason = &never});
    ask("request", &(struct record_query){.request_id = b.middle.request_id, .limit = 1});
    ask("request_nobody", &(struct record_query){.request_id = nobody});
    ask("minutes_all",
        &(struct record_query){.from_us = then - 5 * minute_us, .until_us = then + 5 * minute_us});
    ask("key_of_a_day",
        &(struct record_query){.key_id = key, .from_us = then, .until_us = then + 1440 * minute_us});
}

static void remove_all(void)
{
    char path[DAY_PATH_MAX];

    for (int32_t day = FIRST_DAY; day <= FIRST_DAY + b.days; day++)
        for (int i = 0; i < 2; i++)
            if (day_path(b.audit, day, i == 0 ? ".seg" : ".idx", path) == KW_OK)
                unlink(path);
    rmdir(b.audit);
}

int main(int argc, char **argv)
{
    uint64_t n = RECORDS;

    b.rows = ROWS;
    if (argc < 2 || argc > 4 || (argc > 2 && str_u64(str_from(argv[2]), UINT32_MAX, &n) != KW_OK) ||
        n / 2 < ROWS || (argc > 3 && str_u64(str_from(argv[3]), ROWS, &b.rows) != KW_OK) ||
        b.rows == 0) {
        fprintf(stderr, "usage: bench-search FOLDER [RECORDS [ROWS]]\n");
        return 2;
    }
    const int64_t day_us = (int64_t)86400 * 1000000, n_batches = (int64_t)(n / b.rows);
    const int64_t step_us = argc > 3 ? BATCH_US : DAYS * day_us / n_batches;
    b.days = (int32_t)(step_us * n_batches / day_us);
    snprintf(b.audit, sizeof b.audit, "%.4000s/audit", argv[1]);
    if (mkdir(b.audit, 0700) != 0)
        must(b.audit, KW_EIO);
    write_record(n, step_us);
    make_indexes();
    ask_all();
    remove_all();
    return 0;
}
