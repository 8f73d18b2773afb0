/* limit_defaults.h - the limits that an account gives to a new key that is made without limits of its own. */
#ifndef CORE_LIMIT_DEFAULTS_H
#define CORE_LIMIT_DEFAULTS_H

#include "core/limit.h"

/* For all keys, and for those whose strongest permission is this one, in rising order: what moves money is stronger than what
 * changes settings. */
enum limit_default_of {
    LIMITS_OF_ALL = 0,
    LIMITS_OF_READ_ONLY = 1,
    LIMITS_OF_ACCOUNT_MANAGEMENT = 2,
    LIMITS_OF_TRANSACTIONS = 3,
    LIMITS_OF_FULL_ACCESS = 4,
};
enum { N_LIMIT_DEFAULTS = 5 };

struct limit_default {
    bool has_rate, has_quota; /* one that it has may be "none": no limit */
    struct rate rate;         /* all zero where there is none, and so is the quota */
    struct quota quota;
};

struct limit_defaults {
    struct limit_default of[N_LIMIT_DEFAULTS];
};

/* "all", "read_only", …; KW_ESYNTAX for another name. */
const char *limit_default_name(enum limit_default_of which);
enum kw_err limit_default_parse(struct str name, enum limit_default_of *out) MUST_USE;

bool limit_defaults_empty(const struct limit_defaults *d);

/* Whether each can have been read by rate_parse and quota_parse, and what is not given is zero. */
bool limit_defaults_ok(const struct limit_defaults *d);

/* Puts into *rate and *quota, each for itself, what the strongest permission of a set is given, or else what all are;
 * without either they stay as they are. */
void limit_defaults_pick(const struct limit_defaults *d, unsigned permissions, struct rate *rate,
                         struct quota *quota);

/* As text, for a column: "all rate 600/min\nall quota 1000/day\n", in the order above; empty for none. Returns its length, at
 * most LIMIT_DEFAULTS_TEXT_MAX. Exact: what limit_defaults_read takes, it has written. KW_ESYNTAX, KW_ERANGE. */
enum { LIMIT_DEFAULTS_TEXT_MAX = N_LIMIT_DEFAULTS * 2 * 80 };
size_t limit_defaults_print(const struct limit_defaults *d, char out[LIMIT_DEFAULTS_TEXT_MAX]);
enum kw_err limit_defaults_read(struct str text, struct limit_defaults *out) MUST_USE;

#endif
