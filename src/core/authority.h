/* authority.h - host and port, as they stand in the address of a server that we talk to or are. */
#ifndef CORE_AUTHORITY_H
#define CORE_AUTHORITY_H

#include <stdbool.h>

#include "base/str.h"

struct authority {
    struct str host;  /* borrows; an IPv6 address without its brackets */
    unsigned port;    /* 0: none was given */
    bool is_loopback; /* localhost, 127.0.0.1 or ::1: what is said there stays on the machine */
};

/* "keyward.example.com", "127.0.0.1:8025", "[::1]:587"; lower case, as browsers write it (RFC 3986, 3.2, without the user).
 * KW_ESYNTAX; KW_ERANGE for a port that there is not. */
enum kw_err authority_parse(struct str text, struct authority *out) MUST_USE;

/* The same of "scheme://host:port", with nothing behind it. */
enum kw_err authority_of_url(struct str url, struct str *scheme, struct authority *out) MUST_USE;

#endif
