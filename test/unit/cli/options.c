/* options.c - the arguments of a command: what is in its table, and nothing else. */
#include "cli/options.h"

#include <stdio.h>

#include "suite.h"

static const struct option table[] = {
    {"name", "TEXT", false, "a text"},
    {"permission", "NAME", true, "may be repeated"},
    {"expires", "WHEN", false, "a moment"},
    {"json", NULL, false, "a flag"},
    {NULL},
};

enum { ARGS_MAX = 8 };

static enum kw_err parse(const char *const *words, size_t n_operands, struct args *out, char *why)
{
    static char room[ARGS_MAX][64];
    char *argv[ARGS_MAX];
    int n = 0;

    for (; words[n] != NULL; n++) {
        snprintf(room[n], sizeof room[n], "%s", words[n]);
        argv[n] = room[n];
    }
    return options_parse(n, argv, table, n_operands, n_operands, out, why);
}

static void options_come_in_any_order(void **state)
{
    const char *const words[] = {"--json", "ID", "--name", "a name", "--expires=90d", NULL};
    char why[OPTIONS_WHY_MAX];
    struct args a;

    (void)state;
    assert_ok(parse(words, 1, &a, why));
    assert_true(args_has(&a, "json"));
    assert_string_equal(args_value(&a, "name"), "a name");
    assert_string_equal(args_value(&a, "expires"), "90d");
    assert_string_equal(a.operands[0], "ID");
    assert_null(args_value(&a, "permission"));
}

static void options_that_repeat_keep_their_order(void **state)
{
    const char *const words[] = {"--permission", "one", "--json", "--permission=two", NULL};
    char why[OPTIONS_WHY_MAX];
    struct args a;
    size_t at = 0;

    (void)state;
    assert_ok(parse(words, 0, &a, why));
    assert_string_equal(args_next(&a, "permission", &at), "one");
    assert_string_equal(args_next(&a, "permission", &at), "two");
    assert_null(args_next(&a, "permission", &at));
}

static void options_end_at_two_dashes(void **state)
{
    const char *const words[] = {"--", "--json", NULL};
    char why[OPTIONS_WHY_MAX];
    struct args a;

    (void)state;
    assert_ok(parse(words, 1, &a, why));
    assert_false(args_has(&a, "json"));
    assert_string_equal(a.operands[0], "--json");
}

static void options_take_values_that_hold_an_equals_sign(void **state)
{
    const char *const words[] = {"--name=a=b", "--permission", "c=d", NULL};
    char why[OPTIONS_WHY_MAX];
    struct args a;

    (void)state;
    assert_ok(parse(words, 0, &a, why));
    assert_string_equal(args_value(&a, "name"), "a=b");
    assert_string_equal(args_value(&a, "permission"), "c=d");
}

static const struct reject {
    const char *why;
    const char *words[ARGS_MAX];
    size_t n_operands;
    const char *says;
} rejects[] = {
    {"an unknown option, far from all", {"--zzzzzzzzzz"}, 0, "there is no option --zzzzzzzzzz"},
    {"an unknown option, near one", {"--permision", "x"}, 0, "did you mean --permission?"},
    {"a prefix is not the option", {"--na", "x"}, 0, "there is no option --na"},
    {"twice what comes once", {"--name", "a", "--name", "b"}, 0, "--name may be given once"},
    {"a flag with a value", {"--json=yes"}, 0, "--json takes no value"},
    {"a value missing at the end", {"--name"}, 0, "--name needs a value: --name TEXT"},
    {"a value missing before an option", {"--name", "--json"}, 0, "--name needs a value"},
    {"a short option", {"-j"}, 0, "there is no option -j"},
    {"an operand too many", {"a", "b"}, 1, "one argument too many: b"},
    {"an operand missing", {"--json"}, 1, "an argument is missing"},
    {"an empty option", {"--=x"}, 0, "there is no option --"},
};

static void options_parse_rejects(void **state)
{
    const struct reject *row = *state;
    char why[OPTIONS_WHY_MAX] = "";
    struct args a = {.n_operands = 42};

    assert_err(parse(row->words, row->n_operands, &a, why), KW_EINVAL);
    assert_non_null(strstr(why, row->says));
    assert_int_equal(a.n_operands, 42); /* untouched */
}

static void options_nearest_finds_typing_errors_only(void **state)
{
    const char *const list[] = {"keys create", "keys list", "serve", NULL};

    (void)state;
    assert_string_equal(options_nearest("sevre", list), "serve");
    assert_string_equal(options_nearest("keys lst", list), "keys list");
    assert_null(options_nearest("format", list));
    assert_null(options_nearest("", list));
}

int main(void)
{
    SUITE_TEST(options_come_in_any_order);
    SUITE_TEST(options_that_repeat_keep_their_order);
    SUITE_TEST(options_end_at_two_dashes);
    SUITE_TEST(options_take_values_that_hold_an_equals_sign);
    SUITE_ROWS(options_parse_rejects, rejects);
    SUITE_TEST(options_nearest_finds_typing_errors_only);
    return suite_run("cli/options");
}
