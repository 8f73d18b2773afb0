/* alerts_out.h - an alert as callers see it. */
#ifndef API_ALERTS_OUT_H
#define API_ALERTS_OUT_H

#include "alerting/alert_doc.h"
#include "store/store.h"
#include "json/json_out.h"

/* NULL: no memory. `name` of what it is about, empty: null. */
json_t *alert_out(const struct alert *a, const char *name);

/* One step of its history: who, when, and what was said. */
json_t *alert_step_out(const struct document_step *step);

#endif
