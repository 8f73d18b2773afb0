/* alert_mail.c - see alert_mail.h. The outbox is used under the lock of webhooks, which is never held while a letter is sent. */
#include "alerting/alert_mail.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "crypto/random.h"
#include "notify/message.h"

enum { NAP_NS = 250000000, LOOK_US = 60 * 1000 * 1000, BEGIN_US = 15 * LOOK_US };

struct sent { /* a letter that was tried, until what became of it is written down */
    bool is_owed;
    struct outbox_delivery delivery;
    enum kw_err err;
    char why[SMTP_WHY_MAX];
};

struct alert_mail {
    const struct config *config; /* borrows, like the next three */
    struct sync *sync;
    struct webhooks *webhooks;
    struct tally *tally;
    int64_t day;                /* of the digests that were put last */
    uint64_t look_us;           /* boot clock: when the day is looked at next */
    struct sent sent;           /* the last one */
    enum kw_err last, last_day; /* of the last pass, and look: an error is logged when it changes */
    atomic_bool stopping;
    pthread_t thread;
};

static int64_t now_ms(const struct alert_mail *m)
{
    return sync_now_us(m->sync) / 1000;
}

/* ---- digests ---- */

static enum kw_err put_digests(struct alert_mail *m, struct outbox *o)
{
    TRY(outbox_begin(o));
    enum kw_err err = alert_post_digests(o, m->sync, now_ms(m));
    if (err == KW_OK)
        return outbox_commit(o);
    outbox_rollback(o);
    return err;
}

static void tell_of_day(struct alert_mail *m, enum kw_err err)
{
    if (err != m->last_day)
        log_line(err == KW_OK ? LOG_INFO : LOG_WARN, "digests of alerts are %s%s",
                 err == KW_OK ? "made again" : "not made at the moment: ",
                 err == KW_OK ? "" : kw_strerror(err));
    m->last_day = err;
}

/* Whatever goes wrong here, letters that wait are sent. */
static void look_at_day(struct alert_mail *m)
{
    int64_t day = alert_post_day(now_ms(m));

    if (clock_boot_us() < m->look_us || day == m->day)
        return;
    m->look_us = clock_boot_us() + LOOK_US;
    struct outbox *o = webhooks_lock(m->webhooks);
    enum kw_err err = o == NULL ? KW_EUNAVAILABLE : put_digests(m, o);
    webhooks_unlock(m->webhooks, false);
    if (err == KW_OK)
        m->day = day;
    tell_of_day(m, err);
}

/* ---- one letter ---- */

static enum kw_err next_due(struct alert_mail *m, struct buf *body, struct outbox_delivery *d)
{
    int64_t due_ms = 0;

    struct outbox *o = webhooks_lock(m->webhooks);
    enum kw_err err = o == NULL ? KW_ENOTFOUND : outbox_due(o, ALERT_POST_SLOT, &due_ms);
    if (err == KW_OK)
        err = due_ms > now_ms(m) ? KW_ENOTFOUND : outbox_next(o, ALERT_POST_SLOT, body, d);
    webhooks_unlock(m->webhooks, false);
    return err;
}

static enum kw_err deliver(struct alert_mail *m, const struct letter *l, char why[SMTP_WHY_MAX])
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(MESSAGE_MAX);
    char id[MESSAGE_ID_LEN + 1] = "";

    TRY(random_base62(id, MESSAGE_ID_LEN));
    const struct message_head head = {
        .from = m->config->mail.from, .id = id, .now_ms = clock_wall_ms()};
    message_print(l, &head, &text);
    if (text.failed)
        return KW_ENOMEM;
    return smtp_send(&m->config->mail, l->to, buf_view(&text), &m->stopping, why);
}

static enum outbox_state state_after(const struct alert_mail *m, const struct outbox_delivery *d,
                                     enum kw_err err)
{
    if (err == KW_OK || err == KW_ENOTFOUND) /* there is nothing to send any more */
        return OUTBOX_DELIVERED;
    bool is_over = err == KW_EINVAL || d->tries >= m->config->webhooks.n_waits;
    return is_over ? OUTBOX_FAILED : OUTBOX_PENDING;
}

static enum kw_err write_down(struct alert_mail *m, const struct sent *s)
{
    struct outbox_try t = {.time_ms = now_ms(m)};
    enum outbox_state next = state_after(m, &s->delivery, s->err);
    struct outbox_health health = {.pending = 0};
    int64_t next_ms = 0;

    if (next == OUTBOX_PENDING)
        next_ms = now_ms(m) + (int64_t)m->config->webhooks.waits_s[s->delivery.tries] * 1000;
    if (s->err != KW_OK)
        snprintf(t.error, sizeof t.error, "%.*s", OUTBOX_ERROR_MAX - 1,
                 s->why[0] == '\0' ? kw_strerror(s->err) : s->why);
    struct outbox *o = webhooks_lock(m->webhooks);
    enum kw_err err =
        o == NULL ? KW_EUNAVAILABLE : outbox_tried(o, &s->delivery, &t, next, next_ms, &health);
    webhooks_unlock(m->webhooks, false);
    return err == KW_ENOTFOUND ? KW_OK : err; /* the file has become another meanwhile */
}

/* Nothing is sent before this has succeeded: nobody gets a letter four times a second because a disk is full. */
static enum kw_err settle(struct alert_mail *m)
{
    if (m->sent.is_owed)
        TRY(write_down(m, &m->sent));
    m->sent.is_owed = false;
    return KW_OK;
}

static void tell_of(const struct letter *l, enum kw_err err, const char *why, bool is_over)
{
    if (err == KW_OK)
        log_info("mail about an alert was sent to %s", l->to);
    else if (err != KW_ENOTFOUND)
        log_line(is_over ? LOG_ERROR : LOG_WARN, "mail about an alert to %s %s: %s", l->to,
                 is_over ? "is given up" : "will be tried again",
                 why[0] == '\0' ? kw_strerror(err) : why);
}

static enum kw_err send_one(struct alert_mail *m, const struct outbox_delivery *d, struct str body)
{
    struct sent s = {.is_owed = true, .delivery = *d};
    struct letter letter;

    s.err = alert_post_write(m->config, m->sync, body, &letter);
    if (s.err == KW_OK)
        s.err = deliver(m, &letter, s.why);
    if (atomic_load(&m->stopping) && s.err != KW_OK)
        return KW_OK; /* it waits for the next start */
    if (s.err != KW_ENOTFOUND)
        tally_add(&m->tally->letters[state_after(m, d, s.err)]);
    tell_of(&letter, s.err, s.why, state_after(m, d, s.err) == OUTBOX_FAILED);
    m->sent = s;
    return settle(m);
}

static enum kw_err pass(struct alert_mail *m)
{
    if (sync_disk_is_full(m->sync)) /* what is left is for revocations: each letter is written down */
        return KW_EFULL;
    TRY(settle(m));
    look_at_day(m);
    while (!atomic_load(&m->stopping)) {
        AUTO(buf_deinit) struct buf body = BUF_MAX(OUTBOX_BODY_MAX);
        struct outbox_delivery d;
        enum kw_err err = next_due(m, &body, &d);
        if (err == KW_ENOTFOUND)
            return KW_OK;
        TRY(err);
        TRY(send_one(m, &d, buf_view(&body)));
    }
    return KW_OK;
}

/* ---- the thread ---- */

static void tell(struct alert_mail *m, enum kw_err err)
{
    if (err != m->last)
        log_line(err == KW_OK ? LOG_INFO : LOG_WARN, "mail about alerts is %s%s",
                 err == KW_OK ? "sent again" : "not sent at the moment: ",
                 err == KW_OK ? "" : kw_strerror(err));
    m->last = err;
}

static void *run(void *arg)
{
    const struct timespec nap = {.tv_nsec = NAP_NS};
    struct alert_mail *m = arg;

    while (!atomic_load(&m->stopping)) {
        tell(m, pass(m));
        nanosleep(&nap, NULL);
    }
    return NULL;
}

enum kw_err alert_mail_start(const struct config *config, struct sync *sync,
                             struct webhooks *webhooks, struct tally *tally, struct alert_mail **out)
{
    struct alert_mail *m = calloc(1, sizeof *m);

    if (m == NULL)
        return KW_ENOMEM;
    m->config = config;
    m->sync = sync;
    m->webhooks = webhooks;
    m->tally = tally;
    m->look_us = clock_boot_us() + BEGIN_US; /* by then the alerter has caught up */
    if (pthread_create(&m->thread, NULL, run, m) != 0) {
        free(m);
        return KW_EUNAVAILABLE;
    }
    *out = m;
    return KW_OK;
}

void alert_mail_stop(struct alert_mail *m)
{
    if (m == NULL)
        return;
    atomic_store(&m->stopping, true);
    pthread_join(m->thread, NULL);
    free(m);
}
