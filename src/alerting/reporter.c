/* reporter.c - see reporter.h. */
#include "alerting/reporter_inside.h"

#include <stdlib.h>
#include <time.h>

#include "alerting/alert_post.h"
#include "base/clock.h"
#include "base/log.h"
#include "jobs/document_put.h"

enum { NAP_NS = 250000000, LOOK_US = 60 * 1000 * 1000, BEGIN_US = 5 * 1000 * 1000, ACCOUNTS = 200 };
static const int64_t WEEK_MS = INT64_C(7) * 86400000;

#define ACTOR "watch"

/* ---- one ---- */

static enum kw_err check_is_new(struct sync *sync, const struct document *d)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(DOCUMENT_TEXT_MAX);
    struct document found;

    struct store *store = sync_lock(sync);
    enum kw_err err = store_document(store, DOCUMENT_REPORT, str_from(d->id), NULL, &text, &found);
    sync_unlock(sync);
    if (err == KW_OK)
        return KW_EEXISTS;
    return err == KW_ENOTFOUND ? KW_OK : err;
}

enum kw_err reporter_write(const struct report_sources *from, struct str actor, struct document *d)
{
    int64_t to_ms = d->created_ms;
    json_t *content = NULL;

    TRY(check_is_new(from->sync, d)); /* before much is read for it */
    TRY(report_gather(from, str_from(d->account), to_ms - WEEK_MS, to_ms, &content));
    enum kw_err err = document_put(from->sync, actor, content, d);
    return err == KW_EUNSAVED ? KW_OK : err;
}

/* ---- those of a week ---- */

struct accounts {
    int64_t before_ms; /* made before that */
    char id[ACCOUNTS][KW_ACCOUNT_MAX + 1];
    size_t n, skip;
};

static enum kw_err take_account(void *ctx, const struct account *a)
{
    struct accounts *all = ctx;

    if (a->created_ms >= all->before_ms)
        return KW_OK;
    if (all->skip > 0) {
        all->skip--;
        return KW_OK;
    }
    if (all->n == ACCOUNTS)
        return KW_EFULL;
    memcpy(all->id[all->n++], a->id, sizeof a->id);
    return KW_OK;
}

static enum kw_err put_letters(struct reporter *r, struct outbox *o, const struct document *d)
{
    if (o == NULL)
        return KW_EUNAVAILABLE;
    if (sync_disk_is_full(r->from.sync)) /* what is left is for revocations */
        return KW_EFULL;
    TRY(outbox_begin(o));
    enum kw_err err = alert_post_report(o, r->from.sync, d, sync_now_us(r->from.sync) / 1000);
    if (err == KW_OK)
        return outbox_commit(o);
    outbox_rollback(o);
    return err;
}

static enum kw_err post(struct reporter *r, const struct document *d)
{
    if (!r->has_mail)
        return KW_OK;
    enum kw_err err = put_letters(r, webhooks_lock(r->webhooks), d);
    webhooks_unlock(r->webhooks, false);
    return err;
}

static enum kw_err write_one(struct reporter *r, const char *account, int64_t to_ms)
{
    struct document d;

    report_document(str_from(account), to_ms, &d);
    enum kw_err err = reporter_write(&r->from, STR(ACTOR), &d);
    if (err == KW_OK)
        tally_add(&r->tally->reports);
    else if (err != KW_EEXISTS)
        return err;
    return post(r, &d); /* once, however often it is put in */
}

static bool is_stopping(const struct reporter *r)
{
    return atomic_load_explicit(&r->stopping, memory_order_relaxed);
}

static bool ends(void *ctx)
{
    return is_stopping(ctx);
}

static void note(const struct reporter *r, const char *account, enum kw_err err, enum kw_err *first)
{
    if (err == KW_OK || *first != KW_OK || is_stopping(r))
        return;
    *first = err;
    if (r->last == KW_OK)
        log_warn("the report of account %s is not written, or not sent: %s", account,
                 kw_strerror(err));
}

static void note_damage(struct reporter *r, uint32_t n_damaged)
{
    if (n_damaged > 0 && n_damaged != r->n_damaged)
        log_error("%u accounts cannot be read: there are no reports of them", n_damaged);
    r->n_damaged = n_damaged;
}

enum kw_err reporter_write_week(struct reporter *r, int64_t to_ms)
{
    enum kw_err first = KW_OK;
    uint32_t n_damaged = 0;
    size_t done = 0;
    bool more = true;

    while (more && !is_stopping(r)) {
        struct accounts some = {.before_ms = to_ms, .skip = done};
        struct store *store = sync_lock(r->from.sync);
        n_damaged = 0; /* each goes through them from the beginning */
        enum kw_err err = store_accounts(store, &n_damaged, take_account, &some);
        sync_unlock(r->from.sync);
        more = err == KW_EFULL;
        if (!more)
            TRY(err);
        for (size_t i = 0; i < some.n && !is_stopping(r); i++)
            note(r, some.id[i], write_one(r, some.id[i], to_ms), &first);
        done += some.n;
    }
    if (!more)
        note_damage(r, n_damaged);
    return first;
}

static enum kw_err pass(struct reporter *r)
{
    int64_t week = report_week(sync_now_us(r->from.sync) / 1000);

    if (clock_boot_us() < r->look_us)
        return r->last;
    r->look_us = clock_boot_us() + LOOK_US;
    if (week == r->week)
        return KW_OK;
    TRY(reporter_write_week(r, report_begin_ms(week + 1)));
    if (!is_stopping(r))
        r->week = week;
    return KW_OK;
}

/* ---- the thread ---- */

static void tell(struct reporter *r, enum kw_err err)
{
    if (err != r->last)
        log_line(err == KW_OK ? LOG_INFO : LOG_WARN, "weekly reports are %s%s",
                 err == KW_OK ? "written again" : "not all written and sent at the moment: ",
                 err == KW_OK ? "" : kw_strerror(err));
    r->last = err;
}

static void *run(void *arg)
{
    const struct timespec nap = {.tv_nsec = NAP_NS};
    struct reporter *r = arg;

    while (!is_stopping(r)) {
        tell(r, pass(r));
        nanosleep(&nap, NULL);
    }
    return NULL;
}

enum kw_err reporter_start(const struct report_sources *from, struct webhooks *webhooks,
                           struct tally *tally, bool has_mail, struct reporter **out)
{
    struct reporter *r = calloc(1, sizeof *r);

    if (r == NULL)
        return KW_ENOMEM;
    r->from = *from;
    r->from.is_over = ends;
    r->from.is_over_ctx = r;
    r->webhooks = webhooks;
    r->tally = tally;
    r->has_mail = has_mail;
    r->look_us = clock_boot_us() + BEGIN_US;
    if (pthread_create(&r->thread, NULL, run, r) != 0) {
        free(r);
        return KW_EUNAVAILABLE;
    }
    *out = r;
    return KW_OK;
}

void reporter_stop(struct reporter *r)
{
    if (r == NULL)
        return;
    atomic_store_explicit(&r->stopping, true, memory_order_relaxed);
    pthread_join(r->thread, NULL);
    free(r);
}
