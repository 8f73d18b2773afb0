/* exit.h - with what status the program ends, and what it says then. */
#ifndef CLI_EXIT_H
#define CLI_EXIT_H

#include "base/str.h"

/* X(enumerator, number, meaning). The numbers are those of sysexits(3). */
#define EXITS(X)                                                                          \
    X(EXIT_DONE, 0, "done")                                                               \
    X(EXIT_REFUSED, 1, "refused: there is no such thing, or its state does not allow it") \
    X(EXIT_USAGE, 64, "the command line is wrong")                                        \
    X(EXIT_DATA, 65, "a value or a file that was given is wrong")                         \
    X(EXIT_NO_INPUT, 66, "a file that was named cannot be read")                          \
    X(EXIT_UNAVAILABLE, 69, "keyward serve does not answer")                              \
    X(EXIT_CANNOT_CREATE, 73, "it is there already, or cannot be made")                   \
    X(EXIT_IO, 74, "reading, writing or saving failed")                                   \
    X(EXIT_BUSY, 75, "another keyward serve has the state folder")                        \
    X(EXIT_PERMISSION, 77, "this user, or this token, may not")                           \
    X(EXIT_CONFIG, 78, "the configuration is wrong")

enum exit_status {
#define X(symbol, number, meaning) symbol = (number),
    EXITS(X)
#undef X
};

enum exit_status exit_of(enum kw_err err);
enum exit_status exit_of_http(int status);

/* Writes "keyward: COMMAND: …" to standard error, control characters replaced; returns status. */
enum exit_status exit_say(enum exit_status status, const char *command, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
