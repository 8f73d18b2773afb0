/* spend.c - rules are read in one form only, and refuse what they do not allow. */
#include "core/spend.h"

#include <stdio.h>

#include "suite.h"

static const char document[] = "NGN 2 500.00 - 1000.00 -\n=0123456789\n^acct_\nUSD 2 - - - 50.00\n";

static struct spend_rules read(const char *text)
{
    struct spend_rules rules;

    assert_ok(spend_rules_read(str_from(text), &rules));
    return rules;
}

static const struct bad {
    const char *why, *text;
} rejects[] = {
    {"no line feed at the end", "NGN 2 - - - -"},
    {"a limit too few", "NGN 2 - - -\n"},
    {"a limit too many", "NGN 2 - - - - -\n"},
    {"a small letter", "nGN 2 - - - -\n"},
    {"19 decimals", "ETH 19 - - - -\n"},
    {"two ways to say it", "NGN 2 5.0 - - -\n"},
    {"a currency twice", "NGN 2 - - - -\nNGN 2 - - - -\n"},
    {"a destination of nobody", "=x\nNGN 2 - - - -\n"},
    {"an empty destination", "NGN 2 - - - -\n=\n"},
    {"a destination twice", "NGN 2 - - - -\n=x\n=x\n"},
    {"an empty line", "NGN 2 - - - -\n\n"},
};

static void spend_rules_read_rejects(void **state)
{
    const struct bad *row = *state;
    struct spend_rules rules;

    assert_err(spend_rules_read(str_from(row->text), &rules), KW_ESYNTAX);
}

static const struct judged {
    const char *currency, *amount, *destination, *used;
    enum spend_why want;
} judgements[] = {
    {"NGN", "500", "0123456789", "500", SPEND_NO_REASON},
    {"NGN", "500.01", "0123456789", "0", SPEND_WHY_PER_TRANSACTION},
    {"NGN", "500", "acct_7", "500.01", SPEND_WHY_PER_DAY},
    {"NGN", "1", "acct", "0", SPEND_WHY_DESTINATION},
    {"NGN", "1", "01234567890", "0", SPEND_WHY_DESTINATION},
    {"NGN", "1.001", "acct_7", "0", SPEND_WHY_DECIMALS},
    {"USD", "50", "anywhere", "0", SPEND_NO_REASON},
    {"USD", "50.01", "anywhere", "0", SPEND_WHY_PER_MONTH},
    {"EUR", "0.01", "anywhere", "0", SPEND_WHY_CURRENCY},
};

static void rules_refuse_what_they_do_not_allow(void **state)
{
    const struct spend_rules rules = read(document);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(judgements); i++) {
        const struct judged *j = &judgements[i];
        struct spend_used used = {.of = {{.u = 0}}};
        struct reservation r = {.slot = 0};
        snprintf(r.currency, sizeof r.currency, "%s", j->currency);
        snprintf(r.destination, sizeof r.destination, "%s", j->destination);
        assert_ok(amount_parse(str_from(j->amount), 18, &r.amount));
        assert_ok(amount_parse(str_from(j->used), 18, &used.of[SPEND_PER_DAY]));
        assert_int_equal(spend_judge(&rules, &used, &r), j->want);
        assert_true(r.limited);
    }
}

static const struct change {
    const char *before, *after;
    bool narrows;
} changes[] = {
    {"", "NGN 2 - - - -\n", true},
    {"NGN 2 - - - -\n", "", false},
    {"NGN 2 - - 5.00 -\n", "NGN 2 - - 4.99 -\n", true},
    {"NGN 2 - - 5.00 -\n", "NGN 2 - - 5.01 -\n", false},
    {"NGN 2 - - 5.00 -\n", "NGN 2 - - - -\n", false},
    {"NGN 2 - - - -\nUSD 2 - - - -\n", "NGN 2 - - - -\n", true},
    {"NGN 2 - - - -\n", "NGN 2 - - - -\nUSD 2 - - - -\n", false},
    {"NGN 2 - - - -\n^ac\n", "NGN 2 - - - -\n^acct\n=ac\n", true},
    {"NGN 2 - - - -\n^acct\n", "NGN 2 - - - -\n^ac\n", false},
    {"NGN 2 - - - -\n=a\n", "NGN 2 - - - -\n^a\n", false},
    {"NGN 2 - - - -\n=a\n", "NGN 2 - - - -\n", false},
};

static void what_loosens_is_told_from_what_narrows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        struct spend_rules before = read(changes[i].before), after = read(changes[i].after);
        if (spend_rules_narrow(&before, &after) != changes[i].narrows)
            fail_msg("%zu: %s -> %s", i, changes[i].before, changes[i].after);
    }
}

/* 2026-02-28T23:59:59.999Z, and a millisecond later. */
static void windows_end_at_their_boundaries(void **state)
{
    const int64_t last_ms = INT64_C(1772323199999);

    (void)state;
    for (int i = SPEND_PER_HOUR; i < SPEND_N_LIMITS; i++) {
        struct spend_span a = spend_span_of((enum spend_limit)i, last_ms),
                          b = spend_span_of((enum spend_limit)i, last_ms + 1);
        assert_int_equal(b.number, a.number + 1);
        assert_int_equal(a.end_ms, last_ms + 1);
        assert_int_equal(b.begin_ms, last_ms + 1);
    }
}

int main(void)
{
    SUITE_ROWS(spend_rules_read_rejects, rejects);
    SUITE_TEST(rules_refuse_what_they_do_not_allow);
    SUITE_TEST(what_loosens_is_told_from_what_narrows);
    SUITE_TEST(windows_end_at_their_boundaries);
    return suite_run("core/spend");
}
