/* rotation.h - from one secret of a key to the next, under the same id: both are good for a while. */
#ifndef CORE_ROTATION_H
#define CORE_ROTATION_H

#include "core/grant.h"

/* A key has a current secret and, from its first rotation on, another one: the one that it had before, good until
 * old_ends_ms. The overlap is open until then. What has ended stays known, so that whoever still comes with it is told so, and
 * so is the owner; the next rotation forgets it.
 *
 * generation counts these steps, and never goes back: with each of them both secrets get another number, the old one that
 * below the current one's. */
enum {
    ROTATION_OVERLAP_S = 24 * 60 * 60, /* unless told otherwise */
    ROTATION_OVERLAP_MAX_S = 30 * 24 * 60 * 60,
};

/* "24h", "30m", "7d", "0": a whole number of minutes, hours or days. KW_ESYNTAX; KW_ERANGE: more than
 * ROTATION_OVERLAP_MAX_S. */
enum kw_err rotation_overlap_parse(struct str text, uint32_t *out_s) MUST_USE;

/* Whether the old secret is still good. */
bool rotation_is_open(const struct grant *g, int64_t now_ms);

/* When it ends, or has ended; 0: there is none. */
int64_t rotation_old_ends(const struct grant *g);

/* A secret of that digest becomes the current one; the one before ends after the overlap. *g is untouched on an error.
 *   KW_ECONFLICT  an overlap is open: complete or cancel it first
 *   KW_ERANGE     the overlap is longer than ROTATION_OVERLAP_MAX_S
 *   KW_EFULL      it has been rotated 2^32 times */
enum kw_err rotation_begin(struct grant *g, const uint8_t digest[GRANT_DIGEST_LEN],
                           uint32_t overlap_s, int64_t now_ms) MUST_USE;

/* The old secret ends now, and for good. One that has ended has: KW_OK. KW_ENOTFOUND: there is none. */
enum kw_err rotation_complete(struct grant *g, int64_t now_ms) MUST_USE;

/* The old secret is the current one again, as old as it was, and the new one ends now. KW_ECONFLICT: no overlap is open.
 * KW_EFULL as above. */
enum kw_err rotation_cancel(struct grant *g, int64_t now_ms) MUST_USE;

/* "alert", "read_only", "expire". KW_ESYNTAX for anything else. */
const char *overdue_name(enum rotation_overdue overdue);
enum kw_err overdue_parse(struct str name, enum rotation_overdue *out) MUST_USE;

/* How near a key is to the day on which its secret is to be rotated. */
enum rotation_stage {
    ROTATION_NEVER,   /* it has no such day, or is revoked */
    ROTATION_FINE,    /* more than 30 days away */
    ROTATION_IN_30,   /* within 30 days, */
    ROTATION_IN_7,    /* a week, */
    ROTATION_IN_1,    /* a day */
    ROTATION_OVERDUE, /* from that day on */
};
enum rotation_stage rotation_stage(const struct grant *g, int64_t now_ms);
enum rotation_stage rotation_stage_at(int64_t due_ms, int64_t now_ms); /* of a day; 0: never */
const char *
rotation_stage_name(enum rotation_stage stage); /* "never", "fine", "30d", "7d", "1d", "overdue" */

#endif
