/* alert_post.h - letters about alerts put into the outbox, and taken out again as letters. */
#ifndef ALERTING_ALERT_POST_H
#define ALERTING_ALERT_POST_H

#include "config/config.h"
#include "notify/letter.h"
#include "notify/outbox.h"
#include "sync/sync.h"

/* Letters wait under a number that is no webhook's, one for each who gets it: whatever is killed, none is lost. They go to the admins
 * and owners of an account, and of what is no account's to the operators. Alerts of severity low wait for the digest of their
 * day, from seven o'clock to seven o'clock, UTC; it is put a quarter of an hour later, for what is found out a while afterwards. Of an account,
 * only the newest 200 wait; the log says how many are given up. */
#define ALERT_POST_SLOT UINT32_MAX
enum {
    ALERT_POST_PEOPLE_MAX = 200, /* of one account */
    ALERT_POST_WAIT_MAX = 200,   /* letters, of one account */
    ALERT_POST_ACCOUNTS_MAX = 1000
};

/* Both are called inside of outbox_begin, and what is put twice is there once. Errors of the outbox, and
 * KW_EUNAVAILABLE for those of the store (store_err.h).
 *
 * Letters about the alert that an event (alert.raised) tells of: its body names it. */
enum kw_err alert_post_one(struct outbox *o, struct sync *sync, struct str body,
                           int64_t now_ms) MUST_USE;

/* The digests of the days behind the one whose digests were put last, at most seven, of which the first goes back to that one; at first, of
 * one day. What was raised when the digest of its day was put already is in the next one that is put: each is in one. Alerts whose row
 * does not hold are left out. */
enum kw_err alert_post_digests(struct outbox *o, struct sync *sync, int64_t now_ms) MUST_USE;

/* Letters about a report. */
enum kw_err alert_post_report(struct outbox *o, struct sync *sync, const struct document *report,
                              int64_t now_ms) MUST_USE;

/* The number of the day whose digest is due last, of those that begin at seven. */
int64_t alert_post_day(int64_t now_ms);

/* The letter that a body is about. KW_ENOTFOUND: nothing is to be sent any more - who would get it has gone, or there is nothing in
 * the digest; errors of the store. */
enum kw_err alert_post_write(const struct config *config, struct sync *sync, struct str body,
                             struct letter *out) MUST_USE;

#endif
