/* confirm.c - see confirm.h. */
#include "cli/confirm.h"

#include <unistd.h>

static bool is_answered_yes(const char *question)
{
    char line[16] = "";

    fprintf(stderr, "%s [y/N] ", question);
    fflush(stderr);
    return fgets(line, sizeof line, stdin) != NULL && (line[0] == 'y' || line[0] == 'Y');
}

enum exit_status confirm(const struct command *self, const struct args *args, const char *question)
{
    if (args_has(args, "yes"))
        return EXIT_DONE;
    if (!isatty(STDIN_FILENO))
        return exit_say(EXIT_USAGE, self->name,
                        "there is no terminal to ask on: give --yes to do it without a question");
    return is_answered_yes(question) ? EXIT_DONE
                                     : exit_say(EXIT_REFUSED, self->name, "nothing was done");
}
