/* letter.h - what is written to whom. */
#ifndef NOTIFY_LETTER_H
#define NOTIFY_LETTER_H

#include "base/buf.h"
#include "core/member.h"

enum {
    LETTER_URL_MAX = 400,
    LETTER_SUBJECT_MAX = 160,
    LETTER_TEXT_MAX = 6 << 10,
    LETTER_HTML_MAX = 12 << 10
};

struct letter { /* may hold a link: wiped by its owner */
    char to[MEMBER_EMAIL_MAX + 1], name[GRANT_NAME_MAX + 1]; /* name: may be empty */
    char account[KW_ACCOUNT_MAX + 1]; /* whose it is: they share the room for what waits */
    char subject[LETTER_SUBJECT_MAX + 1];
    char text[LETTER_TEXT_MAX + 1]; /* lines that end with LF */
    char html[LETTER_HTML_MAX + 1]; /* the same for who reads HTML; empty: there is the text alone */
    bool has_link;                  /* it is about a link that can be made anew */
};

/* A letter to a member, about the link that is open for him. KW_ERANGE: the url is too long. */
enum kw_err letter_to(const struct member *m, const char *url, struct letter *out) MUST_USE;

void letter_wipe(struct letter *l); /* for AUTO */

#endif
