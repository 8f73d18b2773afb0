/* smtp.c - the settings of a mail server: its address, and a password that nobody else reads. */
#include "notify/smtp.h"

#include <stdio.h>
#include <sys/stat.h>

#include "base/file.h"
#include "folder.h"
#include "suite.h"

static const struct row {
    const char *why, *url;
    enum kw_err want;
} urls[] = {
    {"TLS", "smtps://mail.example.com:465", KW_OK},
    {"STARTTLS", "smtp://mail.example.com:587", KW_OK},
    {"no port", "smtps://mail.example.com", KW_OK},
    {"an address", "smtp://[2001:db8::1]:587", KW_OK},
    {"another scheme", "http://mail.example.com", KW_ESYNTAX},
    {"no scheme", "mail.example.com:587", KW_ESYNTAX},
    {"a login", "smtps://me@mail.example.com", KW_ESYNTAX},
    {"a login with a password", "smtps://me:secret@mail.example.com", KW_ERANGE},
    {"a path", "smtps://mail.example.com/me", KW_ESYNTAX},
    {"no host", "smtps://", KW_ESYNTAX},
    {"port 0", "smtps://mail.example.com:0", KW_ERANGE},
};

static void smtp_url_is_checked(void **state)
{
    const struct row *row = *state;

    assert_err(smtp_url_check(str_from(row->url)), row->want);
}

static const struct content {
    const char *why;
    struct str text;
    enum kw_err want;
} contents[] = {
    {"a line", STR_INIT("a secret\n"), KW_OK},
    {"no end of the line", STR_INIT("a secret"), KW_OK},
    {"nothing", STR_INIT(""), KW_EFORMAT},
    {"blanks", STR_INIT(" \n"), KW_EFORMAT},
    {"two lines", STR_INIT("a\nb\n"), KW_EFORMAT},
    {"a NUL", STR_INIT("a\0b"), KW_EFORMAT},
};

static enum kw_err check(const char *path, char why[SMTP_WHY_MAX])
{
    struct smtp_server s = {.user = "keyward"};

    snprintf(s.password_file, sizeof s.password_file, "%s", path);
    return smtp_check_password(&s, why);
}

static void password_is_one_line(void **state)
{
    const struct content *row = *state;
    char why[SMTP_WHY_MAX] = "";
    struct folder f;

    folder_make(&f);
    const char *path = folder_file(&f, "password");
    assert_ok(file_replace(path, row->text, 0600));
    assert_err(check(path, why), row->want);
    assert_int_equal(why[0] != '\0', row->want != KW_OK);
    folder_remove(&f);
}

static void a_password_that_others_may_read_is_refused(void **state)
{
    const struct smtp_server nobody = {.user = ""};
    char why[SMTP_WHY_MAX] = "";
    struct folder f;

    (void)state;
    folder_make(&f);
    const char *path = folder_file(&f, "password");
    assert_ok(file_replace(path, STR("a secret\n"), 0640));
    assert_err(check(path, why), KW_EPERM);
    assert_non_null(strstr(why, "chmod 600"));
    assert_null(strstr(why, "a secret"));
    assert_err(check(folder_file(&f, "nothing"), why), KW_ENOTFOUND);
    assert_ok(smtp_check_password(&nobody, why));
    folder_remove(&f);
}

int main(void)
{
    SUITE_ROWS(smtp_url_is_checked, urls);
    SUITE_ROWS(password_is_one_line, contents);
    SUITE_TEST(a_password_that_others_may_read_is_refused);
    return suite_run("notify/smtp");
}
