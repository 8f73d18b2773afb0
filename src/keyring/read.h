/* read.h - the keyring as a verifier sees it: mapped read-only, believed only where checksums hold.
 */
#ifndef KEYRING_READ_H
#define KEYRING_READ_H

#include "keyring/format.h"

struct keyring; /* one mapping; any number of threads may read */

/* Maps the keyring at a path. KW_EUNAVAILABLE: none there, or of another boot; KW_EFORMAT;
 * KW_EDAMAGED; KW_EPERM. */
enum kw_err keyring_open(const char *path, struct keyring **out) MUST_USE;
void keyring_close(struct keyring *k);
void keyring_closep(struct keyring **k);

const struct keyring_header *keyring_head(const struct keyring *k);
uint64_t keyring_generation(const struct keyring *k);
struct str keyring_brand(const struct keyring *k);

/* The mapping, for whoever guards against a file that was cut short. */
void keyring_range(const struct keyring *k, const void **begin, size_t *n);

/* Whether the file at a path is still the one that is mapped. */
bool keyring_is_current(const struct keyring *k, const char *path);

/* A key is looked up in three steps, so that memory, which is slow where there are many keys, is waited for while other
 * things are done: that it will be looked up (its place in the index is on its way), where it seems to be (its record is on
 * its way), what it is. The first may be left out. Allocates nothing; the cost does not depend on whether the id exists. */
void keyring_expect(const struct keyring *k, struct str id);

/* What the index says about an id: how many words carry its tag (their slots or'ed together: of use only if there is one),
 * and how many are free: with the first of either the search is over. Nothing of it is believed before keyring_find. */
struct keyring_place {
    uint32_t slot, n_hits, n_free;
};
struct keyring_place keyring_seek(const struct keyring *k, struct str id);

/* A consistent copy of the record of a key. KW_ENOTFOUND: no such id. KW_EDAMAGED: what there is cannot be trusted. */
struct keyring_found {
    uint32_t slot;
    struct keyring_record record;
};
enum kw_err keyring_find(const struct keyring *k, struct str id, const struct keyring_place *place,
                         struct keyring_found *out) MUST_USE;

/* An access token is looked up in the same three steps, by the id of its family; and its key by the slot that the
 * family names. The place says where it seems to be: 0 if nowhere, and *n_hits how many there are to be looked at. */
void keyring_expect_family(const struct keyring *k, struct str id);
struct keyring_place keyring_seek_family(const struct keyring *k, struct str id);
enum kw_err keyring_find_family(const struct keyring *k, struct str id,
                                const struct keyring_place *place,
                                struct keyring_family *out) MUST_USE;

/* A consistent copy of the record of the key in a slot, 0 too. KW_ENOTFOUND: it holds none. KW_EDAMAGED. */
enum kw_err keyring_key_in_slot(const struct keyring *k, uint32_t slot,
                                struct keyring_found *out) MUST_USE;

/* A consistent copy of an account's record. KW_ENOTFOUND, KW_EDAMAGED. */
enum kw_err keyring_account(const struct keyring *k, uint32_t slot,
                            struct keyring_account *out) MUST_USE;

/* The address rules of a key or account, from its copied record, into rules; *n is how many.
 * KW_EDAMAGED. */
enum kw_err keyring_key_rules(const struct keyring *k, const struct keyring_record *r,
                              struct address_rule rules[ADDRESS_RULES_MAX], size_t *n) MUST_USE;
enum kw_err keyring_account_rules(const struct keyring *k, const struct keyring_account *a,
                                  struct address_rule rules[ADDRESS_RULES_MAX], size_t *n) MUST_USE;

/* The route table in force; an empty one, version 0, when there is none. Borrowed until
 * keyring_policy_is answers false for its word: the writer may then be writing over it, and what
 * was judged by it is to be judged again. To be read as words only (base/words.h). */
struct keyring_policy {
    uint64_t word;
    uint32_t version;
    struct str table;
};
enum kw_err keyring_policy(const struct keyring *k,
                           struct keyring_policy *out) MUST_USE; /* KW_EDAMAGED */
bool keyring_policy_is(const struct keyring *k, uint64_t word);

/* Wall clock minus boot clock, in microseconds. False: damaged. */
bool keyring_wall_offset(const struct keyring *k, int64_t *offset_us);

/* The freeze bits of an environment (not KW_NO_ENVIRONMENT); FREEZE_ALL when they are damaged. */
uint32_t keyring_freeze(const struct keyring *k, enum kw_environment environment);

#endif
