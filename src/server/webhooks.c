/* webhooks.c - see webhooks.h. The thread owns the receivers, the feed and what is on its way; the outbox is everybody's, under the
 * lock, which is never held while sync's is waited for by anybody but the feed. */
#include "server/webhooks.h"

#include <keyward/version.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "crypto/secret.h"
#include "notify/webhook_post.h"
#include "server/alert_post.h"
#include "server/webhook_days.h"
#include "server/webhook_doc.h"
#include "server/webhook_feed.h"

enum {
    WAIT_MS = 100,
    ENTRIES = 256, /* of the log at a time */
    RETRY_US = 5 * 1000 * 1000,
    SWEEP_US = 600 * 1000 * 1000,
    PAUSE_MS = 60 * 1000,
    GONE = 410
};

struct flight { /* one delivery on its way */
    struct webhooks *all;
    struct outbox_delivery delivery; /* no 0: none */
    int64_t sent_ms;
};

struct webhooks {
    const struct config_webhooks *config; /* borrows, like the next two */
    struct sync *sync;
    const char *file;
    bool has_mail;
    struct box *box; /* owns, like the rest */
    struct webhook_posts *posts;
    struct receivers receivers;
    struct webhook_feed feed;
    struct webhook_days days;
    struct flight flights[WEBHOOK_POSTS_MAX];
    size_t turn;                   /* where the next pass begins, so that everybody's turn comes */
    uint64_t open_us, sweep_us;    /* boot clock: when the file is opened next, and swept */
    enum kw_err last;              /* of the last pass: an error is logged when it changes */
    atomic_bool stopping, changed; /* alone in what they say */
    pthread_mutex_t lock;
    struct outbox *outbox; /* NULL: not open; under the lock */
    pthread_t thread;
};

static int64_t now_ms(const struct webhooks *w)
{
    return sync_now_us(w->sync) / 1000;
}

/* ---- turned off ---- */

/* What follows from a webhook that is off - an alert, say - follows from this change, which is in the log. */
static void turn_off(struct webhooks *w, uint32_t slot, enum webhook_why why)
{
    const struct receiver *to = receivers_find(&w->receivers, slot);
    struct webhook next;

    if (to == NULL)
        return;
    struct store *store = sync_lock(w->sync);
    enum kw_err err = webhook_find(store, str_from(to->webhook.id), NULL, &next);
    sync_unlock(w->sync);
    if (err == KW_OK && next.state != WEBHOOK_ACTIVE)
        return;
    next.state = WEBHOOK_DISABLED;
    next.why = why;
    next.off_ms = now_ms(w);
    if (err == KW_OK)
        err = webhook_put(w->sync, STR(WEBHOOKS_ACTOR), &next);
    if (err == KW_OK || err == KW_EUNSAVED)
        log_warn("webhook %s is turned off: %s", to->webhook.id,
                 why == WEBHOOK_GONE ? "its receiver answered 410" : "nothing arrives there");
    else /* the next failure tries again */
        log_error("webhook %s cannot be turned off: %s", to->webhook.id, kw_strerror(err));
}

/* ---- what became of a delivery ---- */

static enum outbox_state state_after(const struct webhooks *w, const struct flight *f,
                                     const struct webhook_result *r)
{
    if (r->is_delivered)
        return OUTBOX_DELIVERED;
    return r->status == GONE || f->delivery.tries >= w->config->n_waits ? OUTBOX_FAILED
                                                                        : OUTBOX_PENDING;
}

static enum kw_err write_down(struct webhooks *w, const struct flight *f,
                              const struct webhook_result *r, struct outbox_health *health)
{
    struct outbox_try t = {.time_ms = f->sent_ms, .status = r->status, .took_ms = r->took_ms};
    enum outbox_state next = state_after(w, f, r);
    int64_t next_ms = 0;

    if (next == OUTBOX_PENDING)
        next_ms = now_ms(w) + (int64_t)w->config->waits_s[f->delivery.tries] * 1000;
    snprintf(t.error, sizeof t.error, "%.*s", OUTBOX_ERROR_MAX - 1, r->error);
    pthread_mutex_lock(&w->lock);
    enum kw_err err = w->outbox == NULL
                          ? KW_EUNAVAILABLE
                          : outbox_tried(w->outbox, f->delivery.no, &t, next, next_ms, health);
    pthread_mutex_unlock(&w->lock);
    return err;
}

/* What could not be written down is sent again, but not at once. */
static void release(struct webhooks *w, struct receiver *to, enum kw_err err)
{
    to->is_busy = false;
    to->is_known = err != KW_OK && err != KW_ENOTFOUND;
    if (to->is_known)
        to->due_ms = now_ms(w) + PAUSE_MS;
}

static void ended(struct webhooks *w, const struct flight *f, const struct webhook_result *r)
{
    struct outbox_health health = {.pending = 0};
    struct receiver *to = receivers_find(&w->receivers, f->delivery.webhook);

    enum kw_err err = write_down(w, f, r, &health);
    if (err != KW_OK && err != KW_ENOTFOUND) /* it is sent again: at least once */
        log_error("what became of %s cannot be written down: %s", f->delivery.event,
                  kw_strerror(err));
    if (to != NULL)
        release(w, to, err);
    if (r->status == GONE)
        turn_off(w, f->delivery.webhook, WEBHOOK_GONE);
    else if (health.failing_since_ms != 0 &&
             f->sent_ms - health.failing_since_ms >= (int64_t)w->config->off_after_s * 1000)
        turn_off(w, f->delivery.webhook, WEBHOOK_FAILING);
}

static void done(void *ctx, const struct webhook_result *r)
{
    struct flight *f = ctx;

    ended(f->all, f, r);
    f->delivery.no = 0;
}

/* ---- sent ---- */

static enum kw_err sign(const struct webhooks *w, const struct webhook *to, const struct flight *f,
                        struct str body, struct webhook_signatures *out)
{
    AUTO(secret_wipe) struct secret secret = {.b = {0}};
    AUTO(secret_wipe) struct secret old = {.b = {0}};
    bool has_old = webhook_has_old_secret(to, f->sent_ms);

    TRY(webhook_reveal(w->box, to->id, to->secret, &secret));
    if (has_old)
        TRY(webhook_reveal(w->box, to->id, to->old_secret, &old));
    return webhook_sign(&secret, has_old ? &old : NULL, str_from(f->delivery.event),
                        f->sent_ms / 1000, body, out);
}

static void begin(struct webhooks *w, const struct webhook *to, struct flight *f, struct str body)
{
    struct webhook_result failed = {.status = 0};
    struct webhook_signatures signatures;
    char why[EGRESS_WHY_MAX] = "";

    f->sent_ms = now_ms(w);
    enum kw_err err = sign(w, to, f, body, &signatures);
    const struct webhook_post post = {.url = to->url,
                                      .id = f->delivery.event,
                                      .time_s = f->sent_ms / 1000,
                                      .signatures = &signatures,
                                      .body = body,
                                      .ctx = f};
    if (err == KW_OK)
        err = webhook_posts_begin(w->posts, &post, why);
    if (err == KW_OK)
        return;
    snprintf(failed.error, sizeof failed.error, "%s",
             err == KW_EINVAL ? why : kw_strerror(err)); /* it was refused before it was sent */
    done(f, &failed);
}

static struct flight *free_flight(struct webhooks *w)
{
    for (size_t i = 0; i < WEBHOOK_POSTS_MAX; i++)
        if (w->flights[i].delivery.no == 0)
            return &w->flights[i];
    return NULL;
}

static enum kw_err find_due(struct webhooks *w, struct receiver *to)
{
    if (to->is_known)
        return KW_OK;
    enum kw_err err = outbox_due(w->outbox, to->webhook.slot, &to->due_ms);
    if (err == KW_ENOTFOUND)
        to->due_ms = RECEIVER_IDLE;
    else
        TRY(err);
    to->is_known = true;
    return KW_OK;
}

/* KW_ENOTFOUND: nothing is due for it. */
static enum kw_err next_of(struct webhooks *w, struct receiver *to, struct buf *body,
                           struct outbox_delivery *out)
{
    pthread_mutex_lock(&w->lock);
    enum kw_err err = w->outbox == NULL ? KW_ENOTFOUND : find_due(w, to);
    if (err == KW_OK)
        err = to->due_ms > now_ms(w) ? KW_ENOTFOUND
                                     : outbox_next(w->outbox, to->webhook.slot, body, out);
    pthread_mutex_unlock(&w->lock);
    return err;
}

static enum kw_err send_to(struct webhooks *w, struct receiver *to, struct flight *f)
{
    AUTO(buf_deinit) struct buf body = BUF_MAX(OUTBOX_BODY_MAX);
    struct flight next = {.all = w};

    enum kw_err err = next_of(w, to, &body, &next.delivery);
    if (err == KW_ENOTFOUND)
        return KW_OK;
    TRY(err);
    *f = next;
    to->is_busy = true;
    begin(w, &to->webhook, f, buf_view(&body));
    return KW_OK;
}

static enum kw_err send_due(struct webhooks *w)
{
    size_t n = w->receivers.n, from = n == 0 ? 0 : w->turn++ % n;

    for (size_t i = 0; i < n && i < w->receivers.n; i++) {
        struct receiver *to = &w->receivers.list[(from + i) % n];
        struct flight *f = free_flight(w);
        if (f == NULL)
            return KW_OK;
        if (!to->is_busy)
            TRY(send_to(w, to, f));
    }
    return KW_OK;
}

/* ---- fed ---- */

/* Under the lock. The last 8 MiB of a full disk are for revocations. */
static enum kw_err feed(struct webhooks *w)
{
    bool more = true;

    if (sync_disk_is_full(w->sync))
        return KW_EFULL;
    if (!w->feed.has_place)
        TRY(webhook_feed_begin(&w->feed, w->outbox));
    for (int i = 0; i < ENTRIES && more; i++)
        TRY(webhook_feed_next(&w->feed, &w->receivers, w->outbox, &more));
    return webhook_days_put(&w->days, &w->receivers, w->outbox, now_ms(w));
}

static enum kw_err sweep(struct webhooks *w)
{
    if (clock_boot_us() < w->sweep_us)
        return KW_OK;
    w->sweep_us = clock_boot_us() + SWEEP_US;
    TRY(outbox_sweep(w->outbox, ALERT_POST_SLOT, now_ms(w)));
    for (size_t i = 0; i < w->receivers.n; i++)
        TRY(outbox_sweep(w->outbox, w->receivers.list[i].webhook.slot, now_ms(w)));
    return KW_OK;
}

/* ---- the file ---- */

/* Under the lock. */
static enum kw_err open_file(struct webhooks *w)
{
    if (w->outbox != NULL)
        return KW_OK;
    if (clock_boot_us() < w->open_us)
        return w->last;
    w->open_us = clock_boot_us() + RETRY_US;
    w->feed = (struct webhook_feed){.sync = w->sync, .has_mail = w->has_mail};
    webhook_days_forget(&w->days);
    enum kw_err err = outbox_open(w->file, &w->outbox);
    if (err != KW_EDAMAGED && err != KW_EFORMAT)
        return err;
    log_error("%s is damaged, and moved aside: what waited for webhooks is lost", w->file);
    TRY(outbox_move_aside(w->file));
    return outbox_open(w->file, &w->outbox);
}

/* Under the lock. Opening finds out whether the file is damaged, or the page of one question was. */
static void close_file(struct webhooks *w, enum kw_err err)
{
    outbox_close(w->outbox);
    w->outbox = NULL;
    w->open_us = clock_boot_us() + RETRY_US;
    if (err == KW_EDAMAGED && outbox_move_aside(w->file) == KW_OK)
        log_error("%s is damaged, and moved aside: what waited for webhooks is lost", w->file);
}

static enum kw_err feed_and_sweep(struct webhooks *w)
{
    TRY(webhook_days_look(&w->days)); /* reads much, and needs no lock */
    pthread_mutex_lock(&w->lock);
    enum kw_err err = open_file(w);
    if (err == KW_OK && w->outbox != NULL)
        err = feed(w);
    if (err == KW_OK && w->outbox != NULL)
        err = sweep(w);
    if (err == KW_EDAMAGED || err == KW_EIO)
        close_file(w, err);
    pthread_mutex_unlock(&w->lock);
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
        webhook_posts_wait(w->posts, WAIT_MS, done);
    }
    return NULL;
}

/* ---- for everybody ---- */

const struct box *webhooks_box(const struct webhooks *w)
{
    return w->box;
}

struct outbox *webhooks_lock(struct webhooks *w)
{
    pthread_mutex_lock(&w->lock);
    return w->outbox;
}

void webhooks_unlock(struct webhooks *w, bool is_changed)
{
    pthread_mutex_unlock(&w->lock);
    if (!is_changed)
        return;
    atomic_store(&w->changed, true);
    webhook_posts_wake(w->posts);
}

/* ---- started and stopped ---- */

static void free_all(struct webhooks *w)
{
    webhook_posts_free(w->posts);
    receivers_deinit(&w->receivers);
    webhook_days_deinit(&w->days);
    outbox_close(w->outbox);
    box_free(w->box);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

static enum kw_err make(struct webhooks *w, const char *master_key, char why[256])
{
    const struct webhook_posts_options posts = {.rules = &w->config->rules,
                                                .ca_file = w->config->ca_file,
                                                .agent = "Keyward/" KEYWARD_VERSION};

    TRY(store_open_box(master_key, BOX_WEBHOOK_SECRETS, &w->box, why));
    TRY(webhook_posts_new(&posts, &w->posts));
    return pthread_create(&w->thread, NULL, run, w) == 0 ? KW_OK : KW_EUNAVAILABLE;
}

enum kw_err webhooks_start(const struct webhooks_options *options, struct webhooks **out,
                           char why[256])
{
    struct webhooks *w = calloc(1, sizeof *w);

    why[0] = '\0';
    if (w == NULL)
        return KW_ENOMEM;
    w->config = options->config;
    w->sync = options->sync;
    w->file = options->file;
    w->has_mail = options->has_mail;
    w->days = (struct webhook_days){.audit_dir = options->audit_dir, .audit_pub = options->audit_pub};
    w->sweep_us = clock_boot_us() + SWEEP_US;
    pthread_mutex_init(&w->lock, NULL);
    enum kw_err err = make(w, options->master_key, why);
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
    webhook_posts_wake(w->posts);
    pthread_join(w->thread, NULL);
    free_all(w);
}
