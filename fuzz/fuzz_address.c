/* fuzz_address.c - an address or a rule that is read is the same when it is printed and read again.
 */
#include "core/address.h"
#include "fuzz.h"

static void check_address(struct str text)
{
    char buf[ADDRESS_TEXT_MAX];
    struct address a, again;

    if (address_parse(text, &a) != KW_OK)
        return;
    MUST(address_parse((struct str){buf, address_print(&a, buf)}, &again) == KW_OK);
    MUST(memcmp(&a, &again, sizeof a) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const struct str text = {(const char *)data, n};
    struct address_rule rule, again;
    char buf[ADDRESS_RULE_TEXT_MAX];

    check_address(text);
    if (address_rule_parse(text, &rule) != KW_OK)
        return 0;
    MUST(rule.prefix <= 128 && rule.classes != 0 && rule.classes <= ADDRESS_EVERY_CLASS);
    MUST(address_rule_parse((struct str){buf, address_rule_print(&rule, buf)}, &again) == KW_OK);
    MUST(memcmp(&rule, &again, sizeof rule) == 0);
    for (enum kw_class c = KW_CLASS_READ; c <= KW_CLASS_MANAGE; c++)
        MUST(address_allowed(&rule, 1, &rule.net, c)); /* its own network is inside of it */
    return 0;
}
