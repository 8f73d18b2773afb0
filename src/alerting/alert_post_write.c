/* alert_post_write.c - letters about alerts and reports, as they are when they are sent; see alert_post.h. */
#include <stdio.h>

#include "alerting/alert_name.h"
#include "alerting/alert_post_inside.h"
#include "notify/alert_letter.h"
#include "notify/report_letter.h"
#include "json/document_out.h"

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

static void url_of(const struct config *config, const char *page, const char *id,
                   char out[LETTER_URL_MAX + 1])
{
    out[0] = '\0';
    if (config->public_url[0] != '\0')
        snprintf(out, LETTER_URL_MAX + 1, "%s/%s%s%s", config->public_url, page,
                 id[0] == '\0' ? "" : "/", id);
}

static enum kw_err write_one(const struct config *config, struct sync *sync, const char *id,
                             struct letter *out)
{
    char url[LETTER_URL_MAX + 1], name[ALERT_NAME_MAX + 1];
    struct alert a;

    TRY(alert_post_find(sync, str_from(id), &a));
    url_of(config, "alerts", id, url);
    alert_name(sync, &a.finding, name);
    bool is_taken = a.deed == ALERT_DONE || a.deed == ALERT_TO_DO;
    const struct alert_news news = {&a.finding, a.severity,
                                    is_taken ? a.taken.action : ALERT_NOTIFY, name, url};
    alert_letter(&news, out);
    return KW_OK;
}

struct digested { /* what is in the digest of an account, or of what is no account's */
    struct str account;
    struct digest_span span;
    struct finding named[ALERT_DIGEST_NAMED];
    size_t n;
};

static enum kw_err note_alert(void *ctx, const struct document *d)
{
    struct digested *all = ctx;
    struct alert a;

    if (alert_post_is_over(d, &all->span))
        return KW_EFULL;
    if (!str_eq(str_from(d->account), all->account) || alert_read(d, &a) != KW_OK ||
        !alert_post_in_digest(&a, &all->span))
        return KW_OK;
    if (all->n < ALERT_DIGEST_NAMED)
        all->named[all->n] = a.finding;
    all->n++;
    return KW_OK;
}

/* Letters of earlier versions wait for a day, and nothing is late for them. */
static struct digest_span span_in(const json_t *body)
{
    const json_t *day = json_object_get(body, "day");

    if (day != NULL)
        return alert_post_span(json_integer_value(day));
    return (struct digest_span){
        .from_ms = json_integer_value(json_object_get(body, "from")),
        .to_ms = json_integer_value(json_object_get(body, "to")),
        .after = (uint32_t)json_integer_value(json_object_get(body, "after")),
        .until = (uint32_t)json_integer_value(json_object_get(body, "until"))};
}

static enum kw_err write_digest(const struct config *config, struct sync *sync, const json_t *body,
                                struct letter *out)
{
    const char *account = json_string_value(json_object_get(body, "account"));
    struct alert_news news[ALERT_DIGEST_NAMED];
    char url[LETTER_URL_MAX + 1], names[ALERT_DIGEST_NAMED][ALERT_NAME_MAX + 1];
    struct digested all = {.span = span_in(body)};

    all.account = str_from(account == NULL ? "" : account);
    TRY(alert_post_each(sync, all.account, note_alert, &all));
    if (all.n == 0)
        return KW_ENOTFOUND;
    for (size_t i = 0; i < all.n && i < ALERT_DIGEST_NAMED; i++) {
        alert_name(sync, &all.named[i], names[i]);
        news[i] = (struct alert_news){&all.named[i], SEVERITY_LOW, ALERT_NOTIFY, names[i], ""};
    }
    url_of(config, "alerts", "", url);
    alert_digest(news, all.n < ALERT_DIGEST_NAMED ? all.n : ALERT_DIGEST_NAMED, all.n, url, out);
    return KW_OK;
}

/* ---- a report ---- */

static int64_t number_in(const json_t *content, const char *part, const char *name)
{
    return json_integer_value(json_object_get(json_object_get(content, part), name));
}

static int64_t count_in(const json_t *content, const char *name)
{
    const json_t *group = json_object_get(json_object_get(content, "keys"), name);

    return json_integer_value(json_object_get(group, "count"));
}

static int64_t raised_in(const json_t *content)
{
    const json_t *all = json_object_get(json_object_get(content, "alerts"), "raised");
    int64_t n = 0;

    for (enum severity s = 0; s < N_SEVERITIES; s++)
        n += json_integer_value(json_object_get(all, severity_word(s)));
    return n;
}

static unsigned kinds_in(const json_t *key)
{
    const json_t *kinds = json_object_get(key, "kinds");
    enum advice_kind kind;
    unsigned set = 0;

    for (size_t i = 0; i < json_array_size(kinds); i++) {
        const char *word = json_string_value(json_array_get(kinds, i));
        if (word != NULL && advice_parse(str_from(word), &kind) == KW_OK)
            set |= 1U << kind;
    }
    return set;
}

static size_t advised_in(const json_t *advice, struct report_advised named[REPORT_ADVISED_NAMED])
{
    const json_t *keys = json_object_get(advice, "keys");
    size_t n = 0;

    for (size_t i = 0; i < json_array_size(keys) && n < REPORT_ADVISED_NAMED; i++) {
        const json_t *key = json_array_get(keys, i);
        const char *id = json_string_value(json_object_get(key, "key"));
        if (id != NULL)
            named[n++] = (struct report_advised){id, kinds_in(key)};
    }
    return n;
}

static void write_report_of(const struct document *d, const json_t *content, const char *url,
                            struct letter *out)
{
    const json_t *advice = json_object_get(json_object_get(content, "keys"), "advice");
    struct report_advised named[REPORT_ADVISED_NAMED];
    const struct report_news news = {
        .account = d->account,
        .from_ms = json_integer_value(json_object_get(content, "fromMs")),
        .to_ms = json_integer_value(json_object_get(content, "toMs")),
        .allowed = number_in(content, "requests", "allowed"),
        .denied = number_in(content, "requests", "denied"),
        .signed_in = number_in(content, "signIns", "done"),
        .sign_ins_refused = number_in(content, "signIns", "refused"),
        .alerts = raised_in(content),
        .alerts_open = number_in(content, "alerts", "notResolved"),
        .overdue = count_in(content, "overdue"),
        .due_soon = count_in(content, "dueSoon"),
        .expiring = count_in(content, "expiring"),
        .unused = count_in(content, "unused"),
        .advised = json_is_object(advice) ? count_in(content, "advice") : -1,
        .looked = json_integer_value(json_object_get(advice, "looked")),
        .named = named,
        .n_named = advised_in(advice, named),
        .url = url,
    };

    report_letter(&news, out);
}

static enum kw_err write_report(const struct config *config, struct sync *sync, const char *id,
                                struct letter *out)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(DOCUMENT_TEXT_MAX);
    char url[LETTER_URL_MAX + 1];
    struct document d;

    struct store *store = sync_lock(sync);
    enum kw_err err = store_document(store, DOCUMENT_REPORT, str_from(id), NULL, &text, &d);
    sync_unlock(sync);
    TRY(err);
    json_t *content = document_out(d.text);
    if (content == NULL)
        return KW_EDAMAGED;
    url_of(config, "reports", id, url);
    write_report_of(&d, content, url, out);
    json_decref(content);
    return KW_OK;
}

/* ---- any ---- */

static enum kw_err write_what(const struct config *config, struct sync *sync, const json_t *body,
                              struct letter *out)
{
    const char *alert = json_string_value(json_object_get(body, "alert"));
    const char *report = json_string_value(json_object_get(body, "report"));

    if (alert != NULL)
        return write_one(config, sync, alert, out);
    return report != NULL ? write_report(config, sync, report, out)
                          : write_digest(config, sync, body, out);
}

enum kw_err alert_post_write(const struct config *config, struct sync *sync, struct str body,
                             struct letter *out)
{
    json_t *object = json_loadb(body.p, body.n, 0, NULL);

    *out = (struct letter){.has_link = false};
    enum kw_err err = address_to(sync, object, out);
    if (err == KW_OK)
        err = write_what(config, sync, object, out);
    json_decref(object);
    return err;
}
