/* account_limits.h - the limits that an account gives to new keys, from the command line and for it. */
#ifndef CLI_ACCOUNT_LIMITS_H
#define CLI_ACCOUNT_LIMITS_H

#include <jansson.h>

#include "base/buf.h"
#include "cli/options.h"

/* --default-rate and --default-quota: "600/min" for all keys, "full_access=60/min" for those of a permission; "unset" takes
 * one away. */
bool account_limits_given(const struct args *args);

/* Puts "limitDefaults" into a body: those of `account`, changed by what the options say. False: out of memory, or no UTF-8. */
bool account_limits_add(json_t *body, const struct args *args, const json_t *account) MUST_USE;

/* A line of each. */
void account_limits_print(const json_t *account, struct buf *out);

#endif
