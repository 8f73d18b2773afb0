/* account_find.h - the account that a call is about. */
#ifndef API_ACCOUNT_FIND_H
#define API_ACCOUNT_FIND_H

#include "server/call.h"

/* The account of the path. 404: there is none, or the caller belongs to another. */
enum kw_err account_find(struct call *c, struct account *out) MUST_USE;

#endif
