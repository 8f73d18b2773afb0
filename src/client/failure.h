/* failure.h - what to say, and what to do, about a call that brought no answer of keyward serve. */
#ifndef CLIENT_FAILURE_H
#define CLIENT_FAILURE_H

#include <curl/curl.h>

#include "client/client.h"

enum { FAILURE_CONNECT_S = 15, FAILURE_TIMEOUT_S = 60 };

struct failure {
    int code; /* a CURLcode: an open set */
    long os_error;
    const char *said; /* of libcurl; may be empty */
};

/* Each writes why and returns what client_call then does. */
enum kw_err failure_explain(const struct client_place *place, const struct failure *f,
                            char why[CLIENT_WHY_MAX]) MUST_USE;
enum kw_err failure_redirected(const struct client_place *place, long status,
                               char why[CLIENT_WHY_MAX]) MUST_USE;
enum kw_err failure_not_json(const struct client_place *place, long status,
                             char why[CLIENT_WHY_MAX]) MUST_USE;
enum kw_err failure_say(char why[CLIENT_WHY_MAX], enum kw_err err, const char *format, ...)
    __attribute__((format(printf, 3, 4))) MUST_USE;

#endif
