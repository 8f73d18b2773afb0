/* link.c - one-time links: open until used, replaced or over, and nobody else's. */
#include "config/link.h"

#include "suite.h"

enum { NOW = 1000000, LIFE = 60000 };

static struct member anna(void)
{
    return (struct member){.id = "7Q2mK4T9xJ1aBd", .state = MEMBER_INVITED};
}

static bool opens(const struct member *m, struct str text, int64_t now_ms)
{
    struct digest digest;
    struct str id;

    assert_ok(link_read(text, &id, &digest));
    assert_str(id, str_from(m->id));
    return link_is_open(m, &digest, now_ms);
}

static void link_is_open_until_it_ends(void **state)
{
    struct member m = anna();
    char text[LINK_TEXT_MAX + 1];

    (void)state;
    assert_ok(link_make(&m, LINK_SETUP, NOW, LIFE, text));
    assert_int_equal(strlen(text), LINK_TEXT_MAX);
    assert_true(opens(&m, str_from(text), NOW));
    assert_true(opens(&m, str_from(text), NOW + LIFE - 1));
    assert_false(opens(&m, str_from(text), NOW + LIFE));
}

static void link_is_void_once_another_took_its_place(void **state)
{
    char first[LINK_TEXT_MAX + 1], second[LINK_TEXT_MAX + 1];
    struct member m = anna();

    (void)state;
    assert_ok(link_make(&m, LINK_INVITATION, NOW, LIFE, first));
    assert_ok(link_make(&m, LINK_INVITATION, NOW, LIFE, second));
    assert_false(opens(&m, str_from(first), NOW));
    assert_true(opens(&m, str_from(second), NOW));
}

static void link_is_void_once_used_and_of_who_was_removed(void **state)
{
    char text[LINK_TEXT_MAX + 1];
    struct member m = anna(), removed;

    (void)state;
    assert_ok(link_make(&m, LINK_RESET, NOW, LIFE, text));
    removed = m;
    removed.state = MEMBER_REMOVED;
    assert_false(opens(&removed, str_from(text), NOW));
    link_close(&m);
    assert_false(opens(&m, str_from(text), NOW));
    assert_int_equal(m.link_ends_ms, 0);
}

static const struct reject {
    const char *why, *text;
} rejects[] = {
    {"nothing", ""},
    {"too short", "7Q2mK4T9xJ1aBd_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
    {"too long", "7Q2mK4T9xJ1aBd_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
    {"an id that is none", "7Q2mK4T9xJ1a-d_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
    {"a shorter id", "7Q2mK4T9xJ1aB_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
    {"no id", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
};

static void link_read_rejects(void **state)
{
    const struct reject *row = *state;
    struct digest digest;
    struct str id;

    assert_err(link_read(str_from(row->text), &id, &digest), KW_ENOTFOUND);
}

int main(void)
{
    SUITE_TEST(link_is_open_until_it_ends);
    SUITE_TEST(link_is_void_once_another_took_its_place);
    SUITE_TEST(link_is_void_once_used_and_of_who_was_removed);
    SUITE_ROWS(link_read_rejects, rejects);
    return suite_run("config/link");
}
