/* member.h - the people of an account, and the tokens with which their programs manage it. */
#ifndef CORE_MEMBER_H
#define CORE_MEMBER_H

#include "core/grant.h"
#include "core/role.h"

enum {
    MEMBER_EMAIL_MAX = 254,    /* RFC 5321, 4.5.3.1.3, without the brackets */
    MEMBER_PASSWORD_MAX = 160, /* of the encoded hash: $argon2id$v=19$m=…,t=…,p=…$salt$hash */
    MEMBER_TOTP_LEN = 48,      /* a nonce of 12, the secret of 20, a tag of 16 */
    MEMBER_RECOVERY_CODES = 10,
};

enum member_state { MEMBER_REMOVED = 0, MEMBER_ACTIVE = 1, MEMBER_INVITED = 2 };

/* The one-time link that is open for a member. */
enum member_link { LINK_NONE = 0, LINK_SETUP = 1, LINK_INVITATION = 2, LINK_RESET = 3 };

struct member {
    uint32_t slot, version; /* as in struct grant */
    char id[KW_KEY_ID_LEN + 1];
    char account[KW_ACCOUNT_MAX + 1];
    uint32_t account_slot;
    char email[MEMBER_EMAIL_MAX + 1]; /* lower case; empty before a set-up link was used */
    char name[GRANT_NAME_MAX + 1];    /* for people; empty when nobody gave one */
    enum role role;
    bool is_operator; /* of the whole installation, besides the role in the account */
    enum member_state state;
    int64_t created_ms;
    char created_by[KW_ACCOUNT_MAX + 1];
    uint32_t epoch; /* sessions of an older one are dead */

    char password[MEMBER_PASSWORD_MAX + 1]; /* its encoded hash; empty: none yet */
    int64_t password_since_ms;
    bool has_totp;
    uint8_t totp[MEMBER_TOTP_LEN]; /* the secret, encrypted with the id as associated data */
    int64_t totp_since_ms;
    uint8_t recovery[MEMBER_RECOVERY_CODES][GRANT_DIGEST_LEN]; /* SHA-256 of the codes that are left */
    uint32_t n_recovery;

    enum member_link link;
    uint8_t link_digest[GRANT_DIGEST_LEN]; /* SHA-256 of the link's text; all zero: none */
    int64_t link_ends_ms;
};

enum token_state { TOKEN_REVOKED = 0, TOKEN_ACTIVE = 1 };

/* A management token. Its text has the form of a key (core/key.h), with `admin` for the environment. */
struct token {
    uint32_t slot, version;
    char id[KW_KEY_ID_LEN + 1];
    char account[KW_ACCOUNT_MAX + 1]; /* empty: the whole installation */
    char member[KW_KEY_ID_LEN + 1]; /* whose it is: it can do no more than he, and ends with him; empty: the host's */
    uint32_t member_slot;
    char name[GRANT_NAME_MAX + 1];
    unsigned scopes;
    enum token_state state;
    int64_t created_ms, expires_ms; /* expires 0: never, for the host's only */
    char created_by[KW_ACCOUNT_MAX + 1];
    uint8_t digest[GRANT_DIGEST_LEN]; /* SHA-256 of its text */
};

/* Takes from him all that he signs in with: password, one-time password, codes on paper, an open link; and his sessions, by a
 * new epoch. */
void member_forget(struct member *m);

/* Whether `after` lets him, or its holder, do nothing that `before` did not: such a change is still saved when the disk is full.
 * A new secret, or a factor less, narrows nothing. */
bool member_narrows(const struct member *before, const struct member *after);
bool token_narrows(const struct token *before, const struct token *after);

/* Whether he is one of those of whom an account keeps at least one. */
static inline bool member_is_active_owner(const struct member *m)
{
    return m->state == MEMBER_ACTIVE && m->role == ROLE_OWNER;
}

/* An address of the form local@domain: 3 to 254 bytes, one '@' with something on both sides, no blanks, no controls, UTF-8
 * (RFC 6531), and its ASCII letters in lower case. KW_ESYNTAX, KW_ERANGE (too long). */
enum kw_err member_email_check(struct str email);

#endif
