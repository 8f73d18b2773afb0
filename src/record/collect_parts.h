/* collect_parts.h - what the files of collect share: runs of records that are being made. */
#ifndef RECORD_COLLECT_PARTS_H
#define RECORD_COLLECT_PARTS_H

#include "record/collect.h"

/* A run is opened, pushed to, and closed; one that stayed empty is none. It never goes back in time. */
void collect_open_run(struct collect *c);
void collect_push(struct collect *c, struct record record, int64_t time_us, uint32_t attempts);
void collect_close_run(struct collect *c);

/* A record of an event of our own; it borrows from c->scratch. */
struct record collect_own(struct collect *c, const struct event *e);

/* A gap says in its agent what it is about: `note`, which it borrows. Returns it. */
struct event *collect_fill_gap(const struct collect *c, struct event *gap, const char *note);

#endif
