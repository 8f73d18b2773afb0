/* report_advice.h - which of the keys that a report goes through could do without something, and without what. */
#ifndef ALERTING_REPORT_ADVICE_H
#define ALERTING_REPORT_ADVICE_H

#include <jansson.h>

#include "alerting/report.h"

/* Keys are noted while sync's lock is held, and looked at in pieces, without it but for one key at a time: one that is
 * used each day takes half a millisecond, so of an account only so many are. One whose row does not hold is passed over. */
enum { REPORT_ADVICE_PIECE = 5000, REPORT_ADVICE_LOOKED_MAX = 10000 };

struct report_advice { /* owns */
    int64_t now_ms, counted_ms;
    char (*ids)[KW_KEY_ID_LEN + 1]; /* of the piece */
    size_t n_ids;
    uint32_t n_looked, count;
    bool is_known;
    json_t *named; /* NULL: there was no memory */
};

/* counted_ms: how far the record is counted; without it up to an hour ago nothing is known. KW_ENOMEM. */
enum kw_err report_advice_begin(int64_t now_ms, int64_t counted_ms,
                                struct report_advice *out) MUST_USE;
void report_advice_deinit(struct report_advice *a); /* takes zeroes */

void report_advice_note(struct report_advice *a, const struct key_outline *k);

/* Looks at those noted, at most a piece, and forgets them. KW_EUNAVAILABLE: the program ends; errors of ask_of and of the store. */
enum kw_err report_advice_look(const struct report_sources *from, struct report_advice *a) MUST_USE;

/* {"count", "looked", "keys": [{"key", "kinds"}]}, or null where nothing is known. NULL: out of memory. */
json_t *report_advice_out(struct report_advice *a);

#endif
