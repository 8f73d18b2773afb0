/* body.h - the JSON body of a request, read strictly against a list of its members. */
#ifndef SANDBOX_BODY_H
#define SANDBOX_BODY_H

#include "sandbox/answer.h"

enum { BODY_FIELDS_MAX = 8, BODY_TEXT_MAX = 64 };

enum field_kind {
    FIELD_TEXT = 0,  /* 1 to BODY_TEXT_MAX bytes without control characters */
    FIELD_PIN,       /* four digits */
    FIELD_ACCOUNT,   /* ten digits */
    FIELD_NIN,       /* eleven digits */
    FIELD_PHONE,     /* seven to fifteen digits, a + before them or not */
    FIELD_REFERENCE, /* 1 to BODY_TEXT_MAX letters, digits, dots, underscores and hyphens: it fits
                        into a path */
    FIELD_NAIRA,     /* "NGN" */
    FIELD_AMOUNT,    /* a number, or a string that holds one; more than 0 */
};

struct field {
    const char *name;
    enum field_kind kind;
    bool required;
};

struct body {
    json_t *root;                     /* owns */
    struct str text[BODY_FIELDS_MAX]; /* by number of the field; empty where an optional one is
                                         absent or null; borrow */
    int64_t amount;                   /* kobo, of the FIELD_AMOUNT */
};

/* Reads a body: one JSON object, no member twice, none that is not listed. False when it is not so,
 * with the answer that says which member is wrong and how; then there is nothing to deinit. Text
 * must outlive the body. */
bool body_read(struct str text, const struct field *fields, size_t n_fields, struct body *out,
               struct answer *no);

void body_deinit(struct body *b);

#endif
