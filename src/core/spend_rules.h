/* spend_rules.h - what a key may spend: of which currency, how much in which time, and to whom. */
#ifndef CORE_SPEND_RULES_H
#define CORE_SPEND_RULES_H

#include "core/amount.h"

/* They are kept as a document of lines, in a canonical form, so that equal rules have equal bytes:
 *
 *     NGN 2 1000.00 - 5000.00 -      a currency, its decimals, the most per transaction, hour, day and month; "-": no limit
 *     =0123456789                    where it may go: exactly there,
 *     ^acct_                         or to whatever begins so; a currency without such lines may go anywhere
 *
 * An empty document has no rules: the key has no spend limits. As soon as there is one, a currency without is refused. */
enum {
    SPEND_RULES_MAX = 16,
    SPEND_DESTINATIONS_MAX = 32, /* of a currency */
    SPEND_DESTINATION_MAX = 128, /* bytes */
    SPEND_DOCUMENT_MAX = SPEND_RULES_MAX * (SPEND_DESTINATIONS_MAX * (SPEND_DESTINATION_MAX + 2) + 192)
};

enum spend_limit {
    SPEND_PER_TRANSACTION = 0,
    SPEND_PER_HOUR = 1,
    SPEND_PER_DAY = 2,
    SPEND_PER_MONTH = 3,
    SPEND_N_LIMITS = 4
};

struct spend_rule { /* borrows from the document */
    struct str currency;
    unsigned decimals;
    struct amount most[SPEND_N_LIMITS]; /* amount_max(): no limit */
    struct str destinations;            /* the lines of it; empty: anywhere */
    unsigned n_destinations;
};

struct spend_rules {
    struct spend_rule at[SPEND_RULES_MAX];
    size_t n;
};

/* KW_ESYNTAX for anything but the canonical form: what was printed with spend_rule_print, no currency or destination twice. */
enum kw_err spend_rules_read(struct str document, struct spend_rules *out) MUST_USE;

/* The next of a rule's destinations: begin with *rest = rule->destinations. False: no more. */
struct spend_destination {
    struct str text;
    bool is_prefix;
};
bool spend_destination_next(struct str *rest, struct spend_destination *out);

/* Printable text (base/utf8.h) of 1 to SPEND_DESTINATION_MAX bytes. */
bool spend_destination_ok(struct str text);

/* NULL: there is none for this currency. */
const struct spend_rule *spend_rules_find(const struct spend_rules *rules, struct str currency);

/* Whether money may go there by this rule; compared byte for byte. */
bool spend_rule_reaches(const struct spend_rule *rule, struct str destination);

/* The first line of a rule, without a line feed, terminated. */
enum { SPEND_LINE_MAX = CURRENCY_MAX + 4 + SPEND_N_LIMITS * AMOUNT_TEXT_MAX };
size_t spend_rule_print(const struct spend_rule *rule, char out[SPEND_LINE_MAX]);

/* Whether `after` allows nothing that `before` did not. */
bool spend_rules_narrow(const struct spend_rules *before, const struct spend_rules *after);

#endif
