/* shop.h - a minter over a house with one key, and what is ordered of it; for one test. */
#ifndef TEST_JOBS_SHOP_H
#define TEST_JOBS_SHOP_H

#include <semaphore.h>

#include "jobs/minter.h"
#include "sync/house.h"

extern const struct address here, there;

struct shop {
    struct house house;
    struct minter *minter;
    struct grant key;
    char text[KEY_MAX];
};

struct order {
    struct mint_job job;
    sem_t done;
    bool is_refused; /* by judge */
    int n_judged;    /* how often it was asked, */
    bool was_known;  /* and what it was told */
    bool was_reused;
    sem_t *reached, *go; /* NULL, or where judge stops and is let on */
};

void shop_make(struct shop *s);
void shop_clear(struct shop *s);

/* Orders that are not submitted yet: an exchange of a key, and a refresh with the refresh token of a pair. */
void order_exchange(const struct shop *s, struct order *o, const char *key);
void order_refresh(const struct shop *s, struct order *o, const struct order *pair,
                   const struct address *from);

void shop_submit(const struct shop *s, struct order *o);
void order_await(struct order *o);
void shop_run(const struct shop *s, struct order *o); /* both */

/* Done, and without an error. */
struct order shop_exchanged(const struct shop *s);
struct order shop_refreshed(const struct shop *s, const struct order *pair,
                            const struct address *from);

/* What the engine says to a request with the access token; and the family as it is saved. */
enum kw_reason shop_ask(const struct shop *s, const struct order *pair);
struct family shop_stored(const struct shop *s, const struct order *pair);
bool order_same_text(const struct secret_text *a, const struct secret_text *b);

#endif
