/* batch.h - one batch of the record as bytes: built, taken apart, checked. */
#ifndef RECORD_BATCH_H
#define RECORD_BATCH_H

#include "crypto/digest.h"
#include "crypto/sign.h"
#include "engine/ring.h"
#include "record/change.h"

/* Everything is little-endian; docs/record.md has the format in tables.
 *
 *     header      who, when, hash of the batch before, how far each ring has been read
 *     hash        SHA-256(hash of the batch before || header)
 *     n times:
 *       record    8 bytes of length, version and kind, and the payload
 *       hash      SHA-256(the hash stored before || record)
 *     trailer     the last hash, Ed25519 over (number, time, last hash), the length of the batch
 * once more */
enum {
    BATCH_FORMAT = 5, /* since there are sign-ins (2), leaks (3), spends and warnings (4), readings */
    BATCH_FORMAT_OLDEST = 1, /* that is read */
    BATCH_RECORDS_MAX = 4096,
    BATCH_RINGS_MAX = 2 * RING_PAIRS_MAX, /* those in use, and those just replaced */
    BATCH_MAX = 4 << 20,                  /* bytes of any batch */
    BATCH_TRAILER = DIGEST_LEN + SIGNATURE_LEN + 8 + 8,
};

enum record_kind {
    RECORD_EVENT = 1,
    RECORD_CHANGE = 2,
    RECORD_SIGN_IN = 3,
    RECORD_LEAK = 4,
    RECORD_SPEND = 5,
    RECORD_READING = 6
};

struct record { /* borrows */
    enum record_kind kind;
    struct str bytes; /* as the _encode of its kind gave them */
};

/* How far one ring file has been put on the record, the batch that says so included. */
struct ring_mark {
    uint64_t ring_id;
    uint32_t number;  /* of the file: rings/NNN */
    bool given_up;    /* its header does not hold: no longer read */
    uint64_t ino;     /* of the file: says whether one that was given up has been replaced */
    uint64_t next[2]; /* the first position not on the record: proved, unproved */
    uint64_t counted[2][KW_N_REASONS]; /* of the sums in its header, what is on the record */
};

struct batch_head {
    uint64_t number; /* 1 for the first batch ever, then one more each, across days */
    int64_t time_us; /* wall clock; never less than the batch before */
    struct digest previous;
    uint64_t change_seq;           /* of the newest management change on the record */
    const struct ring_mark *rings; /* borrows */
    uint32_t n_rings;
};

/* Writes a whole batch into out, which has room for BATCH_MAX bytes, and signs it. *last becomes
 * its hash, *len its length. KW_ERANGE: more records, rings or bytes than a batch may have.
 * KW_ENOMEM. */
enum kw_err batch_build(const struct batch_head *head, const struct record *records, uint32_t n,
                        struct signer *signer, uint8_t *out, size_t *len,
                        struct digest *last) MUST_USE;

struct batch { /* a batch taken apart; borrows */
    uint64_t number;
    int64_t time_us;
    uint64_t change_seq;
    struct digest previous, header_hash, last;
    uint32_t n_records, n_rings;
    struct str header, rings, records; /* raw */
    const uint8_t *signature;
    bool trailer_ok; /* its length is that of the header */
    size_t len;
};

enum { BATCH_PEEK = 32, BATCH_PEEK_BACK = 16 }; /* so many bytes tell how long a batch is */

/* The length and the number that a header claims; number may be NULL. KW_EDAMAGED: not a header, or a length that no batch has. */
enum kw_err batch_peek(const uint8_t bytes[BATCH_PEEK], size_t *len, uint64_t *number);

/* The same from the last bytes of a trailer: how far back the batch begins. */
enum kw_err batch_peek_back(const uint8_t bytes[BATCH_PEEK_BACK], size_t *len);

/* Takes the batch at the beginning of bytes apart. Looks at lengths only, so that what is damaged
 * can be named. KW_EDAMAGED: no batch, or not a whole one. KW_EFORMAT: written by another version.
 */
enum kw_err batch_open(struct str bytes, struct batch *out);

/* Walks over the records: begin with at = 0; false at the end, or, with *bad set, when the next
 * does not hold in form. hash may be NULL; it becomes the hash that is stored beside the record. */
bool batch_next(const struct batch *b, size_t *at, struct record *out, struct str *raw,
                struct digest *hash, bool *bad);

/* Walks over the marks: begin with at = 0. False at the end, or when there is nothing that can be
 * read. */
bool batch_next_ring(const struct batch *b, size_t *at, struct ring_mark *out);

/* Recomputes every hash and, where a verifier is given, checks the signature. KW_OK, or
 * KW_EDAMAGED: *record is then the first bad record, counted from 1; 0: the header; n_records + 1:
 * the trailer; *what says what is wrong. KW_ENOMEM. */
enum kw_err batch_check(const struct batch *b, struct verifier *verifier, uint32_t *record,
                        const char **what) MUST_USE;

#endif
