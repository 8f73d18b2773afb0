/* help.h - help, made of the table of commands. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/commands.h"

void help_all(FILE *to);
void help_group(FILE *to, const char *word); /* the commands that begin with a word */
void help_command(FILE *to, const struct command *c);

#endif
