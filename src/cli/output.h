/* output.h - what a command answers, to standard output, in one piece. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <jansson.h>

#include "base/buf.h"
#include "cli/exit.h"

enum { OUTPUT_MAX = 64 << 20 };

/* Writes the text and wipes it: it may hold a new key. EXIT_IO, and says so, when it did not fit or
 * could not be written. */
enum exit_status output_text(struct buf *text);

enum exit_status output_json(const json_t *value); /* indented, with a line feed */

const char *output_string(const json_t *object, const char *member); /* "" when it is no string */
long long output_number(const json_t *object, const char *member);   /* 0 when it is none */

/* "Title        value", a line of a thing that is shown alone. */
void output_line(struct buf *to, const char *title, const char *value);

/* The day of a moment, "2026-11-24"; "never" where there is none. */
enum { OUTPUT_DAY_LEN = 10 };
void output_day(const json_t *object, const char *member, char day[OUTPUT_DAY_LEN + 1]);

/* "Last used    2026-11-24T04:00:00Z from 203.0.113.7", of the members that say when and from where; "never". */
void output_last(struct buf *to, const char *title, const json_t *object, const char *at,
                 const char *from);

/* "a, b, c" of a list of strings; `otherwise` when it is empty. */
void output_list(struct buf *to, const json_t *list, const char *otherwise);

#endif
