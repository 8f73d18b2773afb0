/* alert_doc.h - an alert as the document that is stored, shown and sent. */
#ifndef ALERTING_ALERT_DOC_H
#define ALERTING_ALERT_DOC_H

#include <jansson.h>

#include "core/alert.h"
#include "core/document.h"
#include "core/finding.h"

enum { ALERT_NOTE_MAX = 1000 };

/* Whether what an alert asked for was done to its key. */
#define ALERT_DEEDS(X)                                                                    \
    X(ALERT_NO_DEED, "none")  /* nothing was asked for, or nothing to take */             \
    X(ALERT_TO_DO, "pending") /* is being done: it is saved first what is to be undone */ \
    X(ALERT_DONE, "done")                                                                 \
    X(ALERT_FAILED, "failed")                                                             \
    X(ALERT_UNDONE, "undone")

enum alert_deed {
#define X(symbol, word) symbol,
    ALERT_DEEDS(X)
#undef X
        N_ALERT_DEEDS
};

struct alert {
    struct document document; /* its text is not used */
    struct finding finding;
    enum severity severity;
    enum alert_action action; /* that was asked for */
    enum alert_deed deed;
    struct alert_taken taken;      /* with ALERT_TO_DO, ALERT_DONE */
    uint32_t times;                /* it was found so often, counted at most once an hour */
    int64_t last_ms;               /* it was found last; of that count */
    char note[ALERT_NOTE_MAX + 1]; /* what was said with the newest step; may be empty */
};

/* The alert that a finding becomes. Its id comes from detector, subject and beginning, and of one that is about many of an account
 * also from that: the same finding is the same alert. */
void alert_of(const struct finding *f, enum severity severity, enum alert_action action,
              struct alert *out);

/* "usage_spike 7Q2mK4T9xJ1aBd": under which documents of the same detector and subject are found. */
void alert_subject(const struct finding *f, char out[DOCUMENT_SUBJECT_MAX + 1]);

const char *alert_deed_word(enum alert_deed d); /* "done"; "" for none */

/* The text; owned. NULL: no memory. */
json_t *alert_text(const struct alert *a);

/* Reads a document. KW_EDAMAGED: it is no alert of this version or an earlier one; KW_ENOMEM. */
enum kw_err alert_read(const struct document *d, struct alert *out) MUST_USE;

#endif
