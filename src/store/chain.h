/* chain.h - the log of changes as a chain: the HMAC of each entry covers that of the entry before.
 */
#ifndef STORE_CHAIN_H
#define STORE_CHAIN_H

#include "crypto/seal.h"
#include "store/db.h"
#include "store/store.h"

enum { ACTOR_MAX = 100 };

/* A place in the chain: an entry's number and HMAC. The place before the first entry is number 0.
 */
struct link {
    uint64_t n;
    struct digest mac;
};

struct entry { /* borrows */
    struct change change;
    struct digest seal; /* of the row after the change */
    struct digest mac;
};

/* The place before the first entry: it too depends on the key, so that a wrong key shows in an
 * empty log. */
enum kw_err chain_start(struct sealer *log, struct link *out) MUST_USE;

/* Where the chain stands after an entry that is yet to be written. */
enum kw_err chain_extend(struct sealer *log, const struct link *before, const struct entry *e,
                         struct link *out) MUST_USE;

/* The same for an entry that was read: KW_EDAMAGED when it does not follow, by number or HMAC. */
enum kw_err chain_follow(struct sealer *log, const struct link *before, const struct entry *e,
                         struct link *out) MUST_USE;

/* An entry from the columns of CHANGE_COLUMNS. Borrows from the statement. KW_EDAMAGED. */
enum kw_err chain_take(sqlite3_stmt *st, struct entry *out) MUST_USE;

enum kw_err chain_insert(struct db *db, const struct entry *e) MUST_USE;

#endif
