/* recovery.c - a code on paper is read as it was meant, and as nothing else. */
#include "crypto/recovery.h"

#include "crypto/digest.h"
#include "suite.h"

static const struct reading {
    const char *why;
    struct str text;
    struct str plain; /* {NULL, 0}: refused */
} readings[] = {
    {"as it was printed", STR_INIT("abcd-efgh-lob2-3456-qrst-uvwx"),
     STR_INIT("abcdefghlob23456qrstuvwx")},
    {"without hyphens", STR_INIT("abcdefghlob23456qrstuvwx"), STR_INIT("abcdefghlob23456qrstuvwx")},
    {"blanks and capitals", STR_INIT(" ABCD EFGH  LOB2 3456 qrst UVWX "),
     STR_INIT("abcdefghlob23456qrstuvwx")},
    {"what looks alike", STR_INIT("abcd-efgh-1082-3456-qrst-uvwx"),
     STR_INIT("abcdefghlob23456qrstuvwx")},
    {"one too few", STR_INIT("abcd-efgh-lob2-3456-qrst-uvw"), {NULL, 0}},
    {"one too many", STR_INIT("abcd-efgh-lob2-3456-qrst-uvwx-7"), {NULL, 0}},
    {"no digit of base32", STR_INIT("abcd-efgh-lob2-3456-qrst-uvw9"), {NULL, 0}},
    {"a terminator", STR_INIT("abcd-efgh-lob2-3456-qrst-uvw\0"), {NULL, 0}},
    {"empty", STR_INIT(""), {NULL, 0}},
    {"hyphens only", STR_INIT("------------------------"), {NULL, 0}},
    {"not ASCII", STR_INIT("abcd-efgh-lob2-3456-qrst-uv\xc3\xa9"), {NULL, 0}},
};

static void recovery_digest_reads(void **state)
{
    const struct reading *row = *state;
    struct digest got = {{0}}, want = {{0}};

    assert_int_equal(recovery_digest(row->text, &got), row->plain.p == NULL ? KW_ESYNTAX : KW_OK);
    if (row->plain.p != NULL)
        digest_of(row->plain, &want);
    assert_memory_equal(&got, &want, sizeof want);
}

static void codes_are_readable_and_differ(void **state)
{
    char code[RECOVERY_TEXT_LEN + 1];
    struct digest one, other = {{0}};

    (void)state;
    for (int i = 0; i < 1000; i++) {
        assert_ok(recovery_make(code));
        assert_int_equal(strlen(code), RECOVERY_TEXT_LEN);
        assert_true(str_only(str_from(code), "abcdefghijklmnopqrstuvwxyz234567-"));
        assert_ok(recovery_digest(str_from(code), &one));
        assert_false(digest_eq(&one, &other));
        other = one;
    }
}

int main(void)
{
    SUITE_ROWS(recovery_digest_reads, readings);
    SUITE_TEST(codes_are_readable_and_differ);
    return suite_run("crypto/recovery");
}
