/* leak_desk.h - takes reports that a key has leaked, and acts on those that show a key that works. */
#ifndef JOBS_LEAK_DESK_H
#define JOBS_LEAK_DESK_H

#include "core/leak_action.h"
#include "crypto/secret.h"
#include "jobs/recording.h"
#include "record/leak.h"

/* Whoever reports is answered before anybody has looked: whether a text is a key, of whom, and whether it still works is found out in
 * a thread of its own, later, and never told to him. So nothing that he can see or measure depends on it.
 *
 * What matches the secret of a key that works is done what the setting leak_action says, and is a record of its own; what does
 * not is counted on the record. A report waits in memory: 1,024 at most; one that was taken is looked at, unless the process
 * is killed.
 *
 * Threads   Any.
 * Memory    Reports are copied, and wiped as soon as they have been looked at. */
struct leak_desk;

enum { LEAK_DESK_ROOM = 1024, LEAK_REPORT_KEYS_MAX = 100 };

struct leak_report {
    struct secret_text key; /* n 0: longer than any key */
    char url[LEAK_URL_MAX + 1], note[LEAK_NOTE_MAX + 1];
    enum leak_by by;
    struct address source;
    uint8_t request_id[EVENT_REQUEST_ID];
};

/* Fills in what was reported; of url and note, what looks like a credential, or holds the secret of this key, is left out. */
void leak_report_fill(struct leak_report *r, struct str key, struct str url, struct str note);

struct leak_desk_options { /* borrows; must outlive the desk */
    struct sync *sync;
    struct recording *recording;
    struct str brand;
    enum leak_action action;
};
enum kw_err leak_desk_new(const struct leak_desk_options *o,
                          struct leak_desk **out) MUST_USE; /* KW_ENOMEM, KW_EUNAVAILABLE, KW_EIO */
void leak_desk_free(struct leak_desk *d);                   /* looks at all that wait; takes NULL */

/* Whether a stranger may report now: 60 reports of a source (an address; of IPv6 its /64) in 10 minutes, 6,000 of all in one.
 * False: *retry_after_s says when to come again. Whatever was reported before has no part in it. */
bool leak_desk_may(struct leak_desk *d, const struct address *source, int64_t now_ms,
                   uint32_t *retry_after_s) MUST_USE;

/* Takes all of them, or none. KW_EBUSY: there is no room for so many. */
enum kw_err leak_desk_submit(struct leak_desk *d, const struct leak_report *reports,
                             size_t n) MUST_USE;

#endif
