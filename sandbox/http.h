/* http.h - the sandbox on a unix socket, HTTP/1.1. */
#ifndef SANDBOX_HTTP_H
#define SANDBOX_HTTP_H

#include <sys/types.h>

#include "sandbox/ledger.h"

enum { HTTP_BODY_MAX = 64 * 1024 };

struct http;

/* Listens on a new socket at path, with these permissions, and answers in a thread of its own,
 * which alone uses the ledger (borrowed) until http_stopp. What a dead server left behind is
 * replaced. KW_EBUSY: somebody answers there; KW_EEXISTS: something else than a socket is there;
 * KW_ERANGE: the path is too long for a socket; KW_EPERM, KW_ENOTFOUND (the folder), KW_EIO,
 * KW_ENOMEM. */
enum kw_err http_start(const char *path, mode_t mode, struct ledger *l, struct http **out);

void http_stopp(struct http **h); /* removes the socket, waits for the thread */

#endif
