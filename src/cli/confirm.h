/* confirm.h - asking before something is done that is not lightly taken back. */
#ifndef CLI_CONFIRM_H
#define CLI_CONFIRM_H

#include "cli/commands.h"

#define CONFIRM_OPTION                   \
    {                                    \
        "yes", NULL, false, "do not ask" \
    }

/* EXIT_DONE with --yes, or when whoever sits at the terminal says yes to the question ("Revoke the key X?"). EXIT_USAGE
 * where there is no terminal, EXIT_REFUSED when the answer is no; both have been said to standard error. */
enum exit_status confirm(const struct command *self, const struct args *args, const char *question);

#endif
