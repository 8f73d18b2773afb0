/* finding.h - what a detector has found, and what shows it, as a struct and as bytes. */
#ifndef CORE_FINDING_H
#define CORE_FINDING_H

#include <keyward/keyward.h>

#include "core/detector.h"

enum {
    FINDING_SUBJECT_MAX = 63,
    FINDING_FACTS_MAX = 8,
    FINDING_REQUEST_ID = 16,
    FACT_NAME_MAX = 23,
    FACT_TEXT_MAX = 63,
    FINDING_MAX = 1024 /* bytes of any that is encoded */
};

/* One piece of evidence: "failures" 120, or "country" "NG". */
struct fact {
    char name[FACT_NAME_MAX + 1]; /* a member of JSON: letters, the first one small */
    char text[FACT_TEXT_MAX + 1]; /* empty: it is a number */
    int64_t number;
};

/* The same happening found again has the same detector, subject and beginning: so it is raised once, whatever is killed. */
struct finding {
    enum detector detector;
    char subject[FINDING_SUBJECT_MAX + 1]; /* what the finding is about: the key's id, an address, a member's id; empty: all of us */
    char key_id[KW_KEY_ID_LEN + 1];   /* empty: of no one key */
    char account[KW_ACCOUNT_MAX + 1]; /* empty: of the whole installation */
    enum kw_environment environment;
    int64_t began_us, found_us;             /* the first sign of it; when it was enough */
    uint8_t request_id[FINDING_REQUEST_ID]; /* of the last request that counted; zeros: none */
    struct fact facts[FINDING_FACTS_MAX];
    size_t n_facts;
};

/* Add one; names and texts that are too long are cut, facts too many left out, bytes that are no text replaced. */
void finding_number(struct finding *f, const char *name, int64_t number);
void finding_text(struct finding *f, const char *name, struct str text);

/* Notes that it was brought about with an access token of the key, and not, or not only, with its secret; and whether it was. */
void finding_by_token(struct finding *f);
bool finding_is_by_token(const struct finding *f);

/* Writes it; returns the length, at most FINDING_MAX. */
size_t finding_encode(const struct finding *f, uint8_t out[FINDING_MAX]);

/* Reads one back: whole, or KW_EDAMAGED; KW_EFORMAT: of a later version. finding_encode of the result is the same bytes. */
enum kw_err finding_decode(struct str bytes, struct finding *out) MUST_USE;

#endif
