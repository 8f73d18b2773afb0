/* url.h - the address of a Keyward on another machine, and whether a token may be sent there. */
#ifndef CLIENT_URL_H
#define CLIENT_URL_H

#include "base/buf.h"

enum { CLIENT_URL_MAX = 512, CLIENT_URL_ROOM = 1024, CLIENT_URL_WHY_MAX = 240 };

/* Takes "https://HOST" or "https://HOST:PORT", and for the loopback addresses of this machine also "http://…". Appends the
 * same, as libcurl understands it, to out, without a slash behind. Whatever else stands in it is KW_ESYNTAX: a name and a
 * password, a path, a query, another scheme. why is then a sentence that does not repeat the text: it may hold a secret.
 * KW_ENOMEM. */
enum kw_err client_url_read(const char *text, struct buf *out, char why[CLIENT_URL_WHY_MAX]) MUST_USE;

#endif
