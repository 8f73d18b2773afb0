/* fill.c - how full the rings are, also when a verifier says something else. */
#include "record/fill.h"

#include <unistd.h>

#include "rig.h"

static void decide(struct played *p, int ring, int n)
{
    struct event e = rig_event(RIG_NOON, "AAAAAAAAAAAAAA");

    for (int i = 0; i < n; i++)
        played_decide(p, ring, &e);
}

static void fill_of_no_rings_is_nothing(void **state)
{
    struct rig r;
    struct ring_fill f;

    (void)state;
    rig_init(&r);
    ring_fill(r.run, &f);
    assert_int_equal(f.n_rings, 0);
    assert_int_equal(f.kind[RING_PROVED].slots, 0);
    rig_deinit(&r);
}

static void fill_names_the_fullest_ring_of_each_kind(void **state)
{
    struct rig r;
    struct played a, b;
    struct ring_fill f;

    (void)state;
    rig_init(&r);
    played_make(&r, 0, 11, 64, 64);
    played_make(&r, 1, 12, 64, 64);
    played_open(&r, 0, &a);
    played_open(&r, 1, &b);
    decide(&a, RING_PROVED, 3);
    decide(&b, RING_PROVED, 16);
    decide(&a, RING_UNPROVED, 5);
    ring_fill(r.run, &f);
    assert_int_equal(f.n_rings, 2);
    assert_int_equal(f.kind[RING_PROVED].slots, 128);
    assert_int_equal(f.kind[RING_PROVED].waiting, 19);
    assert_int_equal(f.kind[RING_PROVED].fullest_waiting, 16);
    assert_int_equal(f.kind[RING_PROVED].fullest_slots, 64);
    assert_int_equal(f.kind[RING_UNPROVED].waiting, 5);
    played_die(&a);
    played_die(&b);
    rig_deinit(&r);
}

static void X11_fill_is_never_more_than_the_ring_holds(void **state)
{
    struct rig r;
    struct played a;
    struct ring_fill f;

    (void)state;
    rig_init(&r);
    played_make(&r, 0, 11, 64, 64);
    played_open(&r, 0, &a);
    atomic_store(&played_header(&a)->head[RING_PROVED], UINT64_MAX);
    ring_fill(r.run, &f);
    assert_int_equal(f.kind[RING_PROVED].waiting, 64);
    played_header(&a)->format = 99;
    ring_fill(r.run, &f);
    assert_int_equal(f.n_rings, 0);
    assert_int_equal(ftruncate(a.fd, 100), 0);
    ring_fill(r.run, &f);
    assert_int_equal(f.n_rings, 0);
    played_die(&a);
    rig_deinit(&r);
}

int main(void)
{
    SUITE_TEST(fill_of_no_rings_is_nothing);
    SUITE_TEST(fill_names_the_fullest_ring_of_each_kind);
    SUITE_TEST(X11_fill_is_never_more_than_the_ring_holds);
    return suite_run("record/fill");
}
