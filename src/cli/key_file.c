/* key_file.c - see key_file.h. */
#include "cli/key_file.h"

#include <stdio.h>

#include "base/file.h"

static enum exit_status say_unreadable(const struct command *self, const char *path, enum kw_err err)
{
    if (err == KW_EPERM)
        return exit_say(EXIT_PERMISSION, self->name,
                        "%.120s: others may read the key in it; chmod 600 it, and if they could "
                        "before, revoke that key",
                        path);
    return exit_say(EXIT_NO_INPUT, self->name, "%.120s: %s", path, kw_strerror(err));
}

static enum kw_err read_stdin(struct buf *text)
{
    size_t max = text->max;
    char *room = buf_room(text, max);

    if (room == NULL)
        return KW_ENOMEM;
    text->n = fread(room, 1, max, stdin);
    return ferror(stdin) ? KW_EIO : KW_OK;
}

static enum kw_err read_either(const char *path, struct buf *text)
{
    if (strcmp(path, "-") == 0)
        return read_stdin(text);
    TRY(file_check_private(path, true));
    return file_read(path, text);
}

enum exit_status key_file_read(const struct command *self, const char *path, struct buf *text)
{
    enum kw_err err = read_either(path, text);

    return err == KW_OK ? EXIT_DONE : say_unreadable(self, path, err);
}

void key_file_wipe(struct buf *text)
{
    if (text->p != NULL)
        explicit_bzero(text->p, text->cap);
    buf_deinit(text);
}
