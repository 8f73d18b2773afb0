/* lookup.h - the addresses of a name, asked for by a thread of its own. */
#ifndef NOTIFY_LOOKUP_H
#define NOTIFY_LOOKUP_H

#include "core/address.h"

/* Nobody else can say to which addresses a name leads before one of them is connected to, and nobody can break off a question
 * that a name server does not answer: whoever does not want to wait any longer frees the lookup, and the thread ends when it
 * has its answer. 128 of them are there at most. Threads: one, for each lookup. */
struct lookup;

enum { LOOKUP_HOST_MAX = 253, LOOKUP_ADDRESSES_MAX = 32, LOOKUP_THREADS_MAX = 128 };

struct lookup_found {
    enum kw_err err; /* KW_ENOTFOUND: there is no such name, or nobody knows; KW_ERANGE: more addresses than fit */
    struct address list[LOOKUP_ADDRESSES_MAX];
    size_t n;
};

/* How names are looked up: getaddrinfo, but in tests. In the thread. */
typedef void lookup_ask(const char *host, struct lookup_found *out);

/* The address in one of the system's; false: it is of another family. Of IPv6 all of it is read, whatever the declaration says. */
struct sockaddr;
bool lookup_address(const struct sockaddr *a, struct address *out);

/* Begins one; wake_fd, an eventfd, is written to when it is over (-1: none). ask NULL: getaddrinfo. KW_EFULL: too many are there;
 * KW_ENOMEM, KW_EUNAVAILABLE, KW_EINVAL (the host is too long). */
enum kw_err lookup_begin(const char *host, lookup_ask *ask, int wake_fd, struct lookup **out) MUST_USE;

/* What was found; NULL: it is not over yet. Borrows. */
const struct lookup_found *lookup_result(const struct lookup *l);
void lookup_free(struct lookup *l); /* takes NULL */

#endif
