/* member.c - see member.h. */
#include "core/member.h"

#include "base/utf8.h"

/* What neither side of an address may hold: no character that a line, a list or a link of mail would end at. */
static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (strchr(" \"(),:;<>@[\\]", s.p[i]) != NULL)
            return false;
    return true;
}

static bool has_upper(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= 'A' && s.p[i] <= 'Z')
            return true;
    return false;
}

/* Words with one point between each two, none at an end. */
static bool is_dotted(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '.' && (i == 0 || i + 1 == s.n || s.p[i + 1] == '.'))
            return false;
    return s.n > 0;
}

/* Blanks that are not ASCII's look like others, or like nothing. */
static bool has_odd_blank(struct str s)
{
    uint32_t c;
    size_t i = 0;

    while (i < s.n && utf8_next(s, &i, &c))
        if (c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200f) || c == 0x202f ||
            c == 0x205f || c == 0x2060 || c == 0x3000)
            return true;
    return false;
}

enum kw_err member_email_check(struct str email)
{
    struct str local, domain;

    if (email.n > MEMBER_EMAIL_MAX)
        return KW_ERANGE;
    if (!utf8_printable(email) || has_odd_blank(email) || has_upper(email))
        return KW_ESYNTAX;
    if (!str_cut(email, '@', &local, &domain))
        return KW_ESYNTAX;
    bool holds = is_plain(local) && is_plain(domain) && is_dotted(local) && is_dotted(domain);
    return holds ? KW_OK : KW_ESYNTAX;
}

/* ---- what narrows ---- */

void member_forget(struct member *m)
{
    m->epoch++;
    explicit_bzero(m->password, sizeof m->password);
    m->password_since_ms = 0;
    m->has_totp = false;
    memset(m->totp, 0, sizeof m->totp);
    m->totp_since_ms = 0;
    memset(m->recovery, 0, sizeof m->recovery);
    m->n_recovery = 0;
    m->link = LINK_NONE;
    memset(m->link_digest, 0, sizeof m->link_digest);
    m->link_ends_ms = 0;
}

static bool opens_no_link(const struct member *before, const struct member *after)
{
    if (after->link == LINK_NONE)
        return true;
    return after->link == before->link &&
           memcmp(after->link_digest, before->link_digest, sizeof after->link_digest) == 0 &&
           after->link_ends_ms <= before->link_ends_ms;
}

static bool has_code(const struct member *m, const uint8_t code[GRANT_DIGEST_LEN])
{
    for (uint32_t i = 0; i < m->n_recovery; i++)
        if (memcmp(m->recovery[i], code, GRANT_DIGEST_LEN) == 0)
            return true;
    return false;
}

static bool same_or_fewer_codes(const struct member *before, const struct member *after)
{
    for (uint32_t i = 0; i < after->n_recovery; i++)
        if (!has_code(before, after->recovery[i]))
            return false;
    return true;
}

static bool proves_no_less(const struct member *before, const struct member *after)
{
    bool same_password = after->password[0] == '\0' || strcmp(after->password, before->password) == 0;
    bool same_totp = after->has_totp == before->has_totp &&
                     memcmp(after->totp, before->totp, sizeof after->totp) == 0;

    return same_password && same_totp && strcmp(after->email, before->email) == 0 &&
           after->epoch >= before->epoch && same_or_fewer_codes(before, after);
}

bool member_narrows(const struct member *before, const struct member *after)
{
    if (after->state == MEMBER_REMOVED)
        return true;
    return after->state == before->state && after->role <= before->role &&
           after->is_operator <= before->is_operator && opens_no_link(before, after) &&
           proves_no_less(before, after);
}

bool token_narrows(const struct token *before, const struct token *after)
{
    if (after->state == TOKEN_REVOKED)
        return true;
    bool ends_no_later = before->expires_ms == 0 ||
                         (after->expires_ms != 0 && after->expires_ms <= before->expires_ms);

    return after->state == before->state && (after->scopes & ~before->scopes) == 0 &&
           ends_no_later && memcmp(after->digest, before->digest, sizeof after->digest) == 0;
}
