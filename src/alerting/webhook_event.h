/* webhook_event.h - a change of the log as the event that webhooks are told. */
#ifndef ALERTING_WEBHOOK_EVENT_H
#define ALERTING_WEBHOOK_EVENT_H

#include <jansson.h>

#include "core/webhook.h"
#include "notify/outbox.h"
#include "record/verify.h"
#include "store/store.h"

/* The body is {"id":"evt_…","type":"key.revoked","created":<Unix time>,"data":{…}}; data has the kind of the object, its id, account,
 * who did it, the version, and in "now" what the object is after the change, as the record has it: no secret, no digest. */
struct webhook_told { /* owns its body */
    enum webhook_event event;
    char id[OUTBOX_ID_MAX + 1];
    char account[KW_ACCOUNT_MAX + 1];
    uint32_t object; /* the slot of what was changed; 0: it is no change */
    int64_t created_ms;
    struct buf body;
};
void webhook_told_deinit(struct webhook_told *t);

/* What is told of entry n of the change log. Its id comes from that entry alone, so one that is read again makes the same event, and two
 * logs that differ make different ones. Which kind of a change it is shows by the version before it. KW_ENOTFOUND: nobody is
 * told of such a change; KW_EDAMAGED, KW_EFORMAT: it cannot be read, or is not there; KW_ENOMEM. */
enum kw_err webhook_told_of(struct store *s, uint64_t n, struct webhook_told *out) MUST_USE;

/* The event of a test, with an id drawn at random. KW_ENOMEM, KW_EIO. */
enum kw_err webhook_told_test(const struct webhook *w, const char *actor, int64_t now_ms,
                              struct webhook_told *out) MUST_USE;

/* The event of a day of the record that is closed: data is the day_doc of it, which it takes, with kind, id and account. Its id
 * comes from day and hash. KW_ENOMEM. */
enum kw_err webhook_told_day(json_t *doc, int32_t day, const struct record_head *head,
                             struct webhook_told *out) MUST_USE;

#endif
