/* answer.h - what the sandbox says: the two shapes of the Monei API. */
#ifndef SANDBOX_ANSWER_H
#define SANDBOX_ANSWER_H

#include <jansson.h>

#include "base/str.h"

enum { ANSWER_MESSAGE_MAX = 200 };

struct answer {
    unsigned status; /* 0: nobody has answered yet, printed as 500 */
    char message[ANSWER_MESSAGE_MAX];
    const char *allow; /* for 405: the method that would have been right; or NULL */
    json_t *data;      /* owns; with status 200 only */
};

/* Answers 200 and takes data. Data that is NULL (no memory, or not text) makes it a 500. */
void answer_give(struct answer *a, const char *message, json_t *data);

/* Answers with an error. What is said last counts. */
void answer_refuse(struct answer *a, unsigned status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* {"statusCode":200,"message":"…","data":{…},"errors":{}} or
 * {"statusCode":400,"message":"…","error":"Bad Request"}, from malloc. NULL without memory. */
char *answer_print(const struct answer *a);

void answer_deinit(struct answer *a);

#endif
