/* page.c - a cursor goes on where its page ended, and with nothing else; whoever reads it learns nothing. */
#include "server/page.h"

#include <stdio.h>

#include "suite.h"

struct desk { /* a caller at a server that has nothing but what pages need */
    struct people people;
    struct server server;
    struct call call;
};

static void desk_make(struct desk *d, const char *account)
{
    const struct secret key = {.b = {1}};

    *d = (struct desk){0};
    assert_ok(box_new(&key, &d->people.cursors));
    d->server.people = &d->people;
    d->call.server = &d->server;
    snprintf(d->call.caller.account, sizeof d->call.caller.account, "%s", account);
}

static void desk_clear(struct desk *d)
{
    json_decref(d->call.answer);
    box_free(d->people.cursors);
}

static void ask(struct desk *d, const char *limit, const char *cursor)
{
    d->call.query = (struct query){.n = 0};
    d->call.problem = (struct problem){0};
    if (limit != NULL)
        assert_ok(query_add(&d->call.query, STR("limit"), str_from(limit), &d->call.problem));
    if (cursor != NULL)
        assert_ok(query_add(&d->call.query, STR("cursor"), str_from(cursor), &d->call.problem));
}

/* A page of one key, in slot 7, with another behind it; returns its cursor. */
static const char *cursor_of(struct desk *d)
{
    AUTO(page_deinit) struct page page = {0};

    ask(d, "1", NULL);
    assert_ok(page_begin(&d->call, "keys", &page));
    assert_ok(page_add(&page, 7, json_integer(1)));
    assert_err(page_add(&page, 8, json_integer(2)), KW_EFULL);
    assert_ok(page_answer(&page));
    assert_int_equal(json_array_size(json_object_get(d->call.answer, "keys")), 1);
    return json_string_value(json_object_get(d->call.answer, "next"));
}

static void a_cursor_goes_on_where_its_page_ended(void **state)
{
    struct desk d;
    struct page page = {0};

    (void)state;
    desk_make(&d, "acme");
    const char *cursor = cursor_of(&d);
    ask(&d, NULL, cursor);
    assert_ok(page_begin(&d.call, "keys", &page));
    assert_int_equal(page.after, 7);
    assert_int_equal(page.limit, PAGE_DEFAULT);
    page_deinit(&page);
    desk_clear(&d);
}

static void the_last_page_has_no_cursor(void **state)
{
    AUTO(page_deinit) struct page page = {0};
    struct desk d;

    (void)state;
    desk_make(&d, "acme");
    ask(&d, NULL, NULL);
    assert_ok(page_begin(&d.call, "keys", &page));
    assert_ok(page_answer(&page));
    assert_true(json_is_null(json_object_get(d.call.answer, "next")));
    desk_clear(&d);
}

static void a_page_that_gives_way_goes_on_behind_what_it_has_seen(void **state)
{
    struct desk d;
    struct page page = {0};

    (void)state;
    desk_make(&d, "");
    ask(&d, NULL, NULL);
    assert_ok(page_begin(&d.call, "keys", &page));
    page_give_way(&page, 10000);
    assert_ok(page_answer(&page));
    ask(&d, NULL, json_string_value(json_object_get(d.call.answer, "next")));
    assert_ok(page_begin(&d.call, "keys", &page));
    assert_int_equal(page.after, 10000);
    page_deinit(&page);
    desk_clear(&d);
}

static void a_cursor_goes_on_in_its_own_order_alone(void **state)
{
    struct desk d;
    struct page page = {0};

    (void)state;
    desk_make(&d, "");
    ask(&d, NULL, NULL);
    assert_ok(page_begin_order(&d.call, "keys", "keys newest", &page));
    page_give_way(&page, 7);
    assert_ok(page_answer(&page));
    const char *next = json_string_value(json_object_get(d.call.answer, "next"));
    ask(&d, NULL, next);
    assert_err(page_begin(&d.call, "keys", &page), KW_EINVAL);
    assert_string_equal(d.call.problem.field, "cursor");
    ask(&d, NULL, next);
    assert_ok(page_begin_order(&d.call, "keys", "keys newest", &page));
    assert_int_equal(page.after, 7);
    page_deinit(&page);
    desk_clear(&d);
}

static void assert_refused(struct desk *d, const char *list, const char *cursor)
{
    struct page page = {0};

    ask(d, NULL, cursor);
    assert_err(page_begin(&d->call, list, &page), KW_EINVAL);
    assert_int_equal(d->call.problem.status, 400);
    assert_string_equal(d->call.problem.field, "cursor");
    assert_null(page.items);
}

static void a_cursor_of_anything_else_is_refused(void **state)
{
    static const char *const others[] = {"shop", "acm", "acmes", ""};
    struct desk d;
    char text[200];

    (void)state;
    desk_make(&d, "acme");
    snprintf(text, sizeof text, "%s", cursor_of(&d));
    assert_refused(&d, "members", text);
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        snprintf(d.call.caller.account, sizeof d.call.caller.account, "%s", others[i]);
        assert_refused(&d, "keys", text);
    }
    snprintf(d.call.caller.account, sizeof d.call.caller.account, "acme");
    text[0] = text[0] == '0' ? '1' : '0';
    assert_refused(&d, "keys", text);
    text[10] = '\0';
    assert_refused(&d, "keys", text);
    assert_refused(&d, "keys", "7");
    assert_refused(&d, "keys", "");
    desk_clear(&d);
}

int main(void)
{
    SUITE_TEST(a_cursor_goes_on_where_its_page_ended);
    SUITE_TEST(the_last_page_has_no_cursor);
    SUITE_TEST(a_cursor_goes_on_in_its_own_order_alone);
    SUITE_TEST(a_page_that_gives_way_goes_on_behind_what_it_has_seen);
    SUITE_TEST(a_cursor_of_anything_else_is_refused);
    return suite_run("server/page");
}
