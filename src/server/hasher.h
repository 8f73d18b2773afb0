/* hasher.h - one thread that hashes passwords, and the few that may wait for it. */
#ifndef SERVER_HASHER_H
#define SERVER_HASHER_H

#include "core/address.h"
#include "crypto/password.h"

/* A hash costs tens of milliseconds and 19 MiB. However many log-ins come at once, one thread of low priority computes them
 * one after the other: the machine's decisions do not notice, and what cannot wait is told so. One source has an eighth of the
 * queue, so that it cannot keep all others from signing in; all strangers together have three quarters, so that many sources
 * cannot keep those out who are known here.
 *
 * Threads   Any may submit. `done` is called exactly once for each job that was accepted, in the hasher's own thread or,
 *           while it stops, in the one that stops it; no lock is held then. It may submit again (and be refused: the queue
 *           may be full), must not stop the hasher, and should be short.
 * Memory    Passwords and hashes are copied, and wiped before `done` is called. */
struct hasher;

struct hasher_limits {      /* 0: the default */
    unsigned max_waiting;   /* jobs beside the one that is being computed; 128 */
    unsigned max_of_source; /* of them, of one source; 16 */
    uint64_t patience_us; /* a job that waited longer is answered KW_EBUSY without being computed; 10 s */
};

struct hasher_answer {
    enum kw_err err; /* KW_OK: computed. KW_EBUSY: waited too long. KW_EUNAVAILABLE: stopping. Else of crypto/password.h */
    bool matches;    /* of a verification */
    bool needs_rehash;                   /* ... that matches: hash the password again */
    char encoded[PASSWORD_HASH_MAX + 1]; /* of a hash */
};

struct hasher_job {
    struct str password;
    struct str encoded;    /* verify the password against this; p == NULL: hash it */
    struct address source; /* whose it is, as address_source says */
    bool is_known; /* of somebody who is signed in, has shown a link, or comes from where he signed in last: may have the last
                    * quarter of the queue */
    void (*done)(void *ctx,
                 const struct hasher_answer *answer); /* borrows the answer until it returns */
    void *ctx;
};

enum kw_err hasher_new(const struct hasher_limits *limits,
                       struct hasher **out) MUST_USE; /* KW_ENOMEM, KW_EUNAVAILABLE */

/* Answers all that wait with KW_EUNAVAILABLE, lets the present job end, and accepts none from here on. Once it returns, no
 * `done` will be called. Again and again does no harm. */
void hasher_stop(struct hasher *h);
void hasher_free(struct hasher *h); /* stops it; no other thread may still submit. Takes NULL. */
void hasher_freep(struct hasher **h);

/* KW_OK: done will be called. Otherwise it will not: KW_EBUSY: the queue is full, or the source has its part of it, or strangers have theirs; KW_EUNAVAILABLE: it has stopped; KW_ERANGE:
 * a password or a hash that is too long. */
enum kw_err hasher_submit(struct hasher *h, const struct hasher_job *job) MUST_USE;

unsigned hasher_waiting(struct hasher *h); /* jobs in the queue, for the metrics */

#endif
