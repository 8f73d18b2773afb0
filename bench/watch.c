/* watch.c - how many events a second are counted and looked at, from a record on disk into usage.db; and what an answer costs.
 *
 *     bench-watch FOLDER
 *
 * FOLDER is where the record is written; it should be on a disk. One thread; the time is the processor's. */
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "bench.h"
#include "crypto/random.h"
#include "record/segment.h"
#include "watch/ask.h"
#include "watch/round.h"

/* So many keys take turns; a batch every 100 ms, and every 50 batches a round, as when it is busy. */
enum { ROUTES = 40, KEYS = 10000, BATCHES = 500, PER_ROUND = 50, STRANGERS_IN_100 = 5 };

/* Behind them a month: in each hour a batch. What an answer reads grows no more with what else comes in that hour. */
enum { MONTH_HOURS = 720, HOURS_PER_ROUND = 24, ASKED_TIMES = 9 };

static const int64_t begin_us = INT64_C(1795521600) * 1000000, hour_us = INT64_C(3600) * 1000000;

struct house {
    char file[PATH_MAX], audit[PATH_MAX];
    struct segments *segments;
    uint64_t durable;
    int64_t now_us;
};

static uint64_t durable(void *ctx)
{
    const struct house *h = ctx;

    return h->durable;
}

static int64_t now_us(void *ctx)
{
    const struct house *h = ctx;

    return h->now_us;
}

static enum kw_err owner(void *ctx, struct str key_id, char account[KW_ACCOUNT_MAX + 1])
{
    (void)ctx;
    (void)key_id;
    snprintf(account, KW_ACCOUNT_MAX + 1, "acme");
    return KW_OK;
}

static enum kw_err policy(void *ctx, uint32_t version, struct buf *document)
{
    (void)ctx;
    (void)version;
    for (unsigned i = 1; i <= ROUTES; i++)
        buf_printf(document, "read GET /api/v1/wallet/%u/{id}\n", i);
    return document->failed ? KW_ENOMEM : KW_OK;
}

static bool knows_countries(void *ctx)
{
    (void)ctx;
    return true;
}

/* As quick as one that remembers: what a lookup takes is not measured here. */
static bool find_place(void *ctx, const struct address *a, struct located *out)
{
    (void)ctx;
    *out = (struct located){.country = {(char)('A' + a->b[13] % 3), 'X'}, .as_number = 1u + a->b[13]};
    return true;
}

static void open_house(struct house *h, const char *folder)
{
    AUTO(secret_wipe) struct secret seed;
    struct signer *signer;

    snprintf(h->audit, sizeof h->audit, "%.4000s/audit", folder);
    snprintf(h->file, sizeof h->file, "%.4000s/usage.db", folder);
    if (mkdir(h->audit, 0700) != 0)
        must(h->audit, KW_EIO);
    must("signing key", random_bytes(&seed, sizeof seed));
    must("signing key", signer_new(&seed, &signer));
    const struct segment_options o = {.audit_dir = h->audit, .signer = signer};
    must("record", segments_open(&o, &h->segments));
}

/* A key uses some of them, a few much more than the others. */
static uint32_t route_of(uint32_t n)
{
    uint32_t draw = (uint32_t)(n * UINT64_C(11400714819323198485) >> 40) % 100;

    return 1 + (n % 10 + draw * draw / 500) % ROUTES;
}

/* Around 1.5 us, one in a hundred ten times as long. */
static uint32_t latency_of(uint32_t n)
{
    uint32_t draw = (uint32_t)(n * UINT64_C(7046029254386353131) >> 40);

    return (900 + draw % 600 + draw / 600 % 600) * (draw % 100 == 0 ? 10 : 1);
}

static struct event event_of(uint32_t n, int64_t time_us)
{
    struct event e = {.kind = EVENT_DECISION,
                      .count = 1,
                      .time_us = time_us,
                      .credential = CREDENTIAL_KEY,
                      .account = STR("acme"),
                      .environment = KW_PRODUCTION,
                      .agent = STR("bench/1"),
                      .method = STR("GET"),
                      .path = STR("/api/v1/wallet/me"),
                      .policy_version = 1,
                      .route = route_of(n),
                      .latency_ns = latency_of(n),
                      .route_class = n % 4 == 0 ? KW_CLASS_TRANSACT : KW_CLASS_READ,
                      .reason = KW_WHY_ALLOWED,
                      .status = 200,
                      .flags = EVENT_PROVED | EVENT_TLS};
    char id[KW_KEY_ID_LEN + 1];

    snprintf(id, sizeof id, "%014u", n * 2654435761u % KEYS);
    memcpy(e.key_id, id, sizeof e.key_id);
    e.source = (struct address){.b = {[10] = 0xff, [11] = 0xff, [12] = 192, [13] = (uint8_t)(n % 7)}};
    if (n % 100 < STRANGERS_IN_100) {
        e.flags = EVENT_TLS;
        e.reason = KW_WHY_WRONG_SECRET;
        e.status = 401;
        e.account = (struct str){NULL, 0};
    }
    return e;
}

static void write_batch(struct house *h, uint32_t number, int64_t time_us)
{
    static uint8_t bytes[BATCH_RECORDS_MAX][EVENT_MAX];
    static struct record records[BATCH_RECORDS_MAX];
    const struct batch_head head = {.time_us = time_us};

    for (uint32_t i = 0; i < BATCH_RECORDS_MAX; i++) {
        const struct event e = event_of(number * BATCH_RECORDS_MAX + i, head.time_us);
        records[i] =
            (struct record){RECORD_EVENT, {(const char *)bytes[i], event_encode(&e, bytes[i])}};
    }
    must("record", segments_append(h->segments, &head, records, BATCH_RECORDS_MAX));
}

static void count_up_to(struct house *h, struct rounds *rounds, uint64_t batch, int64_t time_us)
{
    struct round_result result = {.more = true};

    h->durable = batch;
    h->now_us = time_us;
    while (result.more)
        must("rounds", rounds_run(rounds, &result));
}

static int64_t time_of(uint64_t batch)
{
    return batch < BATCHES ? begin_us + (int64_t)batch * 100000
                           : begin_us + (int64_t)(batch - BATCHES + 1) * hour_us;
}

/* ---- counted ---- */

static void count_busy(struct house *h, struct rounds *rounds)
{
    count_up_to(h, rounds, PER_ROUND, time_of(PER_ROUND)); /* the keys are met, and get their numbers */
    uint64_t began = thread_ns();
    for (uint64_t b = UINT64_C(2) * PER_ROUND; b <= BATCHES; b += PER_ROUND)
        count_up_to(h, rounds, b, time_of(b - 1));
    double n = (double)(BATCHES - PER_ROUND) * BATCH_RECORDS_MAX;
    figure("watch_rate", n / ((double)(thread_ns() - began) / 1e9), "events/s");
}

static void count_month(struct house *h, struct rounds *rounds)
{
    for (uint64_t b = BATCHES; b < BATCHES + MONTH_HOURS; b += HOURS_PER_ROUND)
        count_up_to(h, rounds, b + HOURS_PER_ROUND, time_of(b + HOURS_PER_ROUND));
}

/* ---- asked ---- */

static void ask_month(const struct house *h, const char *name, const char *key, const char *account)
{
    static struct ask_answer answer;
    const struct ask q = {.key_id = str_from(key),
                          .account = str_from(account),
                          .step = STEP_HOUR,
                          .first = step_at(STEP_HOUR, time_of(BATCHES) / 1000),
                          .n = MONTH_HOURS};
    double ms[ASKED_TIMES];

    for (size_t i = 0; i < ASKED_TIMES; i++) {
        uint64_t began = thread_ns();
        must("ask", ask_usage(h->file, &q, &answer));
        ms[i] = (double)(thread_ns() - began) / 1e6;
    }
    figure(name, median_of(ms, ASKED_TIMES), "ms");
}

static void ask_all(const struct house *h)
{
    struct stat file;

    ask_month(h, "watch_ask_everybody", NULL, NULL);
    ask_month(h, "watch_ask_account", NULL, "acme");
    ask_month(h, "watch_ask_key", "00000000000769", NULL);
    if (stat(h->file, &file) != 0)
        must(h->file, KW_EIO);
    figure("watch_file", (double)file.st_size / 1e6, "MB");
}

int main(int argc, char **argv)
{
    static struct house h;
    struct rounds *rounds;

    if (argc != 2) {
        fprintf(stderr, "usage: bench-watch FOLDER\n");
        return 2;
    }
    open_house(&h, argv[1]);
    for (uint32_t i = 0; i < BATCHES + MONTH_HOURS; i++)
        write_batch(&h, i, time_of(i));
    const struct round_options o = {.file = h.file,
                                    .audit_dir = h.audit,
                                    .ctx = &h,
                                    .durable = durable,
                                    .now_us = now_us,
                                    .owner = owner,
                                    .policy = policy,
                                    .knows_countries = knows_countries,
                                    .locator = {NULL, find_place}};
    must("rounds", rounds_new(&o, &rounds));
    count_busy(&h, rounds);
    count_month(&h, rounds);
    ask_all(&h);
    rounds_free(rounds);
    segments_close(h.segments);
    return 0;
}
