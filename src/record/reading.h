/* reading.h - that somebody read the record, as a struct and as bytes. */
#ifndef RECORD_READING_H
#define RECORD_READING_H

#include "core/event.h"

/* X(enumerator, word, sentence). The numbers are on the record: new ones at the end. */
#define READING_WHATS(X)                                                 \
    X(READING_SEARCHED, "searched", "searched the record")               \
    X(READING_EXPORTED, "exported", "took records out, line by line")    \
    X(READING_EXPLAINED, "explained", "had one request explained")       \
    X(READING_VERIFIED, "verified", "had the newest days verified")      \
    X(READING_LISTED, "listed_days", "listed the days and their hashes") \
    X(READING_TRIED, "tried_policy", "tried a policy on past attempts")

enum reading_what { /* zero is none */
                    READING_NONE = 0,
#define X(symbol, word, sentence) symbol,
                    READING_WHATS(X)
#undef X
                        READING_N_WHATS
};

enum {
    READING_ACTOR_MAX = 40, /* bytes of each, cut */
    READING_FILTER_MAX = 240,
    READING_MAX = 400 /* bytes of any that is encoded */
};

struct reading {     /* borrows; strings that are too long are cut */
    int64_t time_us; /* wall clock */
    enum reading_what what;
    uint32_t summed; /* 0: one by itself; else so many that had no room, and nothing else is known of them */
    struct str actor;   /* "member:<id>", "token:<id>", "uid:0" */
    struct str member;  /* of a session, or of the token; empty: none */
    struct str account; /* whose records he sees; empty: those of all */
    struct str filter; /* what was asked, "key=…&reason=…", without a secret; empty: everything */
    struct address source;
    uint8_t request_id[EVENT_REQUEST_ID];
};

/* Never NULL. */
const char *reading_what_word(enum reading_what what);
const char *reading_what_sentence(enum reading_what what);

/* Writes it; returns the length, at most READING_MAX. */
size_t reading_encode(const struct reading *r, uint8_t out[READING_MAX]);

/* Reads one from hostile bytes: strings borrow from them. KW_EFORMAT for another version, KW_EDAMAGED for a length or an
 * enumerator that cannot be, or bytes left over. reading_encode of the result is the same bytes. */
enum kw_err reading_decode(struct str bytes, struct reading *out);

#endif
