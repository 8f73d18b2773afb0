/* newest.c - what the log says and what the rows say, side by side. */
#include "store/newest.h"

#include "suite.h"

static const struct digest seal_1 = {.b = {1}}, seal_2 = {.b = {2}};
static const struct store_counts counts = {
    .max_key_slot = 3, .max_account_slot = 1, .max_member_slot = 2, .max_token_slot = 1};

struct scene {
    struct newest log, rows;
};

static void make(struct scene *s)
{
    *s = (struct scene){0};
    assert_ok(newest_init(&s->log, &counts));
    assert_ok(newest_init(&s->rows, &counts));
}

static void clear(struct scene *s)
{
    newest_deinit(&s->log);
    newest_deinit(&s->rows);
}

static enum kw_err follow(struct scene *s, enum change_kind kind, uint32_t object, uint32_t version)
{
    const struct change c = {.kind = kind, .object = object, .version = version};

    return newest_follow(&s->log, &c, &seal_1);
}

static void versions_count_up_by_one(void **state)
{
    struct scene s;

    (void)state;
    make(&s);
    assert_err(follow(&s, CHANGE_KEY, 2, 2), KW_EDAMAGED);
    assert_ok(follow(&s, CHANGE_KEY, 2, 1));
    assert_err(follow(&s, CHANGE_KEY, 2, 1), KW_EDAMAGED);
    assert_err(follow(&s, CHANGE_KEY, 2, 3), KW_EDAMAGED);
    assert_ok(follow(&s, CHANGE_KEY, 2, 2));
    assert_ok(follow(&s, CHANGE_POLICY, 0, 1));
    assert_ok(follow(&s, CHANGE_ACCOUNT, 1, 1));
    clear(&s);
}

static const struct outside {
    const char *why;
    enum change_kind kind;
    uint32_t object;
} outsides[] = {
    {"slot 0", CHANGE_KEY, 0},
    {"the slot behind the last", CHANGE_KEY, 4},
    {"the highest slot there can be", CHANGE_KEY, UINT32_MAX},
    {"a second account", CHANGE_ACCOUNT, 2},
    {"a third member", CHANGE_MEMBER, 3},
    {"a second token", CHANGE_TOKEN, 2},
    {"a policy with a slot", CHANGE_POLICY, 1},
    {"a kind that there is not", (enum change_kind)9, 1},
};

static void a_slot_that_there_is_not_is_damage(void **state)
{
    const struct outside *row = *state;
    struct scene s;

    make(&s);
    assert_err(follow(&s, row->kind, row->object, 1), KW_EDAMAGED);
    assert_err(newest_put(&s.rows, row->kind, row->object, 1, &seal_1), KW_EDAMAGED);
    clear(&s);
}

static void assert_differs(const struct scene *s, enum change_kind kind, uint32_t object)
{
    uint32_t found = 99;

    assert_false(newest_same(&s->log, &s->rows, kind, &found));
    assert_int_equal(found, object);
}

static void the_first_that_differs_is_named(void **state)
{
    struct scene s;
    uint32_t none;

    (void)state;
    make(&s);
    assert_true(newest_same(&s.log, &s.rows, CHANGE_KEY, &none));
    assert_ok(follow(&s, CHANGE_KEY, 2, 1));
    assert_differs(&s, CHANGE_KEY, 2); /* no row */
    assert_ok(newest_put(&s.rows, CHANGE_KEY, 2, 1, &seal_2));
    assert_differs(&s, CHANGE_KEY, 2); /* of another seal */
    assert_ok(newest_put(&s.rows, CHANGE_KEY, 2, 1, &seal_1));
    assert_true(newest_same(&s.log, &s.rows, CHANGE_KEY, &none));
    assert_ok(newest_put(&s.rows, CHANGE_KEY, 3, 1, &seal_1));
    assert_differs(&s, CHANGE_KEY, 3); /* no entry */
    assert_ok(newest_put(&s.rows, CHANGE_POLICY, 0, 1, &seal_1));
    assert_differs(&s, CHANGE_POLICY, 0);
    assert_ok(follow(&s, CHANGE_MEMBER, 2, 1));
    assert_differs(&s, CHANGE_MEMBER, 2);
    assert_ok(newest_put(&s.rows, CHANGE_TOKEN, 1, 1, &seal_1));
    assert_differs(&s, CHANGE_TOKEN, 1);
    assert_true(newest_same(&s.log, &s.rows, CHANGE_ACCOUNT, &none));
    clear(&s);
}

int main(void)
{
    SUITE_TEST(versions_count_up_by_one);
    SUITE_ROWS(a_slot_that_there_is_not_is_damage, outsides);
    SUITE_TEST(the_first_that_differs_is_named);
    return suite_run("store/newest");
}
