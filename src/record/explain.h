/* explain.h - tells a person how one decision came about, step by step. */
#ifndef RECORD_EXPLAIN_H
#define RECORD_EXPLAIN_H

#include "base/buf.h"
#include "core/event.h"

/* Appends a few lines of text: what was asked and by whom, then the steps in the order of the
 * decision, each with what it found, up to the one that decided. Strings from outside are escaped
 * as in JSON. */
void explain_event(const struct event *e, struct buf *out);

#endif
