/* outbox.h - outbox.db: events on their way to webhooks, and what became of each delivery. */
#ifndef NOTIFY_OUTBOX_H
#define NOTIFY_OUTBOX_H

#include <stdbool.h>

#include "base/buf.h"

/* A file of its own, so that nothing that is sent is ever in the way of a decision or a change. It holds no secret: who is called,
 * and with what, is in keyward.db. An event is put in together with the place in the feed that it came from, and what a receiver
 * said is written down when it is known: whatever is killed, nothing is lost, and what was sent and not yet written down
 * is sent again, with the same id.
 *
 * Each webhook has 10,000 deliveries that wait at most; then the oldest is given up, and counted. Of what is over, 1,000 are kept
 * for 30 days.
 *
 * Not thread-safe. Webhooks are the slots of their documents. */
struct outbox;

enum {
    OUTBOX_ID_MAX = 40,
    OUTBOX_TYPE_MAX = 40,
    OUTBOX_ACCOUNT_MAX = 40,
    OUTBOX_BODY_MAX = 16 << 10,
    OUTBOX_ERROR_MAX = 160,
    OUTBOX_PENDING_MAX = 10000, /* of a webhook */
    OUTBOX_KEPT_MAX = 1000,     /* of a webhook, that are over */
    OUTBOX_TRIES_KEPT = 16      /* of a delivery */
};

/* Opens the file; makes it where there is none. KW_EFORMAT, KW_EDAMAGED: none of ours, or of another version; KW_EPERM,
 * KW_EFULL, KW_EIO, KW_ENOMEM, KW_EBUSY. */
enum kw_err outbox_open(const char *path, struct outbox **out) MUST_USE;
void outbox_close(struct outbox *o); /* takes NULL */
void outbox_closep(struct outbox **o);

/* "outbox.db" becomes "outbox.db.damaged", in place of an earlier one. */
enum kw_err outbox_move_aside(const char *path) MUST_USE;

/* ---- fed ---- */

struct outbox_place { /* how far the change log was read: a number, and what tells one log from another */
    uint64_t n, mark;
};
enum kw_err outbox_place(struct outbox *o,
                         struct outbox_place *out) MUST_USE; /* KW_ENOTFOUND: not begun */

/* What is put between these two is there with the place, or not at all. */
enum kw_err outbox_begin(struct outbox *o) MUST_USE;
enum kw_err outbox_commit(struct outbox *o) MUST_USE;
void outbox_rollback(struct outbox *o); /* harmless when nothing was begun */
enum kw_err outbox_save_place(struct outbox *o, const struct outbox_place *place) MUST_USE;

/* The day of the record that was told last; it has its own place, for days are no changes. KW_ENOTFOUND: not begun. */
enum kw_err outbox_day(struct outbox *o, int32_t *day) MUST_USE;
enum kw_err outbox_save_day(struct outbox *o, int32_t day) MUST_USE;

/* The day whose digests were put last, and the last alert that there was then, by its place among documents; the same. */
struct outbox_digest {
    int32_t day;
    uint32_t until;
};
enum kw_err outbox_digest(struct outbox *o, struct outbox_digest *out) MUST_USE;
enum kw_err outbox_save_digest(struct outbox *o, const struct outbox_digest *d) MUST_USE;

struct outbox_event { /* borrows */
    struct str id, type, account;
    int64_t created_ms;
    struct str body;
};

/* An event for a webhook, to be delivered from now_ms on. Put in twice, it is there once. Inside of outbox_begin. */
enum kw_err outbox_put(struct outbox *o, const struct outbox_event *e, uint32_t webhook,
                       int64_t now_ms) MUST_USE;

/* Of what waits for a webhook and is an account's, all but the newest `max` is given up, and counted; *n_given_up: how many. Inside of
 * outbox_begin. */
enum kw_err outbox_limit(struct outbox *o, uint32_t webhook, struct str account, uint32_t max,
                         uint32_t *n_given_up) MUST_USE;

/* ---- sent ---- */

enum outbox_state { OUTBOX_PENDING = 0, OUTBOX_DELIVERED = 1, OUTBOX_FAILED = 2 };
const char *outbox_state_word(enum outbox_state s); /* "pending", "delivered", "failed" */

struct outbox_delivery {
    uint64_t no; /* 1 and up; later ones have higher numbers */
    uint32_t webhook;
    char event[OUTBOX_ID_MAX + 1], type[OUTBOX_TYPE_MAX + 1];
    int64_t created_ms; /* of the event */
    enum outbox_state state;
    uint32_t tries;
    int64_t next_ms; /* of one that waits */
};

/* When the first one of a webhook is due. KW_ENOTFOUND: none waits. */
enum kw_err outbox_due(struct outbox *o, uint32_t webhook, int64_t *out_ms) MUST_USE;

/* The one that is due first, and its body, which is appended. KW_ENOTFOUND. */
enum kw_err outbox_next(struct outbox *o, uint32_t webhook, struct buf *body,
                        struct outbox_delivery *out) MUST_USE;

struct outbox_try { /* what became of one try */
    int64_t time_ms;
    unsigned status, took_ms; /* status 0: no answer */
    char error[OUTBOX_ERROR_MAX];
};
struct outbox_health {          /* of a webhook */
    uint32_t pending, given_up; /* how many wait; how many were given up because too many waited */
    int64_t failing_since_ms; /* no try has succeeded since; 0: the last one has, or there was none */
};

/* Writes a try of a delivery down, and what follows: delivered, failed for good, or pending until next_ms. One that was given up
 * meanwhile, or asked for anew, stays as it is, unless it was delivered. KW_ENOTFOUND: it is not there any more; the file may have
 * become another meanwhile. */
enum kw_err outbox_tried(struct outbox *o, const struct outbox_delivery *d,
                         const struct outbox_try *t, enum outbox_state next, int64_t next_ms,
                         struct outbox_health *health) MUST_USE;

enum kw_err outbox_health(struct outbox *o, uint32_t webhook, struct outbox_health *out) MUST_USE;

/* What waits for all webhooks, or as letters: how many, how many were given up because too many waited, and since when the oldest
 * event of them is there; 0: none waits. Cheap, however many there are. */
struct outbox_backlog {
    uint64_t waiting, given_up;
    int64_t oldest_ms;
};
enum kw_err outbox_backlog(struct outbox *o, bool of_letters, struct outbox_backlog *out) MUST_USE;

/* Of the tests (webhook.test) of a webhook: how many wait, and how many were put since a moment, until now. */
struct outbox_tests {
    uint32_t waiting, since;
};
enum kw_err outbox_tests(struct outbox *o, uint32_t webhook, int64_t since_ms, int64_t now_ms,
                         struct outbox_tests *out) MUST_USE;

/* Gives up all that waits for a webhook that was turned off, and forgets that it failed. Those for which there is something to
 * give up, or to forget, at most `max` of them. */
enum kw_err outbox_give_up(struct outbox *o, uint32_t webhook) MUST_USE;
enum kw_err outbox_receivers(struct outbox *o, uint32_t *out, size_t max, size_t *n) MUST_USE;

/* Has the delivery of an event to a webhook made once more, now, and anew as often as the first time. KW_ENOTFOUND. */
enum kw_err outbox_again(struct outbox *o, uint32_t webhook, struct str event,
                         int64_t now_ms) MUST_USE;

/* ---- forgotten ---- */

/* Whose a number is: after a restore it may be given to another webhook. What was put for another one is forgotten, with how he
 * fared; that nothing arrived is forgotten, too, where the URL is another one. It is cheap where nothing has changed. */
enum kw_err outbox_claim(struct outbox *o, uint32_t webhook, struct str id, struct str url) MUST_USE;

/* Forgets all that waits, was sent and was tried, of webhooks and letters: it belongs to a log of changes that is gone. */
enum kw_err outbox_forget(struct outbox *o) MUST_USE;

/* Forgets what is over, of each webhook beyond 1,000 and of all what is older than 30 days: one piece of it, which is quickly done.
 * Letters about reports and digests, which may be put again when the program starts, are known for 8 days.
 * *at is where it goes on, 0 at the beginning; *is_over: nothing is left, and it is 0 again. */
enum kw_err outbox_sweep(struct outbox *o, uint64_t *at, int64_t now_ms, bool *is_over) MUST_USE;

/* ---- looked at ---- */

typedef enum kw_err outbox_delivery_fn(void *ctx, const struct outbox_delivery *d);
typedef enum kw_err outbox_try_fn(void *ctx, const struct outbox_try *t);

/* Of a webhook before a number (0: from the newest on), the newest first, at most so many. `each` may ask for tries. */
enum kw_err outbox_list(struct outbox *o, uint32_t webhook, uint64_t before, uint32_t limit,
                        outbox_delivery_fn *each, void *ctx) MUST_USE;
enum kw_err outbox_tries(struct outbox *o, uint64_t no, outbox_try_fn *each, void *ctx) MUST_USE;

#endif
