/* letter.c - see letter.h. */
#include "notify/letter.h"

#include <stdio.h>

#include "core/moment.h"

static const char *subject_of(enum member_link kind)
{
    switch (kind) {
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

/* Its ending is the same in both: the link, and what to do about a letter that nobody expected. */
static void write_text(const struct member *m, const char *url, struct letter *l)
{
    bool is_reset = m->link == LINK_RESET;
    char ends[MOMENT_LEN + 1], why[LETTER_SUBJECT_MAX + KW_ACCOUNT_MAX];

    moment_print(m->link_ends_ms, ends);
    if (is_reset)
        snprintf(why, sizeof why,
                 "somebody, probably you, asked for a new password for Keyward.\nChoose it here:");
    else
        snprintf(why, sizeof why,
                 "you are invited to the account %s of Keyward, in the role %s.\n"
                 "Choose a password here, and you are in:",
                 m->account, role_name(m->role));
    snprintf(l->text, sizeof l->text,
             "Hello%s%s,\n\n%s\n\n%s\n\nThis works once, until %s. Give it to nobody.\n%s\n",
             m->name[0] == '\0' ? "" : " ", m->name, why, url, ends,
             is_reset ? "If you did not ask, do nothing: your password stays as it is."
                      : "If you do not know why you get this, do nothing.");
}

enum kw_err letter_to(const struct member *m, const char *url, struct letter *out)
{
    if (strlen(url) > LETTER_URL_MAX)
        return KW_ERANGE;
    *out = (struct letter){.has_link = true};
    snprintf(out->to, sizeof out->to, "%s", m->email);
    snprintf(out->name, sizeof out->name, "%s", m->name);
    snprintf(out->account, sizeof out->account, "%s", m->account);
    snprintf(out->subject, sizeof out->subject, "%s", subject_of(m->link));
    write_text(m, url, out);
    return KW_OK;
}

void letter_wipe(struct letter *l)
{
    explicit_bzero(l, sizeof *l);
}
