/* change_out.c - what the record says of a change to a member or a token: all that may be read, and no digest. */
#include "json/change_out.h"

#include <stdio.h>

#include "store/image.h"
#include "suite.h"

static struct change change_of(enum change_kind kind, const struct buf *image)
{
    return (struct change){.n = 9,
                           .kind = kind,
                           .object = 3,
                           .version = 2,
                           .image = buf_view(image),
                           .actor = STR("member:1Q2mK4T9xJ1aMe"),
                           .time_ms = 1700000000000};
}

static void a_member_is_shown_without_what_proves_him(void **state)
{
    struct buf image = BUF_MAX(4096);
    struct change_text out;
    const struct member m = {.slot = 3,
                             .version = 2,
                             .id = "7Q2mK4T9xJ1aBd",
                             .account = "acme",
                             .email = "ada@example.com",
                             .name = "Ada",
                             .role = ROLE_ADMIN,
                             .state = MEMBER_INVITED,
                             .password = "$argon2id$",
                             .has_totp = true,
                             .link = LINK_INVITATION,
                             .link_digest = {1}};

    (void)state;
    assert_ok(image_of_member(&m, &image));
    struct change c = change_of(CHANGE_MEMBER, &image);
    assert_ok(change_out(&c, &out));
    assert_str(out.change.id, STR("7Q2mK4T9xJ1aBd"));
    assert_str(out.change.account, STR("acme"));
    assert_str(
        out.change.summary,
        STR("{\"email\":\"ada@example.com\",\"name\":\"Ada\",\"role\":\"admin\",\"operator\":false,"
            "\"state\":\"invited\",\"totp\":true,\"link\":\"invitation\"}"));
    buf_deinit(&image);
}

static void a_token_is_shown_without_its_digest(void **state)
{
    struct buf image = BUF_MAX(4096);
    struct change_text out;
    const struct token t = {.slot = 3,
                            .version = 2,
                            .id = "7Q2mK4T9xJ1aBd",
                            .name = "Deploy",
                            .scopes = SCOPE_KEYS_READ | SCOPE_OPERATE,
                            .state = TOKEN_ACTIVE,
                            .digest = {1}};

    (void)state;
    assert_ok(image_of_token(&t, &image));
    struct change c = change_of(CHANGE_TOKEN, &image);
    assert_ok(change_out(&c, &out));
    assert_str(out.change.id, STR("7Q2mK4T9xJ1aBd"));
    assert_str(out.change.account, STR(""));
    assert_str(out.change.summary,
               STR("{\"name\":\"Deploy\",\"member\":null,\"scopes\":[\"keys:read\",\"operate\"],"
                   "\"state\":\"active\",\"expiresAt\":null}"));
    c.kind = CHANGE_MEMBER; /* the one is not the other */
    assert_err(change_out(&c, &out), KW_EDAMAGED);
    buf_deinit(&image);
}

int main(void)
{
    SUITE_TEST(a_member_is_shown_without_what_proves_him);
    SUITE_TEST(a_token_is_shown_without_its_digest);
    return suite_run("json/change_out");
}
