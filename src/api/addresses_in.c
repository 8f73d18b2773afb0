/* addresses_in.c - see addresses_in.h. */
#include "api/addresses_in.h"

#include <stdio.h>

static enum kw_err rule_at(const json_t *list, size_t i, struct problem *p, struct address_rule *out)
{
    char field[PROBLEM_FIELD_MAX];

    enum kw_err err = address_rule_parse(json_in_item(list, i), out);
    if (err == KW_OK)
        return KW_OK;
    snprintf(field, sizeof field, "allowIp[%zu]", i);
    if (err == KW_ERANGE)
        return problem_field(
            p, "range", field,
            "The prefix is too long, or bits are set behind it: of 10.8.0.1/16 either "
            "10.8.0.0/16 or 10.8.0.1 is meant");
    return problem_field(
        p, "syntax", field,
        "Write it as \"203.0.113.7\", \"10.8.0.0/16\", \"2001:db8::/32\", each with "
        "\"=read,transact,manage\" behind it where it is for some classes only");
}

enum kw_err addresses_in(const json_t *body, struct problem *p,
                         struct address_rule out[ADDRESS_RULES_MAX], uint32_t *n_rules)
{
    struct address_rule rules[ADDRESS_RULES_MAX];
    const json_t *list;

    memset(rules, 0, sizeof rules);
    TRY(json_in_list(body, "allowIp", ADDRESS_RULES_MAX, p, &list));
    size_t n = json_array_size(list);
    for (size_t i = 0; i < n; i++)
        TRY(rule_at(list, i, p, &rules[i]));
    memcpy(out, rules, sizeof rules);
    *n_rules = (uint32_t)n;
    return KW_OK;
}
