/* token.c - see token.h. */
#include "client/token.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/file.h"

enum { FILE_MAX = 4096 };

static enum kw_err say(char *why, enum kw_err err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum kw_err say(char *why, enum kw_err err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(why, CLIENT_TOKEN_WHY_MAX, format, args);
    va_end(args);
    return err;
}

/* Nothing that could end a line of the request: letters, digits and '_', as all tokens are. */
enum kw_err client_token_take(struct str text, struct client_token *out,
                              char why[CLIENT_TOKEN_WHY_MAX])
{
    static const char chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    struct client_token t = {.text = ""};

    text = str_trim(text);
    if (text.n == 0)
        return say(why, KW_ESYNTAX, "no token is in it");
    if (text.n > CLIENT_TOKEN_MAX || !str_only(text, chars) ||
        memmem(text.p, text.n, "_admin_", 7) == NULL)
        return say(why, KW_ESYNTAX,
                   "that is no management token: one looks like mk_admin_… and comes from `keyward "
                   "tokens create`");
    memcpy(t.text, text.p, text.n);
    *out = t;
    client_token_wipe(&t);
    return KW_OK;
}

static void file_text_wipe(struct buf *text)
{
    if (text->p != NULL)
        explicit_bzero(text->p, text->cap);
    buf_deinit(text);
}

enum kw_err client_token_read(const char *path, struct client_token *out,
                              char why[CLIENT_TOKEN_WHY_MAX])
{
    AUTO(file_text_wipe) struct buf text = BUF_MAX(FILE_MAX);

    if (buf_room(&text, FILE_MAX) == NULL) /* at once, so that nothing is copied while it grows */
        return say(why, KW_ENOMEM, "out of memory");
    enum kw_err err = file_check_private(path, true);
    if (err == KW_EPERM)
        return say(
            why, err,
            "%.200s: others may read the token in it, or it is another user's: chmod 600 it, "
            "and if they could read it before, revoke that token",
            path);
    if (err == KW_OK)
        err = file_read(path, &text);
    if (err != KW_OK)
        return say(why, err, "%.200s: %s", path, kw_strerror(err));
    return client_token_take(buf_view(&text), out, why);
}

void client_token_wipe(struct client_token *t)
{
    explicit_bzero(t, sizeof *t);
}
