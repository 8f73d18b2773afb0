/* webhooks.h - tells webhooks of what is changed: one thread that follows the log and sends. */
#ifndef ALERTING_WEBHOOKS_H
#define ALERTING_WEBHOOKS_H

#include "config/config_webhooks.h"
#include "crypto/box.h"
#include "jobs/tally.h"
#include "notify/outbox.h"
#include "sync/sync.h"

/* At most one delivery is on its way to a webhook, and 64 in all; whoever does not answer holds up nobody else. A delivery is sent at
 * least once: what was sent when the process was killed is sent again, with the same id. No decision and no change waits for any
 * of it.
 *
 * Threads   Any may call what is below; the outbox is used under its lock. */
struct webhooks;

struct webhooks_options { /* borrows until webhooks_stop, but for master_key */
    const struct config_webhooks *config;
    struct sync *sync;
    struct tally *tally;
    bool has_mail;    /* letters about alerts are put into the outbox, too (alert_post.h) */
    const char *file; /* outbox.db */
    const char *audit_dir,
        *audit_pub; /* the record, whose days are told when they are closed, and its key */
    const char *master_key;
};

/* KW_ENOMEM, KW_EUNAVAILABLE; errors of store_open_box. why is a sentence. */
enum kw_err webhooks_start(const struct webhooks_options *options, struct webhooks **out,
                           char why[256]) MUST_USE;
void webhooks_stop(struct webhooks *w); /* breaks off what is on its way; takes NULL */

/* What encrypts the secrets. */
const struct box *webhooks_box(const struct webhooks *w);

/* The outbox, under the lock. NULL: it cannot be opened at the moment; it is unlocked all the same. is_changed: something waits
 * that did not before. */
struct outbox *webhooks_lock(struct webhooks *w);
void webhooks_unlock(struct webhooks *w, bool is_changed);

/* What waits, as it was a second ago at most; waits for nobody. */
struct webhooks_backlog {
    bool is_open; /* the outbox; where it is not, nothing is known of what waits */
    struct outbox_backlog deliveries, letters;
};
void webhooks_backlog(struct webhooks *w, struct webhooks_backlog *out);

#endif
