/* letter.c - see letter.h. */
#include "notify/letter.h"

#include <stdio.h>

#include "core/moment.h"

enum kw_err letter_to(const struct member *m, const char *url, struct letter *out)
{
    struct letter l = {.role = m->role, .kind = m->link, .ends_ms = m->link_ends_ms};

    if (strlen(url) > LETTER_URL_MAX)
        return KW_ERANGE;
    snprintf(l.to, sizeof l.to, "%s", m->email);
    snprintf(l.name, sizeof l.name, "%s", m->name);
    snprintf(l.account, sizeof l.account, "%s", m->account);
    snprintf(l.url, sizeof l.url, "%s", url);
    *out = l;
    letter_wipe(&l);
    return KW_OK;
}

const char *letter_subject(const struct letter *l)
{
    switch (l->kind) {
    case LINK_SETUP:
    case LINK_INVITATION:
        return "Your invitation to Keyward";
    case LINK_RESET:
        return "A new password for Keyward";
    case LINK_NONE:
        break;
    }
    return "Keyward";
}

static void say_why(const struct letter *l, struct buf *out)
{
    if (l->kind == LINK_RESET)
        buf_printf(out, "somebody, probably you, asked for a new password for Keyward.\n"
                        "Choose it here:\n");
    else
        buf_printf(out,
                   "you are invited to the account %s of Keyward, in the role %s.\n"
                   "Choose a password here, and you are in:\n",
                   l->account, role_name(l->role));
}

void letter_body(const struct letter *l, struct buf *out)
{
    char ends[MOMENT_LEN + 1];

    moment_print(l->ends_ms, ends);
    buf_printf(out, "Hello%s%s,\n\n", l->name[0] == '\0' ? "" : " ", l->name);
    say_why(l, out);
    buf_printf(out, "\n%s\n\nThis works once, until %s. Give it to nobody.\n", l->url, ends);
    if (l->kind == LINK_RESET)
        buf_printf(out, "If you did not ask, do nothing: your password stays as it is.\n");
    else
        buf_printf(out, "If you do not know why you get this, do nothing.\n");
}

void letter_wipe(struct letter *l)
{
    explicit_bzero(l, sizeof *l);
}
