/* password.c - long passwords of one's own choosing are fine, and what is guessed first is not. */
#include "core/password.h"

#include "suite.h"

static const struct password_context who = {
    .email = STR_INIT("Anna.Schmidt@wallet-works.example"),
    .name = STR_INIT("Anna M. Schmidt"),
    .service = STR_INIT("acmepay sandbox"),
};

static const struct row {
    const char *why;
    struct str password;
    bool with_totp;
    enum password_verdict want;
} rows[] = {
    {"four words", STR_INIT("stapler wrote humid violin"), false, PASSWORD_FINE},
    {"random", STR_INIT("x9#Lq2vT!mZ7pRw"), false, PASSWORD_FINE},
    {"random, eight", STR_INIT("x9#Lq2vT"), true, PASSWORD_FINE},
    {"letters only", STR_INIT("ratherlongsentencewithoutanything"), false, PASSWORD_FINE},
    {"blanks around", STR_INIT("  kettle brisk moss  "), false, PASSWORD_FINE},
    {"other alphabets",
     STR_INIT("\xd0\xb6\xd0\xb8\xd0\xbb\xd0\xb1\xd1\x8b\xd0\xbb\xd1\x83\xd0\xb1\xd0\xb0\xd0\xb1\xd1"
              "\x83\xd1\x88\xd0\xba\xd0\xb8\xd0\xb2"),
     false, PASSWORD_FINE},
    {"three common words", STR_INIT("dragon coffee thunder"), false, PASSWORD_FINE},
    {"her name in a long one", STR_INIT("schmidt ironed violet maps"), false, PASSWORD_FINE},

    {"fourteen alone", STR_INIT("x9#Lq2vT!mZ7pR"), false, PASSWORD_TOO_SHORT},
    {"seven with TOTP", STR_INIT("x9#Lq2v"), true, PASSWORD_TOO_SHORT},
    {"empty", STR_INIT(""), true, PASSWORD_TOO_SHORT},
    {"nothing", {NULL, 0}, true, PASSWORD_TOO_SHORT},
    {"fourteen characters of two bytes",
     STR_INIT("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3"
              "\xb6\xc3\xbc\xc3\xa4\xc3\xb6"),
     false, PASSWORD_TOO_SHORT},

    {"not UTF-8", STR_INIT("stapler wrote \xff humid"), false, PASSWORD_NOT_TEXT},
    {"a line break", STR_INIT("stapler wrote\nhumid"), false, PASSWORD_NOT_TEXT},
    {"a terminator", STR_INIT("stapler wrote\0humid"), false, PASSWORD_NOT_TEXT},

    {"e-mail", STR_INIT("anna.schmidt@wallet-works.example"), false, PASSWORD_PERSONAL},
    {"local part", STR_INIT("Anna.Schmidt2024"), false, PASSWORD_PERSONAL},
    {"name and years", STR_INIT("SchmidtAnna1987"), false, PASSWORD_PERSONAL},
    {"brand", STR_INIT("AcmePay-Sandbox-1"), false, PASSWORD_PERSONAL},
    {"this program", STR_INIT("KeywardKeyward1"), false, PASSWORD_PERSONAL},

    {"one letter", STR_INIT("aaaaaaaaaaaaaaa"), false, PASSWORD_REPEATED},
    {"a word twice", STR_INIT("Xylophon7xylophon7"), false, PASSWORD_REPEATED},
    {"a unit, cut", STR_INIT("bingobongbingobongbin"), false, PASSWORD_REPEATED},

    {"alphabet", STR_INIT("abcdefghijklmnop"), false, PASSWORD_SEQUENCE},
    {"backwards", STR_INIT("zyxwvutsrqponml"), false, PASSWORD_SEQUENCE},
    {"digits", STR_INIT("0123456789012345"), false, PASSWORD_SEQUENCE},
    {"rows of keys", STR_INIT("qwertyuiopasdfgh"), false, PASSWORD_SEQUENCE},
    {"two rows in turn", STR_INIT("1q2w3e4r5t6y7u8i"), false, PASSWORD_SEQUENCE},
    {"eight digits", STR_INIT("12345678"), true, PASSWORD_SEQUENCE},

    {"the word, with digits", STR_INIT("password9274051"), false, PASSWORD_COMMON},
    {"in disguise", STR_INIT("P@ssw0rd!!2749!"), false, PASSWORD_COMMON},
    {"two words", STR_INIT("WelcomeAdmin2024"), false, PASSWORD_COMMON},
    {"a word, eight", STR_INIT("football"), true, PASSWORD_COMMON},
    {"season and year", STR_INIT("Summer2025!"), true, PASSWORD_COMMON},
    {"the comic", STR_INIT("CorrectHorseBatteryStaple"), false, PASSWORD_COMMON},
    {"a date", STR_INIT("31.07.1984"), true, PASSWORD_COMMON},
};

static void password_check_says(void **state)
{
    const struct row *row = *state;

    assert_string_equal(password_verdict_name(password_check(row->password, row->with_totp, &who)),
                        password_verdict_name(row->want));
}

static void lengths_are_of_characters(void **state)
{
    char text[PASSWORD_CHARS_MAX * 4 + 5];

    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "\xf0\x9f\x90\xb4\xf0\x9f\x90\x8e\xf0\x9f\xa6\x84"[i % 12];
    for (size_t i = 0; i < 4; i++) /* so that it is no repetition */
        text[i] = "stap"[i];
    size_t n = 4 + (PASSWORD_CHARS_MAX - 4) * 4;
    assert_int_equal(password_check((struct str){text, n}, false, &who), PASSWORD_FINE);
    assert_int_equal(password_check((struct str){text, n + 4}, false, &who), PASSWORD_TOO_LONG);
    assert_int_equal(password_check((struct str){text, sizeof text}, false, &who), PASSWORD_TOO_LONG);
}

static const struct str common[] = {
#include "core/common_passwords.inc"
};

/* It is searched by halving; and a word with anything but letters would never be looked up. */
static void the_block_list_is_sorted_and_of_letters(void **state)
{
    (void)state;
    assert_in_range(COUNT_OF(common), 300, 5000);
    for (size_t i = 0; i < COUNT_OF(common); i++) {
        assert_true(str_only(common[i], "abcdefghijklmnopqrstuvwxyz"));
        assert_true(common[i].n > 2);
        assert_true(i == 0 || strcmp(common[i - 1].p, common[i].p) < 0);
    }
}

static void a_context_without_words_says_nothing(void **state)
{
    (void)state;
    assert_int_equal(password_check(STR("Anna.Schmidt2024"), false, &(struct password_context){0}),
                     PASSWORD_FINE);
}

static void every_verdict_has_a_name_and_a_sentence(void **state)
{
    (void)state;
    for (unsigned i = 0; i <= PASSWORD_FINE; i++) {
        assert_true(strlen(password_verdict_name((enum password_verdict)i)) > 3);
        assert_true(strlen(password_verdict_text((enum password_verdict)i)) > 10);
    }
}

int main(void)
{
    SUITE_ROWS(password_check_says, rows);
    SUITE_TEST(lengths_are_of_characters);
    SUITE_TEST(the_block_list_is_sorted_and_of_letters);
    SUITE_TEST(a_context_without_words_says_nothing);
    SUITE_TEST(every_verdict_has_a_name_and_a_sentence);
    return suite_run("core/password");
}
