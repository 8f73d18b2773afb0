/* letter.h - what is written to whom, when a one-time link is sent. */
#ifndef NOTIFY_LETTER_H
#define NOTIFY_LETTER_H

#include "base/buf.h"
#include "core/member.h"

enum { LETTER_URL_MAX = 400, LETTER_TEXT_MAX = 4096 };

struct letter {                                              /* holds a link: wiped by its owner */
    char to[MEMBER_EMAIL_MAX + 1], name[GRANT_NAME_MAX + 1]; /* name: may be empty */
    char account[KW_ACCOUNT_MAX + 1];
    enum role role;
    enum member_link kind;
    char url[LETTER_URL_MAX + 1];
    int64_t ends_ms;
};

/* A letter to a member, about the link that is open for him. KW_ERANGE: the url is too long. */
enum kw_err letter_to(const struct member *m, const char *url, struct letter *out) MUST_USE;

const char *letter_subject(const struct letter *l);
void letter_body(const struct letter *l, struct buf *out); /* lines that end with LF */
void letter_wipe(struct letter *l);                        /* for AUTO */

#endif
