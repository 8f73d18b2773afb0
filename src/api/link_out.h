/* link_out.h - a new one-time link, on its way to whom it is for: by mail, or by whoever asked for it. */
#ifndef API_LINK_OUT_H
#define API_LINK_OUT_H

#include "server/call.h"

/* Adds to a member as JSON, which it takes, what became of the link whose text this is:
 *   mailed  true: it is on its way to him, and "secret" and "url" are null. With a link that others see, whoever may make
 *           one could set somebody's password, and be him
 *   shown   in "secret" and, where public_url is set, "url": no mail is sent from here, he has no address, or it was asked
 *           for on admin.sock, which is the way back in when mail is not
 *   neither: too many letters wait. It is to be made anew, later
 * NULL: out of memory. */
json_t *link_out(struct call *c, const struct member *m, const char *text, json_t *shown);

/* The same of a call that is answered again: the link is shown no second time, no second letter is sent, and what became of the
 * first was not known yet when the answer was kept. All three are null. */
json_t *link_out_again(json_t *shown);

#endif
