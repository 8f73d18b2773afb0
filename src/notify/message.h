/* message.h - a letter as bytes for an SMTP server (RFC 5322). */
#ifndef NOTIFY_MESSAGE_H
#define NOTIFY_MESSAGE_H

#include "notify/letter.h"

/* Each byte takes three at most, and lines are broken. */
enum { MESSAGE_MAX = 4 * (LETTER_TEXT_MAX + LETTER_HTML_MAX), MESSAGE_ID_LEN = 22 };

struct message_head {
    const char *from; /* a bare address, local@domain */
    const char *id;   /* letters and digits, used once: of Message-ID */
    int64_t now_ms;
};

/* Appends header and body, with CRLF; points at the beginning of lines are for the sender to double. out->failed: no room. */
void message_print(const struct letter *l, const struct message_head *head, struct buf *out);

#endif
