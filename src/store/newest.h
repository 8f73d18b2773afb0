/* newest.h - which version of each object is the newest one, and under which seal: as the change log has it, or as the
 * rows have it. */
#ifndef STORE_NEWEST_H
#define STORE_NEWEST_H

#include "crypto/digest.h"
#include "store/store.h"

/* Twelve bytes of a seal that was itself verified in full: they tell apart two genuine rows of one version, which only a
 * database that went on from an older copy can hold. */
struct newest_one {
    uint32_t version; /* 0: there is none */
    uint8_t seal[12];
};

struct newest_list { /* by slot */
    struct newest_one *at;
    uint32_t n;
};

struct newest { /* owns its lists; zeroed memory is an empty one */
    struct newest_list keys, accounts, members, tokens;
    struct newest_list policy; /* of one, in slot 0 */
    struct newest_list environments;
    struct newest_list spend_rules; /* by the slot of their key */
    struct newest_list documents;
};

/* Room for every slot that is in use: 16 bytes each. KW_ENOMEM. */
enum kw_err newest_init(struct newest *n, const struct store_counts *counts) MUST_USE;
void newest_deinit(struct newest *n);

/* Takes an entry of the log, in their order. Versions count up by one: were an entry missing, the chain would be broken;
 * were a row changed from an older one than the newest, a version would come twice. KW_EDAMAGED. */
enum kw_err newest_follow(struct newest *n, const struct change *c,
                          const struct digest *seal) MUST_USE;

/* Takes a row: by its slot, of the policy by 0. KW_EDAMAGED: there is no such slot. */
enum kw_err newest_put(struct newest *n, enum change_kind kind, uint32_t object, uint32_t version,
                       const struct digest *seal) MUST_USE;

/* Whether both say the same of every object of a kind; *object is the first of which they do not. */
bool newest_same(const struct newest *a, const struct newest *b, enum change_kind kind,
                 uint32_t *object) MUST_USE;

#endif
