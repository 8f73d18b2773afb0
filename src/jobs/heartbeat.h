/* heartbeat.h - the thread that keeps the shared memory alive. */
#ifndef JOBS_HEARTBEAT_H
#define JOBS_HEARTBEAT_H

#include <signal.h>

#include "jobs/key_uses.h"
#include "jobs/uses.h"

/* Owns nothing; calls sync_tick every 100 ms, and has last uses saved. When that says that it cannot go on,
 * sends HEARTBEAT_STOPPED to its own process, which then is to end. */
#define HEARTBEAT_STOPPED SIGUSR1
struct heartbeat;

enum kw_err heartbeat_start(struct sync *sync, struct uses *uses, struct key_uses *key_uses,
                            struct heartbeat **out) MUST_USE; /* KW_EUNAVAILABLE, KW_ENOMEM */
void heartbeat_stop(struct heartbeat *h);                     /* waits for its end; takes NULL */

uint64_t heartbeat_age_us(const struct heartbeat *h); /* since the last tick ended */

#endif
