/* people.h - what signing in needs, as long as keyward serve runs: sessions, half-done log-ins, the soft lock, the hasher. */
#ifndef SERVER_PEOPLE_H
#define SERVER_PEOPLE_H

#include "crypto/box.h"
#include "jobs/attempts.h"
#include "server/half_login.h"
#include "server/hasher.h"
#include "server/sessions.h"

struct people { /* owns all of it */
    struct sessions *sessions;
    struct attempts *attempts; /* to sign in */
    struct attempts *resets;   /* to be sent a link for a new password */
    struct half_logins *half;
    struct hasher *hasher;
    struct box *box; /* the secrets of members' one-time passwords */
    struct box *cursors; /* of lists: anybody who may list makes as many as he likes, so not with the key of the secrets */
};

/* why is a sentence for the operator. KW_ENOMEM, KW_EUNAVAILABLE, KW_EIO; of the master key: KW_EPERM, KW_EFORMAT,
 * KW_ENOTFOUND. */
enum kw_err people_open(const char *master_key, struct people *out, char why[256]) MUST_USE;

/* No more hashing: whoever waits for it is answered KW_EUNAVAILABLE. Before the connections are closed. */
void people_hush(struct people *p);
void people_close(struct people *p); /* a zeroed one too */

#endif
