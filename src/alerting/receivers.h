/* receivers.h - the webhooks that are active, as the thread that sends keeps them. */
#ifndef ALERTING_RECEIVERS_H
#define ALERTING_RECEIVERS_H

#include "core/webhook.h"
#include "notify/outbox.h"
#include "sync/sync.h"

enum { RECEIVERS_MAX = 1000 }; /* of the whole installation */
#define RECEIVER_IDLE INT64_MAX

struct receiver {
    struct webhook webhook;
    uint64_t made_n; /* the change that made it */
    int64_t due_ms;  /* its next delivery; RECEIVER_IDLE: none waits */
    bool is_known;   /* due_ms is up to date */
    bool is_busy;    /* one is on its way to it: never two at once */
    bool is_failing; /* its last try has failed */
};

/* One thread. Zeroed, it is empty. */
struct receivers {
    struct receiver *list; /* owns; in no order */
    size_t n;
};
void receivers_deinit(struct receivers *r);

/* Reads them anew from the store; who is busy stays so. Errors of store_documents; KW_ENOMEM: and *r is as it was. */
enum kw_err receivers_load(struct receivers *r, struct sync *sync) MUST_USE;

/* NULL: not active, or removed. */
struct receiver *receivers_find(const struct receivers *r, uint32_t slot);

/* Makes their numbers theirs in the outbox (outbox_claim). */
enum kw_err receivers_claim(const struct receivers *r, struct outbox *o) MUST_USE;

/* Gives up what waits for those that are not active any more. */
enum kw_err receivers_clear_others(const struct receivers *r, struct outbox *o) MUST_USE;

/* Puts an event for everybody who is told of it, and was there when it came to pass: before that change of the log, whatever the clock
 * said, or, where it is none (0), by its time. Inside of outbox_begin. */
enum kw_err receivers_put(struct receivers *r, struct outbox *o, const struct outbox_event *e,
                          enum webhook_event which, uint64_t change_n, int64_t now_ms) MUST_USE;

#endif
