/* webhook_feed.c - see webhook_feed.h. */
#include "alerting/webhook_feed.h"

#include "alerting/alert_post.h"
#include "alerting/store_err.h"
#include "alerting/webhook_event.h"
#include "base/log.h"

/* ---- where to go on ---- */

static enum kw_err newest(struct webhook_feed *f, struct outbox_place *out)
{
    const struct store *store = sync_lock(f->sync);
    *out = (struct outbox_place){store_change_seq(store), store_newest_mark(store)};
    sync_unlock(f->sync);
    return KW_OK;
}

/* Whether the log still has that entry: not after an older copy was restored. */
static enum kw_err is_of_this_log(struct webhook_feed *f, const struct outbox_place *p, bool *out)
{
    uint64_t mark = 0;

    struct store *store = sync_lock(f->sync);
    enum kw_err err =
        p->n > store_change_seq(store) ? KW_ENOTFOUND : store_change_mark(store, p->n, &mark);
    sync_unlock(f->sync);
    if (err != KW_ENOTFOUND)
        TRY(store_err(err));
    *out = err == KW_OK && mark == p->mark;
    return KW_OK;
}

/* What waits there came from another log, in which numbers were other webhooks': nobody here may get it. */
static enum kw_err begin_anew(struct outbox *o, const struct outbox_place *place)
{
    TRY(outbox_begin(o));
    enum kw_err err = outbox_forget(o);
    if (err == KW_OK)
        err = outbox_save_place(o, place);
    if (err == KW_OK)
        return outbox_commit(o);
    outbox_rollback(o);
    return err;
}

enum kw_err webhook_feed_begin(struct webhook_feed *f, struct outbox *o)
{
    struct outbox_place place;
    bool is_known = false;

    f->has_place = f->is_loaded = false;
    enum kw_err err = outbox_place(o, &place);
    if (err != KW_ENOTFOUND)
        TRY(err);
    if (err == KW_OK) {
        TRY(is_of_this_log(f, &place, &is_known));
        if (!is_known)
            log_warn(
                "outbox.db belongs to another log of changes: what waited there is forgotten, and "
                "webhooks are told of what is changed from now on");
    }
    if (!is_known) {
        TRY(newest(f, &place));
        TRY(begin_anew(o, &place));
    }
    f->place = place;
    f->has_place = true;
    return KW_OK;
}

/* ---- one entry ---- */

static bool is_about_webhooks(enum webhook_event e)
{
    return str_starts(str_from(webhook_event_word(e)), STR("webhook."));
}

static enum kw_err load(struct webhook_feed *f, struct receivers *r, struct outbox *o)
{
    TRY(store_err(receivers_load(r, f->sync)));
    TRY(receivers_claim(r, o));
    TRY(receivers_clear_others(r, o));
    f->is_loaded = true;
    return KW_OK;
}

static enum kw_err put(struct webhook_feed *f, struct receivers *r, struct outbox *o,
                       const struct webhook_told *t, uint64_t n)
{
    const struct outbox_event e = {.id = str_from(t->id),
                                   .type = str_from(webhook_event_word(t->event)),
                                   .account = str_from(t->account),
                                   .created_ms = t->created_ms,
                                   .body = buf_view(&t->body)};

    if (is_about_webhooks(t->event))
        TRY(load(f, r, o));
    if (t->event == TELL_WEBHOOK_DISABLED) /* it may be active again by now */
        TRY(outbox_give_up(o, t->object));
    if (f->has_mail && t->event == TELL_ALERT_RAISED)
        TRY(alert_post_one(o, f->sync, buf_view(&t->body), sync_now_us(f->sync) / 1000));
    return receivers_put(r, o, &e, t->event, n, sync_now_us(f->sync) / 1000);
}

/* KW_OK, KW_ENOTFOUND: nobody is told of it. */
static enum kw_err read_entry(struct webhook_feed *f, uint64_t n, struct webhook_told *t,
                              uint64_t *mark)
{
    struct store *store = sync_lock(f->sync);
    enum kw_err err = store_change_mark(store, n, mark);
    if (err == KW_OK)
        err = webhook_told_of(store, n, t);
    sync_unlock(f->sync);
    if (err != KW_EDAMAGED && err != KW_EFORMAT)
        return store_err(err);
    log_error("entry %llu of the log of changes cannot be read: webhooks are not told of it",
              (unsigned long long)n);
    return KW_ENOTFOUND;
}

static enum kw_err write_entry(struct webhook_feed *f, struct receivers *r, struct outbox *o,
                               const struct webhook_told *t, const struct outbox_place *place)
{
    TRY(outbox_begin(o));
    enum kw_err err = t == NULL ? KW_OK : put(f, r, o, t, place->n);
    if (err == KW_OK)
        err = outbox_save_place(o, place);
    if (err == KW_OK)
        return outbox_commit(o);
    outbox_rollback(o);
    return err;
}

static uint64_t newest_n(struct webhook_feed *f)
{
    const struct store *store = sync_lock(f->sync);
    uint64_t n = store_change_seq(store);

    sync_unlock(f->sync);
    return n;
}

enum kw_err webhook_feed_next(struct webhook_feed *f, struct receivers *r, struct outbox *o,
                              bool *more)
{
    AUTO(webhook_told_deinit) struct webhook_told t = {.event = N_WEBHOOK_EVENTS};
    struct outbox_place next = {.n = f->place.n + 1};

    *more = false;
    if (!f->is_loaded)
        TRY(load(f, r, o));
    if (newest_n(f) < next.n)
        return KW_OK;
    enum kw_err err = read_entry(f, next.n, &t, &next.mark);
    if (err != KW_ENOTFOUND)
        TRY(err);
    TRY(write_entry(f, r, o, err == KW_OK ? &t : NULL, &next));
    f->place = next;
    *more = true;
    return KW_OK;
}
