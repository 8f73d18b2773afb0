/* master.h - the master key: read, and what is derived from it for the store. */
#ifndef STORE_MASTER_H
#define STORE_MASTER_H

#include "crypto/seal.h"
#include "store/why.h"

/* Derives the two sealers of the store from the master key in a file. KW_EPERM when others may read
 * the file, KW_EFORMAT when it does not hold 64 hex digits. */
struct seals {
    struct sealer *row; /* owns; of every row that grants authority */
    struct sealer *log; /* owns; of the chain of changes */
};
enum kw_err seals_open(const char *master_key, struct seals *out, char why[WHY_MAX]) MUST_USE;
void seals_close(struct seals *s);
void seals_closep(struct seals *s); /* for AUTO */

#endif
