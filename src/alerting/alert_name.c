/* alert_name.c - see alert_name.h. */
#include "alerting/alert_name.h"

#include <stdio.h>

#include "alerting/webhook_doc.h"
#include "core/key.h"

static enum kw_err of_key(struct store *s, struct str id, const char *account, char *out)
{
    struct grant g;

    TRY(store_key(s, id, account, &g));
    snprintf(out, ALERT_NAME_MAX + 1, "%s", g.name);
    return KW_OK;
}

static enum kw_err of_member(struct store *s, struct str id, const char *account, char *out)
{
    struct member m;

    TRY(store_member(s, id, account, &m));
    snprintf(out, ALERT_NAME_MAX + 1, "%s", m.name[0] == '\0' ? m.email : m.name);
    return KW_OK;
}

static enum kw_err of_webhook(struct store *s, struct str id, const char *account, char *out)
{
    struct webhook w;

    TRY(webhook_find(s, id, account, &w));
    struct str name = w.name[0] == '\0' ? webhook_host(&w) : str_from(w.name);
    snprintf(out, ALERT_NAME_MAX + 1, "%.*s", (int)name.n, name.p);
    return KW_OK;
}

static enum kw_err find(struct store *s, const struct finding *f, char *out)
{
    const char *account = f->account[0] == '\0' ? NULL : f->account;
    struct str subject = str_from(f->subject);

    if (f->key_id[0] != '\0')
        return of_key(s, str_from(f->key_id), account, out);
    if (str_starts(subject, STR("member:")))
        return of_member(s, str_from(f->subject + 7), account, out);
    if (f->detector == DETECT_SIGN_IN_FAILURES && key_id_ok(subject))
        return of_member(s, subject, account, out);
    return f->detector == DETECT_WEBHOOK_OFF ? of_webhook(s, subject, account, out) : KW_ENOTFOUND;
}

void alert_name(struct sync *sync, const struct finding *f, char out[ALERT_NAME_MAX + 1])
{
    struct store *store = sync_lock(sync);
    enum kw_err err = find(store, f, out);
    sync_unlock(sync);
    if (err != KW_OK)
        out[0] = '\0';
}
