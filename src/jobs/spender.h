/* spender.h - the thread that decides what keys may spend: all that wait at once, in one commit. */
#ifndef JOBS_SPENDER_H
#define JOBS_SPENDER_H

#include "sync/spend.h"

/* A commit waits for the disk. While it does, others come; they wait for the next one together, and so hundreds are decided in
 * the time of one. Threads: any. */
struct spender;

struct spend_job { /* the caller's, until `done` is called */
    struct spend_item item;
    void (*done)(void *ctx); /* in the spender's thread, exactly once: item.err and what follows it say how it came out */
    void *ctx;
    struct spend_job *next; /* the spender's own */
};

/* Borrows sync. KW_ENOMEM, KW_EUNAVAILABLE. */
enum kw_err spender_new(struct sync *sync, struct spender **out) MUST_USE;

enum { SPENDER_WAITING_MAX = 4096 };

/* KW_EBUSY: so many wait; KW_EUNAVAILABLE: stopped. Then `done` is not called. */
enum kw_err spender_submit(struct spender *s, struct spend_job *job) MUST_USE;

void spender_stop(struct spender *s); /* what waits is still decided */
void spender_free(struct spender *s); /* takes NULL; stops it */

#endif
