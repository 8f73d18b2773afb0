/* webhook_find.h - the webhook that a call is about. */
#ifndef API_WEBHOOK_FIND_H
#define API_WEBHOOK_FIND_H

#include "core/webhook.h"
#include "notify/outbox.h"
#include "server/call.h"

/* The one of the path. 404: there is none, it was removed, or the caller belongs to another account. */
enum kw_err webhook_of_call(struct call *c, struct webhook *out) MUST_USE;

/* As it is shown, with how it fares; without its secret. NULL: no memory. */
json_t *webhook_out(struct call *c, const struct webhook *w);

/* The same with what is known of how it fares: it takes no lock. */
json_t *webhook_out_with(const struct call *c, const struct webhook *w,
                         const struct outbox_health *h);

/* Answers with one, and its version as ETag. */
enum kw_err webhook_answer(struct call *c, int status, const struct webhook *w, json_t *out) MUST_USE;

/* The outbox, locked, where nothing of another webhook is taken for this one's. 503: it cannot be opened at the moment; errors of
 * outbox_claim. Nothing is locked then. */
enum kw_err webhook_outbox(struct call *c, const struct webhook *w, struct outbox **out) MUST_USE;

#endif
