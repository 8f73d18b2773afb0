/* shelf.c - states are found by their numbers, stay where they are, and what was changed is given once. */
#include "watch/shelf.h"

#include "suite.h"

enum { MOST = 5000 };

struct got {
    unsigned n;
    uint64_t sum;
    enum kw_err err;
};

static enum kw_err take(void *ctx, uint32_t no, const void *state)
{
    struct got *g = ctx;

    TRY(g->err);
    assert_int_equal(*(const uint64_t *)state, (uint64_t)no * 3);
    g->n++;
    g->sum += no;
    return KW_OK;
}

static struct shelf *filled(void)
{
    struct shelf *s;
    void *state;

    assert_ok(shelf_new(sizeof(uint64_t), MOST, &s));
    for (uint32_t i = 1; i <= MOST; i++) {
        assert_ok(shelf_add(s, i * 7, &state));
        *(uint64_t *)state = (uint64_t)i * 21;
        assert_int_equal(shelf_room(s), MOST - i);
    }
    return s;
}

static void each_is_found_by_its_number_and_no_other(void **state)
{
    struct shelf *s = filled();
    void *none;

    (void)state;
    for (uint32_t i = 1; i <= MOST; i++)
        assert_int_equal(*(uint64_t *)shelf_find(s, i * 7), i * 21);
    assert_null(shelf_find(s, 8));
    assert_err(shelf_add(s, 8, &none), KW_EFULL);
    shelf_clear(s);
    assert_null(shelf_find(s, 7));
    assert_ok(shelf_add(s, 8, &none));
    shelf_free(s);
    shelf_free(NULL);
}

static void what_was_changed_is_given_once(void **state)
{
    struct shelf *s = filled();
    struct got g = {.n = 0};

    (void)state;
    shelf_touch(s, shelf_find(s, 7));
    shelf_touch(s, shelf_find(s, 70));
    shelf_touch(s, shelf_find(s, 7));
    assert_ok(shelf_each_changed(s, take, &g));
    assert_int_equal(g.n, 2);
    assert_int_equal(g.sum, 77);
    assert_ok(shelf_each_changed(s, take, &g));
    assert_int_equal(g.n, 2);
    shelf_free(s);
}

static void an_error_ends_the_giving(void **state)
{
    struct shelf *s = filled();
    struct got g = {.err = KW_EIO};

    (void)state;
    shelf_touch(s, shelf_find(s, 7));
    assert_err(shelf_each_changed(s, take, &g), KW_EIO);
    g.err = KW_OK;
    assert_ok(shelf_each_changed(s, take, &g));
    assert_int_equal(g.n, 1);
    shelf_free(s);
}

int main(void)
{
    SUITE_TEST(each_is_found_by_its_number_and_no_other);
    SUITE_TEST(what_was_changed_is_given_once);
    SUITE_TEST(an_error_ends_the_giving);
    return suite_run("watch/shelf");
}
