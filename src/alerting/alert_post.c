/* alert_post.c - see alert_post.h. */
#include "alerting/alert_post_inside.h"

#include <stdio.h>
#include <stdlib.h>

#include "alerting/alert_people.h"
#include "alerting/alert_walk.h"
#include "alerting/store_err.h"
#include "base/log.h"

enum { HOUR_MS = 3600 * 1000, LATE_MS = HOUR_MS / 4, BODY_MAX = 256, DAYS_BACK = 7 };
static const int64_t DAY_MS = 24 * (int64_t)HOUR_MS, BEGINS_MS = 7 * (int64_t)HOUR_MS;

int64_t alert_post_day(int64_t now_ms)
{
    return (now_ms - BEGINS_MS - LATE_MS) / DAY_MS - 1;
}

struct digest_span alert_post_span(int64_t day)
{
    int64_t from_ms = day * DAY_MS + BEGINS_MS;

    return (struct digest_span){from_ms, from_ms + DAY_MS, UINT32_MAX, UINT32_MAX};
}

/* ---- who gets one ---- */

struct people {
    char id[ALERT_POST_PEOPLE_MAX][KW_KEY_ID_LEN + 1];
    size_t n;
};

static enum kw_err take_member(void *ctx, const struct member *m)
{
    struct people *p = ctx;

    memcpy(p->id[p->n++], m->id, sizeof m->id);
    return KW_OK;
}

static enum kw_err find_people(struct sync *sync, const char *account, struct people *p)
{
    p->n = 0;
    struct store *store = sync_lock(sync);
    enum kw_err err = alert_people(store, str_from(account), ALERT_POST_PEOPLE_MAX, take_member, p);
    sync_unlock(sync);
    return store_err(err);
}

/* ---- letters ---- */

struct letters {
    const char *type, *account;
    int64_t now_ms;
};

static enum kw_err put_letter(struct outbox *o, const struct letters *l, const char *id,
                              struct str body)
{
    const struct outbox_event e = {.id = str_from(id),
                                   .type = str_from(l->type),
                                   .account = str_from(l->account),
                                   .created_ms = l->now_ms,
                                   .body = body};

    return outbox_put(o, &e, ALERT_POST_SLOT, l->now_ms);
}

/* So that what is an account's pushes out nobody else's. */
static enum kw_err limit(struct outbox *o, const struct letters *l)
{
    uint32_t n;

    TRY(outbox_limit(o, ALERT_POST_SLOT, str_from(l->account), ALERT_POST_WAIT_MAX, &n));
    if (n > 0)
        log_error("too many letters wait for account \"%s\": %u are given up", l->account, n);
    return KW_OK;
}

/* ---- one ---- */

enum kw_err alert_post_find(struct sync *sync, struct str id, struct alert *out)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(DOCUMENT_TEXT_MAX);
    struct document d;

    struct store *store = sync_lock(sync);
    enum kw_err err = store_document(store, DOCUMENT_ALERT, id, NULL, &text, &d);
    sync_unlock(sync);
    TRY(err);
    return alert_read(&d, out);
}

static enum kw_err put_alert(struct outbox *o, const struct letters *l, const char *alert,
                             const char *member)
{
    char id[OUTBOX_ID_MAX + 1], body[BODY_MAX];

    snprintf(id, sizeof id, "mail_%s_%s", alert, member);
    int n = snprintf(body, sizeof body, "{\"alert\":\"%s\",\"member\":\"%s\"}", alert, member);
    return put_letter(o, l, id, (struct str){body, (size_t)n});
}

static struct str id_in(struct str body, char out[KW_KEY_ID_LEN + 1])
{
    json_t *object = json_loadb(body.p, body.n, 0, NULL);
    const char *id = json_string_value(json_object_get(json_object_get(object, "data"), "id"));

    snprintf(out, KW_KEY_ID_LEN + 1, "%s", id == NULL ? "" : id);
    json_decref(object);
    return str_from(out);
}

enum kw_err alert_post_one(struct outbox *o, struct sync *sync, struct str body, int64_t now_ms)
{
    char id[KW_KEY_ID_LEN + 1];
    struct people people;
    struct alert a;

    enum kw_err err = alert_post_find(sync, id_in(body, id), &a);
    if (err == KW_ENOTFOUND || err == KW_EDAMAGED)
        return KW_OK;
    TRY(store_err(err));
    if (a.severity == SEVERITY_LOW && a.finding.detector != DETECT_TEST)
        return KW_OK;
    const struct letters l = {"mail.alert", a.document.account, now_ms};
    TRY(find_people(sync, a.document.account, &people));
    for (size_t i = 0; i < people.n; i++)
        TRY(put_alert(o, &l, a.document.id, people.id[i]));
    return limit(o, &l);
}

/* ---- reports ---- */

static enum kw_err put_report(struct outbox *o, const struct letters *l,
                              const struct document *report, const char *member)
{
    char id[OUTBOX_ID_MAX + 1], body[BODY_MAX];

    snprintf(id, sizeof id, "week_%s_%s", report->id, member);
    int n = snprintf(body, sizeof body, "{\"report\":\"%s\",\"member\":\"%s\"}", report->id, member);
    return put_letter(o, l, id, (struct str){body, (size_t)n});
}

enum kw_err alert_post_report(struct outbox *o, struct sync *sync, const struct document *report,
                              int64_t now_ms)
{
    const struct letters l = {"mail.report", report->account, now_ms};
    struct people people;

    TRY(find_people(sync, report->account, &people));
    for (size_t i = 0; i < people.n; i++)
        TRY(put_report(o, &l, report, people.id[i]));
    return limit(o, &l);
}

/* ---- digests ---- */

struct day { /* the accounts that have something in the digest of one day */
    int64_t number;
    struct digest_span span;
    char accounts[ALERT_POST_ACCOUNTS_MAX][KW_ACCOUNT_MAX + 1];
    size_t n;
};

bool alert_post_in_digest(const struct alert *a, const struct digest_span *span)
{
    int64_t at_ms = a->document.created_ms;
    bool is_new = at_ms >= span->from_ms || a->document.slot > span->after;

    return a->severity == SEVERITY_LOW && a->finding.detector != DETECT_TEST && is_new &&
           at_ms < span->to_ms && a->document.slot <= span->until;
}

bool alert_post_is_over(const struct document *d, const struct digest_span *span)
{
    return d->slot <= span->after && alert_walk_is_over(d->created_ms, span->from_ms);
}

/* The newest come first: KW_EFULL ends it a while before the day. */
static enum kw_err note_account(void *ctx, const struct document *d)
{
    struct day *day = ctx;
    struct alert a;

    if (alert_post_is_over(d, &day->span))
        return KW_EFULL;
    if (alert_read(d, &a) != KW_OK || !alert_post_in_digest(&a, &day->span))
        return KW_OK;
    for (size_t i = 0; i < day->n; i++)
        if (strcmp(day->accounts[i], d->account) == 0)
            return KW_OK;
    if (day->n < ALERT_POST_ACCOUNTS_MAX)
        memcpy(day->accounts[day->n++], d->account, sizeof d->account);
    return KW_OK;
}

enum kw_err alert_post_each(struct sync *sync, struct str account, store_document_fn *each, void *ctx)
{
    uint32_t n_damaged = 0;

    enum kw_err err = alert_walk(sync, account, &n_damaged, each, ctx);
    if (n_damaged > 0)
        log_error("alerts cannot be read (%u): they are in no digest", n_damaged);
    return store_err(err);
}

/* Who is also an operator has another one of what is no account's. */
static enum kw_err put_digest(struct outbox *o, const struct letters *l, const struct day *day,
                              const char *member)
{
    const struct digest_span *span = &day->span;
    char id[OUTBOX_ID_MAX + 1], body[BODY_MAX];

    snprintf(id, sizeof id, "digest_%lld_%s%s", (long long)day->number, member,
             l->account[0] == '\0' ? "_all" : "");
    int n = snprintf(body, sizeof body,
                     "{\"from\":%lld,\"to\":%lld,\"after\":%u,\"until\":%u,\"account\":\"%s\","
                     "\"member\":\"%s\"}",
                     (long long)span->from_ms, (long long)span->to_ms, span->after, span->until,
                     l->account, member);
    return put_letter(o, l, id, (struct str){body, (size_t)n});
}

static enum kw_err post_account(struct outbox *o, struct sync *sync, const struct day *day,
                                const char *account, int64_t now_ms)
{
    const struct letters l = {"mail.digest", account, now_ms};
    struct people people;

    TRY(find_people(sync, account, &people));
    for (size_t i = 0; i < people.n; i++)
        TRY(put_digest(o, &l, day, people.id[i]));
    return limit(o, &l);
}

static enum kw_err post_day(struct outbox *o, struct sync *sync, int64_t number,
                            const struct digest_span *span, int64_t now_ms)
{
    struct day *day = calloc(1, sizeof *day);

    if (day == NULL)
        return KW_ENOMEM;
    day->number = number;
    day->span = *span;
    enum kw_err err = alert_post_each(sync, (struct str){NULL, 0}, note_account, day);
    for (size_t i = 0; i < day->n && err == KW_OK; i++)
        err = post_account(o, sync, day, day->accounts[i], now_ms);
    free(day);
    return err;
}

static enum kw_err take_place(void *ctx, const struct document *d)
{
    uint32_t *slot = ctx;

    *slot = d->slot;
    return KW_EFULL;
}

/* The days behind the last one. Of more than so many the first are in one digest; what was late is in the first. */
static enum kw_err post_days(struct outbox *o, struct sync *sync, const struct outbox_digest *last,
                             struct outbox_digest *next, int64_t now_ms)
{
    int64_t first = (int64_t)last->day + 1;
    struct digest_span span = alert_post_span(first);

    span.after = last->until;
    if (first <= next->day - DAYS_BACK)
        first = next->day - DAYS_BACK + 1;
    TRY(alert_post_each(sync, (struct str){NULL, 0}, take_place, &next->until));
    for (int64_t day = first; day <= next->day; day++) {
        span.to_ms = alert_post_span(day).to_ms;
        span.until = next->until;
        TRY(post_day(o, sync, day, &span, now_ms));
        span.from_ms = span.to_ms;
        span.after = next->until;
    }
    return outbox_save_digest(o, next);
}

enum kw_err alert_post_digests(struct outbox *o, struct sync *sync, int64_t now_ms)
{
    struct outbox_digest next = {.day = (int32_t)alert_post_day(now_ms)};
    struct outbox_digest last = {.day = next.day - 1, .until = UINT32_MAX};

    enum kw_err err = outbox_digest(o, &last);
    if (err != KW_ENOTFOUND)
        TRY(err);
    return last.day >= next.day ? KW_OK : post_days(o, sync, &last, &next, now_ms);
}
