/* warner.c - see warner.h. Each pass brings record and count in step, asks the count, and hands over what is missing. */
#include "jobs/warner.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "core/key.h"
#include "watch/enter.h"
#include "watch/warned.h"

enum {
    NAP_NS = 100000000,
    YIELD_NS = 5000000, /* between windows: others want sync's lock, too */
    PAUSE_US = 5 * 1000 * 1000,
    KEYS_US = 60 * 1000 * 1000,
    COUNTED_MS = 500, /* so long a pass waits for the count */
    WINDOW = 5000,    /* slots at a time: sync's lock is held for some milliseconds */
    OWED_MAX = 256,
};

struct due { /* a key to be warned, unless it was */
    char id[KW_KEY_ID_LEN + 1];
    uint32_t generation;
    enum warning what;
};

struct warner {
    struct sync *sync; /* borrows, like the next two */
    struct recording *recording;
    struct counting *counting;
    uint64_t pass_us,
        keys_us; /* boot clock: when the next pass comes, and the next that goes through all keys */
    enum kw_err last;      /* of the last pass: an error is logged when it changes */
    _Atomic bool stopping; /* relaxed: nothing else depends on it */
    pthread_t thread;

    struct due due[WINDOW]; /* of one window */
    uint32_t n_due, n_slots;
    int64_t now_ms;
};

static bool is_stopping(const struct warner *w)
{
    return atomic_load_explicit(&w->stopping, memory_order_relaxed);
}

/* ---- one warning ---- */

/* A key that is not there, or whose row does not hold: *out stays as it is. */
static enum kw_err find(struct warner *w, struct str id, struct grant *out)
{
    struct store *store = sync_lock(w->sync);
    enum kw_err err = store_key(store, id, NULL, out);

    sync_unlock(w->sync);
    return err == KW_ENOTFOUND || err == KW_EDAMAGED ? KW_OK : err;
}

/* KW_EFULL: after the next batch there is room again. */
static enum kw_err put(struct warner *w, enum warning what, const struct grant *g, uint32_t generation)
{
    struct event e = warning_event(what, sync_now_us(w->sync));

    memcpy(e.key_id, g->id, sizeof e.key_id);
    e.account = str_from(g->account);
    e.environment = g->environment;
    e.key_version = g->version;
    e.generation = generation;
    return recording_warn(w->recording, &e) ? KW_OK : KW_EFULL;
}

/* Somebody has the secret, whatever became of the key. */
static enum kw_err warn_owed(void *ctx, const struct warned_owed *owed)
{
    struct warner *w = ctx;
    struct grant g = {.slot = 0};

    memcpy(g.id, owed->key_id.p, KW_KEY_ID_LEN);
    memcpy(g.account, owed->account.n == 0 ? "" : owed->account.p, owed->account.n);
    TRY(find(w, owed->key_id, &g));
    return put(w, WARNING_OLD_SECRET, &g, owed->generation);
}

/* The row is believed, not the outline: one that was changed meanwhile is looked at with the next pass. */
static enum kw_err warn_due(struct warner *w, struct book *b, const struct due *d)
{
    struct grant g = {.slot = 0};
    bool is_told = false;

    TRY(warned_ask(b, str_from(d->id), d->generation, d->what, &is_told));
    if (is_told)
        return KW_OK;
    TRY(find(w, str_from(d->id), &g));
    bool is_same = g.slot != 0 && g.state == KEY_ACTIVE && g.generation == d->generation;
    return is_same ? put(w, d->what, &g, d->generation) : KW_OK;
}

/* ---- all keys ---- */

/* A key that expires because it was not rotated is warned of as overdue; one that expires otherwise needs no rotation. */
static enum warning warning_for(const struct key_outline *k, int64_t now_ms)
{
    bool is_over = lifecycle_expired(k->ends_ms, now_ms) && k->ends_ms != k->rotation_due_ms;

    if (k->state != KEY_ACTIVE || is_over)
        return WARNING_NONE;
    return warning_of(rotation_stage_at(k->rotation_due_ms, now_ms), k->rotation_days);
}

static enum kw_err take_due(void *ctx, const struct key_outline *k)
{
    struct warner *w = ctx;
    struct due *d = &w->due[w->n_due];

    d->what = warning_for(k, w->now_ms);
    d->generation = k->generation;
    memcpy(d->id, k->id, sizeof d->id);
    w->n_due += d->what != WARNING_NONE;
    return KW_OK;
}

static enum kw_err take_window(struct warner *w, uint32_t after)
{
    struct store *store = sync_lock(w->sync);
    enum kw_err err = store_key_slots(store, &w->n_slots);

    w->n_due = 0;
    if (err == KW_OK)
        err = store_key_outlines(store, (struct str){NULL, 0}, after, after + WINDOW, take_due, w);
    sync_unlock(w->sync);
    return err;
}

static enum kw_err warn_keys(struct warner *w, struct book *b)
{
    const struct timespec yield = {.tv_nsec = YIELD_NS};

    w->now_ms = sync_now_us(w->sync) / 1000;
    w->n_slots = 1;
    for (uint64_t after = 0; after < w->n_slots && !is_stopping(w); after += WINDOW) {
        TRY(take_window(w, (uint32_t)after));
        for (uint32_t i = 0; i < w->n_due; i++)
            TRY(warn_due(w, b, &w->due[i]));
        nanosleep(&yield, NULL);
    }
    return KW_OK;
}

/* ---- a pass ---- */

/* One moment of the count, which holds all that was warned of so far. KW_EBUSY: it is behind; a file that is begun anew says so, too. */
static enum kw_err open_count(struct warner *w, struct book *b)
{
    struct follow_place counted;
    bool is_complete;
    int64_t counted_us;

    if (recording_drain(w->recording) != KW_OK)
        return KW_EBUSY; /* logged there */
    uint64_t batch = recording_batch(w->recording);
    counting_wait(w->counting, COUNTED_MS, &is_complete, &counted_us);
    TRY(book_open_reading(counting_file(w->counting), b));
    TRY(book_run(b, BOOK_BEGIN_READING));
    TRY(enter_read_place(b, &counted));
    return counted.batch < batch ? KW_EBUSY : KW_OK;
}

static enum kw_err pass(struct warner *w)
{
    AUTO(book_closep) struct book b = {.prepared = {NULL}};

    TRY(open_count(w, &b));
    TRY(warned_owed(&b, OWED_MAX, warn_owed, w));
    if (clock_boot_us() < w->keys_us)
        return KW_OK;
    TRY(warn_keys(w, &b));
    w->keys_us = clock_boot_us() + KEYS_US;
    return KW_OK;
}

/* What comes to pass by itself is no trouble: a count that is behind, or not begun; a full line, which the next batch empties. */
static void tell(struct warner *w, enum kw_err err)
{
    if (err == KW_EBUSY || err == KW_ENOTFOUND || err == KW_EFULL)
        return;
    if (err == KW_EDAMAGED || err == KW_EFORMAT)
        counting_doubt(w->counting);
    if (err != w->last)
        log_line(err == KW_OK ? LOG_INFO : LOG_WARN, "keys are %s%s",
                 err == KW_OK ? "warned of again" : "not warned of at the moment: ",
                 err == KW_OK ? "" : kw_strerror(err));
    w->last = err;
}

static void *run(void *arg)
{
    struct warner *w = arg;
    const struct timespec nap = {.tv_nsec = NAP_NS};

    for (; !is_stopping(w); nanosleep(&nap, NULL)) {
        if (clock_boot_us() < w->pass_us)
            continue;
        enum kw_err err = pass(w);
        tell(w, err);
        w->pass_us = clock_boot_us() + (err == KW_EFULL || err == KW_EBUSY ? 0 : PAUSE_US);
    }
    return NULL;
}

/* ---- started and stopped ---- */

enum kw_err warner_start(struct sync *sync, struct recording *recording, struct counting *counting,
                         struct warner **out)
{
    struct warner *w = calloc(1, sizeof *w);

    if (w == NULL)
        return KW_ENOMEM;
    w->sync = sync;
    w->recording = recording;
    w->counting = counting;
    if (pthread_create(&w->thread, NULL, run, w) != 0) {
        free(w);
        return KW_EUNAVAILABLE;
    }
    *out = w;
    return KW_OK;
}

void warner_stop(struct warner *w)
{
    if (w == NULL)
        return;
    atomic_store_explicit(&w->stopping, true, memory_order_relaxed);
    pthread_join(w->thread, NULL);
    free(w);
}
