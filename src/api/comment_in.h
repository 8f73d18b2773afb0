/* comment_in.h - a word for the others, as the body of a call. */
#ifndef API_COMMENT_IN_H
#define API_COMMENT_IN_H

#include "server/call.h"

enum { COMMENT_MAX = 1000 };

/* Reads {"comment": …}, which may be left out unless it is needed: then it is empty. 400, which names it. */
enum kw_err comment_in(struct call *c, bool is_needed, char out[COMMENT_MAX + 1]) MUST_USE;

#endif
