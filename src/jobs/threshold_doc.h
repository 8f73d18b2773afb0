/* threshold_doc.h - what an account has chosen of the thresholds, as the document that is stored. */
#ifndef JOBS_THRESHOLD_DOC_H
#define JOBS_THRESHOLD_DOC_H

#include <jansson.h>

#include "core/thresholds.h"
#include "store/store.h"

/* There is one of an account at most, and one of the installation (account ""). */
struct threshold_doc {
    struct document document; /* slot 0: nothing was ever chosen; its text is not used */
    struct thresholds chosen;
};

/* Under the lock of sync. One that there is not has the defaults, and slot 0. KW_EDAMAGED. */
enum kw_err threshold_doc_find(struct store *s, struct str account,
                               struct threshold_doc *out) MUST_USE;

/* When it was chosen as it is now; 0: never. Under the lock of sync. KW_EDAMAGED. */
enum kw_err threshold_doc_since(struct store *s, const struct threshold_doc *t, int64_t *out) MUST_USE;

/* Reads a document. KW_EDAMAGED. */
enum kw_err threshold_doc_read(const struct document *d, struct threshold_doc *out) MUST_USE;

/* The text of what is chosen, owned; NULL: no memory. */
json_t *threshold_doc_text(const struct thresholds *t);

/* "thresholds shop-1": under which it is found. */
void threshold_doc_subject(struct str account, char out[DOCUMENT_SUBJECT_MAX + 1]);

#endif
