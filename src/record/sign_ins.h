/* sign_ins.h - the sign-ins that wait to be put on the record. */
#ifndef RECORD_SIGN_INS_H
#define RECORD_SIGN_INS_H

#include "record/sign_in.h"

/* Room for 4,096, in memory: they survive a batch that failed, and not the process. A refusal gives way to whoever was let in;
 * of refusals 100 a second are kept one by one. The others are counted by what and why, and become a record for each. */
enum { SIGN_INS_MAX = 4096, SIGN_INS_REFUSED_PER_SECOND = 100 };

struct sign_ins;
enum kw_err sign_ins_new(struct sign_ins **out) MUST_USE; /* KW_ENOMEM */
void sign_ins_free(struct sign_ins *q);                   /* takes NULL */

/* Takes a copy, redacted. Any thread; waits for nothing but the others that are here. */
void sign_ins_put(struct sign_ins *q, const struct sign_in *s);

/* One that was taken, encoded. */
struct sign_in_taken {
    int64_t time_us;
    bool is_refusal;
    size_t n;
    uint8_t bytes[SIGN_IN_MAX];
};

/* Gives the oldest, at most max, and returns how many; *more: some are left. First refusals, then
 * the counts, whose time is now_us, then the others, each in the order in which they came. They are still kept: sign_ins_settle forgets what was taken
 * last, once it is durable; without it they are given again. One thread for these two. */
uint32_t sign_ins_take(struct sign_ins *q, int64_t now_us, uint32_t max, struct sign_in_taken *out,
                       bool *more);
void sign_ins_settle(struct sign_ins *q);

#endif
