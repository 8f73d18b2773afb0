/* key_body.h - the options that say what a key is to be, as the body of a call. */
#ifndef CLI_KEY_BODY_H
#define CLI_KEY_BODY_H

#include <jansson.h>

#include "cli/options.h"

/* The options that creating and changing have in common. */
#define KEY_BODY_OPTIONS                                                                        \
    {"permission", "NAME", true, "read_only, transactions, account_management or full_access"}, \
        {"expires", "WHEN", false, "90d, 2030-01-31, 2030-01-31T12:00:00Z, or never"},          \
        {"allow-ip", "RULE", true,                                                              \
         "10.8.0.0/16, or 10.8.0.0/16=transact,manage for some classes; none"},                 \
        {"rotation-days", "N", false, "to be rotated after so many days; 0: never"},            \
        {"on-overdue", "WHAT", false, "if it is not: alert, read_only or expire"},              \
        {"rate", "RATE", false, "600/min, 10/s:20 (20 may come at once), or none"},             \
    {                                                                                           \
        "quota", "QUOTA", false, "1000/day, 250000/month, or none"                              \
    }

/* An object with a member for each of these and of --name, --account and --environment that was
 * given. NULL: a value is not UTF-8, or there is no memory. */
json_t *key_body(const struct args *args);

#endif
