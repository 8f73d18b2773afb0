/* token.h - a management token on its way from where it is kept to the request that shows it. */
#ifndef CLIENT_TOKEN_H
#define CLIENT_TOKEN_H

#include "base/str.h"

enum { CLIENT_TOKEN_MAX = 128, CLIENT_TOKEN_WHY_MAX = 400 };

struct client_token { /* a secret: has no printer, wipe it */
    char text[CLIENT_TOKEN_MAX + 1];
};

/* From a text, without the blanks and line feeds around it. KW_ESYNTAX: it is none, and why is a sentence without it. */
enum kw_err client_token_take(struct str text, struct client_token *out,
                              char why[CLIENT_TOKEN_WHY_MAX]) MUST_USE;

/* The same from a file that nobody but its owner may read. KW_EPERM (others may, or it is another user's), KW_ENOTFOUND,
 * KW_ESYNTAX, KW_EIO, KW_ENOMEM; why is a sentence. */
enum kw_err client_token_read(const char *path, struct client_token *out,
                              char why[CLIENT_TOKEN_WHY_MAX]) MUST_USE;

void client_token_wipe(struct client_token *t); /* for AUTO */

#endif
