/* webhook_in.h - what a webhook is to be, from the members of a body. */
#ifndef API_WEBHOOK_IN_H
#define API_WEBHOOK_IN_H

#include "core/webhook.h"
#include "server/call.h"

/* Each leaves what is not in the body as it is. 400. */
enum kw_err webhook_url_in(struct call *c, struct webhook *w) MUST_USE;
enum kw_err webhook_events_in(struct call *c, struct webhook *w) MUST_USE;
enum kw_err webhook_state_in(struct call *c, struct webhook *w) MUST_USE; /* "active", "disabled" */

/* Whose it is: the caller's account; who sees all accounts names one, or none for the whole installation. */
enum kw_err webhook_account_in(struct call *c, struct webhook *w) MUST_USE;

#endif
