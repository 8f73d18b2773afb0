/* webhooks.c - see webhooks.h. The thread owns the receivers, the feed and what is on its way; the outbox is everybody's, under the
 * lock, which is never held while sync's is waited for by anybody but the feed. */
#include "alerting/webhooks.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "alerting/alert_post.h"
#include "alerting/sender.h"
#include "alerting/webhook_days.h"
#include "alerting/webhook_feed.h"
#include "base/clock.h"
#include "base/log.h"

enum {
    WAIT_MS = 100,
    ENTRIES = 32, /* of the log at a time: others want the lock, too */
    SWEEP_US = 600 * 1000 * 1000,
    LOOK_US = 1000 * 1000
};

struct webhooks {
    struct sync *sync; /* borrows, like the next */
    const char *file;
    bool has_mail;
    struct outbox_shelf shelf; /* owns, like the rest */
    struct receivers receivers;
    struct webhook_feed feed;
    struct webhook_days days;
    struct sender sender;
    bool is_behind;              /* there is more to be read */
    uint64_t sweep_us;           /* boot clock: when the file is swept next */
    uint64_t swept;              /* how far it was */
    uint64_t look_us;            /* boot clock: when what waits is counted next */
    enum kw_err last, last_days; /* of the last pass, and look: an error is logged when it changes */
    pthread_mutex_t backlog_lock; /* around the next, and never held for longer than a copy takes */
    struct webhooks_backlog backlog;
    atomic_bool stopping, changed; /* alone in what they say */
    pthread_t thread;
};

static int64_t now_ms(const struct webhooks *w)
{
    return sync_now_us(w->sync) / 1000;
}

/* ---- fed ---- */

/* Under the lock. The last 8 MiB of a full disk are for revocations. */
static enum kw_err feed(struct webhooks *w)
{
    if (sync_disk_is_full(w->sync))
        return KW_EFULL;
    if (!w->feed.has_place)
        TRY(webhook_feed_begin(&w->feed, w->shelf.outbox));
    for (int i = 0; i < ENTRIES; i++) {
        TRY(webhook_feed_next(&w->feed, &w->receivers, w->shelf.outbox, &w->is_behind));
        if (!w->is_behind)
            break;
    }
    return webhook_days_put(&w->days, &w->receivers, w->shelf.outbox, now_ms(w));
}

/* Under the lock. One piece in each pass, so that nobody waits for it. */
static enum kw_err sweep(struct webhooks *w)
{
    bool is_over;

    if (clock_boot_us() < w->sweep_us)
        return KW_OK;
    TRY(outbox_sweep(w->shelf.outbox, &w->swept, now_ms(w), &is_over));
    if (is_over)
        w->sweep_us = clock_boot_us() + SWEEP_US;
    return KW_OK;
}

/* ---- what waits ---- */

static void publish(struct webhooks *w, const struct webhooks_backlog *b)
{
    pthread_mutex_lock(&w->backlog_lock);
    w->backlog = *b;
    pthread_mutex_unlock(&w->backlog_lock);
}

/* Under the lock. */
static enum kw_err look_at_backlog(struct webhooks *w)
{
    struct webhooks_backlog b = {.is_open = w->shelf.outbox != NULL};

    if (b.is_open) {
        if (clock_boot_us() < w->look_us)
            return KW_OK;
        w->look_us = clock_boot_us() + LOOK_US;
        TRY(outbox_backlog(w->shelf.outbox, false, &b.deliveries));
        TRY(outbox_backlog(w->shelf.outbox, true, &b.letters));
    }
    publish(w, &b);
    return KW_OK;
}

/* ---- the file ---- */

/* Under the lock. */
static enum kw_err open_file(struct webhooks *w)
{
    bool is_new;

    TRY(outbox_shelf_open(&w->shelf, w->file, clock_boot_us(), &is_new));
    if (!is_new)
        return KW_OK;
    w->feed = (struct webhook_feed){.sync = w->sync, .has_mail = w->has_mail};
    webhook_days_forget(&w->days);
    return KW_OK;
}

/* Under the lock. */
static enum kw_err feed_open(struct webhooks *w)
{
    TRY(open_file(w));
    TRY(feed(w));
    return sweep(w);
}

/* Where the record cannot be read, webhooks are told of all else. */
static void look_at_days(struct webhooks *w)
{
    enum kw_err err = webhook_days_look(&w->days);

    if (err != w->last_days && err != KW_OK)
        log_warn("webhooks are not told of days of the record at the moment: %s", kw_strerror(err));
    w->last_days = err;
}

static enum kw_err feed_and_sweep(struct webhooks *w)
{
    look_at_days(w); /* reads much, and needs no lock */
    pthread_mutex_lock(&w->shelf.lock);
    w->is_behind = false;
    enum kw_err err = feed_open(w), looked = look_at_backlog(w);
    if (err == KW_OK)
        err = looked;
    outbox_shelf_failed(&w->shelf, w->file, clock_boot_us(), err);
    pthread_mutex_unlock(&w->shelf.lock);
    return err;
}

static enum kw_err send_due(struct webhooks *w)
{
    enum kw_err err = sender_send(&w->sender);

    if (err == KW_OK)
        return KW_OK;
    pthread_mutex_lock(&w->shelf.lock);
    outbox_shelf_failed(&w->shelf, w->file, clock_boot_us(), err);
    pthread_mutex_unlock(&w->shelf.lock);
    return err;
}

/* ---- the thread ---- */

static void tell(struct webhooks *w, enum kw_err err)
{
    if (err != w->last)
        log_line(err == KW_OK ? LOG_INFO : LOG_WARN, "webhooks are %s%s",
                 err == KW_OK ? "told again" : "not told of changes at the moment: ",
                 err == KW_OK ? "" : kw_strerror(err));
    w->last = err;
}

static void *run(void *arg)
{
    struct webhooks *w = arg;

    while (!atomic_load(&w->stopping)) {
        if (atomic_exchange(&w->changed, false))
            for (size_t i = 0; i < w->receivers.n; i++)
                w->receivers.list[i].is_known = false;
        enum kw_err err = feed_and_sweep(w);
        if (err == KW_OK)
            err = send_due(w);
        tell(w, err);
        sender_wait(&w->sender, w->is_behind ? 0 : WAIT_MS);
    }
    return NULL;
}

/* ---- for everybody ---- */

const struct box *webhooks_box(const struct webhooks *w)
{
    return w->sender.box;
}

struct outbox *webhooks_lock(struct webhooks *w)
{
    pthread_mutex_lock(&w->shelf.lock);
    return w->shelf.outbox;
}

void webhooks_unlock(struct webhooks *w, bool is_changed)
{
    pthread_mutex_unlock(&w->shelf.lock);
    if (!is_changed)
        return;
    atomic_store(&w->changed, true);
    sender_wake(&w->sender);
}

void webhooks_backlog(struct webhooks *w, struct webhooks_backlog *out)
{
    pthread_mutex_lock(&w->backlog_lock);
    *out = w->backlog;
    pthread_mutex_unlock(&w->backlog_lock);
}

/* ---- started and stopped ---- */

static void free_all(struct webhooks *w)
{
    sender_close(&w->sender);
    receivers_deinit(&w->receivers);
    webhook_days_deinit(&w->days);
    outbox_close(w->shelf.outbox);
    pthread_mutex_destroy(&w->shelf.lock);
    pthread_mutex_destroy(&w->backlog_lock);
    free(w);
}

static enum kw_err make(struct webhooks *w, const struct webhooks_options *o, char why[256])
{
    const struct sender_options sender = {.config = o->config,
                                          .sync = o->sync,
                                          .tally = o->tally,
                                          .shelf = &w->shelf,
                                          .receivers = &w->receivers,
                                          .master_key = o->master_key};

    TRY(sender_open(&sender, &w->sender, why));
    return pthread_create(&w->thread, NULL, run, w) == 0 ? KW_OK : KW_EUNAVAILABLE;
}

enum kw_err webhooks_start(const struct webhooks_options *options, struct webhooks **out,
                           char why[256])
{
    struct webhooks *w = calloc(1, sizeof *w);

    why[0] = '\0';
    if (w == NULL)
        return KW_ENOMEM;
    w->sync = options->sync;
    w->file = options->file;
    w->has_mail = options->has_mail;
    w->days = (struct webhook_days){.audit_dir = options->audit_dir, .audit_pub = options->audit_pub};
    w->sweep_us = clock_boot_us() + SWEEP_US;
    pthread_mutex_init(&w->shelf.lock, NULL);
    pthread_mutex_init(&w->backlog_lock, NULL);
    enum kw_err err = make(w, options, why);
    if (err != KW_OK) {
        free_all(w);
        return err;
    }
    *out = w;
    return KW_OK;
}

void webhooks_stop(struct webhooks *w)
{
    if (w == NULL)
        return;
    atomic_store(&w->stopping, true);
    sender_wake(&w->sender);
    pthread_join(w->thread, NULL);
    free_all(w);
}
