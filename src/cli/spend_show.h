/* spend_show.h - what a key may spend, for people. */
#ifndef CLI_SPEND_SHOW_H
#define CLI_SPEND_SHOW_H

#include <jansson.h>

#include "cli/commands.h"

enum exit_status spend_show(const struct command *self, const json_t *answer);

#endif
