/* decider.c - see decider.h. */
#include "jobs/decider.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum { RETRY_US = 1000 * 1000 };

struct decider {
    pthread_mutex_t lock;
    char *run_dir;
    struct kw_engine *engine; /* NULL: not open */
    enum kw_err failed;       /* what the last try came to */
    uint64_t next_try_us;
};

enum kw_err decider_new(const char *run_dir, struct decider **out)
{
    struct decider *d = calloc(1, sizeof *d);

    if (d == NULL)
        return KW_ENOMEM;
    d->run_dir = strdup(run_dir);
    if (d->run_dir == NULL) {
        free(d);
        return KW_ENOMEM;
    }
    pthread_mutex_init(&d->lock, NULL);
    *out = d;
    return KW_OK;
}

void decider_free(struct decider *d)
{
    if (d == NULL)
        return;
    kw_close(d->engine);
    pthread_mutex_destroy(&d->lock);
    free(d->run_dir);
    free(d);
}

static enum kw_err open_engine(struct decider *d)
{
    uint64_t now_us = clock_boot_us();

    if (d->engine != NULL)
        return KW_OK;
    if (now_us < d->next_try_us)
        return d->failed;
    d->next_try_us = now_us + RETRY_US;
    d->failed = kw_open(d->run_dir, &d->engine);
    return d->failed;
}

enum kw_err decider_engine(struct decider *d, struct kw_engine **out)
{
    pthread_mutex_lock(&d->lock);
    enum kw_err err = open_engine(d);
    struct kw_engine *engine = d->engine;
    pthread_mutex_unlock(&d->lock);
    TRY(err);
    *out = engine;
    return KW_OK;
}
