/* reserve.c - the room that is kept on the disk: given up for a revocation, made again, and what waits meanwhile. */
#include "sync/reserve.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/faulty.h"
#include "suite.h"
#include "sync/house.h"

static void house_with_reserve(struct house *h)
{
    faulty_install();
    house_make(h);
    house_shut(h);
    snprintf(h->reserve_file, sizeof h->reserve_file, "%s", folder_file(&h->room.folder, "reserve"));
    house_open(h);
}

static bool is_there(const struct house *h)
{
    struct stat st;

    return stat(h->reserve_file, &st) == 0 && st.st_blocks * 512 >= RESERVE_BYTES;
}

/* The disk is full but for the reserve. */
static void revoke_on_a_full_disk(struct house *h, struct grant g)
{
    g.state = KEY_REVOKED;
    faulty.full_beside = h->reserve_file;
    assert_ok(house_change(h, &g));
}

static void tick_for_two_seconds(struct house *h)
{
    for (int i = 0; i < 20; i++) {
        assert_true(sync_tick(h->sync));
        usleep(100000);
    }
}

static void X3_a_start_makes_the_reserve(void **state)
{
    struct house h;

    (void)state;
    house_with_reserve(&h);
    assert_true(is_there(&h));
    assert_false(sync_disk_is_full(h.sync));
    house_clear(&h);
}

static void X3_only_a_revocation_is_given_the_reserve(void **state)
{
    char text[2][KEY_MAX];
    struct grant g;
    struct house h;

    (void)state;
    house_with_reserve(&h);
    struct grant first = house_key(&h, 1, text[0]);
    faulty.full_beside = h.reserve_file;
    assert_err(house_create(&h, 2, text[1], &g), KW_EFULL);
    assert_true(is_there(&h));
    revoke_on_a_full_disk(&h, first);
    assert_false(is_there(&h));
    assert_true(sync_disk_is_full(h.sync));
    house_shut(&h);
    house_open(&h);
    assert_int_equal(house_ask(&h, text[0]), KW_WHY_KEY_REVOKED);
    house_clear(&h);
}

/* There would be room for them by now, but it is kept for what narrows. */
static void X3_while_the_reserve_is_given_up_only_what_narrows_is_saved(void **state)
{
    char text[3][KEY_MAX];
    struct account other = {.id = "other", .name = "Other", .state = ACCOUNT_ACTIVE};
    struct grant g;
    struct house h;
    uint32_t version;

    (void)state;
    house_with_reserve(&h);
    struct grant first = house_key(&h, 1, text[0]), second = house_key(&h, 2, text[1]);
    revoke_on_a_full_disk(&h, first);
    assert_err(house_create(&h, 3, text[2], &g), KW_EFULL);
    assert_err(sync_put_account(h.sync, STR("uid:0"), &other, NULL), KW_EFULL);
    assert_err(sync_put_policy(h.sync, STR("uid:0"), STR("x"), STR("x"), &version), KW_EFULL);
    second.state = KEY_REVOKED;
    assert_ok(house_change(&h, &second));
    assert_int_equal(house_ask(&h, text[1]), KW_WHY_KEY_REVOKED);
    house_clear(&h);
}

static void X3_the_reserve_is_made_again_when_there_is_room(void **state)
{
    char text[2][KEY_MAX];
    struct house h;

    (void)state;
    house_with_reserve(&h);
    revoke_on_a_full_disk(&h, house_key(&h, 1, text[0]));
    faulty.full_beside = NULL;
    tick_for_two_seconds(&h);
    assert_true(is_there(&h));
    assert_false(sync_disk_is_full(h.sync));
    house_key(&h, 2, text[1]);
    assert_int_equal(house_ask(&h, text[1]), KW_WHY_ALLOWED);
    house_clear(&h);
}

/* A folder that is not ours to write to is no full disk. */
static void a_reserve_that_cannot_be_made_keeps_nobody_waiting(void **state)
{
    struct reserve r;

    (void)state;
    reserve_init(&r, "/proc/self/reserve");
    reserve_tend(&r, clock_boot_us());
    assert_false(r.is_full);
    assert_false(reserve_give_up(&r, clock_boot_us()));
}

int main(void)
{
    SUITE_TEST(X3_a_start_makes_the_reserve);
    SUITE_TEST(X3_only_a_revocation_is_given_the_reserve);
    SUITE_TEST(X3_while_the_reserve_is_given_up_only_what_narrows_is_saved);
    SUITE_TEST(X3_the_reserve_is_made_again_when_there_is_room);
    SUITE_TEST(a_reserve_that_cannot_be_made_keeps_nobody_waiting);
    return suite_run("sync/reserve");
}
