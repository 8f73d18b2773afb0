/* watch.c - how many events a second are counted and looked at, from a record on disk into usage.db.
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
#include "watch/round.h"

/* So many keys take turns; a batch every 100 ms, and every 50 batches a round, as when it is busy. */
enum { KEYS = 10000, BATCHES = 500, PER_ROUND = 50, STRANGERS_IN_100 = 5 };

static const int64_t begin_us = INT64_C(1795521600) * 1000000;

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

static void write_batch(struct house *h, uint32_t number)
{
    static uint8_t bytes[BATCH_RECORDS_MAX][EVENT_MAX];
    static struct record records[BATCH_RECORDS_MAX];
    const struct batch_head head = {.time_us = begin_us + (int64_t)number * 100000};

    for (uint32_t i = 0; i < BATCH_RECORDS_MAX; i++) {
        const struct event e = event_of(number * BATCH_RECORDS_MAX + i, head.time_us);
        records[i] =
            (struct record){RECORD_EVENT, {(const char *)bytes[i], event_encode(&e, bytes[i])}};
    }
    must("record", segments_append(h->segments, &head, records, BATCH_RECORDS_MAX));
}

static void count_up_to(struct house *h, struct rounds *rounds, uint64_t batch)
{
    struct round_result result = {.more = true};

    h->durable = batch;
    h->now_us = begin_us + (int64_t)batch * 100000;
    while (result.more)
        must("rounds", rounds_run(rounds, &result));
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
    for (uint32_t i = 0; i < BATCHES; i++)
        write_batch(&h, i);
    const struct round_options o = {.file = h.file,
                                    .audit_dir = h.audit,
                                    .ctx = &h,
                                    .durable = durable,
                                    .now_us = now_us,
                                    .owner = owner};
    must("rounds", rounds_new(&o, &rounds));
    count_up_to(&h, rounds, PER_ROUND); /* the keys are met, and get their numbers */
    uint64_t began = thread_ns();
    for (uint64_t b = UINT64_C(2) * PER_ROUND; b <= BATCHES; b += PER_ROUND)
        count_up_to(&h, rounds, b);
    double n = (double)(BATCHES - PER_ROUND) * BATCH_RECORDS_MAX;
    figure("watch_rate", n / ((double)(thread_ns() - began) / 1e9), "events/s");
    rounds_free(rounds);
    segments_close(h.segments);
    return 0;
}
