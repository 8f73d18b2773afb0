/* half_login.c - a ticket is good for five minutes, five codes and one log-in. */
#include "server/half_login.h"

#include "suite.h"

static const int64_t start = 1700000000000;

static struct half_logins *fresh(void)
{
    struct half_logins *t;

    assert_ok(half_logins_new(&t));
    return t;
}

static struct str begin(struct half_logins *t, uint32_t slot, int64_t now_ms,
                        char ticket[TICKET_LEN + 1])
{
    assert_ok(half_login_begin(t, (struct half_login){slot, 7}, now_ms, ticket));
    return (struct str){ticket, TICKET_LEN};
}

static enum kw_err try_it(struct half_logins *t, struct str ticket, int64_t now_ms)
{
    struct half_login who = {0};

    return half_login_try(t, ticket, now_ms, &who);
}

static void a_ticket_tells_whose_it_is_and_ends_once(void **state)
{
    AUTO(half_logins_freep) struct half_logins *t = fresh();
    char text[TICKET_LEN + 1];
    struct str ticket = begin(t, 3, start, text);
    struct half_login who = {0};

    (void)state;
    assert_ok(half_login_try(t, ticket, start, &who));
    assert_true(who.member_slot == 3 && who.epoch == 7);
    assert_true(half_login_end(t, ticket));
    assert_false(half_login_end(t, ticket));
    assert_err(try_it(t, ticket, start), KW_ENOTFOUND);
}

static void F11_five_wrong_codes_end_it(void **state)
{
    AUTO(half_logins_freep) struct half_logins *t = fresh();
    char text[TICKET_LEN + 1];
    struct str ticket = begin(t, 3, start, text);

    (void)state;
    for (int i = 0; i < TICKET_CODES; i++)
        assert_ok(try_it(t, ticket, start));
    for (int i = 0; i < 100; i++)
        assert_err(try_it(t, ticket, start), KW_ENOTFOUND);
}

static void a_ticket_is_over_after_five_minutes(void **state)
{
    AUTO(half_logins_freep) struct half_logins *t = fresh();
    char text[TICKET_LEN + 1];
    struct str ticket = begin(t, 3, start, text);

    (void)state;
    assert_ok(try_it(t, ticket, start + TICKET_MS - 1));
    assert_err(try_it(t, ticket, start + TICKET_MS), KW_ENOTFOUND);
}

static void what_is_no_ticket_is_not_found(void **state)
{
    AUTO(half_logins_freep) struct half_logins *t = fresh();
    char text[TICKET_LEN + 1];
    struct str ticket = begin(t, 3, start, text);

    (void)state;
    assert_err(try_it(t, (struct str){NULL, 0}, start), KW_ENOTFOUND);
    assert_err(try_it(t, (struct str){text, TICKET_LEN - 1}, start), KW_ENOTFOUND);
    text[5] = text[5] == 'x' ? 'y' : 'x';
    assert_err(try_it(t, ticket, start), KW_ENOTFOUND);
    assert_false(half_login_end(t, ticket));
}

static void a_member_has_four_and_the_oldest_gives_way(void **state)
{
    AUTO(half_logins_freep) struct half_logins *t = fresh();
    char text[5][TICKET_LEN + 1], other[TICKET_LEN + 1];
    struct str of_another = begin(t, 4, start, other);

    (void)state;
    for (int i = 0; i < 5; i++)
        begin(t, 3, start, text[i]);
    assert_err(try_it(t, str_from(text[0]), start), KW_ENOTFOUND);
    for (int i = 1; i < 5; i++)
        assert_ok(try_it(t, str_from(text[i]), start));
    assert_ok(try_it(t, of_another, start));
    half_login_end_member(t, 3);
    assert_err(try_it(t, str_from(text[4]), start), KW_ENOTFOUND);
    assert_ok(try_it(t, of_another, start));
}

static void there_are_1024_and_the_oldest_gives_way(void **state)
{
    AUTO(half_logins_freep) struct half_logins *t = fresh();
    char first[TICKET_LEN + 1], second[TICKET_LEN + 1], text[TICKET_LEN + 1];

    (void)state;
    begin(t, 1, start, first);
    begin(t, 2, start, second);
    for (uint32_t i = 3; i <= 1025; i++)
        begin(t, i, start, text);
    assert_err(try_it(t, str_from(first), start), KW_ENOTFOUND);
    assert_ok(try_it(t, str_from(second), start));
    assert_ok(try_it(t, str_from(text), start));
}

int main(void)
{
    SUITE_TEST(a_ticket_tells_whose_it_is_and_ends_once);
    SUITE_TEST(F11_five_wrong_codes_end_it);
    SUITE_TEST(a_ticket_is_over_after_five_minutes);
    SUITE_TEST(what_is_no_ticket_is_not_found);
    SUITE_TEST(a_member_has_four_and_the_oldest_gives_way);
    SUITE_TEST(there_are_1024_and_the_oldest_gives_way);
    return suite_run("server/half_login");
}
