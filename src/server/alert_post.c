/* alert_post.c - see alert_post.h. */
#include "server/alert_post_inside.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "server/alert_people.h"
#include "server/alert_walk.h"
#include "server/store_err.h"

enum { HOUR_MS = 3600 * 1000, LATE_MS = HOUR_MS / 4, BODY_MAX = 160, DAYS_BACK = 7 };
static const int64_t DAY_MS = 24 * (int64_t)HOUR_MS, BEGINS_MS = 7 * (int64_t)HOUR_MS;

int64_t alert_post_day(int64_t now_ms)
{
    return (now_ms - BEGINS_MS - LATE_MS) / DAY_MS - 1;
}

void alert_post_span(int64_t day, int64_t *from_ms, int64_t *to_ms)
{
    *from_ms = day * DAY_MS + BEGINS_MS;
    *to_ms = *from_ms + DAY_MS;
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
    int64_t from_ms, to_ms;
    char accounts[ALERT_POST_ACCOUNTS_MAX][KW_ACCOUNT_MAX + 1];
    size_t n;
};

bool alert_post_in_digest(const struct alert *a, int64_t from_ms, int64_t to_ms)
{
    int64_t at_ms = a->document.created_ms;

    return a->severity == SEVERITY_LOW && a->finding.detector != DETECT_TEST && at_ms >= from_ms &&
           at_ms < to_ms;
}

/* The newest come first: KW_EFULL ends it a while before the day. */
static enum kw_err note_account(void *ctx, const struct document *d)
{
    struct day *day = ctx;
    struct alert a;

    if (alert_walk_is_over(d->created_ms, day->from_ms))
        return KW_EFULL;
    if (alert_read(d, &a) != KW_OK || !alert_post_in_digest(&a, day->from_ms, day->to_ms))
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
static enum kw_err put_digest(struct outbox *o, const struct letters *l, int64_t day,
                              const char *member)
{
    char id[OUTBOX_ID_MAX + 1], body[BODY_MAX];

    snprintf(id, sizeof id, "digest_%lld_%s%s", (long long)day, member,
             l->account[0] == '\0' ? "_all" : "");
    int n = snprintf(body, sizeof body, "{\"day\":%lld,\"account\":\"%s\",\"member\":\"%s\"}",
                     (long long)day, l->account, member);
    return put_letter(o, l, id, (struct str){body, (size_t)n});
}

static enum kw_err post_account(struct outbox *o, struct sync *sync, int64_t day,
                                const char *account, int64_t now_ms)
{
    const struct letters l = {"mail.digest", account, now_ms};
    struct people people;

    TRY(find_people(sync, account, &people));
    for (size_t i = 0; i < people.n; i++)
        TRY(put_digest(o, &l, day, people.id[i]));
    return limit(o, &l);
}

static enum kw_err post_day(struct outbox *o, struct sync *sync, int64_t number, int64_t now_ms)
{
    struct day *day = calloc(1, sizeof *day);

    if (day == NULL)
        return KW_ENOMEM;
    alert_post_span(number, &day->from_ms, &day->to_ms);
    enum kw_err err = alert_post_each(sync, (struct str){NULL, 0}, note_account, day);
    for (size_t i = 0; i < day->n && err == KW_OK; i++)
        err = post_account(o, sync, number, day->accounts[i], now_ms);
    free(day);
    return err;
}

enum kw_err alert_post_digests(struct outbox *o, struct sync *sync, int64_t now_ms)
{
    int64_t newest = alert_post_day(now_ms), first = newest;
    int32_t last;

    enum kw_err err = outbox_digest_day(o, &last);
    if (err != KW_ENOTFOUND)
        TRY(err);
    if (err == KW_OK)
        first = last < newest - DAYS_BACK ? newest - DAYS_BACK + 1 : (int64_t)last + 1;
    for (int64_t day = first; day <= newest; day++)
        TRY(post_day(o, sync, day, now_ms));
    return first > newest ? KW_OK : outbox_save_digest_day(o, (int32_t)newest);
}
