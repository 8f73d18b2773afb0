/* talk.h - a command's calls to keyward serve, and what to say when they do not succeed. */
#ifndef CLI_TALK_H
#define CLI_TALK_H

#include "cli/commands.h"
#include "client/client.h"

/* What every command that talks has among its options. */
#define TALK_OPTIONS                                                                           \
    {"json", NULL, false, "answer in JSON"},                                                   \
        {"socket", "PATH", false, "the socket of keyward serve"},                              \
        {"url", "URL", false, "ask over HTTPS, with a management token"},                      \
        {"token-file", "FILE", false, "where the token is; that of $KEYWARD_TOKEN otherwise"}, \
    {                                                                                          \
        "ca-file", "FILE", false, "trust these authorities, in PEM, instead of the system's"   \
    }

/* Makes a call; where to is said by the options or the environment (cli/where.h). On EXIT_DONE *out holds the
 * answer; otherwise everything has been said to standard error. */
enum exit_status talk(const struct command *self, const struct args *args,
                      const struct client_request *request, struct client_answer *out);

/* The same, but an answer of any status is the caller's to judge. */
enum exit_status talk_raw(const struct command *self, const struct args *args,
                          const struct client_request *request, struct client_answer *out);

/* Follows the pages of a list to its end. path holds the path with its query; *out is {NAME:
 * [all]}, owned by the caller. */
enum exit_status talk_pages(const struct command *self, const struct args *args, struct buf *path,
                            const char *name, json_t **out);

/* Says what a problem answer says, as the option that it is about: "--expires: …"; with --json the
 * answer itself. */
enum exit_status talk_problem(const struct command *self, const struct args *args,
                              const struct client_answer *answer);

#endif
