/* exit.c - see exit.h. */
#include "cli/exit.h"

#include <stdarg.h>
#include <stdio.h>

enum { MESSAGE_MAX = 1024 };

enum exit_status exit_of(enum kw_err err)
{
    switch (err) {
    case KW_OK:
        return EXIT_DONE;
    case KW_EINVAL:
        return EXIT_USAGE;
    case KW_ESYNTAX:
    case KW_ERANGE:
    case KW_EDAMAGED:
    case KW_EFORMAT:
    case KW_EOLD:
        return EXIT_DATA;
    case KW_ENOTFOUND:
        return EXIT_NO_INPUT;
    case KW_ECONFLICT:
        return EXIT_REFUSED;
    case KW_ENOMEM:
    case KW_EUNAVAILABLE:
        return EXIT_UNAVAILABLE;
    case KW_EEXISTS:
        return EXIT_CANNOT_CREATE;
    case KW_EIO:
    case KW_EFULL:
    case KW_EUNSAVED:
        return EXIT_IO;
    case KW_EBUSY:
        return EXIT_BUSY;
    case KW_EPERM:
        return EXIT_PERMISSION;
    }
    return EXIT_REFUSED;
}

enum exit_status exit_of_http(int status)
{
    if (status < 400)
        return EXIT_DONE;
    if (status == 400 || status == 413 || status == 415)
        return EXIT_DATA;
    if (status == 401 || status == 403)
        return EXIT_PERMISSION;
    if (status == 500 || status == 507)
        return EXIT_IO;
    return status == 503 ? EXIT_UNAVAILABLE : EXIT_REFUSED;
}

enum exit_status exit_say(enum exit_status status, const char *command, const char *format, ...)
{
    char text[MESSAGE_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?';
    fprintf(stderr, "keyward: %s%s%s\n", command, command[0] == '\0' ? "" : ": ", text);
    return status;
}
