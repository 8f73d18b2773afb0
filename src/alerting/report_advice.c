/* report_advice.c - see report_advice.h. */
#include "alerting/report_advice.h"

#include <stdlib.h>

#include "watch/advice_facts.h"
#include "json/json_out.h"

enum { HOUR_MS = 3600 * 1000 };
static const int64_t WATCHED_MS = ADVICE_DAYS_MIN * INT64_C(24) * HOUR_MS;

enum kw_err report_advice_begin(int64_t now_ms, int64_t counted_ms, struct report_advice *out)
{
    *out = (struct report_advice){.now_ms = now_ms,
                                  .counted_ms = counted_ms,
                                  .is_known = counted_ms >= now_ms - HOUR_MS,
                                  .named = json_array()};
    out->ids = calloc(REPORT_ADVICE_PIECE, sizeof *out->ids);
    return out->ids == NULL ? KW_ENOMEM : KW_OK;
}

void report_advice_deinit(struct report_advice *a)
{
    free(a->ids);
    json_decref(a->named);
}

/* ---- noted ---- */

static bool may_be_advised(const struct report_advice *a, const struct key_outline *k)
{
    return k->state != KEY_REVOKED && !lifecycle_expired(k->ends_ms, a->now_ms) &&
           k->created_ms <= a->now_ms - WATCHED_MS;
}

void report_advice_note(struct report_advice *a, const struct key_outline *k)
{
    if (!a->is_known || a->n_ids == REPORT_ADVICE_PIECE ||
        a->n_looked + a->n_ids >= REPORT_ADVICE_LOOKED_MAX || !may_be_advised(a, k))
        return;
    memcpy(a->ids[a->n_ids++], k->id, sizeof k->id);
}

/* ---- looked at ---- */

static json_t *kinds_out(const struct advice_read *r, const struct grant *g)
{
    json_t *kinds = json_array();
    struct grant after = {.slot = 0};

    for (enum advice_kind k = 0; k < ADVICE_N_KINDS; k++)
        if (advice_facts_say(r, k, g, &after))
            json_out_append(&kinds, json_string(advice_word(k)));
    return kinds;
}

/* Takes the kinds. */
static void add(struct report_advice *a, const char *id, json_t *kinds)
{
    bool is_advised = json_array_size(kinds) > 0;

    a->count += is_advised;
    if (kinds == NULL || (is_advised && json_array_size(a->named) < REPORT_KEYS_NAMED))
        json_out_append(&a->named, json_pack("{s:s, s:O}", "key", id, "kinds", kinds));
    json_decref(kinds);
}

static enum kw_err look_at(const struct report_sources *from, struct book *usage, const char *id,
                           struct report_advice *a)
{
    struct advice_read r;
    struct grant g;

    struct store *store = sync_lock(from->sync);
    enum kw_err err = store_key(store, str_from(id), NULL, &g);
    sync_unlock(from->sync);
    if (err == KW_ENOTFOUND || err == KW_EDAMAGED)
        return KW_OK;
    TRY(err);
    TRY(advice_facts_read(usage, &g, a->now_ms, a->counted_ms, &r));
    add(a, id, kinds_out(&r, &g));
    return KW_OK;
}

enum kw_err report_advice_look(const struct report_sources *from, struct report_advice *a)
{
    AUTO(book_closep) struct book usage = {.prepared = {NULL}};

    if (a->n_ids == 0)
        return KW_OK;
    TRY(ask_open(from->usage_file, &usage));
    for (size_t i = 0; i < a->n_ids; i++) {
        if (from->is_over != NULL && from->is_over(from->is_over_ctx))
            return KW_EUNAVAILABLE;
        TRY(look_at(from, &usage, a->ids[i], a));
    }
    a->n_looked += (uint32_t)a->n_ids;
    a->n_ids = 0;
    return KW_OK;
}

json_t *report_advice_out(struct report_advice *a)
{
    if (!a->is_known)
        return json_null();
    return json_pack("{s:I, s:I, s:O}", "count", (json_int_t)a->count, "looked",
                     (json_int_t)a->n_looked, "keys", a->named);
}
