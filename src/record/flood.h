/* flood.h - which attempts of strangers are recorded one by one, and how many more there were. */
#ifndef RECORD_FLOOD_H
#define RECORD_FLOOD_H

#include "core/event.h"

enum { FLOOD_PER_SOURCE = 20, FLOOD_PER_SECOND = 1000, FLOOD_SUMMARIES = 256 };

/* Most summaries that one batch can have: the table, and one more per reason. */
enum { FLOOD_RECORDS_MAX = FLOOD_SUMMARIES + KW_N_REASONS };

struct flood;
enum kw_err flood_new(struct flood **out) MUST_USE; /* KW_ENOMEM, KW_EIO */
void flood_free(struct flood *f);

/* Whether an attempt is to be recorded by itself: the first 20 of a source (an IPv4 address, an
 * IPv6 /64) and the first 1,000 of all in each second. Otherwise it has been added to the
 * summaries. */
bool flood_admit(struct flood *f, int64_t now_us, const struct event *e);

/* How many summaries there are by now. */
uint32_t flood_pending(const struct flood *f);

/* Gives every summary as an event of kind EVENT_SUMMARY, and forgets them. Those that found the
 * table full have the source "::". */
typedef void flood_fn(void *ctx, const struct event *summary);
void flood_take(struct flood *f, int64_t now_us, flood_fn *each, void *ctx);

#endif
