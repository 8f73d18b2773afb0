/* policy.c - the route policy: the newest version, or none. */
#include <stdlib.h>

#include "store/room.h"
#include "suite.h"

static void put(struct store *s, struct str document, uint32_t want)
{
    uint32_t version = 0;

    assert_ok(store_begin(s, STR("uid:0"), 1));
    assert_ok(store_put_policy(s, document, &version));
    assert_ok(store_commit(s));
    assert_int_equal(version, want);
}

static void the_newest_policy_is_in_force(void **state)
{
    struct buf document = BUF_MAX(100);
    uint32_t version = 99;
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_ok(store_policy(s, &version, &document));
    assert_int_equal(version, 0);
    assert_int_equal(document.n, 0);
    put(s, STR("{\"read\":[\"GET /x\"]}"), 1);
    put(s, STR("{}"), 2);
    assert_ok(store_policy(s, &version, &document));
    assert_int_equal(version, 2);
    assert_str(buf_view(&document), STR("{}"));
    store_close(s);
    buf_deinit(&document);
    room_clear(&r);
}

static const struct wrong {
    const char *why;
    struct str document;
    enum kw_err want;
} wrong[] = {
    {"nothing", {"", 0}, KW_EINVAL},
    {"not UTF-8", {"\xc0\x80", 2}, KW_EINVAL},
};

static void a_document_that_is_none_is_refused(void **state)
{
    const struct wrong *row = *state;
    uint32_t version = 99;
    struct room r;

    room_make(&r);
    struct store *s = room_open(&r);
    assert_ok(store_begin(s, STR("uid:0"), 1));
    assert_err(store_put_policy(s, row->document, &version), row->want);
    assert_int_equal(version, 99);
    store_close(s);
    room_clear(&r);
}

static void a_document_has_a_greatest_length(void **state)
{
    struct buf document = BUF_MAX(POLICY_DOCUMENT_MAX);
    uint32_t version;
    struct room r;

    (void)state;
    char *text = malloc(POLICY_DOCUMENT_MAX + 1);
    assert_non_null(text);
    memset(text, ' ', POLICY_DOCUMENT_MAX + 1);
    room_make(&r);
    struct store *s = room_open(&r);
    assert_ok(store_begin(s, STR("uid:0"), 1));
    assert_err(store_put_policy(s, (struct str){text, POLICY_DOCUMENT_MAX + 1}, &version), KW_ERANGE);
    put(s, (struct str){text, POLICY_DOCUMENT_MAX}, 1);
    assert_ok(store_policy(s, &version, &document));
    assert_str(buf_view(&document), ((struct str){text, POLICY_DOCUMENT_MAX}));
    store_close(s);
    buf_deinit(&document);
    free(text);
    room_clear(&r);
}

/* What does not fit leaves the caller's buffer as it was. */
static void a_document_without_room_is_not_half_there(void **state)
{
    struct buf document = BUF_MAX(4);
    uint32_t version = 99;
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    put(s, STR("{\"read\":[]}"), 1);
    assert_err(store_policy(s, &version, &document), KW_ENOMEM);
    assert_int_equal(version, 99);
    assert_int_equal(document.n, 0);
    store_close(s);
    buf_deinit(&document);
    room_clear(&r);
}

int main(void)
{
    SUITE_TEST(the_newest_policy_is_in_force);
    SUITE_ROWS(a_document_that_is_none_is_refused, wrong);
    SUITE_TEST(a_document_has_a_greatest_length);
    SUITE_TEST(a_document_without_room_is_not_half_there);
    return suite_run("store/policy");
}
