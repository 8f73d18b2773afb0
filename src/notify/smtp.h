/* smtp.h - hands one message to a mail server (RFC 5321), encrypted. */
#ifndef NOTIFY_SMTP_H
#define NOTIFY_SMTP_H

#include <stdatomic.h>

#include "core/member.h"

enum { SMTP_URL_MAX = 280, SMTP_USER_MAX = 128, SMTP_PATH_MAX = 512, SMTP_WHY_MAX = 200 };

struct smtp_server {
    char url[SMTP_URL_MAX + 1]; /* smtps://host[:465], or smtp://host[:587] with STARTTLS; empty: none */
    char from[MEMBER_EMAIL_MAX + 1];   /* who writes */
    char user[SMTP_USER_MAX + 1];      /* empty: the server asks for none */
    char password_file[SMTP_PATH_MAX]; /* with a user: its first line is the password */
    char ca_file[SMTP_PATH_MAX]; /* who signed the server's certificate, and nobody else; empty: the machine's authorities */
};

/* KW_ESYNTAX, KW_ERANGE: not of one of the two forms. */
enum kw_err smtp_url_check(struct str url) MUST_USE;

/* Whether the password can be read, and by whom else. why says how it is mended. KW_EPERM, KW_ENOTFOUND, KW_EFORMAT, KW_EIO. */
enum kw_err smtp_check_password(const struct smtp_server *s, char why[SMTP_WHY_MAX]) MUST_USE;

/* Delivers a message to one address; takes as long as the server does, two minutes at most, and gives up soon after *stop
 * is true. TLS 1.2 at least, and the certificate has to be the server's, except to this machine itself by smtp://.
 *   KW_EUNAVAILABLE  not now: it may be tried again
 *   KW_EINVAL        never: the server refused the message or the address for good
 *   KW_EPERM, …      the password (smtp_check_password)
 * why is a sentence without anything of the message in it. libcurl has to be initialized; any thread. */
enum kw_err smtp_send(const struct smtp_server *s, const char *to, struct str message,
                      const atomic_bool *stop, char why[SMTP_WHY_MAX]) MUST_USE;

#endif
