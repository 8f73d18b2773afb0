/* member.c - what an e-mail address is, and which changes of a member or a token narrow. */
#include "core/member.h"

#include "suite.h"

static const struct mail {
    const char *why;
    struct str text;
    enum kw_err want;
} addresses[] = {
    {"plain", STR_INIT("ada@example.com"), KW_OK},
    {"as short as can be", STR_INIT("a@b"), KW_OK},
    {"plus, dots and dashes", STR_INIT("ada.b-c+keys@mail-1.example.com"), KW_OK},
    {"not ASCII",
     STR_INIT("j\xc3\xb6rg@b\xc3\xbc"
              "cher.example"),
     KW_OK},
    {"empty", STR_INIT(""), KW_ESYNTAX},
    {"no at", STR_INIT("ada.example.com"), KW_ESYNTAX},
    {"nothing in front", STR_INIT("@example.com"), KW_ESYNTAX},
    {"nothing behind", STR_INIT("ada@"), KW_ESYNTAX},
    {"two ats", STR_INIT("ada@b@example.com"), KW_ESYNTAX},
    {"upper case", STR_INIT("Ada@example.com"), KW_ESYNTAX},
    {"upper case behind", STR_INIT("ada@example.COM"), KW_ESYNTAX},
    {"a blank inside", STR_INIT("ada b@example.com"), KW_ESYNTAX},
    {"a blank behind", STR_INIT("ada@example.com "), KW_ESYNTAX},
    {"a tab", STR_INIT("ada\t@example.com"), KW_ESYNTAX},
    {"a new line, and another header", STR_INIT("ada@example.com\nbcc: x@y"), KW_ESYNTAX},
    {"a carriage return", STR_INIT("ada@example.com\r"), KW_ESYNTAX},
    {"NUL inside", STR_INIT("ada\0@example.com"), KW_ESYNTAX},
    {"DEL", STR_INIT("ada\x7f@example.com"), KW_ESYNTAX},
    {"not UTF-8", STR_INIT("ada\xff@example.com"), KW_ESYNTAX},
    {"a no-break space", STR_INIT("ada\xc2\xa0@example.com"), KW_ESYNTAX},
    {"a zero-width space", STR_INIT("ada\xe2\x80\x8b@example.com"), KW_ESYNTAX},
    {"a name and brackets", STR_INIT("ada<ada@example.com>"), KW_ESYNTAX},
    {"two of them", STR_INIT("ada@example.com,bob"), KW_ESYNTAX},
    {"quoted", STR_INIT("\"ada\"@example.com"), KW_ESYNTAX},
    {"an address of the net", STR_INIT("ada@[192.0.2.1]"), KW_ESYNTAX},
    {"a point first", STR_INIT(".ada@example.com"), KW_ESYNTAX},
    {"a point last", STR_INIT("ada@example.com."), KW_ESYNTAX},
    {"two points", STR_INIT("ada@example..com"), KW_ESYNTAX},
};

static void an_address_is_exact(void **state)
{
    const struct mail *row = *state;

    assert_int_equal(member_email_check(row->text), row->want);
}

static void an_address_has_at_most_254_bytes(void **state)
{
    char text[MEMBER_EMAIL_MAX + 1];

    (void)state;
    memset(text, 'a', sizeof text);
    text[1] = '@';
    assert_ok(member_email_check((struct str){text, MEMBER_EMAIL_MAX}));
    assert_err(member_email_check((struct str){text, MEMBER_EMAIL_MAX + 1}), KW_ERANGE);
}

static struct member ada(void)
{
    return (struct member){.role = ROLE_ADMIN,
                           .is_operator = true,
                           .state = MEMBER_ACTIVE,
                           .epoch = 3,
                           .email = "ada@example.com",
                           .password = "$argon2id$",
                           .has_totp = true,
                           .totp = {1},
                           .recovery = {{1}, {2}},
                           .n_recovery = 2,
                           .link = LINK_RESET,
                           .link_digest = {7},
                           .link_ends_ms = 100};
}

static void remove_him(struct member *m)
{
    m->state = MEMBER_REMOVED;
    m->role = ROLE_OWNER; /* it does not matter any more */
}
static void lower_role(struct member *m)
{
    m->role = ROLE_VIEWER;
}
static void take_operator(struct member *m)
{
    m->is_operator = false;
}
static void end_sessions(struct member *m)
{
    m->epoch++;
}
static void use_a_code(struct member *m)
{
    memcpy(m->recovery[0], m->recovery[1], sizeof m->recovery[0]);
    m->n_recovery = 1;
}
static void close_link(struct member *m)
{
    m->link = LINK_NONE;
}
static void rename_him(struct member *m)
{
    memcpy(m->name, "Ada", sizeof "Ada");
}
static void raise_role(struct member *m)
{
    m->role = ROLE_OWNER;
}
static void invite_again(struct member *m)
{
    m->state = MEMBER_INVITED;
}
static void drop_totp(struct member *m)
{
    m->has_totp = false;
    memset(m->totp, 0, sizeof m->totp);
}
static void other_totp(struct member *m)
{
    m->totp[0] = 2;
}
static void other_password(struct member *m)
{
    m->password[1]++;
}
static void other_email(struct member *m)
{
    m->email[0] = 'b';
}
static void other_code(struct member *m)
{
    m->recovery[1][0] = 9;
}
static void older_epoch(struct member *m)
{
    m->epoch--;
}
static void later_link(struct member *m)
{
    m->link_ends_ms++;
}
static void other_link(struct member *m)
{
    m->link_digest[0]++;
}
static void lower_role_and_other_password(struct member *m)
{
    lower_role(m);
    other_password(m);
}

static const struct change_of {
    const char *why;
    void (*make)(struct member *m);
    bool narrows;
} changes[] = {
    {"removed", remove_him, true},
    {"a lower role", lower_role, true},
    {"an operator no more", take_operator, true},
    {"sessions ended", end_sessions, true},
    {"a recovery code used", use_a_code, true},
    {"the link closed", close_link, true},
    {"renamed", rename_him, true},
    {"a higher role", raise_role, false},
    {"another state", invite_again, false},
    {"a factor less", drop_totp, false},
    {"another secret of TOTP", other_totp, false},
    {"another password", other_password, false},
    {"another address", other_email, false},
    {"another code", other_code, false},
    {"an older epoch", older_epoch, false},
    {"a link that lasts longer", later_link, false},
    {"another link", other_link, false},
    {"a lower role and another password", lower_role_and_other_password, false},
};

static void what_narrows_a_member(void **state)
{
    const struct change_of *row = *state;
    const struct member before = ada();
    struct member after = before;

    row->make(&after);
    assert_int_equal(member_narrows(&before, &after), row->narrows);
}

static const struct token_change {
    const char *why;
    struct token before, after;
    bool narrows;
} token_changes[] = {
    {"revoked, whatever else", {.state = TOKEN_ACTIVE}, {.scopes = SCOPES_ALL}, true},
    {"revived", {.state = TOKEN_REVOKED}, {.state = TOKEN_ACTIVE}, false},
    {"fewer scopes", {.state = TOKEN_ACTIVE, .scopes = 3}, {.state = TOKEN_ACTIVE, .scopes = 1}, true},
    {"another scope", {.state = TOKEN_ACTIVE, .scopes = 3}, {.state = TOKEN_ACTIVE, .scopes = 5}, false},
    {"an end", {.state = TOKEN_ACTIVE}, {.state = TOKEN_ACTIVE, .expires_ms = 9}, true},
    {"no end", {.state = TOKEN_ACTIVE, .expires_ms = 9}, {.state = TOKEN_ACTIVE}, false},
    {"a later end",
     {.state = TOKEN_ACTIVE, .expires_ms = 9},
     {.state = TOKEN_ACTIVE, .expires_ms = 10},
     false},
    {"another text", {.state = TOKEN_ACTIVE}, {.state = TOKEN_ACTIVE, .digest = {1}}, false},
};

static void what_narrows_a_token(void **state)
{
    const struct token_change *row = *state;

    assert_int_equal(token_narrows(&row->before, &row->after), row->narrows);
}

static void nothing_is_left_of_what_is_forgotten(void **state)
{
    struct member m = {.state = MEMBER_ACTIVE,
                       .role = ROLE_OWNER,
                       .epoch = 3,
                       .password = "$argon2id$x",
                       .has_totp = true,
                       .totp = {1},
                       .totp_since_ms = 5,
                       .n_recovery = 1,
                       .recovery = {{1}},
                       .link = LINK_RESET,
                       .link_digest = {1},
                       .link_ends_ms = 9,
                       .password_since_ms = 7};
    const struct member want = {.state = MEMBER_ACTIVE, .role = ROLE_OWNER, .epoch = 4};

    (void)state;
    member_forget(&m);
    assert_memory_equal(&m, &want, sizeof m);
}

int main(void)
{
    SUITE_ROWS(an_address_is_exact, addresses);
    SUITE_TEST(an_address_has_at_most_254_bytes);
    SUITE_ROWS(what_narrows_a_member, changes);
    SUITE_ROWS(what_narrows_a_token, token_changes);
    SUITE_TEST(nothing_is_left_of_what_is_forgotten);
    return suite_run("core/member");
}
