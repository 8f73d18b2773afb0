/* key_uses.c - whose key was used last when, before it is saved and afterwards; however many there are, nothing but room is
 * lost. */
#include "jobs/key_uses.h"

#include <stdio.h>
#include <stdlib.h>

#include "suite.h"
#include "sync/house.h"

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)

static struct event use_of(unsigned number, int64_t time_us, const char *source)
{
    struct event e = {.kind = EVENT_DECISION, .flags = EVENT_PROVED, .time_us = time_us};
    char id[KW_KEY_ID_LEN + 1];

    snprintf(id, sizeof id, "%010uAbCd", number);
    memcpy(e.key_id, id, sizeof e.key_id);
    assert_ok(address_parse(str_from(source), &e.source));
    return e;
}

static void use(struct key_uses *u, unsigned number, int64_t time_us, const char *source)
{
    const struct event e = use_of(number, time_us, source);

    key_uses_note(u, &e, INT64_MAX);
}

static bool find(struct key_uses *u, unsigned number, struct last_use *out)
{
    const struct event e = use_of(number, 1, "::1");

    return key_uses_find(u, (struct str){e.key_id, sizeof e.key_id}, out);
}

static struct key_uses *fresh(void)
{
    struct key_uses *u;

    assert_ok(key_uses_new(&u));
    return u;
}

static void the_newest_use_is_found(void **state)
{
    AUTO(key_uses_freep) struct key_uses *u = fresh();
    struct last_use last;

    (void)state;
    assert_false(find(u, 1, &last));
    use(u, 1, 20 * SECOND_US, "192.0.2.1");
    use(u, 1, 10 * SECOND_US, "192.0.2.2"); /* of another verifier, late */
    assert_true(find(u, 1, &last));
    assert_int_equal(last.at_ms, 20000);
    assert_string_equal(last.source, "192.0.2.1");
    use(u, 1, 30 * SECOND_US, "2001:db8::1");
    assert_true(find(u, 1, &last));
    assert_string_equal(last.source, "2001:db8::1");
    assert_false(find(u, 2, &last));
    assert_false(key_uses_find(u, STR("short"), &last));
}

static void what_proves_nothing_is_no_use(void **state)
{
    AUTO(key_uses_freep) struct key_uses *u = fresh();
    struct event claimed = use_of(1, SECOND_US, "::1"), gap = claimed, nobody = claimed;
    struct last_use last;

    (void)state;
    claimed.flags = 0;
    gap.kind = EVENT_GAP;
    memset(nobody.key_id, 0, sizeof nobody.key_id);
    key_uses_note(u, &claimed, INT64_MAX);
    key_uses_note(u, &gap, INT64_MAX);
    key_uses_note(u, &nobody, INT64_MAX);
    assert_false(find(u, 1, &last));
}

static void what_comes_from_the_future_comes_from_now(void **state)
{
    AUTO(key_uses_freep) struct key_uses *u = fresh();
    const struct event forged = use_of(1, INT64_MAX, "192.0.2.66"),
                       later = use_of(1, 21 * SECOND_US, "192.0.2.1");
    struct last_use last;

    (void)state;
    key_uses_note(u, &forged, 20 * SECOND_US);
    assert_true(find(u, 1, &last));
    assert_int_equal(last.at_ms, 20000);
    key_uses_note(u, &later, 22 * SECOND_US);
    assert_true(find(u, 1, &last));
    assert_int_equal(last.at_ms, 21000);
    assert_string_equal(last.source, "192.0.2.1");
}

static void of_more_keys_than_there_are_places_some_are_left_out(void **state)
{
    AUTO(key_uses_freep) struct key_uses *u = fresh();
    struct last_use last;
    unsigned n_found = 0;

    (void)state;
    for (unsigned i = 0; i < 2 * KEY_USES_MAX; i++)
        use(u, i, SECOND_US + i, "192.0.2.1");
    for (unsigned i = 0; i < 2 * KEY_USES_MAX; i++) {
        bool is_there = find(u, i, &last);
        n_found += is_there;
        if (i < KEY_USES_MAX / 2)
            assert_true(is_there); /* half full, everybody finds a place */
    }
    assert_in_range(n_found, KEY_USES_MAX / 4 * 3, KEY_USES_MAX);
}

/* ---- saved ---- */

static int64_t saved_ms(const struct house *h, uint32_t slot)
{
    struct last_use last = {.at_ms = 0};

    struct store *store = sync_lock(h->sync);
    enum kw_err err = store_use(store, USE_KEY, slot, &last);
    sync_unlock(h->sync);
    return err == KW_OK ? last.at_ms : 0;
}

static void they_are_saved_once_a_minute(void **state)
{
    AUTO(key_uses_freep) struct key_uses *u = fresh();
    struct last_use last;
    struct house h;
    char text[KEY_MAX];

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text);
    key_uses_tend(u, h.sync, MINUTE_US);
    use(u, 1, 20 * SECOND_US, "192.0.2.1");
    key_uses_tend(u, h.sync, MINUTE_US + SECOND_US);
    assert_int_equal(saved_ms(&h, g.slot), 0);
    key_uses_tend(u, h.sync, 2 * MINUTE_US);
    assert_int_equal(saved_ms(&h, g.slot), 20000);
    assert_false(find(u, 1, &last)); /* the store knows it now */
    use(u, 1, 30 * SECOND_US, "192.0.2.1");
    key_uses_save(u, h.sync);
    assert_int_equal(saved_ms(&h, g.slot), 30000);
    house_clear(&h);
}

/* Each call saves some; meanwhile all of them are found, in one place or the other. */
static void many_are_saved_little_by_little_and_early(void **state)
{
    AUTO(key_uses_freep) struct key_uses *u = fresh();
    struct last_use last;
    struct house h;
    char text[KEY_MAX];
    int n_calls = 0;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text);
    key_uses_tend(u, h.sync, MINUTE_US);
    for (unsigned i = 1; i <= KEY_USES_MAX / 8 * 7; i++)
        use(u, i, SECOND_US, "192.0.2.1");
    key_uses_tend(u, h.sync, MINUTE_US + 1); /* three quarters of the places are taken */
    for (unsigned i = 2; i < 1000; i++)
        assert_true(find(u, i, &last));
    for (; find(u, 1, &last) && n_calls < 1000; n_calls++)
        key_uses_tend(u, h.sync, MINUTE_US + 2);
    assert_in_range(n_calls, 10, 200);
    assert_int_equal(saved_ms(&h, g.slot), 1000);
    house_clear(&h);
}

static void what_no_verifier_writes_keeps_nobody_else_from_being_saved(void **state)
{
    AUTO(key_uses_freep) struct key_uses *u = fresh();
    struct event odd = use_of(2, SECOND_US, "::1"), timeless = use_of(3, -1, "::1");
    struct house h;
    char text[KEY_MAX];

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text);
    memset(odd.key_id, 0xff, sizeof odd.key_id);
    key_uses_note(u, &odd, INT64_MAX);
    key_uses_note(u, &timeless, INT64_MAX);
    use(u, 1, SECOND_US, "192.0.2.1");
    key_uses_save(u, h.sync);
    assert_int_equal(saved_ms(&h, g.slot), 1000);
    house_clear(&h);
}

int main(void)
{
    SUITE_TEST(the_newest_use_is_found);
    SUITE_TEST(what_proves_nothing_is_no_use);
    SUITE_TEST(what_comes_from_the_future_comes_from_now);
    SUITE_TEST(of_more_keys_than_there_are_places_some_are_left_out);
    SUITE_TEST(they_are_saved_once_a_minute);
    SUITE_TEST(many_are_saved_little_by_little_and_early);
    SUITE_TEST(what_no_verifier_writes_keeps_nobody_else_from_being_saved);
    return suite_run("jobs/key_uses");
}
