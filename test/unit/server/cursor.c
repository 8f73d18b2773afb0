/* cursor.c - a place is sealed for one list and one account, and is told to nobody. */
#include "server/cursor.h"

#include "suite.h"

struct desk {
    struct people people;
    struct server server;
    struct call call;
};

static void desk_make(struct desk *d, const char *account)
{
    const struct secret key = {.b = {1}};

    *d = (struct desk){.server.people = &d->people, .call.server = &d->server};
    memcpy(d->call.caller.account, account, strlen(account));
    assert_ok(box_new(&key, &d->people.cursors));
}

static enum kw_err read_place(struct desk *d, const char *list, const char *text, void *place,
                              size_t n)
{
    d->call.problem = (struct problem){0};
    d->call.query = (struct query){.n = 0};
    assert_ok(query_add(&d->call.query, STR("cursor"), str_from(text), &d->call.problem));
    return cursor_read(&d->call, list, place, n);
}

static void places_of_every_length_come_back(void **state)
{
    char text[CURSOR_TEXT_MAX + 1];
    struct desk d;

    (void)state;
    desk_make(&d, "acme");
    for (size_t n = 1; n <= CURSOR_PLACE_MAX; n++) {
        char place[] = "0123456789abcdef", got[sizeof place] = "";
        assert_ok(cursor_seal(&d.call, "keys", place, n, text));
        assert_int_equal(strlen(text), 2 * (n + BOX_OVERHEAD));
        assert_ok(read_place(&d, "keys", text, got, n));
        assert_memory_equal(got, place, n);
        if (n > 1)
            assert_err(read_place(&d, "keys", text, got, n - 1), KW_EINVAL);
    }
    box_free(d.people.cursors);
}

/* "keys" of "acme" is not "keys acme" of nobody in particular. */
static void another_list_or_account_does_not_read_it(void **state)
{
    static const struct {
        const char *list, *account;
    } others[] = {
        {"keys", ""}, {"keys", "acm"}, {"key", "s acme"}, {"keys acme", ""}, {"members", "acme"}};
    char text[CURSOR_TEXT_MAX + 1];
    uint32_t place = 7;
    struct desk d;

    (void)state;
    desk_make(&d, "acme");
    assert_ok(cursor_seal(&d.call, "keys", &place, sizeof place, text));
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        memset(d.call.caller.account, 0, sizeof d.call.caller.account);
        memcpy(d.call.caller.account, others[i].account, strlen(others[i].account));
        assert_err(read_place(&d, others[i].list, text, &place, sizeof place), KW_EINVAL);
        assert_string_equal(d.call.problem.field, "cursor");
        assert_int_equal(d.call.problem.status, 400);
    }
    box_free(d.people.cursors);
}

static void none_leaves_the_place_as_it_is(void **state)
{
    uint32_t place = 7;
    struct desk d;

    (void)state;
    desk_make(&d, "");
    assert_ok(cursor_read(&d.call, "keys", &place, sizeof place));
    assert_int_equal(place, 7);
    box_free(d.people.cursors);
}

int main(void)
{
    SUITE_TEST(places_of_every_length_come_back);
    SUITE_TEST(another_list_or_account_does_not_read_it);
    SUITE_TEST(none_leaves_the_place_as_it_is);
    return suite_run("server/cursor");
}
