/* document.h - a sealed document: what people and the watch write down that is no key, member or account. */
#ifndef CORE_DOCUMENT_H
#define CORE_DOCUMENT_H

#include <keyward/keyward.h>

#include "base/str.h"

/* X(enumerator, word). The words are in the database and on the record; numbers are sealed: only ever add, at the end. */
#define DOCUMENT_KINDS(X)                \
    X(DOCUMENT_ALERT, "alert")           \
    X(DOCUMENT_WEBHOOK, "webhook")       \
    X(DOCUMENT_THRESHOLDS, "thresholds") \
    X(DOCUMENT_REPORT, "report")

enum document_kind { /* zero is none */
                     DOCUMENT_NONE = 0,
#define X(symbol, word) symbol,
                     DOCUMENT_KINDS(X)
#undef X
                         N_DOCUMENT_KINDS
};

enum { DOCUMENT_SUBJECT_MAX = 100, DOCUMENT_STATE_MAX = 15, DOCUMENT_TEXT_MAX = 8192 };

/* One kind has one form of text, which its own module knows: a JSON object without blanks, in UTF-8. What stands in a member whose
 * name begins with "sealed" is encrypted, and never leaves the database. */
struct document {
    uint32_t slot, version;                 /* numbered together, of whatever kind */
    enum document_kind kind;                /* as these three, never changes */
    char id[KW_KEY_ID_LEN + 1];             /* base62 */
    char account[KW_ACCOUNT_MAX + 1];       /* whose it is; empty: the installation's */
    char key[KW_KEY_ID_LEN + 1];            /* which key it is about; empty: none */
    char subject[DOCUMENT_SUBJECT_MAX + 1]; /* by which it is found besides; may be empty */
    char state[DOCUMENT_STATE_MAX + 1];     /* a word of small letters */
    int64_t created_ms;
    struct str text; /* borrows */
};

/* Terminated; "" for none. */
const char *document_kind_word(enum document_kind kind);

/* Whether it is one that can be stored; not whether its text is JSON. */
bool document_ok(const struct document *d);

#endif
