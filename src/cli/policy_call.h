/* policy_call.h - what the policy commands share: a policy from a file or of a version, and a problem told with its line. */
#ifndef CLI_POLICY_CALL_H
#define CLI_POLICY_CALL_H

#include "cli/policy_file.h"
#include "cli/talk.h"

/* A file as an object of five lists, which the caller owns. On anything but EXIT_DONE it has been said why, as in all of
 * these. */
enum exit_status policy_call_file(const struct command *self, const char *path, struct buf *text,
                                  json_t **lists) MUST_USE;

/* A version, {"version":…,"policy":{…}}; that in force for NULL. */
enum exit_status policy_call_version(const struct command *self, const struct args *args,
                                     const char *version, struct client_answer *out) MUST_USE;

/* The number of a version; 0 when a text is none. */
unsigned policy_call_number(const char *text);

/* Says a problem of a policy with the line of its file. */
enum exit_status policy_call_problem(const struct command *self, const struct args *args,
                                     const struct client_answer *answer, const char *file,
                                     struct str text);

#endif
