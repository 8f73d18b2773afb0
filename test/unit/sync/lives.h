/* lives.h - keys that are led through their lives in a house, with what the model knows of each. */
#ifndef TEST_SYNC_LIVES_H
#define TEST_SYNC_LIVES_H

#include "sync/house.h"
#include "sync/model.h"

enum { LIVES_KEYS = 6, LIVES_ACCOUNT = LIVES_KEYS, LIVES_ENVIRONMENT, LIVES_THINGS };

/* How sure the model is of a thing: after a change that is in force and not saved, only what is allowed before and behind it
 * may be; after one of which nobody can know whether it was made, what is allowed by one of the two. */
enum certainty { SURE, BOTH, EITHER };

struct thing {
    struct model was, is;
    enum certainty certainty;
    bool waits; /* may still be waiting to be saved: sync lets nothing widen it before */
};

struct lives {
    struct house h;
    uint64_t seed, random;
    int64_t ahead_ms; /* of the real clock: so much has been waited */
    unsigned n_secrets, n_deeds, n_allowed, n_denied;
    unsigned n_reborn[LIVES_KEYS];
    struct thing things[LIVES_THINGS];
};

void lives_make(struct lives *l, uint64_t seed);
void lives_clear(struct lives *l);
uint64_t lives_draw(struct lives *l, uint64_t below); /* the next random number */
int64_t lives_now_ms(const struct lives *l);

/* Has it done to the code: KW_OK, or what sync said. *refused: the core let it not get so far. */
enum kw_err lives_do(struct lives *l, unsigned thing, const struct deed *d, bool *refused);

/* Here and there another key takes the place of one that is revoked or expired. */
void lives_renew(struct lives *l);

/* What the store has of a thing decides which of the two it is; what is in force and not saved is forgotten by a new process. */
void lives_settle(struct lives *l, unsigned thing, bool is_new);

/* Every key is asked with its secrets, of now and before, and nothing is allowed that the model denies; and nothing denied
 * that it allows, where it is sure. */
void lives_check(struct lives *l);

#endif
