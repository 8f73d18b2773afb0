/* list.c - keys gone through: filtered, page by page, and counted. */
#include <stdio.h>

#include "core/permission.h"
#include "store/room.h"
#include "suite.h"

/* Key 1 at 100, key 2 at 200, key 3 at 300; a member of key 5's slot, which is nothing to it. */
static void use(struct store *s)
{
    const struct last_use uses[] = {{USE_KEY, 2, 100, ""},
                                    {USE_KEY, 3, 200, "192.0.2.1"},
                                    {USE_KEY, 4, 300, ""},
                                    {USE_MEMBER, 6, 300, ""}};

    assert_ok(store_save_uses(s, uses, COUNT_OF(uses)));
}

#define SINCE_MS     INT64_C(1800000000000)
#define DUE_MS(days) (SINCE_MS + (days)*INT64_C(86400000))

static void furnish(struct room *r)
{
    char id[15];

    room_make(r);
    struct store *s = room_open(r);
    room_account(s, "acme");
    room_account(s, "other");
    for (unsigned i = 0; i < 6; i++) {
        snprintf(id, sizeof id, "%uQ2mK4T9xJ1aBd", i);
        struct grant g = room_grant(id);
        snprintf(g.account, sizeof g.account, "%s", i % 2 == 0 ? "acme" : "other");
        snprintf(g.name, sizeof g.name, "%s %u", i < 3 ? "Nightly%_" : "\xc3\x84rger", i);
        g.environment = i < 4 ? KW_SANDBOX : KW_PRODUCTION;
        g.permissions = i + 1;
        g.rotation_days = i == 1 ? 0 : i; /* and 0 and 3 are revoked */
        g.secret_since_ms = SINCE_MS;
        g.state = i % 3 == 0 ? KEY_REVOKED : KEY_ACTIVE;
        room_change(s, &g);
    }
    use(s);
    store_close(s);
}

static enum kw_err show(void *ctx, const struct grant *g)
{
    buf_printf(ctx, "%c", g->id[0]);
    return KW_OK;
}

#define EVERY .state = -1
#define TEXT(literal)                \
    {                                \
        literal, sizeof(literal) - 1 \
    }

static const struct question {
    const char *why;
    struct store_key_filter filter;
    const char *want;
} questions[] = {
    {"everything", {EVERY}, "012345"},
    {"of an account", {EVERY, .account = TEXT("other")}, "135"},
    {"of an account that is none", {EVERY, .account = TEXT("x")}, ""},
    {"by a part of the name", {EVERY, .name_contains = TEXT("IGHT")}, "012"},
    {"a name's letters are no pattern", {EVERY, .name_contains = TEXT("n%y")}, ""},
    {"a quote is a letter", {EVERY, .name_contains = TEXT("' OR 1 = 1 --")}, ""},
    {"letters of other alphabets as they are", {EVERY, .name_contains = TEXT("\xc3\x84RG")}, "345"},
    {"a search finds names", {EVERY, .looks_like = TEXT("IGHT")}, "012"},
    {"a search finds the beginning of an id",
     {EVERY, .looks_like = TEXT("3q2"), .id_begins = TEXT("3q2")},
     "3"},
    {"an id alone is no search", {EVERY, .id_begins = TEXT("3Q2")}, "012345"},
    {"no id begins with nothing", {EVERY, .looks_like = TEXT("zzz")}, ""},
    {"what is searched is no pattern", {EVERY, .looks_like = TEXT("n%y"), .id_begins = TEXT("n%y")}, ""},
    {"used since then", {EVERY, .used_after_ms = 200}, "23"},
    {"used before then, or never", {EVERY, .used_before_ms = 200}, "0145"},
    {"used in between", {EVERY, .used_after_ms = 100, .used_before_ms = 200}, "1"},
    {"used in an account", {EVERY, .account = TEXT("other"), .used_after_ms = 1}, "13"},
    {"the newest first", {EVERY, .newest_first = true}, "543210"},
    {"the newest page", {EVERY, .newest_first = true, .limit = 2}, "54"},
    {"the newest up to a slot", {EVERY, .newest_first = true, .until_slot = 4, .limit = 2}, "32"},
    {"the newest of a window", {EVERY, .newest_first = true, .after_slot = 1, .until_slot = 3}, "21"},
    {"the newest of an account", {EVERY, .newest_first = true, .account = TEXT("other")}, "531"},
    {"due for rotation by then", {EVERY, .due_before_ms = DUE_MS(4) + 1}, "24"},
    {"due at that very moment is not before it", {EVERY, .due_before_ms = DUE_MS(4)}, "2"},
    {"due in an account", {EVERY, .account = TEXT("other"), .due_before_ms = INT64_MAX}, "5"},
    {"nothing is due before there was anything", {EVERY, .due_before_ms = 1}, ""},
    {"up to a slot", {EVERY, .after_slot = 1, .until_slot = 3}, "12"},
    {"by environment", {EVERY, .environment = KW_PRODUCTION}, "45"},
    {"by one permission", {EVERY, .permissions = KW_TRANSACTIONS}, "125"},
    {"by two permissions", {EVERY, .permissions = KW_TRANSACTIONS | KW_ACCOUNT_MANAGEMENT}, "5"},
    {"by a permission that none has", {EVERY, .permissions = KW_FULL_ACCESS}, ""},
    {"revoked", {.state = KEY_REVOKED}, "03"},
    {"disabled", {.state = KEY_DISABLED}, ""},
    {"the first page", {EVERY, .limit = 2}, "01"},
    {"the second page", {EVERY, .limit = 2, .after_slot = 2}, "23"},
    {"behind the last", {EVERY, .limit = 2, .after_slot = 6}, ""},
    {"a page of an account", {EVERY, .account = TEXT("other"), .after_slot = 2, .limit = 1}, "3"},
    {"all at once",
     {.state = KEY_ACTIVE,
      .account = TEXT("acme"),
      .environment = KW_SANDBOX,
      .permissions = 1,
      .name_contains = TEXT("night")},
     "2"},
};

static void keys_are_found_by(void **state)
{
    const struct question *row = *state;
    struct buf got = BUF_MAX(100);
    struct room r;

    furnish(&r);
    struct store *s = room_open(&r);
    assert_ok(store_keys(s, &row->filter, show, &got));
    assert_str(buf_view(&got), str_from(row->want));
    store_close(s);
    buf_deinit(&got);
    room_clear(&r);
}

static void a_filter_that_cannot_be_is_refused(void **state)
{
    struct store_key_filter f = {.state = KEY_DISABLED + 1};
    struct buf got = BUF_MAX(100);
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_err(store_keys(s, &f, show, &got), KW_EINVAL);
    f = (struct store_key_filter){EVERY, .permissions = PERMISSION_ALL + 1};
    assert_err(store_keys(s, &f, show, &got), KW_EINVAL);
    store_close(s);
    room_clear(&r);
}

static void a_changed_row_ends_the_list(void **state)
{
    struct store_key_filter f = {EVERY};
    struct buf got = BUF_MAX(100);
    struct room r;

    (void)state;
    furnish(&r);
    room_sql(&r, "UPDATE keys SET permissions = 'full_access' WHERE slot = 3", 1);
    struct store *s = room_open(&r);
    assert_err(store_keys(s, &f, show, &got), KW_EDAMAGED);
    assert_str(buf_view(&got), STR("01"));
    store_close(s);
    buf_deinit(&got);
    room_clear(&r);
}

static enum kw_err show_account(void *ctx, const struct account *a)
{
    buf_printf(ctx, "%s ", a->id);
    return KW_OK;
}

static void accounts_are_gone_through(void **state)
{
    struct buf got = BUF_MAX(100);
    struct room r;

    (void)state;
    furnish(&r);
    struct store *s = room_open(&r);
    assert_ok(store_accounts(s, NULL, show_account, &got));
    assert_str(buf_view(&got), STR("acme other "));
    store_close(s);
    buf_deinit(&got);
    room_clear(&r);
}

static void a_changed_account_ends_the_list_or_is_passed_over(void **state)
{
    struct buf got = BUF_MAX(100);
    uint32_t n_damaged = 0;
    struct room r;

    (void)state;
    furnish(&r);
    room_sql(&r, "UPDATE accounts SET name = 'Changed' WHERE id = 'acme'", 1);
    struct store *s = room_open(&r);
    assert_err(store_accounts(s, NULL, show_account, &got), KW_EDAMAGED);
    assert_ok(store_accounts(s, &n_damaged, show_account, &got));
    assert_str(buf_view(&got), STR("other "));
    assert_int_equal(n_damaged, 1);
    store_close(s);
    buf_deinit(&got);
    room_clear(&r);
}

static void what_there_is_is_counted(void **state)
{
    struct store_counts c;
    struct room r;

    (void)state;
    furnish(&r);
    struct store *s = room_open(&r);
    assert_ok(store_counts(s, &c));
    assert_int_equal(c.keys, 6);
    assert_int_equal(c.accounts, 2);
    assert_int_equal(c.max_key_slot, 6);
    assert_int_equal(c.max_account_slot, 2);
    store_close(s);
    room_clear(&r);
    room_make(&r);
    s = room_open(&r);
    assert_ok(store_counts(s, &c));
    assert_int_equal(c.keys + c.accounts + c.max_key_slot + c.max_account_slot, 0);
    store_close(s);
    room_clear(&r);
}

int main(void)
{
    SUITE_ROWS(keys_are_found_by, questions);
    SUITE_TEST(a_filter_that_cannot_be_is_refused);
    SUITE_TEST(a_changed_row_ends_the_list);
    SUITE_TEST(accounts_are_gone_through);
    SUITE_TEST(a_changed_account_ends_the_list_or_is_passed_over);
    SUITE_TEST(what_there_is_is_counted);
    return suite_run("store/list");
}
