/* key_out.h - a key as its owner may see it: everything but the secret. */
#ifndef JSON_KEY_OUT_H
#define JSON_KEY_OUT_H

#include "core/grant.h"
#include "json/json_out.h"

/* NULL: out of memory. */
json_t *key_out(const struct grant *g, const char *brand, int64_t now_ms);

json_t *permissions_out(unsigned permissions);
json_t *address_rules_out(const struct address_rule *rules, uint32_t n);

/* {"all":{"rate":"600/min"}}: of those that there are, what there is. */
json_t *limit_defaults_out(const struct limit_defaults *d);

#endif
