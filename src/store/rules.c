/* rules.c - see rules.h. */
#include "store/rules.h"

static struct str rules_print(const struct address_rule *rules, uint32_t n, char buf[RULES_TEXT_MAX])
{
    size_t len = 0;

    for (uint32_t i = 0; i < n && i < ADDRESS_RULES_MAX; i++) {
        if (i > 0)
            buf[len++] = ' ';
        len += address_rule_print(&rules[i], buf + len);
    }
    return (struct str){buf, len};
}

static enum kw_err rules_read(struct str text, struct address_rule rules[ADDRESS_RULES_MAX],
                              uint32_t *n)
{
    struct str rest = text, rule;
    uint32_t got = 0;

    while (rest.n > 0) {
        if (!str_cut(rest, ' ', &rule, &rest)) {
            rule = rest;
            rest.n = 0;
        }
        if (got == ADDRESS_RULES_MAX || address_rule_parse(rule, &rules[got]) != KW_OK)
            return KW_EDAMAGED;
        got++;
    }
    *n = got;
    return KW_OK;
}

void give_rules(struct giver *to, const struct address_rule *rules, uint32_t n)
{
    char buf[RULES_TEXT_MAX];

    give_text_copy(to, rules_print(rules, n, buf));
}

void take_rules(struct taker *from, struct address_rule rules[ADDRESS_RULES_MAX], uint32_t *n)
{
    if (rules_read(take_text(from), rules, n) != KW_OK)
        from->bad = true;
}
