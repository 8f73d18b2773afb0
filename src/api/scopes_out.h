/* scopes_out.h - a set of scopes as a list of words, there and back. */
#ifndef API_SCOPES_OUT_H
#define API_SCOPES_OUT_H

#include "core/role.h"
#include "json/json_in.h"
#include "json/json_out.h"

json_t *scopes_out(unsigned scopes); /* NULL: out of memory */

/* The list of a member, which has to be there: 1 or more, each once. */
enum kw_err scopes_in(const json_t *body, const char *name, struct problem *p, unsigned *out) MUST_USE;

#endif
