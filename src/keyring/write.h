/* write.h - the keyring as its one writer sees it: made, filled, changed record by record, grown.
 */
#ifndef KEYRING_WRITE_H
#define KEYRING_WRITE_H

#include "base/buf.h"
#include "keyring/format.h"

struct keyring_writer; /* one thread at a time */

struct keyring_sizes { /* how much there is room for */
    uint32_t records, accounts;
    uint32_t families;     /* that are live at once; there are places for twice as many */
    uint64_t heap, policy; /* bytes; policy: of one area */
};

struct keyring_marks { /* random, from whoever has a source of it */
    uint64_t generation, hash_seed;
    uint8_t nobody_digest[GRANT_DIGEST_LEN]; /* what an unknown id's secret is compared with */
};

/* Makes an empty keyring beside `path` ("path.new"); keyring_publish renames it to path. The file's
 * mode is 0640. KW_EFULL: no room in the file system. KW_EIO, KW_EPERM, KW_ENOMEM. */
enum kw_err keyring_create(const char *path, struct str brand, const struct keyring_sizes *sizes,
                           const struct keyring_marks *marks, struct keyring_writer **out) MUST_USE;
enum kw_err keyring_publish(struct keyring_writer *w) MUST_USE;

/* Everything that is in one keyring into an empty, larger one. KW_EFULL: not larger by enough.
 * KW_EDAMAGED. */
enum kw_err keyring_copy(const struct keyring_writer *from, struct keyring_writer *to) MUST_USE;

/* How many bytes of the heap a copy would need. */
uint64_t keyring_heap_needed(const struct keyring_writer *w);

/* Opens the keyring at path to go on with it after a restart. KW_EUNAVAILABLE: none, or another
 * boot's, or a retired one; KW_EFORMAT; KW_EDAMAGED: its header or any record does not hold. All
 * mean: make a new one from the store. */
enum kw_err keyring_adopt(const char *path, struct keyring_writer **out) MUST_USE;

void keyring_writer_free(struct keyring_writer *w); /* the file stays */
void keyring_writer_freep(struct keyring_writer **w);

const struct keyring_header *keyring_writer_head(const struct keyring_writer *w);

/* The mapping, for whoever guards against a file that was cut short. */
void keyring_writer_range(const struct keyring_writer *w, const void **begin, size_t *n);

/* The record in a slot below head->n_records. */
const struct keyring_record *keyring_writer_record(const struct keyring_writer *w, uint32_t slot);

/* The version of the key or account in a slot; 0: there is none. */
uint32_t keyring_version_of(const struct keyring_writer *w, enum keyring_kind kind, uint32_t slot);

/* Publish an object: visible to the next decision of every verifier. KW_EFULL: no room; make a
 * larger keyring. */
enum kw_err keyring_put_key(struct keyring_writer *w, const struct grant *g) MUST_USE;
enum kw_err keyring_put_account(struct keyring_writer *w, const struct account *a) MUST_USE;
enum kw_err keyring_put_policy(struct keyring_writer *w, uint32_t version, struct str table) MUST_USE;

/* One whose access tokens have expired takes no place, but for what it has already. It is found again by its id alone. */
enum kw_err keyring_put_family(struct keyring_writer *w, const struct family *f) MUST_USE;

/* The version of a family that is in here; 0: there is none of that id. How many are live: whose access tokens have not expired by
 * the time of the last beat. */
uint32_t keyring_family_version(const struct keyring_writer *w, struct str id);
uint32_t keyring_families_live(const struct keyring_writer *w);

void keyring_put_freeze(struct keyring_writer *w, enum kw_environment environment, uint32_t bits);

/* The number and mark of the last change that is in here; from when on older files are in nobody's hands; an object that is published before it is saved
 * (KEYRING_EMPTY: none); sign of life; that another file has taken this one's place. */
void keyring_put_change(struct keyring_writer *w, uint64_t seq, uint64_t mark);
void keyring_put_settled(struct keyring_writer *w, uint64_t boot_us);
void keyring_put_pending(struct keyring_writer *w, enum keyring_kind kind, uint32_t slot);
void keyring_beat(struct keyring_writer *w, uint64_t boot_us, int64_t wall_us);
void keyring_retire(struct keyring_writer *w);

/* Whether the file at the path is still this one, whole. KW_ENOTFOUND, KW_EDAMAGED: make a new one.
 */
enum kw_err keyring_writer_check(const struct keyring_writer *w) MUST_USE;

/* Checks `n` records from slot *at on (wrapping) against their checksums and the index, all accounts, and the words of the
 * header that carry a check: freezes, the wall clock, the policy's place; moves *at. KW_EDAMAGED. */
enum kw_err keyring_scrub(const struct keyring_writer *w, uint32_t *at, uint32_t n) MUST_USE;

/* The same of `n` places of families, and whether their tags lead to them. */
enum kw_err keyring_scrub_families(const struct keyring_writer *w, uint64_t *at, uint64_t n) MUST_USE;

#endif
