/* sender.h - deliveries: begun when they are due, and written down when they have ended. */
#ifndef ALERTING_SENDER_H
#define ALERTING_SENDER_H

#include "alerting/outbox_shelf.h"
#include "alerting/receivers.h"
#include "config/config_webhooks.h"
#include "crypto/box.h"
#include "jobs/tally.h"
#include "notify/webhook_post.h"

/* The actor of what is changed here: a webhook to which nothing arrives is turned off. What follows from that - an alert, say -
 * follows from this change, which is in the log. */
#define SENDER_ACTOR "watch"

struct sender_options { /* borrows all of it, but for master_key */
    const struct config_webhooks *config;
    struct sync *sync;
    struct tally *tally;
    struct outbox_shelf *shelf;
    struct receivers *receivers;
    const char *master_key;
};

struct flight { /* one delivery on its way */
    struct sender *all;
    struct outbox_delivery delivery;  /* no 0: none */
    char account[KW_ACCOUNT_MAX + 1]; /* whose webhook it is */
    uint32_t version;                 /* of the webhook as it was when this was begun */
    int64_t sent_ms;
};

/* One thread, but for sender_wake and `box`. Zeroed, it is closed. It stays where it was opened. */
struct sender {
    const struct config_webhooks *config;
    struct sync *sync;
    struct tally *tally; /* is told what becomes of deliveries */
    struct outbox_shelf *shelf;
    struct receivers *receivers;
    struct box *box; /* owns, like the next: of the secrets */
    struct webhook_posts *posts;
    struct flight flights[WEBHOOK_POSTS_MAX];
    size_t turn; /* where the next pass begins, so that everybody's turn comes */
};

/* why is a sentence, or empty. Errors of store_open_box and webhook_posts_new; what was made is closed by sender_close. */
enum kw_err sender_open(const struct sender_options *options, struct sender *out,
                        char why[256]) MUST_USE;
void sender_close(struct sender *s); /* breaks off what is on its way */

/* Begins what is due, at most one to a receiver, to one account no more than 8, and to those that fail no more than half of all;
 * nothing on a full disk, where what became of it could not be written down. Errors of the outbox. */
enum kw_err sender_send(struct sender *s) MUST_USE;

/* Goes on with all that is on its way, and waits until something happens; writes down what has ended. */
void sender_wait(struct sender *s, int wait_ms);
void sender_wake(struct sender *s); /* ends the wait, or the next one */

#endif
