/* restore.h - an installation put back from a copy that backup.h made. */
#ifndef SERVER_RESTORE_H
#define SERVER_RESTORE_H

#include "server/backup.h"

struct restore_report {
    uint64_t changes; /* that the restored database has */
    uint64_t lost; /* acknowledged here, after the copy was made: what they revoked is valid again */
    uint64_t batches; /* of the record */
    bool restored;    /* false: only looked at */
};

struct restore_options {
    const char *dir;  /* of the copy; borrows */
    bool only_check;  /* look at everything, put nothing in place */
    bool accept_loss; /* of changes that were acknowledged after the copy was made */
};

/* Verifies the record (every hash and signature) and the database (every entry of the chain, every seal, against the copy's
 * head), and only then puts them in place; keys and audit.pub too, where the copy has them and the installation
 * has not. The caller holds the lock of the
 * state folder, unless it only checks, which may be done while keyward serve runs. why is a sentence for the operator.
 *   KW_EEXISTS    there is a database or a record already: nothing is written over
 *   KW_ECONFLICT  out->lost changes would be lost, and that was not accepted; nothing was put in place
 *   KW_EINVAL     no keys: neither here nor in the copy; or keys that differ
 *   KW_EDAMAGED   copy not whole, or it does not hold
 *   KW_ENOTFOUND, KW_EFORMAT, KW_EPERM, KW_EFULL, KW_EIO, KW_ENOMEM */
enum kw_err restore_make(const struct config *config, const struct restore_options *options,
                         struct restore_report *out, char why[BACKUP_WHY_MAX]) MUST_USE;

#endif
