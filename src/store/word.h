/* word.h - the words that stand for enumerators in the columns of the database. */
#ifndef STORE_WORD_H
#define STORE_WORD_H

#include "base/str.h"

/* They are part of the format of the database and stay as they are when the names that people see
 * change. */
enum word_list {
    WORDS_ENVIRONMENT,
    WORDS_KEY_STATE,
    WORDS_ACCOUNT_STATE,
    WORDS_OVERDUE,
    WORDS_QUOTA_WINDOW,
    WORDS_CHANGE_KIND,
    WORDS_ROLE,
    WORDS_YES,
    WORDS_MEMBER_STATE,
    WORDS_LINK,
    WORDS_TOKEN_STATE,
    WORDS_USE_KIND,
    WORDS_FREEZE,
    WORDS_FAMILY_STATE,
    WORDS_SPEND_STATE,
    WORDS_SPEND_SPAN,
    WORDS_DOCUMENT_KIND,
};

/* The word of a value; the empty string when there is none. */
struct str word_of(enum word_list list, unsigned value);

/* The value of a word. KW_EDAMAGED for anything else. */
enum kw_err word_read(enum word_list list, struct str word, unsigned *value) MUST_USE;

/* A set of enum kw_permission: words with a comma between them. */
enum { WORD_PERMISSIONS_MAX = 64 };
struct str word_of_permissions(unsigned permissions, char buf[WORD_PERMISSIONS_MAX]);
enum kw_err word_read_permissions(struct str text, unsigned *permissions) MUST_USE;

#endif
