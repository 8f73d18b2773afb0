/* limit_defaults.c - which limits a new key is given, and the text that they are kept as. */
#include "core/limit_defaults.h"

#include "suite.h"

static const char some[] = "all rate 600/min\nall quota none\naccount_management rate "
                           "30/min\ntransactions quota 50000/month\nfull_access rate none\n";

static struct limit_defaults of(const char *text)
{
    struct limit_defaults d;

    assert_ok(limit_defaults_read(str_from(text), &d));
    return d;
}

static const struct picked {
    const char *why;
    const char *defaults;
    unsigned permissions;
    const char *rate, *quota;
} picked[] = {
    {"without defaults", "", KW_READ_ONLY, "7/s:2", "9/day"},
    {"of all", some, KW_READ_ONLY, "600/min", "none"},
    {"of the permission, and of all the rest", some, KW_ACCOUNT_MANAGEMENT, "30/min", "none"},
    {"of the stronger permission", some, KW_ACCOUNT_MANAGEMENT | KW_TRANSACTIONS, "600/min",
     "50000/month"},
    {"no limit is a limit that is given", some, KW_FULL_ACCESS | KW_READ_ONLY, "none", "none"},
    {"only one of them", "read_only rate 1/day\n", KW_READ_ONLY, "1/day", "9/day"},
};

static void a_new_key_is_given(void **state)
{
    const struct picked *row = *state;
    struct limit_defaults d = of(row->defaults);
    struct quota quota;
    struct rate rate;
    char text[48];

    assert_ok(rate_parse(STR("7/s:2"), &rate));
    assert_ok(quota_parse(STR("9/day"), &quota));
    limit_defaults_pick(&d, row->permissions, &rate, &quota);
    assert_str(((struct str){text, rate_print(&rate, text)}), str_from(row->rate));
    assert_str(((struct str){text, quota_print(&quota, text)}), str_from(row->quota));
}

static void the_text_comes_back_as_it_was(void **state)
{
    char text[LIMIT_DEFAULTS_TEXT_MAX];
    struct limit_defaults d = of(some);

    (void)state;
    assert_str(((struct str){text, limit_defaults_print(&d, text)}), str_from(some));
    assert_true(limit_defaults_ok(&d));
    assert_false(limit_defaults_empty(&d));
    d = of("");
    assert_true(limit_defaults_empty(&d));
    assert_int_equal(limit_defaults_print(&d, text), 0);
}

/* The longest there is fits. */
static void the_longest_text_fits(void **state)
{
    char text[LIMIT_DEFAULTS_TEXT_MAX];
    struct limit_defaults d;

    (void)state;
    for (size_t i = 0; i < N_LIMIT_DEFAULTS; i++)
        d.of[i] =
            (struct limit_default){true, true, {1000000, 3600, 999999}, {UINT32_MAX, QUOTA_MONTH}};
    size_t n = limit_defaults_print(&d, text);
    assert_true(n < sizeof text);
    assert_ok(limit_defaults_read((struct str){text, n}, &d));
}

static const struct reject {
    const char *why;
    const char *text;
} rejects[] = {
    {"no line end", "all rate 600/min"},
    {"no such permission", "none rate 600/min\n"},
    {"no such limit", "all burst 600/min\n"},
    {"no value", "all rate\n"},
    {"twice", "all rate 1/s\nall rate 1/s\n"},
    {"in another order", "full_access rate 1/s\nall rate 1/s\n"},
    {"not as it is written", "all rate 600/min:60\n"},
    {"an empty line", "\n"},
};

static void limit_defaults_read_rejects(void **state)
{
    const struct reject *row = *state;
    struct limit_defaults d;

    assert_err(limit_defaults_read(str_from(row->text), &d), KW_ESYNTAX);
}

static const struct limit_defaults wrong[] = {
    {.of[0] = {.rate = {1, 1, 1}}},
    {.of[0] = {.has_rate = true, .rate = {1, 2, 1}}},
    {.of[0] = {.has_rate = true, .rate = {1, 1, 0}}},
    {.of[4] = {.has_quota = true, .quota = {0, QUOTA_DAY}}},
    {.of[4] = {.quota = {5, QUOTA_DAY}}},
};

static void what_no_text_says_is_not_ok(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(limit_defaults_ok(&wrong[i]));
}

int main(void)
{
    SUITE_ROWS(a_new_key_is_given, picked);
    SUITE_TEST(the_text_comes_back_as_it_was);
    SUITE_TEST(the_longest_text_fits);
    SUITE_ROWS(limit_defaults_read_rejects, rejects);
    SUITE_TEST(what_no_text_says_is_not_ok);
    return suite_run("core/limit_defaults");
}
