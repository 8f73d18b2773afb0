/* stragglers.c - who comes with the old secret of a key is counted once, by address and agent, and nobody else is. */
#include "watch/stragglers.h"

#include <stdio.h>
#include <stdlib.h>

#include "kit.h"

enum { GENERATION = 4 };

static struct event with_old(const char *agent, uint8_t last_byte)
{
    struct event e = rig_event(RIG_NOON, KIT_KEY);

    e.flags |= EVENT_OLD_SECRET;
    e.generation = GENERATION;
    e.agent = str_from(agent);
    e.source = (struct address){{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, last_byte}};
    return e;
}

static struct event after_its_end(const char *agent, uint8_t last_byte)
{
    struct event e = with_old(agent, last_byte);

    e.flags &= (uint8_t) ~(EVENT_OLD_SECRET | EVENT_PROVED);
    e.reason = KW_WHY_SECRET_ROTATED;
    e.status = 401;
    return e;
}

/* The caller frees it. */
static struct stragglers *ask(const struct kit *k, uint32_t generation)
{
    struct stragglers *s = malloc(sizeof *s);

    assert_non_null(s);
    assert_ok(stragglers_ask(k->file, STR(KIT_KEY), generation, s));
    return s;
}

static void they_are_told_apart_by_address_and_agent(void **state)
{
    const struct event events[] = {with_old("reports/1", 7), with_old("reports/1", 7),
                                   with_old("reports/2", 7), with_old("reports/1", 8)};
    const struct event late = after_its_end("reports/1", 7);
    struct kit k;

    (void)state;
    kit_init(&k);
    kit_write(&k, RIG_NOON, events, COUNT_OF(events));
    kit_write(&k, RIG_NOON + 5000000, &late, 1);
    kit_count(&k);
    struct stragglers *s = ask(&k, GENERATION);
    assert_int_equal(s->n, 3);
    assert_string_equal(s->at[0].source, "192.0.2.7"); /* the last one first */
    assert_string_equal(s->at[0].agent, "reports/1");
    assert_int_equal(s->at[0].allowed, 2);
    assert_int_equal(s->at[0].denied, 1);
    assert_int_equal(s->at[0].first_ms, RIG_NOON / 1000);
    assert_int_equal(s->at[0].last_ms, RIG_NOON / 1000 + 5000);
    free(s);
    kit_deinit(&k);
}

static void who_uses_the_current_secret_is_none(void **state)
{
    struct event e = rig_event(RIG_NOON, KIT_KEY), other = with_old("x", 1);
    struct kit k;

    (void)state;
    memcpy(other.key_id, "9Q2mK4T9xJ1aB0", sizeof other.key_id); /* nobody's key */
    e.generation = GENERATION;
    kit_init(&k);
    kit_write(&k, RIG_NOON, &e, 1);
    kit_write(&k, RIG_NOON, &other, 1);
    kit_count(&k);
    struct stragglers *s = ask(&k, GENERATION);
    assert_int_equal(s->n, 0);
    free(s);
    kit_deinit(&k);
}

static void each_generation_has_its_own_and_old_ones_make_room(void **state)
{
    struct event e = with_old("x", 1);
    struct kit k;

    (void)state;
    kit_init(&k);
    for (uint32_t g = GENERATION; g < GENERATION + 3; g++) {
        e.generation = g;
        kit_write(&k, RIG_NOON, &e, 1);
    }
    kit_count(&k);
    for (uint32_t g = GENERATION; g < GENERATION + 3; g++) {
        struct stragglers *s = ask(&k, g);
        assert_int_equal(s->n, g == GENERATION ? 0 : 1);
        free(s);
    }
    kit_deinit(&k);
}

/* A verifier may write any agent and any address it likes. */
static void their_number_has_a_limit(void **state)
{
    static struct event events[STRAGGLERS_MAX + 50];
    static char agents[COUNT_OF(events)][8];
    struct kit k;

    (void)state;
    kit_init(&k);
    for (uint32_t i = 0; i < COUNT_OF(events); i++) {
        snprintf(agents[i], sizeof agents[i], "a%u", i);
        events[i] = with_old(agents[i], 1);
    }
    kit_write(&k, RIG_NOON, events, COUNT_OF(events));
    kit_count(&k);
    struct stragglers *s = ask(&k, GENERATION);
    assert_int_equal(s->n, STRAGGLERS_MAX + 1);
    uint64_t all = 0;
    for (size_t i = 0; i < s->n; i++)
        all += s->at[i].allowed;
    assert_int_equal(all, COUNT_OF(events));
    assert_string_equal(s->at[s->n - 1].source, STRAGGLERS_OTHER);
    assert_int_equal(s->at[s->n - 1].allowed, 50);
    free(s);
    kit_deinit(&k);
}

static void who_has_not_come_for_long_is_forgotten(void **state)
{
    const struct event e = with_old("x", 1), later = rig_event(RIG_NOON, KIT_KEY);
    struct kit k;

    (void)state;
    kit_init(&k);
    kit_write(&k, RIG_NOON, &e, 1);
    kit_count(&k);
    k.now_us = RIG_NOON + (STRAGGLERS_KEPT_DAYS + 1) * INT64_C(86400000000);
    kit_write(&k, k.now_us, &later, 1);
    kit_count(&k);
    struct stragglers *s = ask(&k, GENERATION);
    assert_int_equal(s->n, 0);
    free(s);
    kit_deinit(&k);
}

static void before_anything_is_counted_there_is_nobody(void **state)
{
    struct kit k;

    (void)state;
    kit_init(&k);
    struct stragglers *s = ask(&k, GENERATION);
    assert_int_equal(s->n, 0);
    free(s);
    kit_deinit(&k);
}

int main(void)
{
    SUITE_TEST(they_are_told_apart_by_address_and_agent);
    SUITE_TEST(who_uses_the_current_secret_is_none);
    SUITE_TEST(each_generation_has_its_own_and_old_ones_make_room);
    SUITE_TEST(their_number_has_a_limit);
    SUITE_TEST(who_has_not_come_for_long_is_forgotten);
    SUITE_TEST(before_anything_is_counted_there_is_nobody);
    return suite_run("watch/stragglers");
}
