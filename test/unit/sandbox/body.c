/* body.c - bodies: one strict object, the amount as it was written, and the wrong member named. */
#include "sandbox/body.h"

#include <stdio.h>
#include <stdlib.h>

#include "suite.h"

static const struct field fields[] = {
    {"receiver", FIELD_TEXT, true},
    {"amount", FIELD_AMOUNT, true},
    {"transactionPin", FIELD_PIN, true},
    {"reference", FIELD_REFERENCE, false},
};

/* From a copy that is exactly as long as the body, so that a sanitizer sees a step behind its end.
 * The copy must outlive the body. */
static bool read_body(struct str text, char **copy, struct body *b, struct answer *no)
{
    *copy = malloc(text.n == 0 ? 1 : text.n);
    assert_non_null(*copy);
    memcpy(*copy, text.p, text.n);
    return body_read((struct str){*copy, text.n}, fields, COUNT_OF(fields), b, no);
}

static void free_text(char **text)
{
    free(*text);
}

static const struct good {
    const char *why, *text;
    int64_t amount;
} goods[] = {
    {"a number", "{\"receiver\":\"a\",\"amount\":1500,\"transactionPin\":\"1234\"}", 150000},
    {"a number with decimals",
     "{\"receiver\":\"a\",\"amount\": 1500.50 ,\"transactionPin\":\"1234\"}", 150050},
    {"a number that no double is",
     "{\"amount\":1.15,\"receiver\":\"a\",\"transactionPin\":\"1234\"}", 115},
    {"a number at the end", "{\"receiver\":\"a\",\"transactionPin\":\"1234\",\"amount\":0.07}", 7},
    {"a string", "{\"receiver\":\"a\",\"amount\":\"1500.5\",\"transactionPin\":\"1234\"}", 150050},
    {"a null reference",
     "{\"receiver\":\"a\",\"amount\":1,\"transactionPin\":\"1234\",\"reference\":null}", 100},
    {"the name of a member in the text of another",
     "{\"receiver\":\"\\\"amount\\\":9,\",\"transactionPin\":\"1234\",\"amount\":2}", 200},
};

static void body_read_reads(void **state)
{
    const struct good *row = *state;
    AUTO(free_text) char *copy = NULL;
    AUTO(answer_deinit) struct answer no = {0};
    AUTO(body_deinit) struct body b = {0};

    assert_true(read_body(str_from(row->text), &copy, &b, &no));
    assert_int_equal(b.amount, row->amount);
    assert_str(b.text[2], STR("1234"));
    assert_int_equal(b.text[3].n, 0);
}

#define REST "\"receiver\":\"a\",\"transactionPin\":\"1234\"}"

static const struct reject {
    const char *why, *text, *names; /* in the message */
} rejects[] = {
    {"no body", "", "body"},
    {"an array", "[]", "body"},
    {"a string", "\"amount\"", "body"},
    {"half an object", "{\"amount\":1", "body"},
    {"something behind the object", "{\"amount\":1," REST "{}", "body"},
    {"a byte order mark", "\xef\xbb\xbf{\"amount\":1," REST, "body"},
    {"a member twice", "{\"amount\":1,\"amount\":2," REST, "body"},
    {"a member twice, once escaped", "{\"amount\":1,\"\\u0061mount\":2," REST, "body"},
    {"an escaped name of a number", "{\"\\u0061mount\":2," REST, "amount"},
    {"a member that is not listed", "{\"amount\":1,\"refernce\":\"r\"," REST, "refernce"},
    {"no amount", "{" REST, "amount"},
    {"an amount of null", "{\"amount\":null," REST, "amount"},
    {"an amount of zero", "{\"amount\":0," REST, "amount"},
    {"an amount of zero kobo", "{\"amount\":0.00," REST, "amount"},
    {"a negative amount", "{\"amount\":-5," REST, "amount"},
    {"a negative amount in a string", "{\"amount\":\"-5\"," REST, "amount"},
    {"three decimals", "{\"amount\":1.001," REST, "amount"},
    {"decimals that a double drops", "{\"amount\":1.50000000000000000001," REST, "amount"},
    {"an exponent", "{\"amount\":1e3," REST, "amount"},
    {"1e400", "{\"amount\":1e400," REST, "body"},
    {"more than 64 bits", "{\"amount\":99999999999999999999," REST, "body"},
    {"true for an amount", "{\"amount\":true," REST, "amount"},
    {"an object for an amount", "{\"amount\":{\"amount\":1}," REST, "amount"},
    {"a number for a PIN", "{\"amount\":1,\"receiver\":\"a\",\"transactionPin\":1234}",
     "transactionPin"},
    {"three digits", "{\"amount\":1,\"receiver\":\"a\",\"transactionPin\":\"123\"}", "transactionPin"},
    {"a letter in a PIN", "{\"amount\":1,\"receiver\":\"a\",\"transactionPin\":\"12a4\"}",
     "transactionPin"},
    {"an empty receiver", "{\"amount\":1,\"receiver\":\"\",\"transactionPin\":\"1234\"}", "receiver"},
    {"a line break", "{\"amount\":1,\"receiver\":\"a\\nb\",\"transactionPin\":\"1234\"}", "receiver"},
    {"NUL inside", "{\"amount\":1,\"receiver\":\"a\\u0000b\",\"transactionPin\":\"1234\"}", "body"},
    {"a slash in a reference", "{\"amount\":1,\"reference\":\"a/b\"," REST, "reference"},
    {"an empty reference", "{\"amount\":1,\"reference\":\"\"," REST, "reference"},
};

static void body_read_rejects(void **state)
{
    const struct reject *row = *state;
    AUTO(free_text) char *copy = NULL;
    AUTO(answer_deinit) struct answer no = {0};
    struct body b = {.amount = -1};

    assert_false(read_body(str_from(row->text), &copy, &b, &no));
    assert_int_equal(no.status, 400);
    assert_non_null(strstr(no.message, row->names));
    assert_null(b.root); /* untouched */
    assert_int_equal(b.amount, -1);
}

static void body_read_refuses_deep_nesting(void **state)
{
    static char deep[20000];
    AUTO(free_text) char *copy = NULL;
    AUTO(answer_deinit) struct answer no = {0};
    struct body b;

    (void)state;
    memset(deep, '[', sizeof deep / 2);
    memset(deep + sizeof deep / 2, ']', sizeof deep / 2);
    assert_false(read_body((struct str){deep, sizeof deep}, &copy, &b, &no));
    assert_int_equal(no.status, 400);
}

static void body_read_takes_texts_up_to_their_limit(void **state)
{
    char text[256];

    (void)state;
    for (int n = 1; n <= BODY_TEXT_MAX + 1; n++) {
        AUTO(free_text) char *copy = NULL;
        AUTO(answer_deinit) struct answer no = {0};
        AUTO(body_deinit) struct body b = {0};
        snprintf(text, sizeof text,
                 "{\"receiver\":\"%0*d\",\"amount\":1,\"transactionPin\":\"1234\"}", n, 0);
        assert_int_equal(read_body(str_from(text), &copy, &b, &no), n <= BODY_TEXT_MAX);
    }
}

int main(void)
{
    SUITE_ROWS(body_read_reads, goods);
    SUITE_ROWS(body_read_rejects, rejects);
    SUITE_TEST(body_read_refuses_deep_nesting);
    SUITE_TEST(body_read_takes_texts_up_to_their_limit);
    return suite_run("sandbox/body");
}
