/* attempts.h - who has tried too often: to sign in, or to be sent a link. */
#ifndef JOBS_ATTEMPTS_H
#define JOBS_ATTEMPTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* What is counted of log-ins, and how much of it is let through before the lock, which ends by itself:
 *   a source and an e-mail   5 in 15 minutes, then locked for 15 minutes
 *   a source                50 in 15 minutes, then locked for 15 minutes    (IPv4: the address; IPv6: its /64)
 *   an e-mail              100 in 60 minutes, then locked for 60 minutes, but not for a place from which this member has
 *                          signed in before: else strangers could keep an owner out for ever
 *
 * An attempt is taken before it is judged, so that many at once are not let through by a count that comes later:
 *   attempts_take     before each password and each second factor; false: refuse, say nothing else
 *   attempts_succeed  once somebody is signed in, with all factors
 *   attempts_return   when it turned out to be no failure, and no log-in either: the password was right and a code is asked
 *                     for; nobody could judge it (KW_EBUSY)
 *   and nothing       when it failed
 *   attempts_take_work  when it was not taken, before it is done in vain.
 *
 * All in memory, bounded: a full table forgets the oldest of a few. E-mails are kept as HMACs under a key of this process.
 * Threads   Any. Time is the caller's, of one clock; when it goes back, nothing is forgiven. */
struct attempts;

struct attempt {           /* borrows */
    const uint8_t *source; /* 16 bytes; IPv4 as ::ffff:a.b.c.d */
    struct str email;      /* as it was typed; case does not matter (ASCII) */
    bool known_place;      /* the member has signed in from there before */
};

struct attempts_rule {
    unsigned max;      /* so many are let through within the window, then it is locked */
    int64_t window_ms; /* and for how long */
};
struct attempts_rules {
    struct attempts_rule pair, source, email;
};
extern const struct attempts_rules attempts_to_sign_in; /* those above */
extern const struct attempts_rules attempts_to_read; /* the record: 60 a minute of an actor, whose digest is the source */
extern const struct attempts_rules attempts_to_report; /* a leak, without an e-mail: see leak_desk.h; all stay counted */
extern const struct attempts_rules attempts_to_reset; /* 3, 20 and 5 an hour, of links by mail; all of them stay counted */

enum kw_err attempts_new(const struct attempts_rules *rules,
                         struct attempts **out) MUST_USE; /* KW_ENOMEM, KW_EIO */
void attempts_free(struct attempts *t);                   /* takes NULL */
void attempts_freep(struct attempts **t);

/* Whether it may be judged; it is counted as a failure then. False: locked, or out of memory; nothing is counted, and
 * *retry_after_s (may be NULL) says when to come again. */
bool attempts_take(struct attempts *t, const struct attempt *a, int64_t now_ms,
                   uint32_t *retry_after_s) MUST_USE;

/* The work of an attempt that was not taken, and yet is to cost as much as another: counted on the source alone, so that what is
 * locked does not work for nothing for ever. False: the source has had its fifty, and is to be answered without any work. That
 * tells nothing about an e-mail: taken or not, known or not, each attempt counts one on the source. */
bool attempts_take_work(struct attempts *t, const struct attempt *a, int64_t now_ms) MUST_USE;
void attempts_succeed(struct attempts *t, const struct attempt *a);
void attempts_return(struct attempts *t, const struct attempt *a);

#endif
