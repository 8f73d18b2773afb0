/* key_call.h - a call about one key that exists. */
#ifndef CLI_KEY_CALL_H
#define CLI_KEY_CALL_H

#include "cli/talk.h"

/* Calls /v1/keys/ID and `behind` ("", "/revoke"). An id that cannot be one is refused without a
 * call. */
enum exit_status key_call(const struct command *self, const struct args *args, const char *method,
                          const char *behind, const json_t *body, const char *if_match,
                          struct client_answer *out);

/* Shows the key of an answer, behind a sentence; with --json the answer. */
enum exit_status key_tell(const struct args *args, const struct client_answer *answer,
                          const char *sentence);

#endif
