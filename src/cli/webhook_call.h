/* webhook_call.h - a call about one webhook, the first operand of a command. */
#ifndef CLI_WEBHOOK_CALL_H
#define CLI_WEBHOOK_CALL_H

#include "cli/talk.h"

/* Checks that the operand is an id. EXIT_DATA, and has said so. */
enum exit_status webhook_check_id(const struct command *self, const struct args *args);

/* Calls "/v1/webhooks/ID" with `step` behind it ("", "/test"); r without its path. */
enum exit_status webhook_call(const struct command *self, const struct args *args,
                              const struct client_request *r, const char *step,
                              struct client_answer *out);

/* Prints a webhook: as JSON, or a sentence (NULL: none), its lines, and the secret where there is one. */
enum exit_status webhook_tell(const struct args *args, const json_t *webhook, const char *sentence);

/* The list of --event; NULL where there is none. The caller owns it. */
json_t *webhook_events_of(const struct args *args);

#endif
