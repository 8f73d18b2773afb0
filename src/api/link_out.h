/* link_out.h - a new one-time link, on its way to whom it is for. */
#ifndef API_LINK_OUT_H
#define API_LINK_OUT_H

#include "server/call.h"

/* The member as JSON, with the link in "secret" and "url". NULL: out of memory. */
json_t *link_out(struct call *c, const struct member *m, const char *text);

#endif
