/* problem.h - what is wrong with a call, as its caller will read it. */
#ifndef JSON_PROBLEM_H
#define JSON_PROBLEM_H

#include "base/str.h"

/* Every status that a call can end with, and its reason phrase. */
#define PROBLEM_STATUSES(X)          \
    X(400, "Bad Request")            \
    X(401, "Unauthorized")           \
    X(403, "Forbidden")              \
    X(404, "Not Found")              \
    X(405, "Method Not Allowed")     \
    X(409, "Conflict")               \
    X(412, "Precondition Failed")    \
    X(413, "Content Too Large")      \
    X(415, "Unsupported Media Type") \
    X(428, "Precondition Required")  \
    X(429, "Too Many Requests")      \
    X(500, "Internal Server Error")  \
    X(503, "Service Unavailable")    \
    X(507, "Insufficient Storage")

enum { PROBLEM_FIELD_MAX = 64, PROBLEM_MESSAGE_MAX = 400 };

struct problem { /* all zero: nothing has been said yet */
    int status;
    const char *code; /* stable; static storage */
    char field[PROBLEM_FIELD_MAX];
    char message[PROBLEM_MESSAGE_MAX];
};

const char *problem_phrase(int status);

/* Says what is wrong; returns KW_EINVAL, for `return problem_say(…)` in a function that TRY looks
 * at. The first to speak is heard: what is said later is dropped. */
enum kw_err problem_say(struct problem *p, int status, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same about a member of the body or a parameter of the query: status 400. */
enum kw_err problem_field(struct problem *p, const char *code, const char *field,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Says the general sentence of an error, unless something has been said already. */
void problem_of(enum kw_err err, struct problem *p);

#endif
