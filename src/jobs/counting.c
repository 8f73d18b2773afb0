/* counting.c - see counting.h. */
#include "jobs/counting.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "core/spend_rules.h"
#include "watch/locator.h"

enum {
    REFRESH_US = 10 * 1000 * 1000,
    WAIT_MS = 100 /* for what is on the record and not yet counted */
};

struct counting {
    struct sync *sync; /* borrows, like the next two */
    struct recording *recording;
    struct chosen *chosen;
    struct config_paths paths;
    struct usage *usage;        /* owns, like the next */
    struct locator *locator;    /* the counting thread's */
    uint64_t refresh_us;        /* boot clock: when its files are looked at next */
    _Atomic bool is_located;    /* relaxed, like the next two: there is a file; for whoever asks */
    _Atomic bool has_countries; /* there is that of countries */
    _Atomic uint64_t located_s;
};

static void note_files(struct counting *c)
{
    atomic_store_explicit(&c->is_located, locator_is_open(c->locator), memory_order_relaxed);
    atomic_store_explicit(&c->has_countries, locator_knows_countries(c->locator),
                          memory_order_relaxed);
    atomic_store_explicit(&c->located_s, locator_made_s(c->locator), memory_order_relaxed);
}

static void refresh(struct counting *c)
{
    if (clock_boot_us() < c->refresh_us)
        return;
    locator_refresh(c->locator);
    note_files(c);
    c->refresh_us = clock_boot_us() + REFRESH_US;
}

/* Asked once a round. The last 8 MiB of a full disk are for revocations. */
static uint64_t durable(void *ctx)
{
    struct counting *c = ctx;

    refresh(c);
    return sync_disk_is_full(c->sync) ? 0 : recording_batch(c->recording);
}

static int64_t now_us(void *ctx)
{
    const struct counting *c = ctx;

    return sync_now_us(c->sync);
}

/* A key whose row does not hold counts as nobody's: what else is on the record is counted all the same. */
static enum kw_err find_key(const struct counting *c, struct str key_id, struct grant *g)
{
    struct store *store = sync_lock(c->sync);
    enum kw_err err = store_key(store, key_id, NULL, g);

    sync_unlock(c->sync);
    return err == KW_EDAMAGED ? KW_ENOTFOUND : err;
}

static enum kw_err owner(void *ctx, struct str key_id, char account[KW_ACCOUNT_MAX + 1])
{
    struct grant g;

    TRY(find_key(ctx, key_id, &g));
    memcpy(account, g.account, sizeof g.account);
    return KW_OK;
}

static enum kw_err policy(void *ctx, uint32_t version, struct buf *document)
{
    const struct counting *c = ctx;

    struct store *store = sync_lock(c->sync);
    enum kw_err err = store_policy_version(store, version, document);
    sync_unlock(c->sync);
    return err;
}

static bool knows_countries(void *ctx)
{
    return counting_knows_countries(ctx);
}

static enum kw_err generation(void *ctx, struct str key_id, uint32_t *out)
{
    struct grant g;

    TRY(find_key(ctx, key_id, &g));
    *out = g.generation;
    return KW_OK;
}

static const struct thresholds *thresholds(void *ctx, struct str account)
{
    const struct counting *c = ctx;

    return chosen_of(c->chosen, account);
}

static enum kw_err read_rules(struct store *store, struct str key_id, struct buf *document,
                              struct spend_rules *out)
{
    uint32_t version;
    struct grant g;

    TRY(store_key(store, key_id, NULL, &g));
    TRY(store_spend_rules(store, g.slot, &version, document));
    return spend_rules_read(buf_view(document), out);
}

static bool spend_most(void *ctx, struct str key_id, struct str currency, struct amount *out)
{
    AUTO(buf_deinit) struct buf document = BUF_MAX(SPEND_DOCUMENT_MAX);
    const struct counting *c = ctx;
    struct spend_rules rules;

    struct store *store = sync_lock(c->sync);
    enum kw_err err = read_rules(store, key_id, &document, &rules);
    sync_unlock(c->sync);
    const struct spend_rule *r = err == KW_OK ? spend_rules_find(&rules, currency) : NULL;
    if (r == NULL || amount_compare(r->most[SPEND_PER_TRANSACTION], amount_max()) >= 0)
        return false;
    *out = r->most[SPEND_PER_TRANSACTION];
    return true;
}

static void counting_free(struct counting *c)
{
    locator_free(c->locator);
    free(c);
}

static enum kw_err open_locator(const struct config *config, struct counting *c)
{
    const char *const files[LOCATOR_FILES_MAX] = {config->location_files[0],
                                                  config->location_files[1]};

    TRY(locator_new(files, &c->locator));
    note_files(c);
    return KW_OK;
}

enum kw_err counting_start(const struct config *config, struct sync *sync,
                           struct recording *recording, struct chosen *chosen, struct counting **out)
{
    struct counting *c = calloc(1, sizeof *c);

    if (c == NULL)
        return KW_ENOMEM;
    c->sync = sync;
    c->recording = recording;
    c->chosen = chosen;
    config_paths_of(config, &c->paths);
    enum kw_err err = open_locator(config, c);
    const struct round_options options = {.file = c->paths.usage,
                                          .audit_dir = c->paths.audit_dir,
                                          .ctx = c,
                                          .durable = durable,
                                          .now_us = now_us,
                                          .owner = owner,
                                          .policy = policy,
                                          .knows_countries = knows_countries,
                                          .generation = generation,
                                          .thresholds = thresholds,
                                          .spend_most = spend_most,
                                          .locator = {c->locator, locator_find}};
    if (err == KW_OK)
        err = usage_start(&options, &c->usage);
    if (err != KW_OK) {
        counting_free(c);
        return err;
    }
    *out = c;
    return KW_OK;
}

void counting_stop(struct counting *c)
{
    if (c == NULL)
        return;
    usage_stop(c->usage);
    counting_free(c);
}

bool counting_knows_places(const struct counting *c)
{
    return atomic_load_explicit(&c->is_located, memory_order_relaxed);
}

bool counting_knows_countries(const struct counting *c)
{
    return atomic_load_explicit(&c->has_countries, memory_order_relaxed);
}

void counting_wait(struct counting *c, uint32_t ms, bool *is_complete, int64_t *counted_us)
{
    uint64_t batch = recording_batch(c->recording);
    struct round_result result;

    usage_wait(c->usage, batch, ms, &result);
    *is_complete = result.batch >= batch;
    *counted_us = result.time_us;
}

int64_t counting_until_ms(struct counting *c, int64_t now_ms)
{
    bool is_complete;
    int64_t counted_us;
    enum kw_err drained = recording_drain(c->recording);

    counting_wait(c, WAIT_MS, &is_complete, &counted_us);
    return drained == KW_OK && is_complete ? now_ms : counted_us / 1000;
}

uint64_t counting_batch(const struct counting *c)
{
    struct round_result result;

    usage_wait(c->usage, 0, 0, &result);
    return result.batch;
}

void counting_state(const struct counting *c, struct counting_state *out)
{
    uint64_t durable = recording_batch(c->recording);
    struct usage_state u;

    usage_state(c->usage, &u);
    *out = (struct counting_state){.is_stuck = u.err != KW_OK,
                                   .lag_us = u.lag_us,
                                   .batches = durable > u.batch ? durable - u.batch : 0,
                                   .located_s =
                                       atomic_load_explicit(&c->located_s, memory_order_relaxed)};
}

const char *counting_file(const struct counting *c)
{
    return c->paths.usage;
}

void counting_doubt(struct counting *c)
{
    usage_doubt(c->usage);
}

enum kw_err counting_answer(struct counting *c, enum kw_err err, int64_t *until_ms)
{
    if (err != KW_EDAMAGED && err != KW_EFORMAT)
        return err;
    counting_doubt(c);
    *until_ms = 0;
    return KW_OK;
}
