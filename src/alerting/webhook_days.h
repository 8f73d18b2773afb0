/* webhook_days.h - the days of the record that are closed, each as an event that waits in the outbox. */
#ifndef ALERTING_WEBHOOK_DAYS_H
#define ALERTING_WEBHOOK_DAYS_H

#include "alerting/receivers.h"
#include "alerting/webhook_event.h"

/* A day is closed when a later one has begun. Days are no changes, so this feed has a place of its own in the outbox: the day told last. The
 * id of an event comes from the day and its last hash, so a day that is told again is the same event. Whoever keeps what it says
 * holds an anchor of the record outside of this host. */
struct webhook_days {
    const char *audit_dir, *audit_pub; /* borrows */
    int32_t told;                      /* the day told last, or passed over */
    bool has_place;                    /* told is known, since the outbox was opened */
    uint64_t look_us;                  /* boot clock: when the folder is looked at next */
    enum kw_err looked;                /* what came of the last look */
    bool has_next;
    int32_t next; /* to be told, or passed over where there is no event */
    bool has_event;
    struct webhook_told day; /* where it has one; owns */
};
void webhook_days_deinit(struct webhook_days *d);

/* The outbox was opened anew. */
void webhook_days_forget(struct webhook_days *d);

/* Reads the day that is next, if one is closed: counts its records, which takes a second for a million batches. Needs no lock. A day that does
 * not hold, whose end is not signed or is not where the next day goes on, is told in the log and passed over. Any other error stays until a look
 * that succeeds. */
enum kw_err webhook_days_look(struct webhook_days *d) MUST_USE;

/* Puts it into the outbox with its place, both or neither. The first time of an outbox it begins with the day that is open now. The caller has the
 * outbox for himself. Errors of the outbox: it comes again. */
enum kw_err webhook_days_put(struct webhook_days *d, struct receivers *r, struct outbox *o,
                             int64_t now_ms) MUST_USE;

#endif
