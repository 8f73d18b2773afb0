/* recording.c - see recording.h. Owns the recorder; touches rings and record through it alone, and the change log through
 * sync. */
#include "jobs/recording.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/log.h"
#include "jobs/attempts.h"
#include "jobs/spends_seen.h"
#include "record/verify.h"
#include "sync/spend.h"
#include "json/change_out.h"

enum { PAUSE_NS = 100000000 };

struct recording {
    struct sync *sync;     /* borrows */
    struct tally *tally;   /* borrows */
    struct key_uses *uses; /* borrows */
    char audit_dir[CONFIG_PATH_MAX + 32];
    const char *run_dir; /* borrows */
    struct signer *signer;
    pthread_mutex_t lock; /* around the recorder */
    struct recorder *recorder;
    struct attempts *readers; /* owns */
    bool jumped;              /* as the record knows it */
    enum kw_err last;         /* of the last drain: an error is logged when it changes */
    _Atomic uint64_t complete_us; /* boot clock; what was decided before is on the record. relaxed: a number for people */
    _Atomic uint64_t batch; /* the last that is durable. relaxed: who reads further finds it in the file */
    _Atomic bool stopping; /* relaxed: nothing else depends on it */
    bool has_thread;
    pthread_t thread;
};

/* ---- what the recorder asks for ---- */

struct taking {
    recorder_take_fn *take;
    void *sink;
};

static enum kw_err take_one(void *ctx, const struct change *c)
{
    struct taking *t = ctx;
    struct change_text text;

    TRY(change_out(c, &text));
    return t->take(t->sink, &text.change);
}

static enum kw_err changes(void *ctx, uint64_t after, uint32_t limit, recorder_take_fn *take,
                           void *sink)
{
    struct recording *r = ctx;
    struct taking taking = {.take = take, .sink = sink};

    struct store *store = sync_lock(r->sync);
    enum kw_err err = store_changes(store, after, limit, take_one, &taking);
    sync_unlock(r->sync);
    return err;
}

static enum kw_err spends(void *ctx, uint64_t after, uint32_t limit, recorder_spend_fn *take,
                          void *sink)
{
    struct recording *r = ctx;

    struct store *store = sync_lock(r->sync);
    enum kw_err err = store_spend_log(store, after, limit, take, sink);
    sync_unlock(r->sync);
    return err;
}

static void damaged(void *ctx, uint32_t number, enum kw_err why)
{
    struct recording *r = ctx;

    char ring[12];

    snprintf(ring, sizeof ring, "%03u", number);
    const struct log_field fields[] = {{"ring", ring}, {"code", kw_err_name(why)}, {NULL, NULL}};
    log_about(LOG_WARN, fields, "ring %s is damaged (%s): another takes its place", ring,
              kw_err_name(why));
    sync_replace_ring(r->sync, number);
}

static void recorded(void *ctx, const struct event *e)
{
    const struct recording *r = ctx;

    tally_event(r->tally, e);
    key_uses_note(r->uses, e, sync_now_us(r->sync));
}

/* ---- draining ---- */

static void note_jump(struct recording *r)
{
    struct sync_clock clock;

    sync_clock(r->sync, &clock);
    if (clock.jumped && !r->jumped)
        recorder_note(r->recorder, "the wall clock jumped by %lld s",
                      (long long)(clock.ahead_us / 1000000));
    r->jumped = clock.jumped;
}

static void note_batch(struct recording *r)
{
    struct record_head head;

    recorder_head(r->recorder, &head);
    atomic_store_explicit(&r->batch, head.batch, memory_order_relaxed);
}

static enum kw_err drain_locked(struct recording *r)
{
    struct recorder_result result = {0};
    uint64_t begun_us = clock_boot_us();
    enum kw_err err;

    note_jump(r);
    do { /* the rings hold what a full disk does not */
        err = sync_disk_is_full(r->sync)
                  ? KW_EFULL
                  : recorder_drain(r->recorder, sync_now_us(r->sync), &result);
        sync_spends_recorded(r->sync, recorder_spends(r->recorder));
    } while (err == KW_OK && result.more);
    note_batch(r);
    if (err == KW_OK)
        atomic_store_explicit(&r->complete_us, begun_us, memory_order_relaxed);
    if (err != r->last)
        log_line(err == KW_OK ? LOG_INFO : LOG_ERROR, "the record %s%s",
                 err == KW_OK ? "is being written again" : "cannot be written: ",
                 err == KW_OK ? "" : kw_strerror(err));
    r->last = err;
    return err;
}

enum kw_err recording_drain(struct recording *r)
{
    pthread_mutex_lock(&r->lock);
    enum kw_err err = drain_locked(r);
    pthread_mutex_unlock(&r->lock);
    return err;
}

uint64_t recording_batch(const struct recording *r)
{
    return atomic_load_explicit(&r->batch, memory_order_relaxed);
}

uint64_t recording_lag_us(const struct recording *r)
{
    uint64_t complete_us = atomic_load_explicit(&r->complete_us, memory_order_relaxed);
    uint64_t now_us = clock_boot_us();

    return now_us > complete_us ? now_us - complete_us : 0;
}

enum kw_err recording_note(struct recording *r, const char *format, ...)
{
    char text[64];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    pthread_mutex_lock(&r->lock);
    recorder_note(r->recorder, "%s", text);
    pthread_mutex_unlock(&r->lock);
    return recording_drain(r);
}

void recording_sign_in(struct recording *r, const struct sign_in *s)
{
    recorder_sign_in(r->recorder, s);
}

void recording_leak(struct recording *r, const struct leak *l)
{
    recorder_leak(r->recorder, l);
}

/* Each is a record, and the drain of each call a batch with an fsync: whoever could make as many as he can ask would fill the disk. */
bool recording_reading(struct recording *r, const struct reading *reading, uint64_t alike,
                       uint32_t *retry_after_s)
{
    struct digest actor;

    if (str_starts(reading->actor, STR("uid:"))) {
        recorder_reading(r->recorder, reading, alike);
        return true;
    }
    digest_of(reading->actor, &actor);
    const struct attempt a = {.source = actor.b, .email = {NULL, 0}};
    if (!attempts_take(r->readers, &a, reading->time_us / 1000, retry_after_s))
        return false;
    if (!recorder_reading(r->recorder, reading, alike))
        attempts_return(r->readers, &a);
    return true;
}

bool recording_warn(struct recording *r, const struct event *e)
{
    return recorder_warn(r->recorder, e);
}

enum kw_err recording_keep_from(struct recording *r, const struct retention_cut *cut)
{
    pthread_mutex_lock(&r->lock);
    recorder_keep_from(r->recorder, cut);
    enum kw_err err = drain_locked(r);
    bool is_durable = recorder_is_kept_from(r->recorder, cut);
    pthread_mutex_unlock(&r->lock);
    if (is_durable)
        return KW_OK; /* whatever else went wrong */
    return err == KW_OK ? KW_EBUSY : err;
}

static void *run(void *arg)
{
    struct recording *r = arg;
    const struct timespec pause = {.tv_nsec = PAUSE_NS};

    while (!atomic_load_explicit(&r->stopping, memory_order_relaxed)) {
        ignore(recording_drain(r)); /* logged there; tried again in 100 ms */
        nanosleep(&pause, NULL);
    }
    return NULL;
}

/* ---- opened and closed ---- */

int64_t recording_newest_us(const char *audit_dir)
{
    struct record_head head = {.time_us = 1};

    return verify_head(audit_dir, &head) == KW_ENOTFOUND ? 0 : head.time_us;
}

static enum kw_err read_signer(const char *path, struct signer **out)
{
    AUTO(secret_wipe) struct secret seed;
    AUTO(buf_deinit) struct buf text = BUF_MAX(256);

    TRY(file_check_private(path, true));
    TRY(file_read(path, &text));
    enum kw_err err = hex_get(str_trim(buf_view(&text)), seed.b, sizeof seed.b);
    explicit_bzero(text.p, text.n);
    TRY(err);
    return signer_new(&seed, out);
}

static enum kw_err open_recorder(struct recording *r, const struct config_paths *paths, char why[256])
{
    enum kw_err err = read_signer(paths->audit_key, &r->signer);

    if (err != KW_OK) {
        snprintf(why, 256, "the key that signs the record, %.120s, cannot be used: %s",
                 paths->audit_key, kw_strerror(err));
        return err;
    }
    snprintf(why, 256, "the record in %.160s cannot be opened", r->audit_dir);
    if (mkdir(r->audit_dir, 0700) != 0 && errno != EEXIST)
        return file_err(errno);
    const uint64_t newest_change = store_change_seq(sync_lock(r->sync));
    sync_unlock(r->sync);
    const struct recorder_options options = {
        .audit_dir = r->audit_dir,
        .run_dir = r->run_dir,
        .signer = r->signer,
        .ctx = r,
        .changes = changes,
        .spends = spends,
        .newest_change = &newest_change,
        .damaged = damaged,
        .recorded = recorded,
    };
    TRY(recorder_open(&options, &r->recorder)); /* cuts off what was torn */
    uint64_t last_spend = 0;
    TRY(spends_seen(r->sync, r->audit_dir, &last_spend));
    recorder_spends_from(r->recorder, last_spend);
    return KW_OK;
}

static void recording_freep(struct recording **r)
{
    recording_stop(*r);
}

enum kw_err recording_start(const struct config *config, struct sync *sync, struct tally *tally,
                            struct key_uses *uses, struct recording **out, char why[256])
{
    AUTO(recording_freep) struct recording *r = calloc(1, sizeof *r);
    struct config_paths paths;

    if (r == NULL)
        return KW_ENOMEM;
    pthread_mutex_init(&r->lock, NULL);
    config_paths_of(config, &paths);
    memcpy(r->audit_dir, paths.audit_dir, sizeof r->audit_dir);
    r->run_dir = config->run_dir;
    r->sync = sync;
    r->tally = tally;
    r->uses = uses;
    r->complete_us = clock_boot_us();
    TRY(attempts_new(&attempts_to_read, &r->readers));
    TRY(open_recorder(r, &paths, why));
    note_batch(r);
    if (pthread_create(&r->thread, NULL, run, r) != 0)
        return KW_EUNAVAILABLE;
    r->has_thread = true;
    *out = STEAL(r);
    return KW_OK;
}

void recording_stop(struct recording *r)
{
    if (r == NULL)
        return;
    atomic_store_explicit(&r->stopping, true, memory_order_relaxed);
    if (r->has_thread)
        pthread_join(r->thread, NULL);
    if (r->recorder != NULL)
        ignore(drain_locked(r)); /* logged there */
    recorder_close(r->recorder);
    signer_free(r->signer);
    attempts_free(r->readers);
    pthread_mutex_destroy(&r->lock);
    free(r);
}
