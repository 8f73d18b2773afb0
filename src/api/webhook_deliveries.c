/* webhook_deliveries.c - the calls about what was sent to a webhook: listed, sent again, tried. */
#include "alerting/webhook_event.h"
#include "api/api.h"
#include "api/webhook_find.h"
#include "server/page.h"

enum {
    TESTS_WAITING_MAX = 10, /* of a webhook */
    TESTS_MAX = 30,         /* of a webhook in a minute */
    MINUTE_MS = 60 * 1000,
    RETRY_S = 60
};

/* ---- listed ---- */

struct listing {
    struct outbox *outbox; /* locked */
    struct page page;
};

static void listing_deinit(struct listing *l)
{
    page_deinit(&l->page);
}

static json_t *text_or_null(const char *text)
{
    return text[0] == '\0' ? json_null() : json_string(text);
}

static enum kw_err take_try(void *ctx, const struct outbox_try *t)
{
    json_t **list = ctx;

    json_out_append(list,
                    json_pack("{s:o, s:o, s:I, s:o}", "at", json_out_moment(t->time_ms), "status",
                              t->status == 0 ? json_null() : json_integer((json_int_t)t->status),
                              "tookMs", (json_int_t)t->took_ms, "error", text_or_null(t->error)));
    return *list == NULL ? KW_ENOMEM : KW_OK;
}

static enum kw_err take(void *ctx, const struct outbox_delivery *d)
{
    struct listing *l = ctx;
    json_t *tries = json_array();

    enum kw_err err = outbox_tries(l->outbox, d->no, take_try, &tries);
    if (err != KW_OK) {
        json_decref(tries);
        return err;
    }
    bool waits = d->state == OUTBOX_PENDING;
    return page_add(&l->page, (uint32_t)d->no,
                    json_pack("{s:s, s:s, s:o, s:s, s:o, s:o}", "event", d->event, "type", d->type,
                              "createdAt", json_out_moment(d->created_ms), "state",
                              outbox_state_word(d->state), "nextAt",
                              json_out_moment(waits ? d->next_ms : 0), "tries", tries));
}

enum kw_err webhooks_deliveries(struct call *c)
{
    static const char *const parameters[] = {"limit", "cursor", NULL};
    AUTO(listing_deinit) struct listing l = {.outbox = NULL};
    struct webhook w;

    TRY(query_only(&c->query, parameters, &c->problem));
    TRY(webhook_of_call(c, &w));
    TRY(page_begin(c, "deliveries", &l.page));
    TRY(webhook_outbox(c, &w, &l.outbox));
    enum kw_err err = outbox_list(l.outbox, w.slot, l.page.after, l.page.limit + 1, take, &l);
    webhooks_unlock(c->server->webhooks, false);
    if (err != KW_EFULL)
        TRY(err);
    return page_answer(&l.page);
}

/* The last of a full disk is for revocations: what is asked for here can wait. */
static enum kw_err check_disk(struct call *c)
{
    return sync_disk_is_full(c->server->sync) ? KW_EFULL : KW_OK;
}

/* ---- sent again ---- */

static enum kw_err check_active(struct call *c, const struct webhook *w)
{
    if (w->state == WEBHOOK_ACTIVE)
        return KW_OK;
    return problem_say(&c->problem, 409, "webhook_off",
                       "This webhook is disabled: nothing is sent to it");
}

enum kw_err webhooks_redeliver(struct call *c)
{
    static const char *const names[] = {"event", NULL};
    struct outbox *outbox;
    struct webhook w;
    struct str event;

    TRY(call_no_parameters(c));
    TRY(webhook_of_call(c, &w));
    TRY(json_in_only(c->body, names, &c->problem));
    TRY(json_in_required(c->body, "event", &c->problem, &event));
    TRY(check_active(c, &w));
    TRY(check_disk(c));
    TRY(webhook_outbox(c, &w, &outbox));
    enum kw_err err = outbox_again(outbox, w.slot, event, c->now_ms);
    webhooks_unlock(c->server->webhooks, true);
    if (err == KW_ENOTFOUND)
        return problem_say(&c->problem, 404, "not_found",
                           "No such event was sent to this webhook, or it is longer ago than is "
                           "kept");
    TRY(err);
    return call_answer(c, 202, json_pack("{s:s%}", "event", event.p, event.n));
}

/* ---- tried ---- */

/* Each is a row on the disk, and a request to somebody who may have asked for none. */
static enum kw_err check_tests(struct call *c, struct outbox *o, const struct webhook *w)
{
    struct outbox_tests n;

    TRY(outbox_tests(o, w->slot, c->now_ms - MINUTE_MS, c->now_ms, &n));
    if (n.waiting < TESTS_WAITING_MAX && n.since < TESTS_MAX)
        return KW_OK;
    c->retry_after_s = RETRY_S;
    return problem_say(&c->problem, 429, "too_many_tests",
                       "%d tests of a webhook may wait, and %d be asked for in a minute: look at "
                       "its deliveries first",
                       TESTS_WAITING_MAX, TESTS_MAX);
}

static enum kw_err put_test(struct outbox *o, const struct webhook *w, const struct webhook_told *t)
{
    const struct outbox_event e = {.id = str_from(t->id),
                                   .type = str_from(webhook_event_word(t->event)),
                                   .account = str_from(t->account),
                                   .created_ms = t->created_ms,
                                   .body = buf_view(&t->body)};

    TRY(outbox_begin(o));
    enum kw_err err = outbox_put(o, &e, w->slot, t->created_ms);
    if (err == KW_OK)
        return outbox_commit(o);
    outbox_rollback(o);
    return err;
}

enum kw_err webhooks_test(struct call *c)
{
    AUTO(webhook_told_deinit) struct webhook_told t = {.event = TELL_WEBHOOK_TEST};
    struct outbox *outbox;
    struct webhook w;

    TRY(call_no_parameters(c));
    TRY(webhook_of_call(c, &w));
    TRY(check_active(c, &w));
    TRY(check_disk(c));
    TRY(webhook_told_test(&w, c->caller.actor, c->now_ms, &t));
    TRY(webhook_outbox(c, &w, &outbox));
    enum kw_err err = check_tests(c, outbox, &w);
    if (err == KW_OK)
        err = put_test(outbox, &w, &t);
    webhooks_unlock(c->server->webhooks, true);
    TRY(err);
    return call_answer(c, 202, json_pack("{s:s}", "event", t.id));
}

/* ---- what there is to be told of ---- */

enum kw_err webhook_events_list(struct call *c)
{
    TRY(call_no_parameters(c));
    json_t *list = json_array();
    for (unsigned e = 0; e < N_WEBHOOK_EVENTS; e++)
        json_out_append(&list, json_pack("{s:s, s:s}", "type", webhook_event_word(e), "text",
                                         webhook_event_text(e)));
    return call_answer(c, 200, json_pack("{s:o}", "events", list));
}
