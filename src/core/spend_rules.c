/* spend_rules.c - see spend_rules.h. */
#include "core/spend_rules.h"

#include "base/utf8.h"

static const char exactly = '=', begins = '^';

/* ---- one rule ---- */

static enum kw_err read_limits(struct str text, struct spend_rule *r)
{
    for (int i = 0; i < SPEND_N_LIMITS; i++) {
        struct str word = text;
        bool more = str_cut(text, ' ', &word, &text);
        if (more != (i < SPEND_N_LIMITS - 1))
            return KW_ESYNTAX;
        r->most[i] = amount_max();
        if (!str_eq(word, STR("-")))
            TRY(amount_parse(word, r->decimals, &r->most[i]));
    }
    return KW_OK;
}

size_t spend_rule_print(const struct spend_rule *rule, char out[SPEND_LINE_MAX])
{
    size_t n = rule->currency.n;

    memcpy(out, rule->currency.p, n);
    out[n++] = ' ';
    if (rule->decimals >= 10)
        out[n++] = '1';
    out[n++] = (char)('0' + rule->decimals % 10);
    for (int i = 0; i < SPEND_N_LIMITS; i++) {
        out[n++] = ' ';
        if (amount_compare(rule->most[i], amount_max()) < 0)
            n += amount_print(rule->most[i], rule->decimals, out + n);
        else
            out[n++] = '-';
    }
    out[n] = '\0';
    return n;
}

/* Printed again it is the same: 5.0 and 5.00 are not two ways to say one thing. */
static enum kw_err read_rule(struct str line, struct spend_rule *out)
{
    struct spend_rule r = {.decimals = 0};
    char again[SPEND_LINE_MAX];
    struct str decimals, rest;
    uint64_t n;

    if (!str_cut(line, ' ', &r.currency, &rest) || !currency_ok(r.currency) ||
        !str_cut(rest, ' ', &decimals, &rest) || str_u64(decimals, AMOUNT_DECIMALS_MAX, &n) != KW_OK)
        return KW_ESYNTAX;
    r.decimals = (unsigned)n;
    if (read_limits(rest, &r) != KW_OK)
        return KW_ESYNTAX;
    if (!str_eq((struct str){again, spend_rule_print(&r, again)}, line))
        return KW_ESYNTAX;
    *out = r;
    return KW_OK;
}

/* ---- destinations ---- */

bool spend_destination_ok(struct str text)
{
    return text.n > 0 && text.n <= SPEND_DESTINATION_MAX && utf8_printable(text);
}

bool spend_destination_next(struct str *rest, struct spend_destination *out)
{
    struct str line;

    if (!str_cut(*rest, '\n', &line, rest) || line.n == 0)
        return false;
    out->is_prefix = line.p[0] == begins;
    out->text = (struct str){line.p + 1, line.n - 1};
    return true;
}

static bool is_there(struct str lines, struct spend_destination one)
{
    struct spend_destination d;

    while (spend_destination_next(&lines, &d))
        if (d.is_prefix == one.is_prefix && str_eq(d.text, one.text))
            return true;
    return false;
}

/* The line goes to the rule's own: they lie one behind the other. */
static enum kw_err read_destination(struct str line, struct spend_rule *r)
{
    struct spend_destination d = {{line.p + 1, line.n - 1}, line.p[0] == begins};

    if (r->n_destinations == SPEND_DESTINATIONS_MAX || !spend_destination_ok(d.text) ||
        is_there(r->destinations, d))
        return KW_ESYNTAX;
    if (r->n_destinations == 0)
        r->destinations.p = line.p;
    r->destinations.n += line.n + 1;
    r->n_destinations++;
    return KW_OK;
}

static bool covers(struct spend_destination wide, struct spend_destination narrow)
{
    if (wide.is_prefix)
        return str_starts(narrow.text, wide.text);
    return !narrow.is_prefix && str_eq(wide.text, narrow.text);
}

static bool reaches(const struct spend_rule *rule, struct spend_destination there)
{
    struct str rest = rule->destinations;
    struct spend_destination d;

    while (spend_destination_next(&rest, &d))
        if (covers(d, there))
            return true;
    return rule->n_destinations == 0;
}

bool spend_rule_reaches(const struct spend_rule *rule, struct str destination)
{
    return reaches(rule, (struct spend_destination){destination, false});
}

/* ---- all of them ---- */

static enum kw_err read_line(struct str line, struct spend_rules *rules)
{
    struct spend_rule r;

    if (line.n > 0 && (line.p[0] == exactly || line.p[0] == begins))
        return rules->n == 0 ? KW_ESYNTAX : read_destination(line, &rules->at[rules->n - 1]);
    TRY(read_rule(line, &r));
    if (rules->n == SPEND_RULES_MAX || spend_rules_find(rules, r.currency) != NULL)
        return KW_ESYNTAX;
    rules->at[rules->n++] = r;
    return KW_OK;
}

enum kw_err spend_rules_read(struct str document, struct spend_rules *out)
{
    struct str line;

    *out = (struct spend_rules){.n = 0};
    if (document.n > SPEND_DOCUMENT_MAX)
        return KW_ESYNTAX;
    while (str_cut(document, '\n', &line, &document))
        TRY(read_line(line, out));
    return document.n == 0 ? KW_OK : KW_ESYNTAX;
}

const struct spend_rule *spend_rules_find(const struct spend_rules *rules, struct str currency)
{
    for (size_t i = 0; i < rules->n; i++)
        if (str_eq(rules->at[i].currency, currency))
            return &rules->at[i];
    return NULL;
}

/* ---- compared ---- */

static bool reaches_all(const struct spend_rule *wide, const struct spend_rule *narrow)
{
    struct str rest = narrow->destinations;
    struct spend_destination d;

    if (narrow->n_destinations == 0)
        return wide->n_destinations == 0;
    while (spend_destination_next(&rest, &d))
        if (!reaches(wide, d))
            return false;
    return true;
}

static bool is_within(const struct spend_rule *narrow, const struct spend_rule *wide)
{
    for (int i = 0; i < SPEND_N_LIMITS; i++)
        if (amount_compare(narrow->most[i], wide->most[i]) > 0)
            return false;
    return reaches_all(wide, narrow);
}

bool spend_rules_narrow(const struct spend_rules *before, const struct spend_rules *after)
{
    if (before->n == 0)
        return true;
    for (size_t i = 0; i < after->n; i++) {
        const struct spend_rule *was = spend_rules_find(before, after->at[i].currency);
        if (was == NULL || !is_within(&after->at[i], was))
            return false;
    }
    return after->n > 0;
}
