/* line.h - one record as one line of JSON, whatever is in it. */
#ifndef RECORD_LINE_H
#define RECORD_LINE_H

#include "base/buf.h"
#include "record/search.h"

/* Appends {"time":…,"kind":…,…} and a line feed. Strings are valid UTF-8 (U+FFFD in place of what
 * is not), with controls, DEL, U+2028, U+2029 and bidirectional marks escaped: one record is one
 * line, and nothing in it moves a cursor. Sets out->failed when out is full. */
void line_json(const struct record_entry *e, struct buf *out);

/* The same for whoever sees one account: without ring, position, batch, record, change and object, which count what there is of
 * all of them. */
void line_json_of_account(const struct record_entry *e, struct buf *out);

/* Appends a string in quotes, escaped as above. */
void line_string(struct str s, struct buf *out);

/* Appends "2026-11-24T03:55:35.123Z" (RFC 3339), with quotes. A time outside of the years 0 to 9999
 * is the nearest. */
void line_time(int64_t time_us, struct buf *out);

/* The names that stand in the record's text form. Never NULL. */
const char *line_event_kind(enum event_kind kind);
const char *line_class(enum kw_class c);

#endif
