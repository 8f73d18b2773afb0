/* rules.h - a list of address rules as the text of one column: "10.8.0.0/16=transact 192.0.2.7". */
#ifndef STORE_RULES_H
#define STORE_RULES_H

#include "core/address.h"
#include "store/row.h"

enum { RULES_TEXT_MAX = ADDRESS_RULES_MAX * (ADDRESS_RULE_TEXT_MAX + 1) };

void give_rules(struct giver *to, const struct address_rule *rules, uint32_t n);
void take_rules(struct taker *from, struct address_rule rules[ADDRESS_RULES_MAX], uint32_t *n);

#endif
