/* query.h - the parameters behind the '?', read strictly: known names, each once. */
#ifndef SERVER_QUERY_H
#define SERVER_QUERY_H

#include "json/problem.h"

enum { QUERY_PARAMETERS_MAX = 20, QUERY_BYTES_MAX = 4096 };

struct query {
    struct {
        struct str name, value; /* decoded; borrow from text */
    } parameters[QUERY_PARAMETERS_MAX];
    size_t n;
    char text[QUERY_BYTES_MAX];
    size_t used;
};

/* Adds a parameter as it was sent: "%41" is decoded once, '+' was turned into a space by the
 * server. Refused: what is not text (RFC 3629; no controls), a '%' before anything but two hex
 * digits, a name that is there already, too many. */
enum kw_err query_add(struct query *q, struct str name, struct str value, struct problem *p) MUST_USE;

/* Refuses a name that is not on the list, which ends with NULL. */
enum kw_err query_only(const struct query *q, const char *const *names, struct problem *p) MUST_USE;

struct str query_get(const struct query *q, const char *name); /* {NULL, 0}: not given */

#endif
