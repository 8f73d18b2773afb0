/* spend_rules.c - the calls about what a key may spend: read, with what is used of it, and replaced. */
#include <stdio.h>

#include "api/api.h"
#include "api/key_one.h"
#include "api/key_right.h"
#include "api/spend_out.h"
#include "api/spend_rules_in.h"

struct kept { /* what a key may spend, as it is stored */
    uint32_t version;
    struct buf document;
    struct spend_rules rules; /* borrows from it */
    struct spend_sums sums[SPEND_RULES_MAX];
};

static void kept_deinit(struct kept *k)
{
    buf_deinit(&k->document);
}

/* ---- read ---- */

static enum kw_err read_all(struct store *store, const struct grant *g, int64_t now_ms,
                            struct kept *k)
{
    TRY(store_spend_rules(store, g->slot, &k->version, &k->document));
    if (spend_rules_read(buf_view(&k->document), &k->rules) != KW_OK)
        return KW_EDAMAGED;
    for (size_t i = 0; i < k->rules.n; i++) {
        TRY(store_spend_sums(store, g->slot, k->rules.at[i].currency, &k->sums[i]));
        spend_sums_now(&k->sums[i], now_ms); /* only looked at: saved with what is asked for next */
    }
    return KW_OK;
}

static enum kw_err read_kept(struct call *c, const struct grant *g, struct kept *k)
{
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = read_all(store, g, c->now_ms, k);
    sync_unlock(c->server->sync);
    return err;
}

/* ---- told ---- */

static json_t *destinations_out(const struct spend_rule *r, bool prefixes)
{
    json_t *list = json_array();
    struct str rest = r->destinations;
    struct spend_destination d;

    while (spend_destination_next(&rest, &d))
        if (d.is_prefix == prefixes)
            json_out_append(&list, json_stringn(d.text.p, d.text.n));
    return list;
}

static json_t *used_out(const struct spend_rule *r, const struct spend_sums *sums, int64_t now_ms)
{
    json_t *out = json_object();

    for (int i = SPEND_PER_HOUR; i < SPEND_N_LIMITS; i++) {
        enum spend_limit limit = (enum spend_limit)i;
        struct amount used = sums->of[i].amount;
        json_t *left = amount_compare(r->most[i], amount_max()) < 0
                           ? spend_out_amount(amount_minus(r->most[i], used), r->decimals)
                           : json_null();
        json_t *one =
            json_pack("{s:o, s:o, s:o}", "used", spend_out_amount(used, r->decimals), "left", left,
                      "endsAt", json_out_moment(spend_span_of(limit, now_ms).end_ms));
        out = json_out_with(out, spend_limit_member(limit), one);
    }
    return out;
}

static json_t *rule_out(const struct spend_rule *r, const struct spend_sums *sums, int64_t now_ms)
{
    json_t *out = json_pack("{s:s%, s:I}", "currency", r->currency.p, r->currency.n, "decimals",
                            (json_int_t)r->decimals);

    for (int i = 0; i < SPEND_N_LIMITS; i++)
        out = json_out_with(out, spend_limit_member((enum spend_limit)i),
                            spend_out_amount(r->most[i], r->decimals));
    out = json_out_with(out, "destinations", destinations_out(r, false));
    out = json_out_with(out, "prefixes", destinations_out(r, true));
    return json_out_with(out, "used", used_out(r, sums, now_ms));
}

static enum kw_err tell(struct call *c, const struct grant *g, const struct kept *k)
{
    json_t *list = json_array();

    for (size_t i = 0; i < k->rules.n; i++)
        json_out_append(&list, rule_out(&k->rules.at[i], &k->sums[i], c->now_ms));
    snprintf(c->etag, sizeof c->etag, "\"%u\"", k->version);
    return call_answer(c, 200,
                       json_pack("{s:s, s:I, s:b, s:o}", "key", g->id, "version",
                                 (json_int_t)k->version, "limited", k->rules.n > 0, "rules", list));
}

static enum kw_err tell_as_kept(struct call *c, const struct grant *g)
{
    AUTO(kept_deinit) struct kept k = {.document = BUF_MAX(SPEND_DOCUMENT_MAX)};

    TRY(read_kept(c, g, &k));
    return tell(c, g, &k);
}

enum kw_err spend_rules_get(struct call *c)
{
    struct grant g = {.slot = 0};

    TRY(call_no_parameters(c));
    TRY(key_one_find(c, &g));
    return tell_as_kept(c, &g);
}

/* ---- replaced ---- */

static enum kw_err may_replace(struct call *c, const struct grant *g, const struct kept *before,
                               const struct buf *document)
{
    struct spend_rules after;

    if (g->state == KEY_REVOKED)
        return problem_say(&c->problem, 409, "conflict",
                           "The key is revoked, which is final: make a new one");
    TRY(spend_rules_read(buf_view(document), &after));
    return key_right_spend(c, g, !spend_rules_narrow(&before->rules, &after));
}

static enum kw_err replace(struct call *c, const struct grant *g, struct kept *before)
{
    AUTO(buf_deinit) struct buf document = BUF_MAX(SPEND_DOCUMENT_MAX);

    TRY(read_kept(c, g, before));
    TRY(key_right_touch(c, g));
    TRY(call_if_match(c, "spend rules", before->version));
    TRY(spend_rules_in(c->body, &c->problem, &document));
    TRY(may_replace(c, g, before, &document));
    enum kw_err err = sync_put_spend_rules(c->server->sync, call_actor(c), g->slot,
                                           buf_view(&document), &before->version);
    if (err == KW_ECONFLICT)
        return problem_say(&c->problem, 409, "conflict",
                           "Somebody else changed the spend rules meanwhile: read them again");
    return call_saved(c, err);
}

enum kw_err spend_rules_put(struct call *c)
{
    AUTO(kept_deinit) struct kept before = {.document = BUF_MAX(SPEND_DOCUMENT_MAX)};
    struct grant g = {.slot = 0};

    TRY(call_no_parameters(c));
    TRY(key_one_find(c, &g));
    TRY(replace(c, &g, &before));
    return tell_as_kept(c, &g);
}
