/* report.h - a week of an account in one page: what was asked and refused, who signed in, what was found, which keys want looking after or could do without something. */
#ifndef ALERTING_REPORT_H
#define ALERTING_REPORT_H

#include <jansson.h>

#include "core/document.h"
#include "jobs/counting.h"

/* Weeks begin on Monday, seven o'clock, UTC, and are numbered from 1970 on. */
enum {
    REPORT_KEYS_NAMED = 8,
    REPORT_PLACES_NAMED = 8,
    REPORT_SIGN_INS_MAX = 100000,
    REPORT_HOUR_MS = 3600 * 1000
};
int64_t report_week(int64_t now_ms); /* the one that ended last */
int64_t report_begin_ms(int64_t week);

struct report_sources { /* borrows */
    struct sync *sync;
    const char *usage_file, *audit_dir;
    struct counting *counting;  /* NULL: nothing is counted, so nothing advised */
    bool (*is_over)(void *ctx); /* NULL: never; whether the thread that gathers is to end */
    void *is_over_ctx;
};

/* Gathers what there is to say of an account (empty: the installation) between two moments. Reads usage, record and store in pieces;
 * takes as long as that does. The JSON is owned; without usage or record yet, their parts are zero. KW_EDAMAGED, KW_EIO, KW_ENOMEM, KW_EUNAVAILABLE. */
enum kw_err report_gather(const struct report_sources *from, struct str account, int64_t from_ms,
                          int64_t to_ms, json_t **out) MUST_USE;

/* The document of a report, with an id that comes from account and end: the same report is the same document. Its text is the
 * caller's to fill in. */
void report_document(struct str account, int64_t to_ms, struct document *out);

/* The same of one that somebody asks for: one of an account in each hour. */
void report_document_by_hand(struct str account, int64_t now_ms, struct document *out);

#endif
