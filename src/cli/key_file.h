/* key_file.h - the text of a key on its way into a command: from a file or standard input, never an argument. */
#ifndef CLI_KEY_FILE_H
#define CLI_KEY_FILE_H

#include "base/buf.h"
#include "cli/commands.h"

/* Reads a file that only its owner may read, or with "-" standard input, up to the maximum of the buffer. The caller wipes it
 * (key_file_wipe). What went wrong has been said to standard error. */
enum exit_status key_file_read(const struct command *self, const char *path, struct buf *text);
void key_file_wipe(struct buf *text); /* for AUTO: wiped and freed */

#endif
