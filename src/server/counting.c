/* counting.c - see counting.h. */
#include "server/counting.h"

#include <stdlib.h>

struct counting {
    struct sync *sync; /* borrows, like the next two */
    struct recording *recording;
    struct chosen *chosen;
    struct config_paths paths;
    struct usage *usage; /* owns */
};

/* The last 8 MiB of a full disk are for revocations. */
static uint64_t durable(void *ctx)
{
    const struct counting *c = ctx;

    return sync_disk_is_full(c->sync) ? 0 : recording_batch(c->recording);
}

static int64_t now_us(void *ctx)
{
    const struct counting *c = ctx;

    return sync_now_us(c->sync);
}

/* A key whose row does not hold counts as nobody's: what else is on the record is counted all the same. */
static enum kw_err owner(void *ctx, struct str key_id, char account[KW_ACCOUNT_MAX + 1])
{
    const struct counting *c = ctx;
    struct grant g;

    struct store *store = sync_lock(c->sync);
    enum kw_err err = store_key(store, key_id, NULL, &g);
    sync_unlock(c->sync);
    if (err == KW_EDAMAGED)
        return KW_ENOTFOUND;
    TRY(err);
    memcpy(account, g.account, sizeof g.account);
    return KW_OK;
}

static const struct thresholds *thresholds(void *ctx, struct str account)
{
    const struct counting *c = ctx;

    return chosen_of(c->chosen, account);
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
    const struct round_options options = {.file = c->paths.usage,
                                          .audit_dir = c->paths.audit_dir,
                                          .ctx = c,
                                          .durable = durable,
                                          .now_us = now_us,
                                          .owner = owner,
                                          .thresholds = thresholds};
    enum kw_err err = usage_start(&options, &c->usage);
    if (err != KW_OK) {
        free(c);
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
    free(c);
}

void counting_wait(struct counting *c, uint32_t ms, bool *is_complete, int64_t *counted_us)
{
    uint64_t batch = recording_batch(c->recording);
    struct round_result result;

    usage_wait(c->usage, batch, ms, &result);
    *is_complete = result.batch >= batch;
    *counted_us = result.time_us;
}

const char *counting_file(const struct counting *c)
{
    return c->paths.usage;
}

void counting_doubt(struct counting *c)
{
    usage_doubt(c->usage);
}
