/* writer.h - what the files of the keyring's write side share. */
#ifndef KEYRING_WRITER_H
#define KEYRING_WRITER_H

#include <limits.h>
#include <sys/types.h>

#include "keyring/layout.h"
#include "keyring/write.h"

struct keyring_writer {
    char path[PATH_MAX];
    int fd;
    uint8_t *map;
    struct keyring_header *head; /* the mapping's first page */
    size_t size;                 /* of the mapping */
    ino_t inode;
};

static inline void *writer_at(const struct keyring_writer *w, const struct keyring_area *area)
{
    return w->map + area->offset;
}

/* Publishes a record whose rules, seq and crc are still to be filled in. KW_EFULL. */
enum kw_err writer_put_record(struct keyring_writer *w, uint32_t slot, const struct keyring_record *r,
                              const struct keyring_rule *rules, size_t n_rules) MUST_USE;
enum kw_err writer_put_account(struct keyring_writer *w, uint32_t slot,
                               const struct keyring_account *a, const struct keyring_rule *rules,
                               size_t n_rules) MUST_USE;

/* Stores an object under its sequence lock: odd, the bytes, even. A reader that sees the same even number before and behind its copy has a
 * whole one; a writer that dies in the middle leaves an odd number, which denies. */
void writer_store(_Atomic uint32_t *seq, void *to, const void *from, size_t n);

/* Families: 0, which is nobody's; those that are live into another keyring. KW_EFULL. */
void writer_put_nobody(struct keyring_writer *w, const uint8_t digest[GRANT_DIGEST_LEN]);
enum kw_err writer_copy_families(const struct keyring_writer *from,
                                 struct keyring_writer *to) MUST_USE;

/* The rules of a record or account, where they lie. */
const struct keyring_rule *writer_record_rules(const struct keyring_writer *w,
                                               const struct keyring_record *r);
const struct keyring_rule *writer_account_rules(const struct keyring_writer *w,
                                                const struct keyring_account *a);

#endif
