/* alert_find.h - the alert of a call. */
#ifndef API_ALERT_FIND_H
#define API_ALERT_FIND_H

#include "alerting/alert_doc.h"
#include "server/call.h"

/* The alert of the path: 404; another account's is not there. */
enum kw_err alert_find(struct call *c, struct alert *out) MUST_USE;

/* Answers with it, and with what became of it. */
enum kw_err alert_answer(struct call *c, const struct alert *a) MUST_USE;

#endif
