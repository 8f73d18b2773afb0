/* alert_post.c - see alert_post.h. */
#include "server/alert_post_inside.h"

#include <stdio.h>
#include <stdlib.h>

#include "server/alert_people.h"
#include "server/store_err.h"

enum { HOUR_MS = 3600 * 1000, BODY_MAX = 160 };
static const int64_t DAY_MS = 24 * (int64_t)HOUR_MS, BEGINS_MS = 7 * (int64_t)HOUR_MS;

int64_t alert_post_day(int64_t now_ms)
{
    return (now_ms - BEGINS_MS) / DAY_MS - 1;
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

static enum kw_err put_letter(struct outbox *o, const char *alert, const char *member, int64_t now_ms)
{
    char id[OUTBOX_ID_MAX + 1], body[BODY_MAX];

    snprintf(id, sizeof id, "mail_%s_%s", alert, member);
    int n = snprintf(body, sizeof body, "{\"alert\":\"%s\",\"member\":\"%s\"}", alert, member);
    const struct outbox_event e = {.id = str_from(id),
                                   .type = STR("mail.alert"),
                                   .created_ms = now_ms,
                                   .body = {body, (size_t)n}};
    return outbox_put(o, &e, ALERT_POST_SLOT, now_ms);
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
    TRY(find_people(sync, a.document.account, &people));
    for (size_t i = 0; i < people.n; i++)
        TRY(put_letter(o, a.document.id, people.id[i], now_ms));
    return KW_OK;
}

/* ---- reports ---- */

static enum kw_err put_report(struct outbox *o, const struct document *report, const char *member,
                              int64_t now_ms)
{
    char id[OUTBOX_ID_MAX + 1], body[BODY_MAX];

    snprintf(id, sizeof id, "week_%s_%s", report->id, member);
    int n = snprintf(body, sizeof body, "{\"report\":\"%s\",\"member\":\"%s\"}", report->id, member);
    const struct outbox_event e = {.id = str_from(id),
                                   .type = STR("mail.report"),
                                   .created_ms = now_ms,
                                   .body = {body, (size_t)n}};
    return outbox_put(o, &e, ALERT_POST_SLOT, now_ms);
}

enum kw_err alert_post_report(struct outbox *o, struct sync *sync, const struct document *report,
                              int64_t now_ms)
{
    struct people people;

    TRY(find_people(sync, report->account, &people));
    for (size_t i = 0; i < people.n; i++)
        TRY(put_report(o, report, people.id[i], now_ms));
    return KW_OK;
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

/* The newest come first: KW_EFULL ends it at the day before. */
static enum kw_err note_account(void *ctx, const struct document *d)
{
    struct day *day = ctx;
    struct alert a;

    if (d->created_ms < day->from_ms)
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
    const struct store_document_filter f = {.kind = DOCUMENT_ALERT, .account = account};

    struct store *store = sync_lock(sync);
    enum kw_err err = store_documents(store, &f, each, ctx);
    sync_unlock(sync);
    return err == KW_EFULL ? KW_OK : store_err(err);
}

static enum kw_err put_digest(struct outbox *o, int64_t day, const char *account,
                              const char *member, int64_t now_ms)
{
    char id[OUTBOX_ID_MAX + 1], body[BODY_MAX];

    snprintf(id, sizeof id, "digest_%lld_%s", (long long)day, member);
    int n = snprintf(body, sizeof body, "{\"day\":%lld,\"account\":\"%s\",\"member\":\"%s\"}",
                     (long long)day, account, member);
    const struct outbox_event e = {.id = str_from(id),
                                   .type = STR("mail.digest"),
                                   .created_ms = now_ms,
                                   .body = {body, (size_t)n}};
    return outbox_put(o, &e, ALERT_POST_SLOT, now_ms);
}

static enum kw_err post_account(struct outbox *o, struct sync *sync, int64_t day,
                                const char *account, int64_t now_ms)
{
    struct people people;

    TRY(find_people(sync, account, &people));
    for (size_t i = 0; i < people.n; i++)
        TRY(put_digest(o, day, account, people.id[i], now_ms));
    return KW_OK;
}

enum kw_err alert_post_digests(struct outbox *o, struct sync *sync, int64_t now_ms)
{
    int64_t number = alert_post_day(now_ms);
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
