/* change.c - changes: saved whole or not at all, and never over somebody else's. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/permission.h"
#include "store/room.h"
#include "suite.h"

static const char id_1[] = "1Q2mK4T9xJ1aBd", id_2[] = "2Q2mK4T9xJ1aBd";

static void a_key_is_found_as_it_was_put(void **state)
{
    struct room r;
    struct grant back;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    room_account(s, "acme");
    struct grant g = room_grant(id_1);
    g.overdue = OVERDUE_EXPIRE;
    g.permissions = PERMISSION_ALL;
    memset(g.old_digest, 7, sizeof g.old_digest);
    g.old_ends_ms = 1750000000000;
    g.n_rules = 2;
    assert_ok(address_rule_parse(STR("10.8.0.0/16=transact,manage"), &g.rules[0]));
    assert_ok(address_rule_parse(STR("2001:db8::/32"), &g.rules[1]));
    room_change(s, &g);
    assert_int_equal(g.slot, 1);
    assert_int_equal(g.version, 1);
    assert_int_equal(g.account_slot, 1);
    store_close(s);
    s = room_open(&r);
    assert_ok(store_key(s, str_from(id_1), NULL, &back));
    assert_memory_equal(&g, &back, sizeof g);
    store_close(s);
    room_clear(&r);
}

static void an_account_is_found_as_it_was_put(void **state)
{
    struct room r;
    struct account back;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    struct account a = room_account(s, "acme");
    a.state = ACCOUNT_SUSPENDED;
    a.n_rules = 1;
    assert_ok(address_rule_parse(STR("192.0.2.7"), &a.rules[0]));
    assert_ok(store_begin(s, STR("uid:0"), 3000));
    assert_ok(store_put_account(s, &a));
    assert_ok(store_commit(s));
    assert_int_equal(a.version, 2);
    assert_ok(store_account(s, STR("acme"), &back));
    assert_memory_equal(&a, &back, sizeof a);
    assert_err(store_account(s, STR("acm"), &back), KW_ENOTFOUND);
    store_close(s);
    room_clear(&r);
}

static void a_key_of_another_account_is_not_found(void **state)
{
    struct room r;
    struct grant back = {.slot = 99};

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    room_key(s, id_1);
    assert_ok(store_key(s, str_from(id_1), "acme", &back));
    back.slot = 99;
    assert_err(store_key(s, str_from(id_1), "other", &back), KW_ENOTFOUND);
    assert_err(store_key(s, str_from(id_2), NULL, &back), KW_ENOTFOUND);
    assert_int_equal(back.slot, 99);
    store_close(s);
    room_clear(&r);
}

static void an_id_is_taken_once(void **state)
{
    struct room r;
    struct grant again = room_grant(id_1);

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    room_key(s, id_1);
    assert_ok(store_begin(s, STR("uid:0"), 2000));
    assert_err(store_put_key(s, &again), KW_EEXISTS);
    assert_int_equal(again.slot, 0);
    assert_err(store_commit(s), KW_EINVAL); /* the change has ended */
    assert_int_equal(store_change_seq(s), 2);
    store_close(s);
    room_clear(&r);
}

static void a_key_needs_its_account(void **state)
{
    struct room r;
    struct grant g = room_grant(id_1);

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_ok(store_begin(s, STR("uid:0"), 2000));
    assert_err(store_put_key(s, &g), KW_ENOTFOUND);
    assert_err(store_key(s, str_from(id_1), NULL, &g), KW_ENOTFOUND);
    store_close(s);
    room_clear(&r);
}

static void a_change_of_an_older_version_is_a_conflict(void **state)
{
    struct room r;
    struct grant back;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    struct grant mine = room_key(s, id_1), yours = mine;
    yours.state = KEY_REVOKED;
    room_change(s, &yours);
    assert_ok(store_begin(s, STR("uid:0"), 2000));
    assert_err(store_put_key(s, &mine), KW_ECONFLICT);
    assert_int_equal(mine.version, 1);
    assert_ok(store_key(s, str_from(id_1), NULL, &back));
    assert_int_equal(back.state, KEY_REVOKED);
    mine.slot = 77; /* there is none of that number */
    assert_ok(store_begin(s, STR("uid:0"), 2000));
    assert_err(store_put_key(s, &mine), KW_ECONFLICT);
    store_close(s);
    room_clear(&r);
}

static void id_and_account_of_a_key_never_change(void **state)
{
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    struct grant g = room_key(s, id_1), other = g;
    room_account(s, "other");
    memcpy(other.id, id_2, sizeof id_2);
    assert_ok(store_begin(s, STR("uid:0"), 2000));
    assert_err(store_put_key(s, &other), KW_EINVAL);
    other = g;
    memcpy(other.account, "other", sizeof "other");
    assert_ok(store_begin(s, STR("uid:0"), 2000));
    assert_err(store_put_key(s, &other), KW_EINVAL);
    store_close(s);
    room_clear(&r);
}

static void a_rollback_leaves_nothing(void **state)
{
    struct room r;
    struct grant g = room_grant(id_2), back;
    struct store_counts counts;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    struct grant first = room_key(s, id_1);
    assert_ok(store_begin(s, STR("uid:0"), 2000));
    first.state = KEY_REVOKED;
    assert_ok(store_put_key(s, &first));
    assert_ok(store_put_key(s, &g));
    store_rollback(s);
    store_rollback(s); /* harmless */
    assert_err(store_key(s, str_from(id_2), NULL, &back), KW_ENOTFOUND);
    assert_ok(store_key(s, str_from(id_1), NULL, &back));
    assert_int_equal(back.state, KEY_ACTIVE);
    assert_int_equal(store_change_seq(s), 2);
    assert_ok(store_counts(s, &counts));
    assert_int_equal(counts.keys, 1);
    struct grant next = room_grant(id_2); /* slot and number are free again */
    room_change(s, &next);
    assert_int_equal(next.slot, 2);
    assert_int_equal(store_change_seq(s), 3);
    store_close(s);
    room_clear(&r);
}

/* One change, several puts: all or none. */
static void a_put_that_fails_takes_the_whole_change_with_it(void **state)
{
    struct room r;
    struct grant g = room_grant(id_2), same = room_grant(id_1), back;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    room_key(s, id_1);
    assert_ok(store_begin(s, STR("uid:0"), 2000));
    assert_ok(store_put_key(s, &g));
    assert_err(store_put_key(s, &same), KW_EEXISTS);
    g = room_grant("3Q2mK4T9xJ1aBd");
    assert_err(store_put_key(s, &g), KW_EINVAL); /* not outside of a change */
    assert_err(store_commit(s), KW_EINVAL);
    assert_err(store_key(s, str_from(id_2), NULL, &back), KW_ENOTFOUND);
    store_close(s);
    room_clear(&r);
}

static void nothing_is_put_outside_of_a_change(void **state)
{
    struct room r;
    struct grant g = room_grant(id_1);
    struct account a = {.id = "acme", .name = "Acme"};
    uint32_t version;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_err(store_put_account(s, &a), KW_EINVAL);
    assert_err(store_put_key(s, &g), KW_EINVAL);
    assert_err(store_put_policy(s, STR("{}"), &version), KW_EINVAL);
    assert_err(store_commit(s), KW_EINVAL);
    assert_ok(store_begin(s, STR("uid:0"), 1));
    assert_err(store_begin(s, STR("uid:0"), 1), KW_EINVAL); /* one at a time */
    store_close(s);                                         /* an open change is undone */
    s = room_open(&r);
    assert_int_equal(store_change_seq(s), 0);
    store_close(s);
    room_clear(&r);
}

static const struct actor {
    const char *why;
    struct str actor;
    enum kw_err want;
} actors[] = {
    {"nobody", {NULL, 0}, KW_EINVAL},
    {"a line break", {"uid:0\nuid:1", 11}, KW_EINVAL},
    {"not UTF-8", {"\xff", 1}, KW_EINVAL},
    {"101 bytes",
     {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      "aaaaaaaaa",
      101},
     KW_ERANGE},
};

static void a_change_names_its_actor(void **state)
{
    const struct actor *row = *state;
    struct room r;

    room_make(&r);
    struct store *s = room_open(&r);
    assert_err(store_begin(s, row->actor, 1), row->want);
    assert_ok(store_begin(s, STR("uid:0"), 1)); /* none is open */
    store_close(s);
    room_clear(&r);
}

static void bad_names(struct grant *g)
{
    memcpy(g->name, "a\nb", 4);
}
static void bad_id(struct grant *g)
{
    g->id[3] = '_';
}
static void bad_account(struct grant *g)
{
    memcpy(g->account, "ACME", 5);
}
static void bad_maker(struct grant *g)
{
    memcpy(g->created_by, "\x1b", 2);
}
static void no_permissions(struct grant *g)
{
    g->permissions = 0;
}

static const struct bad {
    const char *why;
    void (*make)(struct grant *g);
} bad[] = {
    {"a line break in the name", bad_names},  {"an id that is none", bad_id},
    {"an account that is none", bad_account}, {"an escape in the maker", bad_maker},
    {"no permission", no_permissions},
};

static void C6_what_cannot_be_a_key_is_not_stored(void **state)
{
    const struct bad *row = *state;
    struct room r;
    struct grant g = room_grant(id_1);

    room_make(&r);
    struct store *s = room_open(&r);
    room_account(s, "acme");
    row->make(&g);
    assert_ok(store_begin(s, STR("uid:0"), 1));
    assert_err(store_put_key(s, &g), KW_EINVAL);
    assert_int_equal(store_change_seq(s), 1);
    store_close(s);
    room_clear(&r);
}

/* Head can not be written where a folder has taken its place. */
static void a_change_without_head_is_in_force_and_says_unsaved(void **state)
{
    struct room r;
    struct grant g = room_grant(id_1), back;
    char in_the_way[PATH_MAX + 16];

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    room_account(s, "acme");
    snprintf(in_the_way, sizeof in_the_way, "%s.new", r.head);
    assert_int_equal(mkdir(in_the_way, 0700), 0);
    assert_ok(store_begin(s, STR("uid:0"), 1));
    assert_ok(store_put_key(s, &g));
    assert_err(store_commit(s), KW_EUNSAVED);
    assert_ok(store_key(s, str_from(id_1), NULL, &back));
    assert_int_equal(store_change_seq(s), 2);
    assert_true(store_save_head(s) != KW_OK);
    assert_int_equal(rmdir(in_the_way), 0);
    assert_ok(store_save_head(s));
    store_close(s);
    store_close(room_open(&r));
    room_clear(&r);
}

static void a_row_changed_behind_our_back_is_not_written_over(void **state)
{
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    struct grant g = room_key(s, id_1);
    room_sql(&r, "UPDATE keys SET permissions = 'full_access'", 1);
    g.state = KEY_REVOKED;
    assert_ok(store_begin(s, STR("uid:0"), 1));
    assert_err(store_put_key(s, &g), KW_EDAMAGED);
    assert_err(store_commit(s), KW_EINVAL);
    assert_int_equal(store_change_seq(s), 2);
    store_close(s);
    room_clear(&r);
}

static void a_log_changed_behind_our_back_ends_all_changes(void **state)
{
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    room_key(s, id_1);
    room_sql(&r, "DELETE FROM change_log WHERE n = 2", 1);
    assert_err(store_begin(s, STR("uid:0"), 1), KW_EDAMAGED);
    assert_err(store_commit(s), KW_EINVAL);
    store_close(s);
    room_clear(&r);
}

int main(void)
{
    SUITE_TEST(a_key_is_found_as_it_was_put);
    SUITE_TEST(an_account_is_found_as_it_was_put);
    SUITE_TEST(a_key_of_another_account_is_not_found);
    SUITE_TEST(an_id_is_taken_once);
    SUITE_TEST(a_key_needs_its_account);
    SUITE_TEST(a_change_of_an_older_version_is_a_conflict);
    SUITE_TEST(id_and_account_of_a_key_never_change);
    SUITE_TEST(a_rollback_leaves_nothing);
    SUITE_TEST(a_put_that_fails_takes_the_whole_change_with_it);
    SUITE_TEST(nothing_is_put_outside_of_a_change);
    SUITE_ROWS(a_change_names_its_actor, actors);
    SUITE_ROWS(C6_what_cannot_be_a_key_is_not_stored, bad);
    SUITE_TEST(a_change_without_head_is_in_force_and_says_unsaved);
    SUITE_TEST(a_row_changed_behind_our_back_is_not_written_over);
    SUITE_TEST(a_log_changed_behind_our_back_ends_all_changes);
    return suite_run("store/change");
}
