/* minter.h - keys exchanged for tokens, and tokens refreshed: in a thread that saves many of them with one commit. */
#ifndef JOBS_MINTER_H
#define JOBS_MINTER_H

#include "jobs/mint.h"
#include "sync/sync.h"

/* A change waits for two fsyncs, of the database and of head. While those of some calls are waited for, others come; they are saved together
 * with the next. So one caller has to wait as long as for any change, and sixteen get their tokens at hardly less than sixteen
 * times that rate. All about refresh tokens happens in this one thread, so that of two that are the same one comes first.
 *
 * One that is nobody's is found out here as well, though it is never saved: whoever looks it up in the thread of the calls waits there for the
 * lock that a commit holds, and all other calls behind him. Measured: of sixteen who refresh beside sixteen who guess, 1,470 a second get theirs so, and
 * 810 the other way. */
struct minter;

enum mint_what { MINT_EXCHANGE, MINT_REFRESH, MINT_GIVE_UP };
enum mint_outcome {
    MINT_DENIED = 0, /* judge said no, or the token is nobody's, or is over */
    MINT_DONE,       /* access and refresh are a pair of the family */
    MINT_REUSED,     /* the refresh token had been used before: the family is ended */
    MINT_GIVEN_UP,   /* the family is ended, as it was to be */
};

struct mint_job {
    enum mint_what what;
    struct family family; /* of an exchange, all that a key says; otherwise its id; afterwards, as it is then */
    struct secret_text presented; /* the refresh token that came */
    struct address from;
    int64_t now_ms;

    /* Whether it may be: asked for a refresh once, and told of what is given up, in the minter's thread, when it is known whose token it is (NULL: nobody's). */
    bool (*judge)(void *ctx, const struct family *known, bool is_reused);
    void (*done)(void *ctx); /* called in any case, from the minter's thread */
    void *ctx;

    enum kw_err err; /* of what could not be done; KW_OK: */
    enum mint_outcome outcome;
    struct secret_text access, refresh;
};
void mint_job_wipe(struct mint_job *j);

/* why is a sentence for the operator. The errors are those of the master key, KW_ENOMEM, KW_EUNAVAILABLE. */
enum kw_err minter_new(struct sync *sync, struct str brand, const char *master_key,
                       struct minter **out, char why[256]) MUST_USE;

/* Borrows the job until `done`. KW_EBUSY: too many wait; KW_EUNAVAILABLE: it is stopped; then done is not called. */
enum kw_err minter_submit(struct minter *m, struct mint_job *job) MUST_USE;

void minter_stop(struct minter *m); /* whoever waits is answered KW_EUNAVAILABLE; takes NULL */
void minter_free(struct minter *m); /* takes NULL */

#endif
