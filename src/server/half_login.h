/* half_login.h - log-ins whose password was right and whose second factor is still to come. */
#ifndef SERVER_HALF_LOGIN_H
#define SERVER_HALF_LOGIN_H

#include <stdbool.h>

#include "base/str.h"

/* Each has a ticket: 5 minutes and 5 codes long. At most 1,024 in all and 4 of a member: the oldest gives way. Kept as
 * digests of the tickets. Not kept over a restart.
 * Threads   Any. Time is the caller's, of one clock. */
struct half_logins;

enum { TICKET_LEN = 43, TICKET_MS = 300000, TICKET_CODES = 5 };

struct half_login {
    uint32_t member_slot;
    uint32_t epoch; /* the member's, when the password was right: another one now, and the log-in has ended */
};

enum kw_err half_logins_new(struct half_logins **out) MUST_USE; /* KW_ENOMEM */
void half_logins_free(struct half_logins *t);                   /* takes NULL */
void half_logins_freep(struct half_logins **t);

/* A new ticket, base62, terminated. KW_EIO: no random bytes. */
enum kw_err half_login_begin(struct half_logins *t, struct half_login who, int64_t now_ms,
                             char ticket[TICKET_LEN + 1]) MUST_USE;

/* Takes one of the codes that a ticket is good for, before the code is judged. KW_ENOTFOUND: no such ticket, or it is over,
 * or this would be the sixth code. */
enum kw_err half_login_try(struct half_logins *t, struct str ticket, int64_t now_ms,
                           struct half_login *out) MUST_USE;

/* The code was right: the ticket is used. True for one caller only, however many come at once: he is signed in. */
bool half_login_end(struct half_logins *t, struct str ticket) MUST_USE;

void half_login_end_member(struct half_logins *t, uint32_t member_slot);

#endif
