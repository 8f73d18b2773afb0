/* report.c - see report.h. Each part is gathered by itself, and none holds sync's lock for longer than a few milliseconds. */
#include "alerting/report.h"

#include <stdio.h>
#include <stdlib.h>

#include "alerting/alert_doc.h"
#include "alerting/alert_walk.h"
#include "alerting/report_advice.h"
#include "jobs/census.h"
#include "record/search.h"
#include "watch/ask.h"
#include "json/document_out.h"
#include "json/json_out.h"

enum { SLOTS = REPORT_ADVICE_PIECE };
static const int64_t WEEK_MS = INT64_C(7) * 86400000;
static const int64_t MONDAY_MS = INT64_C(4) * 86400000 + INT64_C(7) * 3600000; /* of 5 January 1970 */

int64_t report_week(int64_t now_ms)
{
    return (now_ms - MONDAY_MS) / WEEK_MS - 1;
}

int64_t report_begin_ms(int64_t week)
{
    return week * WEEK_MS + MONDAY_MS;
}

static void document(const char *what, struct str account, int64_t which, int64_t to_ms,
                     struct document *out)
{
    char text[KW_ACCOUNT_MAX + 64];

    int n = snprintf(text, sizeof text, "%s\n%.*s\n%lld", what, (int)account.n,
                     account.n == 0 ? "" : account.p, (long long)which);
    *out = (struct document){.kind = DOCUMENT_REPORT, .created_ms = to_ms, .state = "open"};
    document_id((struct str){text, (size_t)n}, out->id);
    snprintf(out->account, sizeof out->account, "%.*s", (int)account.n,
             account.n == 0 ? "" : account.p);
    snprintf(out->subject, sizeof out->subject, "report %s", out->account);
}

void report_document(struct str account, int64_t to_ms, struct document *out)
{
    document("report", account, to_ms, to_ms, out);
}

void report_document_by_hand(struct str account, int64_t now_ms, struct document *out)
{
    document("report by hand", account, now_ms / REPORT_HOUR_MS, now_ms, out);
}

/* ---- requests: of whole hours ---- */

static json_t *reasons_out(const struct ask_answer *a)
{
    json_t *all = json_object();

    for (unsigned i = 0; i < KW_N_REASONS; i++)
        if (a->reasons[i] > 0 && kw_reason_status((enum kw_reason)i) != 200)
            all = json_out_with(all, kw_reason_name((enum kw_reason)i),
                                json_integer((json_int_t)a->reasons[i]));
    return all;
}

static enum kw_err gather_requests(const struct report_sources *from, struct str account,
                                   int64_t from_ms, int64_t to_ms, json_t **out)
{
    uint32_t first = step_at(STEP_HOUR, from_ms);
    const struct ask q = {.account = account,
                          .step = STEP_HOUR,
                          .first = first,
                          .n = step_at(STEP_HOUR, to_ms - 1) - first + 1};
    struct ask_answer *a = calloc(1, sizeof *a);

    if (a == NULL)
        return KW_ENOMEM;
    enum kw_err err = ask_usage(from->usage_file, &q, a);
    if (err == KW_OK || err == KW_ENOTFOUND)
        *out = json_pack("{s:I, s:I, s:o}", "allowed", (json_int_t)a->all.allowed, "denied",
                         (json_int_t)a->all.denied, "reasons", reasons_out(a));
    free(a);
    return err == KW_ENOTFOUND ? KW_OK : err;
}

/* ---- sign-ins ---- */

struct sign_ins {
    uint64_t done, refused;
};

static enum kw_err take_sign_in(void *ctx, const struct record_entry *e)
{
    struct sign_ins *s = ctx;
    uint64_t n = e->sign_in.summed > 0 ? e->sign_in.summed : 1;

    s->done += e->sign_in.what == SIGN_IN_DONE ? n : 0;
    s->refused += e->sign_in.what == SIGN_IN_FAILED ? n : 0;
    return KW_OK;
}

static enum kw_err gather_sign_ins(const struct report_sources *from, struct str account,
                                   int64_t from_ms, int64_t to_ms, json_t **out)
{
    const struct record_query q = {.account = account,
                                   .kinds = SEARCH_SIGN_INS,
                                   .from_us = from_ms * 1000,
                                   .until_us = to_ms * 1000,
                                   .limit = REPORT_SIGN_INS_MAX};
    struct sign_ins s = {0, 0};

    enum kw_err err = search_run(from->audit_dir, &q, take_sign_in, &s);
    if (err != KW_ENOTFOUND)
        TRY(err);
    *out = json_pack("{s:I, s:I}", "done", (json_int_t)s.done, "refused", (json_int_t)s.refused);
    return KW_OK;
}

/* ---- alerts ---- */

struct alerts {
    struct str account;
    int64_t from_ms, to_ms;
    uint64_t of[N_SEVERITIES], open;
    json_t *places; /* NULL: there was no memory */
};

static bool is_new_place(enum detector d)
{
    return d == DETECT_NEW_COUNTRY || d == DETECT_NEW_NETWORK || d == DETECT_SANDBOX_PLACE;
}

static void note_place(struct alerts *all, const struct alert *a)
{
    if (!is_new_place(a->finding.detector) || json_array_size(all->places) >= REPORT_PLACES_NAMED)
        return;
    json_out_append(&all->places,
                    json_pack("{s:s, s:s, s:s}", "alert", a->document.id, "key", a->document.key,
                              "detector", detector_word(a->finding.detector)));
}

/* The newest come first: KW_EFULL ends it a while before. */
static enum kw_err take_alert(void *ctx, const struct document *d)
{
    struct alerts *all = ctx;
    struct alert a;

    if (alert_walk_is_over(d->created_ms, all->from_ms))
        return KW_EFULL;
    if (d->created_ms < all->from_ms || d->created_ms >= all->to_ms ||
        !str_eq(str_from(d->account), all->account) || alert_read(d, &a) != KW_OK ||
        a.finding.detector == DETECT_TEST)
        return KW_OK;
    all->of[a.severity]++;
    all->open += strcmp(d->state, alert_state_word(ALERT_RESOLVED)) != 0;
    note_place(all, &a);
    return KW_OK;
}

static json_t *severities_out(const struct alerts *all)
{
    json_t *out = json_object();

    for (enum severity s = 0; s < N_SEVERITIES; s++)
        out = json_out_with(out, severity_word(s), json_integer((json_int_t)all->of[s]));
    return out;
}

static enum kw_err gather_alerts(const struct report_sources *from, struct str account,
                                 int64_t from_ms, int64_t to_ms, json_t **out)
{
    struct alerts all = {
        .account = account, .from_ms = from_ms, .to_ms = to_ms, .places = json_array()};

    enum kw_err err = alert_walk(from->sync, account, NULL, take_alert, &all);
    if (err == KW_OK)
        *out = json_pack("{s:o, s:I, s:o}", "raised", severities_out(&all), "notResolved",
                         (json_int_t)all.open, "newPlaces", all.places);
    else
        json_decref(all.places);
    return err;
}

/* ---- keys ---- */

struct keys {
    int64_t now_ms;
    struct census census;
    struct report_advice advice;
    json_t *overdue, *due, *expiring, *unused; /* NULL: there was no memory */
};

static void name(json_t **list, const struct key_outline *k, bool is_one)
{
    if (is_one && json_array_size(*list) < REPORT_KEYS_NAMED)
        json_out_append(list, json_string(k->id));
}

/* One key is counted by itself to know what it counts as: one way to tell what wants looking after. */
static enum kw_err take_key(void *ctx, const struct key_outline *k)
{
    struct census one = {.overdue = 0};
    struct keys *all = ctx;

    census_add(&all->census, k, all->now_ms);
    census_add(&one, k, all->now_ms);
    name(&all->overdue, k, one.overdue > 0);
    name(&all->due, k, one.due_soon > 0);
    name(&all->expiring, k, one.expiring > 0);
    name(&all->unused, k, one.unused > 0);
    report_advice_note(&all->advice, k);
    return KW_OK;
}

static enum kw_err take_keys(const struct report_sources *from, struct str account, struct keys *all)
{
    uint32_t max = 1;

    for (uint64_t after = 0; after < max; after += SLOTS) {
        struct store *store = sync_lock(from->sync);
        enum kw_err err = store_key_slots(store, &max);
        if (err == KW_OK)
            err = store_key_outlines(store, account, (uint32_t)after, (uint32_t)after + SLOTS,
                                     take_key, all);
        sync_unlock(from->sync);
        TRY(err);
        TRY(report_advice_look(from, &all->advice));
    }
    return KW_OK;
}

static int64_t counted_ms(const struct report_sources *from, int64_t now_ms)
{
    return from->counting == NULL ? 0 : counting_until_ms(from->counting, now_ms);
}

static json_t *group(uint32_t n, json_t *named)
{
    return json_pack("{s:I, s:O}", "count", (json_int_t)n, "keys", named);
}

static void keys_deinit(struct keys *all)
{
    report_advice_deinit(&all->advice);
    json_decref(all->overdue);
    json_decref(all->due);
    json_decref(all->expiring);
    json_decref(all->unused);
}

static json_t *keys_out(struct keys *all)
{
    const struct census *c = &all->census;

    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o}", "active",
                     (json_int_t)c->sandbox[CENSUS_ACTIVE] + c->production[CENSUS_ACTIVE], "overdue",
                     group(c->overdue, all->overdue), "dueSoon", group(c->due_soon, all->due),
                     "expiring", group(c->expiring, all->expiring), "unused",
                     group(c->unused, all->unused), "advice", report_advice_out(&all->advice));
}

static enum kw_err gather_keys(const struct report_sources *from, struct str account, json_t **out)
{
    int64_t now_ms = sync_now_us(from->sync) / 1000;
    AUTO(keys_deinit)
    struct keys all = {.now_ms = now_ms,
                       .overdue = json_array(),
                       .due = json_array(),
                       .expiring = json_array(),
                       .unused = json_array()};

    TRY(report_advice_begin(now_ms, counted_ms(from, now_ms), &all.advice));
    TRY(take_keys(from, account, &all));
    *out = keys_out(&all);
    return KW_OK;
}

/* ---- together ---- */

struct parts { /* owns */
    json_t *requests, *sign_ins, *alerts, *keys;
};

static void parts_deinit(struct parts *p)
{
    json_decref(p->requests);
    json_decref(p->sign_ins);
    json_decref(p->alerts);
    json_decref(p->keys);
}

enum kw_err report_gather(const struct report_sources *from, struct str account, int64_t from_ms,
                          int64_t to_ms, json_t **out)
{
    AUTO(parts_deinit) struct parts p = {NULL, NULL, NULL, NULL};

    TRY(gather_requests(from, account, from_ms, to_ms, &p.requests));
    TRY(gather_sign_ins(from, account, from_ms, to_ms, &p.sign_ins));
    TRY(gather_alerts(from, account, from_ms, to_ms, &p.alerts));
    TRY(gather_keys(from, account, &p.keys));
    json_t *all = json_pack("{s:I, s:I, s:O, s:O, s:O, s:O}", "fromMs", (json_int_t)from_ms, "toMs",
                            (json_int_t)to_ms, "requests", p.requests, "signIns", p.sign_ins,
                            "alerts", p.alerts, "keys", p.keys);
    if (all == NULL)
        return KW_ENOMEM;
    *out = all;
    return KW_OK;
}
