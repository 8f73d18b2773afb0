/* client.h - one call to a `keyward serve`, and its answer.
 *
 * Over HTTPS the certificate and the name in it are verified, TLS is 1.2 at least, and no redirection is followed: the token
 * goes to the address that was given and nowhere else. The proxies of the environment (https_proxy, no_proxy) are honoured
 * there, because all that they see is TLS; a socket and http:// of this machine know none. */
#ifndef CLIENT_CLIENT_H
#define CLIENT_CLIENT_H

#include <jansson.h>

#include "base/buf.h"

enum { CLIENT_WHY_MAX = 600, CLIENT_ETAG_MAX = 32 };

struct client_place {    /* borrows; one of the first two */
    const char *socket;  /* path of the admin socket */
    const char *url;     /* of another machine: what client_url_read made */
    const char *token;   /* for a url: what client_token_read made; a secret; NULL: none is sent */
    const char *ca_file; /* for a url: the only authorities to trust, PEM; NULL: the system's */
};

struct client_request { /* borrows */
    const char *method;
    const char *path;     /* with the query, encoded */
    const json_t *body;   /* NULL: none */
    const char *if_match; /* NULL: none */
    bool is_text;         /* an answer below 400 is text: body is then a string */
};

struct client_answer {
    int status;
    json_t *body; /* owned */
    char etag[CLIENT_ETAG_MAX];
};

/* Makes the call. *out is written, and to be given to client_answer_deinit, only on KW_OK, which
 * says that there was an answer, whatever its status. Otherwise why is a sentence with the remedy:
 * KW_ENOTFOUND (no socket), KW_EPERM, KW_EUNAVAILABLE (nobody listens, is not whom we trust, or gives no answer in time),
 * KW_EINVAL (ca_file cannot be used), KW_EFORMAT (not JSON, or a redirection), KW_ENOMEM, KW_EIO. */
enum kw_err client_call(const struct client_place *place, const struct client_request *request,
                        struct client_answer *out, char why[CLIENT_WHY_MAX]) MUST_USE;
void client_answer_deinit(struct client_answer *a); /* for AUTO */

/* Appends "?name=value", or "&name=value" after the first, percent-encoded. */
void client_add_query(struct buf *path, const char *name, struct str value);

#endif
