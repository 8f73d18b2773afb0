/* advice_out.c - see advice_out.h. */
#include "api/advice_out.h"

#include "core/moment.h"
#include "core/permission.h"
#include "json/key_out.h"

enum { DAY_MS = 24 * 60 * 60 * 1000, WORDS_MAX = 64, SENTENCE_MAX = 256 };

/* ---- the change ---- */

json_t *advice_change_out(enum advice_kind kind, const struct grant *after)
{
    char ends[MOMENT_LEN + 1];

    switch (kind) {
    case ADVICE_PERMISSIONS:
        return json_pack("{s:o}", "permissions", permissions_out(after->permissions));
    case ADVICE_ADDRESSES:
        return json_pack("{s:o}", "allowIp", address_rules_out(after->rules, after->n_rules));
    case ADVICE_EXPIRY:
    case ADVICE_UNUSED:
    case ADVICE_N_KINDS:
        break;
    }
    moment_print(after->expires_ms, ends);
    return json_pack("{s:s}", "expires", ends);
}

/* ---- in words ---- */

/* "read and transact", of those classes that are in the set. */
static void put_classes(unsigned set, const char *last, struct buf *out)
{
    for (enum kw_class k = KW_CLASS_UNLISTED; (unsigned)k < ADVICE_CLASSES; k++) {
        if ((set & 1U << k) == 0)
            continue;
        set &= ~(1U << k);
        const char *then = set == 0 ? "" : (set & (set - 1)) == 0 ? last : ", ";
        buf_printf(out, "%s%s", class_name(k), then);
    }
}

static unsigned asked(const struct advice_facts *f)
{
    unsigned set = 0;

    for (unsigned k = 0; k < ADVICE_CLASSES; k++)
        set |= (unsigned)(f->classes[k] > 0) << k;
    return set;
}

static unsigned lost(const struct grant *before, const struct grant *after)
{
    unsigned set = 0;

    for (enum kw_class k = KW_CLASS_UNLISTED; (unsigned)k < ADVICE_CLASSES; k++)
        if (permission_opens(before->permissions, k) && !permission_opens(after->permissions, k))
            set |= 1U << k;
    return set;
}

static long long days_since(const struct advice_facts *f, int64_t ms)
{
    return (f->now_ms - ms) / DAY_MS;
}

static void put_why(const struct advice_facts *f, enum advice_kind kind, struct buf *out)
{
    long long watched = days_since(f, f->since_ms);

    switch (kind) {
    case ADVICE_PERMISSIONS:
        buf_printf(out, "In %lld days its requests asked for nothing but ", watched);
        put_classes(asked(f), " and ", out);
        break;
    case ADVICE_ADDRESSES:
        buf_printf(out, "In %lld days it was used from %zu network%s only", watched, f->n_networks,
                   f->n_networks == 1 ? "" : "s");
        break;
    case ADVICE_EXPIRY:
        buf_printf(out, "It never ends, however long nobody needs it");
        break;
    case ADVICE_UNUSED:
    case ADVICE_N_KINDS:
        buf_printf(out, "Nobody has used it for %lld days",
                   days_since(f, f->last_used_ms == 0 ? f->since_ms : f->last_used_ms));
    }
    buf_printf(out, ".");
}

static void put_breaks(enum advice_kind kind, const struct grant *before, const struct grant *after,
                       struct buf *out)
{
    char ends[MOMENT_LEN + 1];

    moment_print(after->expires_ms, ends);
    switch (kind) {
    case ADVICE_PERMISSIONS:
        buf_printf(out, "Requests to routes of class ");
        put_classes(lost(before, after), " or ", out);
        buf_printf(out, " are refused (permission_denied).");
        break;
    case ADVICE_ADDRESSES:
        buf_printf(out, "Requests from anywhere else are refused (ip_not_allowed).");
        break;
    case ADVICE_EXPIRY:
    case ADVICE_UNUSED:
    case ADVICE_N_KINDS:
        buf_printf(out, "From %.10s on every request is refused (key_expired).", ends);
    }
}

/* ---- the evidence ---- */

static json_t *classes_out(const struct advice_facts *f)
{
    json_t *list = json_array();

    for (enum kw_class k = KW_CLASS_UNLISTED; (unsigned)k < ADVICE_CLASSES; k++)
        if (f->classes[k] > 0)
            json_out_append(&list, json_pack("{s:s, s:I}", "class", class_name(k), "requests",
                                             (json_int_t)f->classes[k]));
    return list;
}

static json_t *networks_out(const struct advice_facts *f, enum advice_kind kind)
{
    json_t *list = json_array();
    char text[ADDRESS_RULE_TEXT_MAX];

    for (size_t i = 0; kind == ADVICE_ADDRESSES && i < f->n_networks; i++) {
        size_t n = address_rule_print(&f->networks[i].net, text);
        json_out_append(&list, json_pack("{s:o, s:I}", "network", json_stringn(text, n), "requests",
                                         (json_int_t)f->networks[i].requests));
    }
    return list;
}

static json_t *text_out(const struct buf *text)
{
    return text->failed ? NULL : json_stringn(text->p, text->n);
}

json_t *advice_item_out(const struct advice_read *r, enum advice_kind kind,
                        const struct grant *before, const struct grant *after)
{
    AUTO(buf_deinit) struct buf why = BUF_MAX(SENTENCE_MAX), breaks = BUF_MAX(SENTENCE_MAX);
    const struct advice_facts *f = &r->facts;

    put_why(f, kind, &why);
    put_breaks(kind, before, after, &breaks);
    json_t *evidence = json_pack("{s:I, s:o, s:o}", "requests", (json_int_t)f->requests, "classes",
                                 classes_out(f), "networks", networks_out(f, kind));
    return json_pack("{s:s, s:o, s:o, s:o, s:o}", "kind", advice_word(kind), "why", text_out(&why),
                     "breaks", text_out(&breaks), "evidence", evidence, "change",
                     advice_change_out(kind, after));
}
