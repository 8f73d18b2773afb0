/* query.c - the parameters of a query: decoded once, known, each once. */
#include "server/query.h"

#include "base/utf8.h"
#include "suite.h"

static enum kw_err add(struct query *q, const char *name, const char *value)
{
    struct problem p = {0};

    return query_add(q, str_from(name), str_from(value), &p);
}

static void query_decodes_once(void **state)
{
    struct query q = {.n = 0};

    (void)state;
    assert_ok(add(&q, "n%61me", "a%20b%2541%C3%A9"));
    assert_str(query_get(&q, "name"), STR("a b%41é"));
    assert_null(query_get(&q, "other").p);
}

static const struct reject {
    const char *why;
    const char *value;
} rejects[] = {
    {"a NUL", "%00"},     {"half an escape", "%4"}, {"a lone percent sign", "100%"},
    {"no hex", "%zz"},    {"a line feed", "a%0Ab"}, {"DEL", "%7f"},
    {"not UTF-8", "%ff"}, {"overlong", "%c0%af"},   {"an escape sequence", "%1b[2J"},
};

static void E5_query_refuses(void **state)
{
    const struct reject *row = *state;
    struct query q = {.n = 0};

    assert_err(add(&q, "name", row->value), KW_EINVAL);
    assert_null(query_get(&q, "name").p);
}

static void query_refuses_a_parameter_twice(void **state)
{
    struct query q = {.n = 0};

    (void)state;
    assert_ok(add(&q, "limit", "1"));
    assert_err(add(&q, "limit", "1"), KW_EINVAL);
    assert_err(add(&q, "%6cimit", "1"), KW_EINVAL);
}

static void query_refuses_too_much(void **state)
{
    static char big[QUERY_BYTES_MAX];
    struct query q = {.n = 0};
    char name[2] = "a";

    (void)state;
    memset(big, 'x', sizeof big - 1);
    assert_err(add(&q, "name", big), KW_EINVAL);
    struct query many = {.n = 0};
    for (size_t i = 0; i < QUERY_PARAMETERS_MAX; i++, name[0]++)
        assert_ok(add(&many, name, "1"));
    assert_err(add(&many, name, "1"), KW_EINVAL);
}

static void query_names_the_unknown_parameter(void **state)
{
    static const char *const known[] = {"limit", NULL};
    struct query q = {.n = 0};
    struct problem p = {0};

    (void)state;
    assert_ok(add(&q, "limit", "1"));
    assert_ok(query_only(&q, known, &p));
    assert_ok(add(&q, "limits", "1"));
    assert_err(query_only(&q, known, &p), KW_EINVAL);
    assert_non_null(strstr(p.message, "limits"));
}

/* Cut where it may be, the answer would be no text: nothing could be answered at all. */
static void query_names_whole_characters(void **state)
{
    static const char *const known[] = {NULL};
    struct query q = {.n = 0};
    struct problem p = {0};

    (void)state;
    assert_ok(add(&q, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa%C3%A9", "1"));
    assert_err(query_only(&q, known, &p), KW_EINVAL);
    assert_true(utf8_valid(str_from(p.message)));
}

int main(void)
{
    SUITE_TEST(query_decodes_once);
    SUITE_ROWS(E5_query_refuses, rejects);
    SUITE_TEST(query_refuses_a_parameter_twice);
    SUITE_TEST(query_refuses_too_much);
    SUITE_TEST(query_names_the_unknown_parameter);
    SUITE_TEST(query_names_whole_characters);
    return suite_run("server/query");
}
