/* place.h - for commands that work on an installation's files: where they are, and that nobody serves them meanwhile. */
#ifndef CLI_PLACE_H
#define CLI_PLACE_H

#include "cli/commands.h"
#include "config/config.h"

#define PLACE_OPTION                                                                    \
    {                                                                                   \
        "config", "FILE", false, "the configuration; " CONFIG_DEFAULT_FILE " otherwise" \
    }

/* The file that --config names, and what it says. Root becomes the user whose state folder it is: what is written there
 * is for keyward serve, and what is read there may be somebody else's. On anything but EXIT_DONE all has been said to
 * standard error. */
const char *place_file(const struct args *args);
enum exit_status place_read(const struct command *self, const struct args *args, struct config *out);

/* The same, but root stays root. */
enum exit_status place_read_as_caller(const struct command *self, const struct args *args,
                                      struct config *out);

/* Takes the lock of the state folder, until *fd is closed. A running keyward serve is EXIT_BUSY: it would go on writing
 * over what is done here. */
enum exit_status place_lock(const struct command *self, const char *path, int *fd);

#endif
