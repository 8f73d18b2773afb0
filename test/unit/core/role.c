/* role.c - which role has which scope. */
#include "core/role.h"
#include "suite.h"

static void each_role_may_do_what_the_one_before_may(void **state)
{
    (void)state;
    assert_int_equal(role_scopes(ROLE_NONE, false), 0);
    for (unsigned role = ROLE_VIEWER; role < ROLE_OWNER; role++) {
        unsigned less = role_scopes((enum role)role, false);
        assert_int_equal(role_scopes((enum role)(role + 1), false) & less, less);
    }
}

static void an_operator_may_do_everything_and_nobody_else(void **state)
{
    (void)state;
    assert_int_equal(role_scopes(ROLE_NONE, true), SCOPES_ALL);
    assert_int_not_equal(role_scopes(ROLE_OWNER, false), SCOPES_ALL);
    assert_int_equal(role_scopes(ROLE_OWNER, false) &
                         (SCOPE_POLICY_WRITE | SCOPE_ACCOUNTS_WRITE | SCOPE_OPERATE),
                     0);
}

static void production_keys_need_an_admin(void **state)
{
    (void)state;
    assert_int_equal(role_scopes(ROLE_DEVELOPER, false) & SCOPE_KEYS_PRODUCTION, 0);
    assert_int_equal(role_scopes(ROLE_ADMIN, false) & SCOPE_KEYS_PRODUCTION, SCOPE_KEYS_PRODUCTION);
}

static void names_are_read_back(void **state)
{
    enum role role;

    (void)state;
    for (unsigned i = ROLE_VIEWER; i <= ROLE_OWNER; i++) {
        assert_int_equal(role_parse(str_from(role_name((enum role)i)), &role), KW_OK);
        assert_int_equal(role, i);
    }
    assert_int_equal(role_parse(STR("none"), &role), KW_ESYNTAX);
    assert_int_equal(role_parse(STR("Owner"), &role), KW_ESYNTAX);
}

static void every_set_is_read_back(void **state)
{
    char text[SCOPES_TEXT_MAX];
    unsigned set;

    (void)state;
    for (unsigned i = 0; i <= SCOPES_ALL; i++) {
        assert_int_equal(scopes_parse(scopes_print(i, text), &set), KW_OK);
        assert_int_equal(set, i);
    }
}

static void sets_are_refused(void **state)
{
    static const char *const texts[] = {",",
                                        "keys:read,",
                                        ",keys:read",
                                        "keys:read,keys:read",
                                        "keys:write,keys:read",
                                        "keys:read keys:write",
                                        "KEYS:READ",
                                        "keys",
                                        "everything"};
    unsigned set = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_int_equal(scopes_parse(str_from(texts[i]), &set), KW_ESYNTAX);
    assert_int_equal(set, 0);
}

int main(void)
{
    SUITE_TEST(each_role_may_do_what_the_one_before_may);
    SUITE_TEST(an_operator_may_do_everything_and_nobody_else);
    SUITE_TEST(production_keys_need_an_admin);
    SUITE_TEST(names_are_read_back);
    SUITE_TEST(every_set_is_read_back);
    SUITE_TEST(sets_are_refused);
    return suite_run("core/role");
}
