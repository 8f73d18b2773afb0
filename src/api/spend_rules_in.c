/* spend_rules_in.c - see spend_rules_in.h. */
#include "api/spend_rules_in.h"

#include "api/spend_in.h"
#include "core/spend.h"

static enum kw_err read_currency(const json_t *one, struct problem *p, struct spend_rule *r)
{
    uint32_t decimals;

    TRY(json_in_required(one, "currency", p, &r->currency));
    if (!currency_ok(r->currency))
        return problem_field(p, "syntax", "currency",
                             "A currency is 3 to 10 upper-case letters and digits, like \"NGN\"");
    decimals = currency_decimals(r->currency);
    TRY(json_in_u32(one, "decimals", AMOUNT_DECIMALS_MAX, p, &decimals));
    r->decimals = decimals;
    return KW_OK;
}

/* null is no limit, like nothing at all: what is read can be sent back. */
static enum kw_err read_limit(const json_t *one, const char *name, struct problem *p,
                              unsigned decimals, struct amount *out)
{
    struct str text;

    *out = amount_max();
    if (json_is_null(json_object_get(one, name)))
        return KW_OK;
    TRY(json_in_text(one, name, p, &text));
    return text.p == NULL ? KW_OK : spend_in_amount(text, name, decimals, p, out);
}

static enum kw_err put_destinations(const json_t *one, const char *name, char mark,
                                    struct problem *p, size_t *n, struct buf *out)
{
    const json_t *list;

    TRY(json_in_list(one, name, SPEND_DESTINATIONS_MAX, p, &list));
    *n += json_array_size(list);
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct str text = json_in_item(list, i);
        if (!spend_destination_ok(text))
            return problem_field(p, "syntax", name, "Each is 1 to %d bytes of text",
                                 SPEND_DESTINATION_MAX);
        buf_printf(out, "%c%.*s\n", mark, (int)text.n, text.p);
    }
    return KW_OK;
}

static enum kw_err put_rule(const json_t *one, struct problem *p, struct buf *out)
{
    static const char *const members[] = {"currency", "decimals", "perTransaction", "perHour",
                                          "perDay",   "perMonth", "destinations",   "prefixes",
                                          "used",     NULL};
    struct spend_rule r = {.decimals = 0};
    char line[SPEND_LINE_MAX];
    size_t n = 0;

    TRY(json_in_only(one, members, p));
    TRY(read_currency(one, p, &r));
    for (int i = 0; i < SPEND_N_LIMITS; i++)
        TRY(read_limit(one, spend_limit_member((enum spend_limit)i), p, r.decimals, &r.most[i]));
    buf_add(out, line, spend_rule_print(&r, line));
    buf_str(out, STR("\n"));
    TRY(put_destinations(one, "destinations", '=', p, &n, out));
    TRY(put_destinations(one, "prefixes", '^', p, &n, out));
    if (n > SPEND_DESTINATIONS_MAX)
        return problem_field(p, "range", "destinations",
                             "At most %d destinations and prefixes a currency",
                             SPEND_DESTINATIONS_MAX);
    return KW_OK;
}

enum kw_err spend_rules_in(const json_t *body, struct problem *p, struct buf *document)
{
    static const char *const members[] = {"rules", NULL};
    const json_t *list = json_object_get(body, "rules"), *one;
    struct spend_rules rules;
    size_t i;

    TRY(json_in_only(body, members, p));
    if (!json_is_array(list) || json_array_size(list) > SPEND_RULES_MAX)
        return problem_field(p, "syntax", "rules",
                             "It is a list of at most %d rules, one a currency", SPEND_RULES_MAX);
    json_array_foreach(list, i, one)
    {
        if (!json_is_object(one))
            return problem_field(p, "syntax", "rules", "Each rule is an object");
        TRY(put_rule(one, p, document));
    }
    if (document->failed)
        return KW_ENOMEM;
    if (spend_rules_read(buf_view(document), &rules) != KW_OK)
        return problem_field(p, "syntax", "rules",
                             "No currency twice, and no destination twice in a currency");
    return KW_OK;
}
