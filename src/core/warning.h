/* warning.h - what is warned of on the record before, or although, nothing was refused: rotations that come due. */
#ifndef CORE_WARNING_H
#define CORE_WARNING_H

#include "core/event.h"
#include "core/rotation.h"

/* Word and sentence of each. The words are on the record (docs/record.md); only ever add. */
#define WARNINGS(X)                                                             \
    X(WARNING_DUE_30, "rotation_due_30d", "its rotation is due within 30 days") \
    X(WARNING_DUE_7, "rotation_due_7d", "its rotation is due within a week")    \
    X(WARNING_DUE_1, "rotation_due_1d", "its rotation is due within a day")     \
    X(WARNING_OVERDUE, "rotation_overdue", "it was not rotated in time")        \
    X(WARNING_OLD_SECRET, "old_secret_used", "a secret that its rotation has ended is still used")

enum warning {
    WARNING_NONE,
#define X(symbol, word, sentence) symbol,
    WARNINGS(X)
#undef X
        N_WARNINGS
};

/* Terminated, and empty for WARNING_NONE. */
const char *warning_word(enum warning w);
const char *warning_sentence(enum warning w);

/* What is to be warned of a key whose secret is that near to its day. A key that lives no longer than a stage lasts is not
 * warned of it: it would be so from its first day on, and nobody would look. */
enum warning warning_of(enum rotation_stage stage, uint32_t rotation_days);

/* A warning as an event: it counts no attempt, and its agent is the word. What it says of the key is the caller's to fill in. */
struct event warning_event(enum warning w, int64_t time_us);

/* The warning that an event is; WARNING_NONE: it is none, or one of a later version. */
enum warning warning_in(const struct event *e);

#endif
