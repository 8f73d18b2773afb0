/* route.h - the route policy: which class of permission each method and path asks for. */
#ifndef CORE_ROUTE_H
#define CORE_ROUTE_H

#include <keyward/keyward.h>

#include "base/buf.h"

/* A policy is a list of "METHOD /path" with a class each. In a path, a segment "{name}" stands for
 * any one non-empty segment, and "**" as the last one for everything below: behind "/a/" it matches
 * "/a/", "/a/b", "/a/b/c", not "/a". Everything else is literal and case-sensitive; a trailing
 * slash makes another route. A path is written decoded: it may not hold what path_read would
 * refuse. Where several match, the most specific one that lists the method decides, compared
 * segment by segment from the left: literal before "{name}" before "**". A line of GET is one of
 * HEAD too, unless HEAD is listed for the same path.
 *
 * The compiled table is position-independent bytes that live in shared memory, so its reader checks
 * every piece that it comes to: a damaged table may answer wrongly only with KW_CLASS_DENY. */
enum {
    ROUTE_MAX = 4096,
    ROUTE_TEXT_MAX = 512,
    ROUTE_SEGMENTS_MAX = 64,
    ROUTE_METHOD_MAX = 16, /* of [A-Z_-] */
    ROUTE_TABLE_MAX = 4 << 20
};

struct route {       /* one line of a policy; borrows */
    enum kw_class c; /* never KW_CLASS_UNLISTED */
    struct str text; /* "POST /wallet/payout/transfer" */
};

/* Compiles n routes into out (to be given with a max of ROUTE_TABLE_MAX). On KW_ESYNTAX (a line
 * that cannot be read), KW_EEXISTS (the same method and path twice) and KW_ERANGE (too many, too
 * long), *bad is the number of the line, from 0, and why, which has room for 160 bytes, a sentence
 * for its author. KW_ENOMEM. */
enum kw_err route_compile(const struct route *routes, size_t n, struct buf *out, size_t *bad,
                          char why[160]);

struct route_match {
    enum kw_class c; /* KW_CLASS_UNLISTED when no line matches; KW_CLASS_DENY for an unlisted method
                        that is unknown: known are GET HEAD POST PUT PATCH DELETE OPTIONS and
                        whatever the policy lists */
    uint32_t number; /* of the line in the policy, from 1; 0 for none */
};

/* Judges a method and a decoded path by a compiled table; an empty table lists nothing. Allocates
 * nothing; visits each node of the table at most once. Never fails: what cannot be judged is
 * KW_CLASS_DENY. */
struct route_match route_judge(struct str table, struct str method, struct str path);

/* Whether a table is whole: every offset and count inside of it. KW_EDAMAGED. */
enum kw_err route_table_check(struct str table);

#endif
