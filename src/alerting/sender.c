/* sender.c - see sender.h. */
#include "alerting/sender.h"

#include <keyward/version.h>
#include <stdio.h>
#include <string.h>

#include "alerting/webhook_doc.h"
#include "base/clock.h"
#include "base/log.h"

enum { PAUSE_MS = 60 * 1000, OURS_PAUSE_MS = 1000, PER_ACCOUNT_MAX = 8, GONE = 410 };

static int64_t now_ms(const struct sender *s)
{
    return sync_now_us(s->sync) / 1000;
}

/* ---- turned off ---- */

/* What an answer says is about the webhook as it was when it was called: it may lead elsewhere now. */
static void turn_off(struct sender *s, const struct flight *f, enum webhook_why why)
{
    const struct receiver *to = receivers_find(s->receivers, f->delivery.webhook);
    struct webhook next;

    if (to == NULL)
        return;
    struct store *store = sync_lock(s->sync);
    enum kw_err err = webhook_find(store, str_from(to->webhook.id), NULL, &next);
    sync_unlock(s->sync);
    if (err == KW_OK && (next.state != WEBHOOK_ACTIVE || next.version != f->version))
        return;
    next.state = WEBHOOK_DISABLED;
    next.why = why;
    next.off_ms = now_ms(s);
    if (err == KW_OK)
        err = webhook_put(s->sync, STR(SENDER_ACTOR), &next);
    if (err != KW_OK && err != KW_EUNSAVED) { /* the next failure tries again */
        log_error("webhook %s cannot be turned off: %s", to->webhook.id, kw_strerror(err));
        return;
    }
    tally_add(&s->tally->webhooks_off[why]);
    log_warn("webhook %s is turned off: %s", to->webhook.id,
             why == WEBHOOK_GONE ? "its receiver answered 410" : "nothing arrives there");
}

/* ---- what became of a delivery ---- */

static enum outbox_state state_after(const struct sender *s, const struct flight *f,
                                     const struct webhook_result *r)
{
    if (r->is_delivered)
        return OUTBOX_DELIVERED;
    return r->status == GONE || f->delivery.tries >= s->config->n_waits ? OUTBOX_FAILED
                                                                        : OUTBOX_PENDING;
}

/* On a full disk nothing is written, and it is sent once more when there is room. */
static enum kw_err write_down(struct sender *s, const struct flight *f,
                              const struct webhook_result *r, enum outbox_state next,
                              struct outbox_health *health)
{
    struct outbox_try t = {.time_ms = f->sent_ms, .status = r->status, .took_ms = r->took_ms};
    int64_t next_ms = 0;

    if (sync_disk_is_full(s->sync))
        return KW_EFULL;
    if (next == OUTBOX_PENDING)
        next_ms = now_ms(s) + (int64_t)s->config->waits_s[f->delivery.tries] * 1000;
    snprintf(t.error, sizeof t.error, "%.*s", OUTBOX_ERROR_MAX - 1, r->error);
    pthread_mutex_lock(&s->shelf->lock);
    enum kw_err err = s->shelf->outbox == NULL
                          ? KW_EUNAVAILABLE
                          : outbox_tried(s->shelf->outbox, &f->delivery, &t, next, next_ms, health);
    pthread_mutex_unlock(&s->shelf->lock);
    return err;
}

static void pause_for(struct sender *s, struct receiver *to, int64_t ms)
{
    to->is_known = true;
    to->due_ms = now_ms(s) + ms;
}

/* What could not be written down is sent again, but not at once. */
static void release(struct sender *s, struct receiver *to, bool is_delivered, enum kw_err err)
{
    to->is_busy = false;
    to->is_failing = !is_delivered;
    to->is_known = false;
    if (err != KW_OK && err != KW_ENOTFOUND)
        pause_for(s, to, PAUSE_MS);
}

/* Nothing was sent, for want of something of ours: it waits as it did. */
static void put_back(struct sender *s, struct receiver *to)
{
    if (to == NULL)
        return;
    to->is_busy = false;
    pause_for(s, to, OURS_PAUSE_MS);
}

static void judge(struct sender *s, const struct flight *f, const struct webhook_result *r,
                  enum outbox_state next, const struct outbox_health *h)
{
    bool is_failing = h->failing_since_ms != 0 &&
                      f->sent_ms - h->failing_since_ms >= (int64_t)s->config->off_after_s * 1000;

    if (r->status == GONE)
        turn_off(s, f, WEBHOOK_GONE);
    else if (next == OUTBOX_FAILED && is_failing) /* two short times may be as far apart */
        turn_off(s, f, WEBHOOK_FAILING);
}

static void ended(struct sender *s, const struct flight *f, const struct webhook_result *r)
{
    struct outbox_health health = {.pending = 0};
    struct receiver *to = receivers_find(s->receivers, f->delivery.webhook);
    enum outbox_state next = state_after(s, f, r);

    if (r->err != KW_OK) {
        put_back(s, to);
        return;
    }
    enum kw_err err = write_down(s, f, r, next, &health);
    if (err != KW_OK && err != KW_ENOTFOUND) /* it is sent again: at least once */
        log_error("what became of %s cannot be written down: %s", f->delivery.event,
                  kw_strerror(err));
    tally_add(&s->tally->deliveries[next]);
    if (to != NULL)
        release(s, to, r->is_delivered, err);
    judge(s, f, r, next, &health);
}

static void done(void *ctx, const struct webhook_result *r)
{
    struct flight *f = ctx;

    ended(f->all, f, r);
    f->delivery.no = 0;
}

/* ---- sent ---- */

static enum kw_err sign(const struct sender *s, const struct webhook *to, const struct flight *f,
                        int64_t time_s, struct str body, struct webhook_signatures *out)
{
    AUTO(secret_wipe) struct secret secret = {.b = {0}};
    AUTO(secret_wipe) struct secret old = {.b = {0}};
    bool has_old = webhook_has_old_secret(to, f->sent_ms);

    TRY(webhook_reveal(s->box, to->id, to->secret, &secret));
    if (has_old)
        TRY(webhook_reveal(s->box, to->id, to->old_secret, &old));
    return webhook_sign(&secret, has_old ? &old : NULL, str_from(f->delivery.event), time_s, body,
                        out);
}

static void begin(struct sender *s, const struct webhook *to, struct flight *f, struct str body)
{
    struct webhook_result failed = {.status = 0};
    struct webhook_signatures signatures;
    char why[EGRESS_WHY_MAX] = "";

    /* The receiver compares with his own clock, which knows nothing of when we believe in ours. */
    int64_t time_s = clock_wall_ms() / 1000;
    f->sent_ms = now_ms(s);
    enum kw_err err = sign(s, to, f, time_s, body, &signatures);
    const struct webhook_post post = {.url = to->url,
                                      .id = f->delivery.event,
                                      .time_s = time_s,
                                      .signatures = &signatures,
                                      .body = body,
                                      .ctx = f};
    if (err == KW_OK)
        err = webhook_posts_begin(s->posts, &post, why);
    if (err == KW_OK)
        return;
    if (err == KW_ENOMEM || err == KW_EFULL || err == KW_EUNAVAILABLE)
        failed.err = err;
    snprintf(failed.error, sizeof failed.error, "%s",
             err == KW_EINVAL ? why : kw_strerror(err)); /* it was refused before it was sent */
    done(f, &failed);
}

static struct flight *free_flight(struct sender *s)
{
    for (size_t i = 0; i < WEBHOOK_POSTS_MAX; i++)
        if (s->flights[i].delivery.no == 0)
            return &s->flights[i];
    return NULL;
}

static int64_t longest_wait_ms(const struct sender *s)
{
    int64_t longest_s = 0;

    for (size_t i = 0; i < s->config->n_waits; i++)
        if (s->config->waits_s[i] > longest_s)
            longest_s = s->config->waits_s[i];
    return longest_s * 1000;
}

/* Nobody waits longer than the longest wait: what seems to has a time of a clock that was wrong. */
static enum kw_err find_due(struct sender *s, struct receiver *to)
{
    if (to->is_known)
        return KW_OK;
    enum kw_err err = outbox_due(s->shelf->outbox, to->webhook.slot, &to->due_ms);
    if (err == KW_ENOTFOUND)
        to->due_ms = RECEIVER_IDLE;
    else
        TRY(err);
    if (to->due_ms != RECEIVER_IDLE && to->due_ms > now_ms(s) + longest_wait_ms(s))
        to->due_ms = now_ms(s);
    to->is_known = true;
    return KW_OK;
}

/* KW_ENOTFOUND: nothing is due for it. */
static enum kw_err next_of(struct sender *s, struct receiver *to, struct buf *body,
                           struct outbox_delivery *out)
{
    pthread_mutex_lock(&s->shelf->lock);
    enum kw_err err = s->shelf->outbox == NULL ? KW_ENOTFOUND : find_due(s, to);
    if (err == KW_OK)
        err = to->due_ms > now_ms(s) ? KW_ENOTFOUND
                                     : outbox_next(s->shelf->outbox, to->webhook.slot, body, out);
    pthread_mutex_unlock(&s->shelf->lock);
    return err;
}

static enum kw_err send_to(struct sender *s, struct receiver *to, struct flight *f)
{
    AUTO(buf_deinit) struct buf body = BUF_MAX(OUTBOX_BODY_MAX);
    struct flight next = {.all = s, .version = to->webhook.version};

    enum kw_err err = next_of(s, to, &body, &next.delivery);
    if (err == KW_ENOTFOUND)
        return KW_OK;
    TRY(err);
    snprintf(next.account, sizeof next.account, "%s", to->webhook.account);
    *f = next;
    to->is_busy = true;
    begin(s, &to->webhook, f, buf_view(&body));
    return KW_OK;
}

/* Those that fail share half of the room, however many they are: the other half is for those that answer. */
static size_t room_for_failing(const struct sender *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->receivers->n; i++)
        n += s->receivers->list[i].is_busy && s->receivers->list[i].is_failing;
    return n >= WEBHOOK_POSTS_MAX / 2 ? 0 : WEBHOOK_POSTS_MAX / 2 - n;
}

/* One account, however many of its receivers are slow, leaves room for others. */
static bool has_room(const struct sender *s, const struct webhook *to)
{
    size_t n = 0;

    for (size_t i = 0; i < WEBHOOK_POSTS_MAX; i++)
        n += s->flights[i].delivery.no != 0 && strcmp(s->flights[i].account, to->account) == 0;
    return n < PER_ACCOUNT_MAX;
}

enum kw_err sender_send(struct sender *s)
{
    size_t n = s->receivers->n, from = n == 0 ? 0 : s->turn++ % n, room = room_for_failing(s);

    if (sync_disk_is_full(s->sync))
        return KW_OK;
    for (size_t i = 0; i < n; i++) {
        struct receiver *to = &s->receivers->list[(from + i) % n];
        struct flight *f = free_flight(s);
        if (f == NULL)
            return KW_OK;
        if (to->is_busy || (to->is_failing && room == 0) || !has_room(s, &to->webhook))
            continue;
        TRY(send_to(s, to, f));
        room -= to->is_busy && to->is_failing;
    }
    return KW_OK;
}

void sender_wait(struct sender *s, int wait_ms)
{
    webhook_posts_wait(s->posts, wait_ms, done);
}

void sender_wake(struct sender *s)
{
    webhook_posts_wake(s->posts);
}

/* ---- made and ended ---- */

enum kw_err sender_open(const struct sender_options *o, struct sender *out, char why[256])
{
    const struct webhook_posts_options posts = {.rules = &o->config->rules,
                                                .ca_file = o->config->ca_file,
                                                .agent = "Keyward/" KEYWARD_VERSION};

    *out = (struct sender){.config = o->config,
                           .sync = o->sync,
                           .tally = o->tally,
                           .shelf = o->shelf,
                           .receivers = o->receivers};
    TRY(store_open_box(o->master_key, BOX_WEBHOOK_SECRETS, &out->box, why));
    return webhook_posts_new(&posts, &out->posts);
}

void sender_close(struct sender *s)
{
    webhook_posts_free(s->posts);
    box_free(s->box);
    *s = (struct sender){.box = NULL};
}
