/* counted.h - what every call asks who reads what was counted from the record: how far, and whether it can be believed. */
#ifndef API_COUNTED_H
#define API_COUNTED_H

#include "server/server.h"

/* How far the counting has come, after a moment of waiting for it: while the record cannot be written, and while much of it is
 * still to be counted, as far as it is. */
int64_t counted_until_ms(const struct server *s, int64_t now_ms);

/* What reading the file came to: one that is damaged is on its way to be counted anew, and until then there is nothing in it,
 * so *until_ms is 0. Other errors are passed on. */
enum kw_err counted_answer(const struct server *s, enum kw_err err, int64_t *until_ms) MUST_USE;

#endif
