/* backup.h - a copy of an installation, made while it runs. */
#ifndef SERVER_BACKUP_H
#define SERVER_BACKUP_H

#include "config/config.h"

/*     DIR/head            the end of the change log, copied first: as old as the database, or older
 *     DIR/keyward.db      one moment of the database
 *     DIR/audit/…seg      the record, in whole batches; copied last, so that it has what was taken out of spend_log before that
 *                         moment, and only as far as it knows of no change that the database has not: the next start adds
 *                         the changes that are missing
 *     DIR/audit.pub, DIR/keyward.yaml
 *     DIR/keys/           master.key and audit.key, when asked for
 *     DIR/backup.json     written last: a copy without it is not whole
 *
 * Folders are 0700, files 0600. */
enum { BACKUP_FORMAT = 1, BACKUP_WHY_MAX = 400, BACKUP_PATH_MAX = CONFIG_PATH_MAX + 64 };

struct backup_report {
    uint64_t changes; /* acknowledged when it began: the copy has these, and maybe more */
    uint32_t days;    /* files of the record */
    uint64_t bytes;   /* of the record */
};

/* dir is made; KW_EEXISTS: it is there, and was not touched. What could not be finished stays as it is, without
 * backup.json. why is a sentence for the operator. Errors of store_backup and file_copy. */
enum kw_err backup_make(const struct config *config, const char *config_file, const char *dir,
                        bool with_keys, struct backup_report *out, char why[BACKUP_WHY_MAX]) MUST_USE;

/* DIR/name, in a buffer of BACKUP_PATH_MAX; KW_ERANGE. */
enum kw_err backup_path(const char *dir, const char *name, char out[BACKUP_PATH_MAX]) MUST_USE;

#endif
