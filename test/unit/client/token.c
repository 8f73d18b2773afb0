/* token.c - what is taken for a management token, and from which files. */
#include "client/token.h"

#include <sys/stat.h>

#include "base/file.h"
#include "folder.h"
#include "suite.h"

#define TOKEN "mk_admin_7Q2mK4T9xJ1aBd_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLM"

static const struct reject {
    const char *why, *text, *says;
} rejects[] = {
    {"nothing", "", "no token"},
    {"blanks", " \t\r\n", "no token"},
    {"an API key", "mk_live_7Q2mK4T9xJ1aBd_0123456789secret", "mk_admin_"},
    {"a header behind it", TOKEN "\r\nX-Role: secret", "mk_admin_"},
    {"a word in front", "Bearer " TOKEN, "mk_admin_"},
    {"not ASCII",
     "mk_admin_s\xc3\xa9"
     "secret",
     "mk_admin_"},
    {"too long", "mk_admin_" TOKEN TOKEN TOKEN "secret", "mk_admin_"},
};

static void client_token_take_rejects(void **state)
{
    const struct reject *row = *state;
    char why[CLIENT_TOKEN_WHY_MAX] = "";
    struct client_token t = {.text = "kept"};

    assert_err(client_token_take(str_from(row->text), &t, why), KW_ESYNTAX);
    assert_string_equal(t.text, "kept");
    assert_non_null(strstr(why, row->says));
    assert_null(strstr(why, "secret"));
}

static void a_token_is_taken_without_what_is_around_it(void **state)
{
    char why[CLIENT_TOKEN_WHY_MAX] = "";
    struct client_token t;

    (void)state;
    assert_ok(client_token_take(STR(" " TOKEN "\r\n"), &t, why));
    assert_string_equal(t.text, TOKEN);
    client_token_wipe(&t);
    assert_string_equal(t.text, "");
}

static void a_file_is_read_when_its_owner_alone_may(void **state)
{
    static const mode_t open_modes[] = {0640, 0604, 0620, 0644};
    struct client_token t = {.text = "kept"};
    char why[CLIENT_TOKEN_WHY_MAX] = "";
    struct folder f;

    (void)state;
    folder_make(&f);
    const char *path = folder_file(&f, "token");
    assert_err(client_token_read(path, &t, why), KW_ENOTFOUND);
    assert_ok(file_replace(path, STR(TOKEN "\n"), 0600));
    for (size_t i = 0; i < COUNT_OF(open_modes); i++) {
        assert_int_equal(chmod(path, open_modes[i]), 0);
        assert_err(client_token_read(path, &t, why), KW_EPERM);
        assert_non_null(strstr(why, "chmod 600"));
        assert_null(strstr(why, TOKEN));
        assert_string_equal(t.text, "kept");
    }
    assert_int_equal(chmod(path, 0400), 0);
    assert_ok(client_token_read(path, &t, why));
    assert_string_equal(t.text, TOKEN);
    folder_remove(&f);
}

int main(void)
{
    SUITE_ROWS(client_token_take_rejects, rejects);
    SUITE_TEST(a_token_is_taken_without_what_is_around_it);
    SUITE_TEST(a_file_is_read_when_its_owner_alone_may);
    return suite_run("client/token");
}
