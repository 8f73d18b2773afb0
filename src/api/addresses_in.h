/* addresses_in.h - the member allowIp: from where a key, or all keys of an account, may be used. */
#ifndef API_ADDRESSES_IN_H
#define API_ADDRESSES_IN_H

#include "core/address.h"
#include "json/json_in.h"

/* Reads the list, which has to be there; an empty one lets everybody in. What cannot be read is a problem that names the
 * item, and nothing is written then. */
enum kw_err addresses_in(const json_t *body, struct problem *p,
                         struct address_rule out[ADDRESS_RULES_MAX], uint32_t *n_rules) MUST_USE;

#endif
