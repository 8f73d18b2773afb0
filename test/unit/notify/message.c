/* message.c - letters as bytes: what stands in them, and that nobody's name makes a line of the header. */
#include "notify/message.h"

#include <stdio.h>

#include "suite.h"

#define URL "https://keyward.example.com/accept#7Q2mK4T9xJ1aBd_secret"

static const struct message_head head = {
    .from = "keyward@shop.example", .id = "a1b2", .now_ms = INT64_C(1793491200123)};

static struct letter to_anna(enum member_link kind, const char *name)
{
    struct member m = {.account = "shop-1",
                       .email = "anna@shop.example",
                       .role = ROLE_DEVELOPER,
                       .link = kind,
                       .link_ends_ms = INT64_C(1793494800000)};
    struct letter l;

    snprintf(m.name, sizeof m.name, "%s", name);
    assert_ok(letter_to(&m, URL, &l));
    return l;
}

static bool holds(const struct buf *b, const char *text)
{
    return memmem(b->p, b->n, text, strlen(text)) != NULL;
}

static void a_letter_is_printed_whole(void **state)
{
    AUTO(buf_deinit) struct buf out = BUF_MAX(MESSAGE_MAX);
    struct letter l = to_anna(LINK_INVITATION, "Anna");

    (void)state;
    message_print(&l, &head, &out);
    assert_false(out.failed);
    assert_str(
        buf_view(&out),
        str_from("Date: Sun, 01 Nov 2026 00:00:00 +0000\r\n"
                 "Message-ID: <a1b2@shop.example>\r\n"
                 "From: Keyward <keyward@shop.example>\r\n"
                 "To: Anna\r\n <anna@shop.example>\r\n"
                 "Subject: Your invitation to Keyward\r\n"
                 "MIME-Version: 1.0\r\n"
                 "Auto-Submitted: auto-generated\r\n"
                 "Content-Type: text/plain; charset=utf-8\r\n"
                 "Content-Transfer-Encoding: quoted-printable\r\n"
                 "\r\n"
                 "Hello Anna,\r\n\r\n"
                 "you are invited to the account shop-1 of Keyward, in the role developer.\r\n"
                 "Choose a password here, and you are in:\r\n\r\n" URL "\r\n\r\n"
                 "This works once, until 2026-11-01T01:00:00Z. Give it to nobody.\r\n"
                 "If you do not know why you get this, do nothing.\r\n"));
}

static void a_reset_says_what_it_is_and_who_has_no_name_is_greeted_without(void **state)
{
    AUTO(buf_deinit) struct buf out = BUF_MAX(MESSAGE_MAX);
    struct letter l = to_anna(LINK_RESET, "");

    (void)state;
    message_print(&l, &head, &out);
    assert_true(holds(&out, "\r\nTo: <anna@shop.example>\r\n"));
    assert_true(holds(&out, "\r\nSubject: A new password for Keyward\r\n"));
    assert_true(holds(&out, "\r\n\r\nHello,\r\n"));
    assert_false(holds(&out, "developer"));
}

static void a_name_with_the_end_of_a_line_makes_no_header(void **state)
{
    AUTO(buf_deinit) struct buf out = BUF_MAX(MESSAGE_MAX);
    struct letter l = to_anna(LINK_INVITATION, "A\r\nBcc: all@shop.example\r\n\r\nx");

    (void)state;
    message_print(&l, &head, &out);
    const char *end = memmem(out.p, out.n, "\r\n\r\n", 4);
    assert_non_null(end);
    assert_null(memmem(out.p, (size_t)(end - out.p), "\nBcc", 4));
    assert_non_null(memmem(out.p, (size_t)(end - out.p), "Auto-Submitted", 14));
}

static void who_reads_html_gets_it_and_who_does_not_the_text(void **state)
{
    AUTO(buf_deinit) struct buf out = BUF_MAX(MESSAGE_MAX);
    struct letter l = {.to = "anna@shop.example",
                       .subject = "An alert",
                       .text = "--=_a1b2--\nfound\n",
                       .html = "<p class=\"x\">found</p>\n"};

    (void)state;
    message_print(&l, &head, &out);
    assert_false(out.failed);
    const char *body = memmem(out.p, out.n, "Content-Type: multipart", 23);
    assert_non_null(body);
    assert_str(((struct str){body, out.n - (size_t)(body - out.p)}),
               str_from("Content-Type: multipart/alternative; boundary=\"=_a1b2\"\r\n\r\n"
                        "--=_a1b2\r\n"
                        "Content-Type: text/plain; charset=utf-8\r\n"
                        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                        "--=3D_a1b2--\r\nfound\r\n"
                        "\r\n--=_a1b2\r\n"
                        "Content-Type: text/html; charset=utf-8\r\n"
                        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                        "<p class=3D\"x\">found</p>\r\n"
                        "\r\n--=_a1b2--\r\n"));
}

static void the_longest_letter_fits(void **state)
{
    AUTO(buf_deinit) struct buf out = BUF_MAX(MESSAGE_MAX);
    struct letter l = {.to = "anna@shop.example"};

    (void)state;
    memset(l.subject, '\x7f', LETTER_SUBJECT_MAX);
    memset(l.text, '=', LETTER_TEXT_MAX);
    memset(l.html, '=', LETTER_HTML_MAX);
    message_print(&l, &head, &out);
    assert_false(out.failed);
}

static void a_url_that_does_not_fit_is_refused(void **state)
{
    struct member m = {.email = "anna@shop.example"};
    char url[LETTER_URL_MAX + 2];
    struct letter l;

    (void)state;
    memset(url, 'a', sizeof url);
    url[sizeof url - 1] = '\0';
    assert_err(letter_to(&m, url, &l), KW_ERANGE);
}

int main(void)
{
    SUITE_TEST(a_letter_is_printed_whole);
    SUITE_TEST(a_reset_says_what_it_is_and_who_has_no_name_is_greeted_without);
    SUITE_TEST(a_name_with_the_end_of_a_line_makes_no_header);
    SUITE_TEST(who_reads_html_gets_it_and_who_does_not_the_text);
    SUITE_TEST(the_longest_letter_fits);
    SUITE_TEST(a_url_that_does_not_fit_is_refused);
    return suite_run("notify/message");
}
