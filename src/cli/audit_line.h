/* audit_line.h - one record as a line for people. */
#ifndef CLI_AUDIT_LINE_H
#define CLI_AUDIT_LINE_H

#include <jansson.h>

#include "base/buf.h"

/* Appends the line of a record that is given as record/line.h writes it, here or on another machine. What is missing is
 * shown as "-"; nothing in it moves a cursor. */
void audit_line(const json_t *record, struct buf *out);

#endif
