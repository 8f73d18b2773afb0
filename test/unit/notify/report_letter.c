/* report_letter.c - the letter about a week names the keys that could do with less, in both of its forms. */
#include "notify/report_letter.h"

#include <string.h>

#include "suite.h"

static struct letter letter_of(int64_t advised, size_t n_named)
{
    static const struct report_advised named[] = {
        {"7Q2mK4T9xJ1aBd", 1U << ADVICE_PERMISSIONS | 1U << ADVICE_EXPIRY},
        {"8Q2mK4T9xJ1aBd", 1U << ADVICE_UNUSED}};
    const struct report_news news = {.account = "acme",
                                     .from_ms = 1,
                                     .to_ms = 2,
                                     .advised = advised,
                                     .looked = 40,
                                     .named = named,
                                     .n_named = n_named,
                                     .url = ""};
    struct letter l = {.to = "anna@acme.example"};

    report_letter(&news, &l);
    return l;
}

static void keys_are_named_with_what_is_advised(void **state)
{
    const struct letter l = letter_of(9, 2);

    (void)state;
    assert_non_null(strstr(l.text, "  with advice      9 of 40 looked at\n"));
    assert_non_null(strstr(l.text, "the first of the keys"));
    assert_non_null(strstr(l.text, "  7Q2mK4T9xJ1aBd   smaller permission, expiry\n"));
    assert_non_null(strstr(l.text, "  8Q2mK4T9xJ1aBd   end, for nobody uses it\n"));
    assert_non_null(strstr(l.html, "8Q2mK4T9xJ1aBd</td><td>end, for nobody uses it</td>"));
}

static void where_nothing_is_advised_or_known_nothing_is_named(void **state)
{
    const struct letter none = letter_of(0, 0), unknown = letter_of(-1, 0);

    (void)state;
    assert_non_null(strstr(none.text, "with advice      0 of 40"));
    assert_null(strstr(none.text, "Advice for"));
    assert_null(strstr(unknown.text, "dvice"));
    assert_null(strstr(unknown.html, "dvice"));
}

int main(void)
{
    SUITE_TEST(keys_are_named_with_what_is_advised);
    SUITE_TEST(where_nothing_is_advised_or_known_nothing_is_named);
    return suite_run("notify/report_letter");
}
