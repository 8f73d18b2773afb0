/* limits_in.h - the limits of keys, from JSON: of one key, and those that an account gives to new ones. */
#ifndef API_LIMITS_IN_H
#define API_LIMITS_IN_H

#include "core/limit_defaults.h"
#include "json/json_in.h"

/* The members "rate" and "quota" of an object, which have to be there. A problem names the field. */
enum kw_err limits_in_rate(const json_t *object, const char *field, struct problem *p,
                           struct rate *out) MUST_USE;
enum kw_err limits_in_quota(const json_t *object, const char *field, struct problem *p,
                            struct quota *out) MUST_USE;

/* The member "limitDefaults", {"all":{"rate":"600/min"},"full_access":{"quota":"none"}}: all that there are. */
enum kw_err limits_in_defaults(const json_t *body, struct problem *p,
                               struct limit_defaults *out) MUST_USE;

#endif
