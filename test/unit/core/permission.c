/* permission.c - which permission opens what: the table of the documentation, cell by cell. */
#include "core/permission.h"

#include "suite.h"

static const struct cell {
    const char *why;
    unsigned set;
    bool unlisted, read, transact, manage;
} cells[] = {
    {"none", 0, false, false, false, false},
    {"read only", KW_READ_ONLY, false, true, false, false},
    {"transactions", KW_TRANSACTIONS, false, true, true, false},
    {"account management", KW_ACCOUNT_MANAGEMENT, false, true, false, true},
    {"full access", KW_FULL_ACCESS, true, true, true, true},
    {"two", KW_TRANSACTIONS | KW_ACCOUNT_MANAGEMENT, false, true, true, true},
    {"three", KW_READ_ONLY | KW_TRANSACTIONS | KW_ACCOUNT_MANAGEMENT, false, true, true, true},
    {"all", PERMISSION_ALL, true, true, true, true},
    {"a bit that is none", 16, false, false, false, false},
    {"all bits that are none", ~(unsigned)PERMISSION_ALL, false, false, false, false},
};

static void permission_opens_what_the_table_says(void **state)
{
    const struct cell *row = *state;

    assert_int_equal(permission_opens(row->set, KW_CLASS_UNLISTED), row->unlisted);
    assert_int_equal(permission_opens(row->set, KW_CLASS_READ), row->read);
    assert_int_equal(permission_opens(row->set, KW_CLASS_TRANSACT), row->transact);
    assert_int_equal(permission_opens(row->set, KW_CLASS_MANAGE), row->manage);
    assert_true(permission_opens(row->set, KW_CLASS_PUBLIC));
    assert_false(permission_opens(row->set, KW_CLASS_DENY));
}

static void a_larger_set_opens_no_less(void **state)
{
    (void)state;
    for (unsigned set = 0; set < 16; set++)
        for (unsigned more = 0; more < 16; more++)
            for (enum kw_class c = KW_CLASS_UNLISTED; c <= KW_CLASS_DENY; c++)
                if (permission_opens(set, c))
                    assert_true(permission_opens(set | more, c));
}

static void permission_opens_no_class_that_is_none(void **state)
{
    volatile unsigned none = 77; /* from a damaged record */

    (void)state;
    assert_false(permission_opens(PERMISSION_ALL, (enum kw_class)none));
}

static void names_are_read_as_they_are_written(void **state)
{
    static const enum kw_permission all[] = {KW_READ_ONLY, KW_TRANSACTIONS, KW_ACCOUNT_MANAGEMENT,
                                             KW_FULL_ACCESS};
    char text[KW_PERMISSIONS_MAX];
    enum kw_permission permission;
    enum kw_environment environment;
    enum kw_class c;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        kw_permissions_text(all[i], text);
        assert_ok(permission_parse(str_from(text), &permission));
        assert_int_equal(permission, all[i]);
    }
    for (enum kw_environment e = KW_SANDBOX; e <= KW_PRODUCTION; e++) {
        assert_ok(environment_parse(str_from(kw_environment_name(e)), &environment));
        assert_int_equal(environment, e);
    }
    for (enum kw_class k = KW_CLASS_READ; k <= KW_CLASS_DENY; k++) {
        assert_ok(class_parse(str_from(class_name(k)), &c));
        assert_int_equal(c, k);
    }
}

static const struct reject {
    const char *why;
    struct str name;
} rejects[] = {
    {"empty", STR_INIT("")},          {"nothing", {NULL, 0}},
    {"upper case", STR_INIT("READ")}, {"a part", STR_INIT("rea")},
    {"more", STR_INIT("reads")},      {"a space", STR_INIT("read ")},
    {"NUL", STR_INIT("read\0")},      {"unlisted", STR_INIT("unlisted")},
    {"live", STR_INIT("live")},       {"two", STR_INIT("read,manage")},
    {"all", STR_INIT("*")},           {"Read Only", STR_INIT("Read Only")},
};

static void names_that_are_none_are_refused(void **state)
{
    const struct reject *row = *state;
    enum kw_permission permission = KW_READ_ONLY;
    enum kw_environment environment = KW_SANDBOX;
    enum kw_class c = KW_CLASS_DENY;

    assert_err(permission_parse(row->name, &permission), KW_ESYNTAX);
    assert_err(environment_parse(row->name, &environment), KW_ESYNTAX);
    assert_err(class_parse(row->name, &c), KW_ESYNTAX);
    assert_int_equal(permission, KW_READ_ONLY);
    assert_int_equal(environment, KW_SANDBOX);
    assert_int_equal(c, KW_CLASS_DENY);
}

static void kw_permissions_text_fits_its_buffer(void **state)
{
    char text[KW_PERMISSIONS_MAX];

    (void)state;
    for (unsigned set = 0; set < 32; set++) {
        size_t n = kw_permissions_text(set, text);
        assert_int_equal(n, strlen(text));
    }
    assert_int_equal(kw_permissions_text(0, text), 0);
    kw_permissions_text(PERMISSION_ALL, text);
    assert_string_equal(text, "read_only,transactions,account_management,full_access");
    kw_permissions_text(KW_READ_ONLY | KW_TRANSACTIONS, text);
    assert_string_equal(text, "read_only,transactions");
}

/* It is the value of a header. */
static void C6_kw_permissions_text_is_letters_and_commas(void **state)
{
    char text[KW_PERMISSIONS_MAX];

    (void)state;
    for (unsigned bit = 0; bit < 32; bit++) {
        size_t n = kw_permissions_text(UINT32_C(1) << bit | PERMISSION_ALL, text);
        assert_true(str_only((struct str){text, n}, "abcdefghijklmnopqrstuvwxyz_,"));
    }
}

static void titles_name_the_least_permission(void **state)
{
    (void)state;
    assert_string_equal(class_permission_title(KW_CLASS_READ), "Read Only");
    assert_string_equal(class_permission_title(KW_CLASS_TRANSACT), "Transactions");
    assert_string_equal(class_permission_title(KW_CLASS_MANAGE), "Account Management");
    assert_string_equal(class_permission_title(KW_CLASS_UNLISTED), "Full Access");
}

static void a_set_covers_what_opens_nothing_more(void **state)
{
    (void)state;
    assert_true(permission_covers(KW_TRANSACTIONS, KW_READ_ONLY));
    assert_true(permission_covers(KW_TRANSACTIONS, KW_READ_ONLY | KW_TRANSACTIONS));
    assert_true(permission_covers(KW_READ_ONLY, 0));
    assert_true(permission_covers(KW_FULL_ACCESS, PERMISSION_ALL));
    assert_false(permission_covers(KW_TRANSACTIONS, KW_ACCOUNT_MANAGEMENT));
    assert_false(permission_covers(KW_TRANSACTIONS | KW_ACCOUNT_MANAGEMENT, KW_FULL_ACCESS));
    assert_false(permission_covers(0, KW_READ_ONLY));
}

int main(void)
{
    SUITE_TEST(a_set_covers_what_opens_nothing_more);
    SUITE_ROWS(permission_opens_what_the_table_says, cells);
    SUITE_TEST(a_larger_set_opens_no_less);
    SUITE_TEST(permission_opens_no_class_that_is_none);
    SUITE_TEST(names_are_read_as_they_are_written);
    SUITE_ROWS(names_that_are_none_are_refused, rejects);
    SUITE_TEST(kw_permissions_text_fits_its_buffer);
    SUITE_TEST(C6_kw_permissions_text_is_letters_and_commas);
    SUITE_TEST(titles_name_the_least_permission);
    return suite_run("core/permission");
}
