/* model.h - what a key may do, said in the plainest way there is: what the tests hold against the code. */
#ifndef TEST_SYNC_MODEL_H
#define TEST_SYNC_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#define MODEL_HOUR INT64_C(3600000)
#define MODEL_DAY  (24 * MODEL_HOUR)

enum model_state { MODEL_NONE, MODEL_REVOKED, MODEL_ACTIVE, MODEL_DISABLED };
enum model_class { MODEL_READ, MODEL_TRANSACT, MODEL_UNLISTED, MODEL_CLASSES };
enum model_overdue { MODEL_ALERT, MODEL_READ_ONLY, MODEL_EXPIRE };

/* A key; an account or an environment has a state and a freeze only. Classes are numbers of enum model_class: a key opens
 * those up to `opens`, and all from `frozen` on are frozen. */
struct model {
    enum model_state state;
    unsigned opens, frozen;
    int64_t expires_ms;          /* 0: never */
    unsigned secret, old_secret; /* numbers, 0: none */
    bool is_open;                /* the old one is good until */
    int64_t until_ms;
    int64_t since_ms, old_since_ms;
    unsigned days; /* to be rotated after, 0: never */
    enum model_overdue overdue;
};

enum deed_kind {
    DEED_CREATE,
    DEED_PERMIT,
    DEED_EXPIRE,
    DEED_ROTATE_BY,
    DEED_FREEZE,
    DEED_DISABLE,
    DEED_ENABLE,
    DEED_REVOKE,
    DEED_ROTATE,
    DEED_COMPLETE,
    DEED_CANCEL,
    DEED_KINDS
};

struct deed {
    enum deed_kind kind;
    unsigned value;  /* what DEED_PERMIT, EXPIRE, ROTATE_BY, FREEZE and ROTATE choose, of 0 to 2 */
    unsigned secret; /* the number of a new one */
    int64_t now_ms;
};

/* What each value means. */
extern const int64_t model_expiries_ms[3],
    model_overlaps_ms[3]; /* from now; the first expiry: never */
extern const unsigned model_days[3];
extern const enum model_overdue model_overdues[3];

/* Does it; false: it is refused, and nothing has changed. */
bool model_do(struct model *m, const struct deed *d);

bool model_is_over(const struct model *m,
                   int64_t now_ms); /* revoked or expired: nothing can be done with it */

/* Whether a key lets that secret do that at that time, whatever account and environment say; and what those say. */
bool model_key_allows(const struct model *m, unsigned secret, enum model_class c, int64_t now_ms);
bool model_place_allows(const struct model *m, enum model_class c);

#endif
