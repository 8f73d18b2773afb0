/* alert_post.c - see alert_post.h. */
#include "server/alert_post.h"

#include <stdio.h>
#include <stdlib.h>

#include "notify/alert_letter.h"
#include "server/alert_doc.h"
#include "server/alert_people.h"

enum { HOUR_MS = 3600 * 1000, BODY_MAX = 160 };
static const int64_t DAY_MS = 24 * (int64_t)HOUR_MS, BEGINS_MS = 7 * (int64_t)HOUR_MS;

int64_t alert_post_day(int64_t now_ms)
{
    return (now_ms - BEGINS_MS) / DAY_MS - 1;
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
    return err;
}

/* ---- one ---- */

static enum kw_err find_alert(struct sync *sync, struct str id, struct alert *out)
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

    enum kw_err err = find_alert(sync, id_in(body, id), &a);
    if (err == KW_ENOTFOUND || err == KW_EDAMAGED)
        return KW_OK;
    TRY(err);
    if (a.severity == SEVERITY_LOW && a.finding.detector != DETECT_TEST)
        return KW_OK;
    TRY(find_people(sync, a.document.account, &people));
    for (size_t i = 0; i < people.n; i++)
        TRY(put_letter(o, a.document.id, people.id[i], now_ms));
    return KW_OK;
}

/* ---- digests ---- */

struct day { /* the accounts that have something in the digest of one day */
    int64_t from_ms, to_ms;
    char accounts[ALERT_POST_ACCOUNTS_MAX][KW_ACCOUNT_MAX + 1];
    size_t n;
};

static bool is_in_digest(const struct alert *a, int64_t from_ms, int64_t to_ms)
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
    if (alert_read(d, &a) != KW_OK || !is_in_digest(&a, day->from_ms, day->to_ms))
        return KW_OK;
    for (size_t i = 0; i < day->n; i++)
        if (strcmp(day->accounts[i], d->account) == 0)
            return KW_OK;
    if (day->n < ALERT_POST_ACCOUNTS_MAX)
        memcpy(day->accounts[day->n++], d->account, sizeof d->account);
    return KW_OK;
}

static enum kw_err each_alert(struct sync *sync, struct str account, store_document_fn *each,
                              void *ctx)
{
    const struct store_document_filter f = {.kind = DOCUMENT_ALERT, .account = account};

    struct store *store = sync_lock(sync);
    enum kw_err err = store_documents(store, &f, each, ctx);
    sync_unlock(sync);
    return err == KW_EFULL ? KW_OK : err;
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
    int64_t number = alert_post_day(now_ms), from_ms = number * DAY_MS + BEGINS_MS;
    struct day *day = calloc(1, sizeof *day);

    if (day == NULL)
        return KW_ENOMEM;
    day->from_ms = from_ms;
    day->to_ms = from_ms + DAY_MS;
    enum kw_err err = each_alert(sync, (struct str){NULL, 0}, note_account, day);
    for (size_t i = 0; i < day->n && err == KW_OK; i++)
        err = post_account(o, sync, number, day->accounts[i], now_ms);
    free(day);
    return err;
}

/* ---- written ---- */

static enum kw_err address_to(struct sync *sync, const json_t *body, struct letter *out)
{
    const char *id = json_string_value(json_object_get(body, "member"));
    struct member m;

    if (id == NULL)
        return KW_ENOTFOUND;
    struct store *store = sync_lock(sync);
    enum kw_err err = store_member(store, str_from(id), NULL, &m);
    sync_unlock(sync);
    TRY(err);
    if (m.state != MEMBER_ACTIVE || m.email[0] == '\0')
        return KW_ENOTFOUND;
    snprintf(out->to, sizeof out->to, "%s", m.email);
    snprintf(out->name, sizeof out->name, "%s", m.name);
    snprintf(out->account, sizeof out->account, "%s", m.account);
    return KW_OK;
}

static void url_of(const struct config *config, const char *alert, char out[LETTER_URL_MAX + 1])
{
    out[0] = '\0';
    if (config->public_url[0] != '\0')
        snprintf(out, LETTER_URL_MAX + 1, "%s/alerts%s%s", config->public_url,
                 alert[0] == '\0' ? "" : "/", alert);
}

static enum kw_err write_one(const struct config *config, struct sync *sync, const char *id,
                             struct letter *out)
{
    char url[LETTER_URL_MAX + 1];
    struct alert a;

    TRY(find_alert(sync, str_from(id), &a));
    url_of(config, id, url);
    bool is_taken = a.deed == ALERT_DONE || a.deed == ALERT_TO_DO;
    const struct alert_news news = {&a.finding, a.severity,
                                    is_taken ? a.taken.action : ALERT_NOTIFY, url};
    alert_letter(&news, out);
    return KW_OK;
}

struct digested { /* what is in the digest of an account, or of what is no account's */
    struct str account;
    int64_t from_ms, to_ms;
    struct finding named[ALERT_DIGEST_NAMED];
    size_t n;
};

static enum kw_err note_alert(void *ctx, const struct document *d)
{
    struct digested *all = ctx;
    struct alert a;

    if (d->created_ms < all->from_ms)
        return KW_EFULL;
    if (!str_eq(str_from(d->account), all->account) || alert_read(d, &a) != KW_OK ||
        !is_in_digest(&a, all->from_ms, all->to_ms))
        return KW_OK;
    if (all->n < ALERT_DIGEST_NAMED)
        all->named[all->n] = a.finding;
    all->n++;
    return KW_OK;
}

static enum kw_err write_digest(const struct config *config, struct sync *sync, const json_t *body,
                                struct letter *out)
{
    int64_t day = json_integer_value(json_object_get(body, "day"));
    const char *account = json_string_value(json_object_get(body, "account"));
    struct alert_news news[ALERT_DIGEST_NAMED];
    char url[LETTER_URL_MAX + 1];
    struct digested all = {.from_ms = day * DAY_MS + BEGINS_MS};

    all.to_ms = all.from_ms + DAY_MS;
    all.account = str_from(account == NULL ? "" : account);
    TRY(each_alert(sync, all.account, note_alert, &all));
    if (all.n == 0)
        return KW_ENOTFOUND;
    for (size_t i = 0; i < all.n && i < ALERT_DIGEST_NAMED; i++)
        news[i] = (struct alert_news){&all.named[i], SEVERITY_LOW, ALERT_NOTIFY, ""};
    url_of(config, "", url);
    alert_digest(news, all.n < ALERT_DIGEST_NAMED ? all.n : ALERT_DIGEST_NAMED, all.n, url, out);
    return KW_OK;
}

enum kw_err alert_post_write(const struct config *config, struct sync *sync, struct str body,
                             struct letter *out)
{
    json_t *object = json_loadb(body.p, body.n, 0, NULL);
    const char *alert = json_string_value(json_object_get(object, "alert"));

    *out = (struct letter){.has_link = false};
    enum kw_err err = address_to(sync, object, out);
    if (err == KW_OK)
        err = alert != NULL ? write_one(config, sync, alert, out)
                            : write_digest(config, sync, object, out);
    json_decref(object);
    return err;
}
