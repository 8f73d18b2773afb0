/* leak.h - what became of a report that a key has leaked, as a struct and as bytes. */
#ifndef RECORD_LEAK_H
#define RECORD_LEAK_H

#include "core/event.h"

/* X(enumerator, word, whether the reported text was a key that works, sentence). The numbers are on the record: new ones at the end.
 * Strangers can make as many of those that were not as they like, so these are only counted. */
#define LEAK_WHATS(X)                                                                          \
    X(LEAK_NOT_A_KEY, "not_a_key", false, "was no key of this installation")                   \
    X(LEAK_UNKNOWN_KEY, "unknown_key", false, "had the form of a key that there is not")       \
    X(LEAK_WRONG_SECRET, "wrong_secret", false, "named a key, with a secret that is not its")  \
    X(LEAK_OVER, "over", false, "was a key, or a secret of one, that works no more")           \
    X(LEAK_NOT_LOOKED_AT, "not_looked_at", false, "could not be looked at")                    \
    X(LEAK_TOLD, "told", true, "is told of, and the key works on")                             \
    X(LEAK_FROZE_TRANSACT, "froze_transact", true, "froze what moves money")                   \
    X(LEAK_FROZE_ALL, "froze_all", true, "froze everything that the key may do")               \
    X(LEAK_DISABLED, "disabled", true, "disabled the key")                                     \
    X(LEAK_REVOKED, "revoked", true, "revoked the key")                                        \
    X(LEAK_DONE_BEFORE, "done_before", true, "changed nothing: the key was held back already") \
    X(LEAK_NOT_DONE, "not_done", true, "was to hold the key back, which could not be done")

enum leak_what { /* zero is none */
                 LEAK_NONE = 0,
#define X(symbol, word, is_key, sentence) symbol,
                 LEAK_WHATS(X)
#undef X
                     LEAK_N_WHATS
};

/* Who reported it: numbers of the record, as above. */
enum leak_by { LEAK_BY_ANYBODY = 0, LEAK_BY_GITHUB = 1, LEAK_N_BYS };

enum {
    LEAK_URL_MAX = 240, /* bytes of each, cut */
    LEAK_NOTE_MAX = 200,
    LEAK_MAX = 640 /* bytes of any that is encoded */
};

struct leak {        /* borrows; strings that are too long are cut */
    int64_t time_us; /* wall clock */
    enum leak_what what;
    enum leak_by by;
    uint32_t summed; /* 0: one by itself; else so many alike, and nothing else is known of them */
    bool is_old;     /* the secret is the one that is being rotated out */
    struct str key;  /* its id; empty: summed */
    struct str account;
    enum kw_environment environment;
    struct address source; /* of the reporter */
    struct str url, note;  /* where it was found, as the reporter says; may be empty */
    uint8_t request_id[EVENT_REQUEST_ID];
};

/* Never NULL. */
const char *leak_what_word(enum leak_what what);
const char *leak_what_sentence(enum leak_what what);
const char *leak_by_word(enum leak_by by); /* "anybody", "github" */

/* Whether the text that was reported is a key that works. */
bool leak_is_key(enum leak_what what);

/* Writes it; returns the length, at most LEAK_MAX. */
size_t leak_encode(const struct leak *l, uint8_t out[LEAK_MAX]);

/* Reads one from hostile bytes: strings borrow from them. KW_EFORMAT for another version, KW_EDAMAGED for a length or an
 * enumerator that cannot be, or bytes left over. leak_encode of the result is the same bytes. */
enum kw_err leak_decode(struct str bytes, struct leak *out);

#endif
