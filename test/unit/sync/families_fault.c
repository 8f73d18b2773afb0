/* families_fault.c - families of tokens when the disk or the keyring refuses: what was saved comes into force, what was ended stays it. */
#include <unistd.h>

#include "suite.h"
#include "sync/passes.h"

enum { BATCH = 50, BATCHES_MAX = 400, TICKS_MAX = 100, TICK_US = 100000 };

static enum kw_err put_batch(struct passes *t, struct pass p[BATCH], unsigned from)
{
    struct sync_family list[BATCH];

    for (unsigned i = 0; i < BATCH; i++) {
        p[i] = pass_of(t, from + i);
        list[i] = (struct sync_family){STR("key:a"), &p[i].family, KW_OK};
    }
    sync_put_families(t->house.sync, list, BATCH);
    for (unsigned i = 0; i < BATCH; i++)
        assert_err(list[i].err, list[0].err); /* all of them, or none */
    return list[0].err;
}

/* Some of the batch are in the keyring and one found no room: a start must not take that keyring for all of the log. */
static void X1_a_batch_of_which_a_part_came_out_is_out_after_a_start(void **state)
{
    enum kw_err err = KW_OK;
    struct pass p[BATCH];
    struct passes t;

    (void)state;
    passes_open(&t);
    house_block_keyrings(&t.house, true);
    for (unsigned i = 0; err == KW_OK && i < BATCHES_MAX; i++)
        err = put_batch(&t, p, 1 + i * BATCH);
    assert_err(err, KW_EUNAVAILABLE);
    house_shut(&t.house);
    house_block_keyrings(&t.house, false);
    house_open(&t.house);
    for (unsigned i = 0; i < BATCH; i++)
        pass_assert(&t, &p[i], KW_WHY_ALLOWED);
    passes_close(&t);
}

static uint32_t unsaved_after_a_while(struct passes *t)
{
    struct sync_stats stats;

    for (int i = 0; i < TICKS_MAX; i++) {
        assert_true(sync_tick(t->house.sync));
        sync_stats(t->house.sync, &stats);
        if (stats.n_unsaved == 0)
            break;
        usleep(TICK_US);
    }
    return stats.n_unsaved;
}

static void delete_families(struct passes *t)
{
    struct store *store = sync_lock(t->house.sync);
    uint32_t n = 0;

    assert_ok(store_drop_families(store, INT64_MAX, BATCH, &n));
    sync_unlock(t->house.sync);
    assert_int_equal(n, 1);
}

/* There is nothing left of it that could be saved, and what waits behind it is. */
static void X3_an_unsaved_end_of_a_family_that_is_deleted_holds_up_no_other(void **state)
{
    struct grant g;
    struct passes t;

    (void)state;
    passes_open(&t);
    struct pass p = pass_made(&t, 1);
    sqlite3 *held = house_lock_database(&t.house);
    t.key.state = KEY_REVOKED;
    assert_err(house_change(&t.house, &t.key), KW_EUNSAVED);
    assert_err(pass_end(&t, &p), KW_EUNSAVED);
    sqlite3_close(held);
    delete_families(&t);
    assert_int_equal(unsaved_after_a_while(&t), 0);
    assert_ok(store_key(sync_lock(t.house.sync), str_from(t.key.id), NULL, &g));
    sync_unlock(t.house.sync);
    assert_int_equal(g.state, KEY_REVOKED);
    assert_true(pass_ask(&t, &p) != KW_WHY_ALLOWED);
    passes_close(&t);
}

int main(void)
{
    SUITE_TEST(X1_a_batch_of_which_a_part_came_out_is_out_after_a_start);
    SUITE_TEST(X3_an_unsaved_end_of_a_family_that_is_deleted_holds_up_no_other);
    return suite_run("sync/families_fault");
}
