/* password.h - which passwords people may choose: long ones that a guesser does not try first (NIST SP 800-63B-4, 3.1.1.2). */
#ifndef CORE_PASSWORD_H
#define CORE_PASSWORD_H

#include <stdbool.h>

#include "base/str.h"

/* Lengths are of characters (code points). There are no rules of composition: no "one digit and one capital". The text is
 * what was sent: nothing is trimmed, folded or normalised in what is hashed later, only in what is compared here. */
enum {
    PASSWORD_ALONE_MIN = 15, /* where the password is the only factor */
    PASSWORD_WITH_TOTP_MIN = 8,
    PASSWORD_CHARS_MAX = 128,
};

/* X(enumerator, name, sentence for the one who chose it). The names are part of the API. Zero is a refusal. */
#define PASSWORD_VERDICTS(X)                                                                      \
    X(PASSWORD_NOT_TEXT, "not_text", "A password is text without control characters")             \
    X(PASSWORD_TOO_SHORT, "too_short", "This password is too short")                              \
    X(PASSWORD_TOO_LONG, "too_long", "A password has at most 128 characters")                     \
    X(PASSWORD_PERSONAL, "personal", "Little is left of it without your name, e-mail or ours")    \
    X(PASSWORD_REPEATED, "repeated", "This password only repeats the same characters")            \
    X(PASSWORD_SEQUENCE, "sequence", "This password follows the alphabet, numbers or a keyboard") \
    X(PASSWORD_COMMON, "common", "This password is one of those that are guessed first")          \
    X(PASSWORD_FINE, "fine", "This password may be used")

enum password_verdict {
#define X(symbol, name, sentence) symbol,
    PASSWORD_VERDICTS(X)
#undef X
};

struct password_context { /* borrows; what a guesser knows of the person. Empty strings say nothing. */
    struct str email, name;
    struct str service; /* words with blanks between them: the brand, the host; "keyward" always counts */
};

/* The first verdict of the table, from the top, that applies. Words of the context (the e-mail, its local part, the names
 * in its domain, the words of the name; of 4 bytes and more, without regard to case) may occur, but fewer than 8
 * characters beside them are too little. The block list (common_passwords.txt) is a few hundred words of our own: it
 * stops what everybody tries, not what a leak of others' passwords knows. Pure; no allocation; any thread. */
enum password_verdict password_check(struct str password, bool with_totp,
                                     const struct password_context *who);

const char *password_verdict_name(enum password_verdict verdict);
const char *password_verdict_text(enum password_verdict verdict);

#endif
