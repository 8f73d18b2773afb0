/* json_in.c - bodies from outside: one object of known members, or a problem that names what is wrong. */
#include "json/json_in.h"

#include <stdlib.h>

#include "suite.h"
#include "json/json_out.h"

static const struct reject {
    const char *why;
    struct str body;
    const char *code;
} rejects[] = {
#define BODY(literal)                \
    {                                \
        literal, sizeof(literal) - 1 \
    }
    {"empty", {NULL, 0}, "not_json"},
    {"a space", BODY(" "), "not_json"},
    {"a list", BODY("[]"), "not_json"},
    {"a number", BODY("1"), "not_json"},
    {"null", BODY("null"), "not_json"},
    {"unclosed", BODY("{"), "not_json"},
    {"a trailing comma", BODY("{\"a\":1,}"), "not_json"},
    {"a comment", BODY("{/**/}"), "not_json"},
    {"single quotes", BODY("{'a':1}"), "not_json"},
    {"a bare name", BODY("{a:1}"), "not_json"},
    {"two objects", BODY("{}{}"), "not_json"},
    {"a NUL byte behind", BODY("{}\0"), "not_json"},
    {"NaN", BODY("{\"a\":NaN}"), "not_json"},
    {"a leading zero", BODY("{\"a\":01}"), "not_json"},
    {"a leading plus", BODY("{\"a\":+1}"), "not_json"},
    {"a number that overflows", BODY("{\"a\":1e400}"), "not_json"},
    {"an integer that overflows", BODY("{\"a\":99999999999999999999}"), "not_json"},
    {"a raw line feed in a string", BODY("{\"a\":\"\n\"}"), "not_json"},
    {"an escaped NUL", BODY("{\"a\":\"\\u0000\"}"), "not_json"},
    {"a lone surrogate", BODY("{\"a\":\"\\ud800\"}"), "not_json"},
    {"bytes that are not UTF-8", BODY("{\"a\":\"\xff\"}"), "not_json"},
    {"an overlong form", BODY("{\"a\":\"\xc0\xaf\"}"), "not_json"},
    {"nine levels", BODY("{\"a\":[[[[[[[[]]]]]]]]}"), "not_json"},
    {"the same member twice", BODY("{\"a\":1,\"a\":2}"), "duplicate_member"},
    {"an escaped twin", BODY("{\"a\":1,\"\\u0061\":2}"), "duplicate_member"},
#undef BODY
};

static void E1_json_in_refuses(void **state)
{
    const struct reject *row = *state;
    struct problem p = {0};
    json_t *value = NULL;

    assert_err(json_in_object(row->body, &p, &value), KW_EINVAL);
    assert_null(value);
    assert_int_equal(p.status, 400);
    assert_string_equal(p.code, row->code);
}

static void E3_json_in_refuses_a_depth_of_ten_thousand(void **state)
{
    char *deep = malloc(10000);
    struct problem p = {0};
    json_t *value = NULL;

    (void)state;
    memset(deep, '[', 10000);
    assert_err(json_in_object((struct str){deep, 10000}, &p, &value), KW_EINVAL);
    assert_int_equal(p.status, 400);
    free(deep);
}

static void json_in_counts_no_brackets_in_strings(void **state)
{
    struct problem p = {0};
    json_t *value = NULL;

    (void)state;
    assert_ok(json_in_object(STR("{\"a\":\"[[[[[[[[[[\\\"[[[[\"}"), &p, &value));
    json_decref(value);
}

static void E4_json_in_names_the_unknown_member(void **state)
{
    static const char *const known[] = {"name", "environment", NULL};
    const char *const strangers[] = {"account_id", "role", "hash", "Name", "name "};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(strangers); i++) {
        struct problem p = {0};
        json_t *object = json_pack("{s:s, s:s}", "name", "x", strangers[i], "y");
        assert_err(json_in_only(object, known, &p), KW_EINVAL);
        assert_string_equal(p.code, "unknown_member");
        assert_string_equal(p.field, strangers[i]);
        json_decref(object);
    }
}

static void json_in_repeats_no_control_characters(void **state)
{
    static const char *const known[] = {NULL};
    struct problem p = {0};
    json_t *object = json_pack("{s:i}", "a\nb", 1);

    (void)state;
    assert_err(json_in_only(object, known, &p), KW_EINVAL);
    assert_string_equal(p.field, "");
    assert_null(strchr(p.message, '\n'));
    json_decref(object);
}

static void json_in_refuses_the_wrong_type(void **state)
{
    struct problem p = {0}, q = {0}, r = {0};
    json_t *object = json_pack("{s:i, s:[s, i], s:n}", "name", 1, "list", "a", 2, "null");
    const json_t *list;
    struct str text;

    (void)state;
    assert_err(json_in_text(object, "name", &p, &text), KW_EINVAL);
    assert_string_equal(p.field, "name");
    assert_err(json_in_list(object, "list", 8, &q, &list), KW_EINVAL);
    assert_string_equal(q.field, "list");
    assert_err(json_in_required(object, "null", &r, &text), KW_EINVAL);
    json_decref(object);
}

static const struct number {
    const char *why, *body;
    enum kw_err want;
    uint32_t n;
    const char *code;
} numbers[] = {
    {"none", "{}", KW_OK, 7, NULL},
    {"zero", "{\"n\": 0}", KW_OK, 0, NULL},
    {"the most", "{\"n\": 100}", KW_OK, 100, NULL},
    {"one more", "{\"n\": 101}", KW_EINVAL, 7, "range"},
    {"less than none", "{\"n\": -1}", KW_EINVAL, 7, "range"},
    {"2^32", "{\"n\": 4294967296}", KW_EINVAL, 7, "range"},
    {"a fraction", "{\"n\": 1.0}", KW_EINVAL, 7, "wrong_type"},
    {"a text", "{\"n\": \"1\"}", KW_EINVAL, 7, "wrong_type"},
    {"null", "{\"n\": null}", KW_EINVAL, 7, "wrong_type"},
    {"true", "{\"n\": true}", KW_EINVAL, 7, "wrong_type"},
};

static void json_in_reads_a_number(void **state)
{
    const struct number *row = *state;
    struct problem p = {0};
    json_t *object = NULL;
    uint32_t n = 7;

    assert_ok(json_in_object(str_from(row->body), &p, &object));
    assert_err(json_in_u32(object, "n", 100, &p, &n), row->want);
    assert_int_equal(n, row->n);
    if (row->code != NULL)
        assert_string_equal(p.code, row->code);
    json_decref(object);
}

static void json_in_tells_missing_from_empty(void **state)
{
    struct problem p = {0};
    json_t *object = json_pack("{s:s}", "empty", "");
    struct str text;

    (void)state;
    assert_ok(json_in_required(object, "empty", &p, &text));
    assert_non_null(text.p);
    assert_ok(json_in_text(object, "missing", &p, &text));
    assert_null(text.p);
    assert_err(json_in_required(object, "missing", &p, &text), KW_EINVAL);
    assert_string_equal(p.code, "missing");
    json_decref(object);
}

static void json_in_refuses_more_entries_than_there_may_be(void **state)
{
    struct problem p = {0};
    json_t *object = json_pack("{s:[s, s, s]}", "list", "a", "b", "c");
    const json_t *list;

    (void)state;
    assert_ok(json_in_list(object, "list", 3, &p, &list));
    assert_err(json_in_list(object, "list", 2, &p, &list), KW_EINVAL);
    assert_string_equal(p.code, "range");
    json_decref(object);
}

static void problem_keeps_what_was_said_first(void **state)
{
    struct problem p = {0};

    (void)state;
    problem_field(&p, "one", "field", "first");
    problem_say(&p, 500, "two", "second");
    problem_of(KW_EIO, &p);
    assert_int_equal(p.status, 400);
    assert_string_equal(p.message, "first");
}

static void problem_is_cut_between_characters(void **state)
{
    char text[2 * PROBLEM_MESSAGE_MAX] = "";
    struct problem p = {0};

    (void)state;
    for (size_t i = 0; i + 3 < sizeof text; i += 3)
        memcpy(text + i, "漢", 4);
    problem_say(&p, 400, "long", "x%s", text);
    json_t *shown = json_out_problem(&p, "id");
    assert_non_null(shown); /* it would be NULL if the message were not UTF-8 */
    json_decref(shown);
}

int main(void)
{
    SUITE_ROWS(E1_json_in_refuses, rejects);
    SUITE_TEST(E3_json_in_refuses_a_depth_of_ten_thousand);
    SUITE_TEST(json_in_counts_no_brackets_in_strings);
    SUITE_TEST(E4_json_in_names_the_unknown_member);
    SUITE_TEST(json_in_repeats_no_control_characters);
    SUITE_TEST(json_in_refuses_the_wrong_type);
    SUITE_ROWS(json_in_reads_a_number, numbers);
    SUITE_TEST(json_in_tells_missing_from_empty);
    SUITE_TEST(json_in_refuses_more_entries_than_there_may_be);
    SUITE_TEST(problem_keeps_what_was_said_first);
    SUITE_TEST(problem_is_cut_between_characters);
    return suite_run("json/json_in");
}
