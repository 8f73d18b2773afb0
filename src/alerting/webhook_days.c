/* webhook_days.c - see webhook_days.h. */
#include "alerting/webhook_days.h"

#include "base/clock.h"
#include "base/log.h"
#include "json/day_doc.h"

enum { LOOK_US = 10 * 1000 * 1000 };

void webhook_days_deinit(struct webhook_days *d)
{
    if (d->has_event)
        webhook_told_deinit(&d->day);
    d->has_event = d->has_next = false;
}

void webhook_days_forget(struct webhook_days *d)
{
    webhook_days_deinit(d);
    d->has_place = false;
    d->look_us = 0;
}

/* ---- read ---- */

/* The first day behind the one told last that has another one behind it. */
static const int32_t *next_closed(const struct days *days, int32_t told)
{
    for (size_t i = 0; i + 1 < days->n; i++)
        if (days->day[i] > told)
            return &days->day[i];
    return NULL;
}

/* The day behind it is next_day. */
static enum kw_err read_day(const struct webhook_days *d, int32_t day, int32_t next_day,
                            struct webhook_told *out)
{
    static const struct verify_part all = {.n_days = 1};
    uint8_t key[PUBLIC_KEY_LEN];
    char key_id[DAY_KEY_ID_MAX];
    struct day_head h;
    uint64_t records = 0;

    TRY(day_head_read(d->audit_dir, day, &h));
    TRY(day_count(d->audit_dir, day, &all, &records));
    TRY(day_key_read(d->audit_pub, key));
    TRY(day_head_check(d->audit_dir, &h, next_day, key));
    day_key_id(key, key_id);
    return webhook_told_day(day_doc(&h, true, &records, key_id), day, &h.head, out);
}

static enum kw_err look(struct webhook_days *d)
{
    AUTO(days_deinit) struct days days = {0};

    TRY(days_list(d->audit_dir, &days));
    const int32_t *closed = next_closed(&days, d->told);
    if (closed == NULL)
        return KW_OK;
    d->next = closed[0];
    enum kw_err err = read_day(d, closed[0], closed[1], &d->day);
    if (err != KW_OK && err != KW_ENOTFOUND && err != KW_EDAMAGED)
        return err; /* it may be read the next time */
    if (err == KW_EDAMAGED)
        log_error("a day of the record does not hold, and webhooks are not told of it: `keyward "
                  "audit verify`");
    d->has_event = err == KW_OK;
    d->has_next = true;
    return KW_OK;
}

enum kw_err webhook_days_look(struct webhook_days *d)
{
    if (!d->has_place || d->has_next || clock_boot_us() < d->look_us)
        return d->looked;
    d->look_us = clock_boot_us() + LOOK_US;
    d->looked = look(d);
    return d->looked;
}

/* ---- told ---- */

static enum kw_err begin(struct webhook_days *d, struct outbox *o)
{
    AUTO(days_deinit) struct days days = {0};

    enum kw_err err = outbox_day(o, &d->told);
    if (err == KW_OK) {
        d->has_place = true;
        return KW_OK;
    }
    if (err != KW_ENOTFOUND)
        return err;
    if (days_list(d->audit_dir, &days) != KW_OK || days.n == 0)
        return KW_OK; /* nothing is on the record yet, or it cannot be read: the next pass looks again */
    TRY(outbox_save_day(o, days.day[days.n - 1] - 1));
    d->told = days.day[days.n - 1] - 1;
    d->has_place = true;
    return KW_OK;
}

static enum kw_err put_event(struct webhook_days *d, struct receivers *r, struct outbox *o,
                             int64_t now_ms)
{
    const struct outbox_event e = {.id = str_from(d->day.id),
                                   .type = str_from(webhook_event_word(d->day.event)),
                                   .account = str_from(d->day.account),
                                   .created_ms = d->day.created_ms,
                                   .body = buf_view(&d->day.body)};

    TRY(receivers_put(r, o, &e, d->day.event, 0, now_ms));
    return outbox_save_day(o, d->next);
}

enum kw_err webhook_days_put(struct webhook_days *d, struct receivers *r, struct outbox *o,
                             int64_t now_ms)
{
    if (!d->has_place)
        return begin(d, o);
    if (!d->has_next)
        return KW_OK;
    TRY(outbox_begin(o));
    enum kw_err err = d->has_event ? put_event(d, r, o, now_ms) : outbox_save_day(o, d->next);
    if (err != KW_OK) {
        outbox_rollback(o);
        return err;
    }
    TRY(outbox_commit(o));
    d->told = d->next;
    webhook_days_deinit(d);
    d->look_us = 0; /* there may be another one */
    return KW_OK;
}
