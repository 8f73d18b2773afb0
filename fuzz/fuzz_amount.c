/* fuzz_amount.c - an amount that can be read prints as a text that reads as the same; and rules as the rules they were. */
#include "core/spend_rules.h"
#include "fuzz.h"

static void try_rules(struct str document)
{
    struct spend_rules rules;
    char line[SPEND_LINE_MAX];

    if (spend_rules_read(document, &rules) != KW_OK)
        return;
    for (size_t i = 0; i < rules.n; i++) {
        struct str printed = {line, spend_rule_print(&rules.at[i], line)};
        MUST(memmem(document.p, document.n, printed.p, printed.n) != NULL);
    }
    MUST(rules.n > 0 ? spend_rules_narrow(&rules, &rules) : document.n == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = {(const char *)data, n};
    struct amount a = {.u = 7}, again;
    char printed[AMOUNT_TEXT_MAX];

    try_rules(text);
    if (amount_parse(text, AMOUNT_DECIMALS_MAX, &a) != KW_OK) {
        MUST(a.u == 7);
        return 0;
    }
    MUST(amount_compare(a, amount_max()) <= 0);
    size_t len = amount_print(a, 2, printed);
    MUST(len < AMOUNT_TEXT_MAX && printed[len] == '\0');
    MUST(amount_parse((struct str){printed, len}, AMOUNT_DECIMALS_MAX, &again) == KW_OK);
    MUST(amount_compare(a, again) == 0);
    return 0;
}
