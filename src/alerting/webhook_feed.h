/* webhook_feed.h - the change log, followed entry by entry, as the events that wait in the outbox. */
#ifndef ALERTING_WEBHOOK_FEED_H
#define ALERTING_WEBHOOK_FEED_H

#include "alerting/receivers.h"

struct webhook_feed {
    struct sync *sync; /* borrows */
    bool has_mail;     /* alerts go out by mail too */
    struct outbox_place place;
    bool has_place; /* read, or begun, since it was opened */
    bool is_loaded; /* the receivers were read */
};

/* How far the log was read, from an outbox that was opened just now. Where there is none yet, or where that was another log, it begins
 * at the newest entry, and all that the outbox holds of another log is forgotten. Errors of the outbox; KW_EUNAVAILABLE: of the store. */
enum kw_err webhook_feed_begin(struct webhook_feed *f, struct outbox *o) MUST_USE;

/* Puts the next entry's event, with its place, into the outbox: both or neither. A change to a webhook has all of them read anew before it, so one is
 * told of its own beginning. An entry that cannot be read is passed over, and the log says so. *more: there are others.
 * The caller has the outbox for himself. Errors of the outbox, and KW_EUNAVAILABLE for those of the store: the same entry comes again. */
enum kw_err webhook_feed_next(struct webhook_feed *f, struct receivers *r, struct outbox *o,
                              bool *more) MUST_USE;

#endif
