/* hashing.h - a call that waits for a password to be hashed, or to be compared with a hash. */
#ifndef API_HASHING_H
#define API_HASHING_H

#include "server/call.h"

/* The first member of the state of a call (call->wait.state, which is wiped and freed by hashing_free). */
struct hashing {
    char password[PASSWORD_BYTES_MAX + 1];
    size_t password_len;
    char encoded[PASSWORD_HASH_MAX + 1]; /* compare with this; empty: hash it */
    bool is_known; /* he proved something, or comes from where he signed in last: see hasher.h. Who is signed in is so anyway */
    call_done *done;
    void *done_ctx;
    size_t size;                 /* of the whole state */
    struct hasher_answer answer; /* when it is done */
};

/* A zeroed state of so many bytes, which the call owns from here on. NULL: out of memory. */
void *hashing_new(struct call *c, size_t size);

/* KW_ERANGE becomes a problem about the field: too long for any password. */
enum kw_err hashing_take(struct call *c, struct hashing *h, const char *field,
                         struct str password) MUST_USE;

/* The call waits, then goes on. encoded {NULL, 0}: hash. */
enum kw_err hashing_begin(struct call *c, struct hashing *h, struct str encoded,
                          call_handler *go_on) MUST_USE;

/* Where nobody could compute it: 503 busy, and when to come again. */
enum kw_err hashing_busy(struct call *c) MUST_USE;

#endif
