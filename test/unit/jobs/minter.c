/* minter.c - every job is answered once; what is answered is saved and in force; of one refresh token there is one next pair. */
#include "jobs/shop.h"
#include "suite.h"

enum { WAITING = 512 }; /* so many jobs may wait */

/* ---- exchanged ---- */

static void a_key_is_exchanged_for_tokens_that_are_in_force(void **state)
{
    struct shop s;

    (void)state;
    shop_make(&s);
    struct order pair = shop_exchanged(&s);
    assert_int_equal(shop_ask(&s, &pair), KW_WHY_ALLOWED);
    assert_int_equal(pair.n_judged, 0); /* that was decided before */
    struct family f = shop_stored(&s, &pair);
    assert_int_equal(f.version, 1);
    assert_string_equal(f.key, s.key.id);
    mint_job_wipe(&pair.job);
    assert_int_equal(pair.job.access.n + pair.job.refresh.n + pair.job.presented.n, 0);
    shop_clear(&s);
}

/* They are saved together, and one of them cannot be. */
static void the_exchange_of_a_key_that_is_gone_fails_alone(void **state)
{
    struct order orders[3];
    struct shop s;

    (void)state;
    shop_make(&s);
    order_exchange(&s, &orders[0], s.key.id);
    order_exchange(&s, &orders[1], "9Q2mK4T9xJ1aBd");
    order_exchange(&s, &orders[2], s.key.id);
    for (size_t i = 0; i < COUNT_OF(orders); i++)
        shop_submit(&s, &orders[i]);
    for (size_t i = 0; i < COUNT_OF(orders); i++)
        order_await(&orders[i]);
    assert_err(orders[1].job.err, KW_ENOTFOUND);
    assert_int_equal(orders[1].job.outcome, MINT_DENIED);
    assert_int_equal(shop_ask(&s, &orders[0]), KW_WHY_ALLOWED);
    assert_int_equal(shop_ask(&s, &orders[2]), KW_WHY_ALLOWED);
    shop_clear(&s);
}

static void X3_on_a_full_disk_nobody_gets_a_token(void **state)
{
    struct order o;
    struct shop s;

    (void)state;
    shop_make(&s);
    order_exchange(&s, &o, s.key.id);
    house_disk_full(true);
    shop_run(&s, &o);
    house_disk_full(false);
    assert_true(o.job.err != KW_OK);
    assert_int_equal(o.job.outcome, MINT_DENIED);
    assert_int_equal(o.job.access.n, 0);
    sync_tick(s.house.sync);
    struct order later = shop_exchanged(&s);
    assert_int_equal(shop_ask(&s, &later), KW_WHY_ALLOWED);
    shop_clear(&s);
}

/* ---- refreshed ---- */

static void D17_a_refresh_token_gets_the_next_pair_once(void **state)
{
    struct shop s;

    (void)state;
    shop_make(&s);
    struct order first = shop_exchanged(&s), second = shop_refreshed(&s, &first, &here);
    assert_int_equal(second.job.outcome, MINT_DONE);
    assert_false(order_same_text(&first.job.access, &second.job.access));
    assert_int_equal(shop_ask(&s, &first), KW_WHY_ALLOWED);
    assert_int_equal(shop_ask(&s, &second), KW_WHY_ALLOWED);
    struct order thief = shop_refreshed(&s, &first, &there);
    assert_int_equal(thief.job.outcome, MINT_REUSED);
    assert_true(thief.was_known && thief.was_reused);
    assert_int_equal(thief.job.access.n, 0);
    assert_int_equal(shop_ask(&s, &first), KW_WHY_TOKEN_ENDED);
    assert_int_equal(shop_ask(&s, &second), KW_WHY_TOKEN_ENDED);
    assert_int_equal(shop_stored(&s, &first).state, FAMILY_ENDED);
    struct order again = shop_refreshed(&s, &first, &there); /* it had ended: that is no change */
    assert_int_equal(again.job.outcome, MINT_REUSED);
    assert_int_equal(shop_stored(&s, &first).version, 3);
    shop_clear(&s);
}

static void D17_an_answer_that_got_lost_is_given_again(void **state)
{
    struct shop s;

    (void)state;
    shop_make(&s);
    struct order first = shop_exchanged(&s), second = shop_refreshed(&s, &first, &here),
                 again = shop_refreshed(&s, &first, &here);
    assert_int_equal(again.job.outcome, MINT_DONE);
    assert_true(order_same_text(&second.job.access, &again.job.access));
    assert_true(order_same_text(&second.job.refresh, &again.job.refresh));
    assert_int_equal(shop_stored(&s, &first).refreshes, 1);
    struct order late;
    order_refresh(&s, &late, &first, &here);
    late.job.now_ms += FAMILY_GRACE_MS + 1000;
    shop_run(&s, &late);
    assert_int_equal(late.job.outcome, MINT_REUSED);
    shop_clear(&s);
}

static void D17_of_two_refreshes_at_once_one_wins_and_the_family_ends(void **state)
{
    struct order orders[2];
    struct shop s;

    (void)state;
    shop_make(&s);
    struct order first = shop_exchanged(&s);
    order_refresh(&s, &orders[0], &first, &here);
    order_refresh(&s, &orders[1], &first, &there);
    shop_submit(&s, &orders[0]);
    shop_submit(&s, &orders[1]);
    order_await(&orders[0]);
    order_await(&orders[1]);
    assert_int_equal(orders[0].job.outcome, MINT_DONE);
    assert_int_equal(orders[1].job.outcome, MINT_REUSED);
    assert_int_equal(shop_ask(&s, &orders[0]), KW_WHY_TOKEN_ENDED);
    shop_clear(&s);
}

static void what_is_not_allowed_changes_nothing(void **state)
{
    struct order o;
    struct shop s;

    (void)state;
    shop_make(&s);
    struct order first = shop_exchanged(&s);
    order_refresh(&s, &o, &first, &here);
    o.is_refused = true;
    shop_run(&s, &o);
    assert_ok(o.job.err);
    assert_int_equal(o.job.outcome, MINT_DENIED);
    assert_int_equal(o.job.refresh.n, 0);
    assert_int_equal(shop_stored(&s, &first).version, 1);
    assert_int_equal(shop_refreshed(&s, &first, &here).job.outcome, MINT_DONE);
    shop_clear(&s);
}

static void D4_a_token_of_nobody_and_a_wrong_one_are_judged_alike(void **state)
{
    struct order o;
    struct shop s;

    (void)state;
    shop_make(&s);
    struct order first = shop_exchanged(&s);
    for (int i = 0; i < 2; i++) {
        order_refresh(&s, &o, &first, &here);
        o.job.presented.p[30] ^= 1;
        if (i == 1)
            o.job.family.id[0] ^= 1;
        shop_run(&s, &o);
        assert_ok(o.job.err);
        assert_int_equal(o.job.outcome, MINT_DENIED);
        assert_true(o.n_judged == 1 && !o.was_known);
    }
    assert_int_equal(shop_stored(&s, &first).version, 1);
    shop_clear(&s);
}

static struct order given_up(const struct shop *s, const struct order *pair, bool is_refused)
{
    struct order o;

    order_refresh(s, &o, pair, &here);
    o.job.what = MINT_GIVE_UP;
    o.is_refused = is_refused;
    shop_run(s, &o);
    return o;
}

static void D17_what_is_given_up_ends_whatever_the_judge_says_and_though_it_was_used(void **state)
{
    struct shop s;

    (void)state;
    shop_make(&s);
    struct order first = shop_exchanged(&s), second = shop_refreshed(&s, &first, &here),
                 other = shop_exchanged(&s);
    house_disk_full(true);
    struct order unsaved = given_up(&s, &other, true);
    house_disk_full(false);
    assert_err(unsaved.job.err, KW_EUNSAVED);
    assert_int_equal(unsaved.job.outcome, MINT_GIVEN_UP);
    assert_int_equal(shop_ask(&s, &other), KW_WHY_TOKEN_ENDED);
    sync_tick(s.house.sync);
    struct order used = given_up(&s, &first, true);
    assert_ok(used.job.err);
    assert_int_equal(used.job.outcome, MINT_GIVEN_UP);
    assert_int_equal(used.n_judged, 1);
    assert_int_equal(shop_ask(&s, &second), KW_WHY_TOKEN_ENDED);
    shop_clear(&s);
}

/* ---- many, and the end ---- */

struct gate {
    struct order holding;
    sem_t reached, go;
};

/* Holds the thread in the judgement of one refresh, so that the others wait. */
static void hold(const struct shop *s, struct gate *g, const struct order *pair)
{
    sem_init(&g->reached, 0, 0);
    sem_init(&g->go, 0, 0);
    order_refresh(s, &g->holding, pair, &here);
    g->holding.reached = &g->reached;
    g->holding.go = &g->go;
    shop_submit(s, &g->holding);
    sem_wait(&g->reached);
}

static void let_go(struct gate *g)
{
    sem_post(&g->go);
    order_await(&g->holding);
    sem_destroy(&g->reached);
    sem_destroy(&g->go);
}

static void only_so_many_wait_and_all_of_them_get_their_tokens(void **state)
{
    static struct order orders[WAITING], one_more;
    struct gate gate;
    struct shop s;

    (void)state;
    shop_make(&s);
    struct order first = shop_exchanged(&s);
    hold(&s, &gate, &first);
    for (size_t i = 0; i < WAITING; i++) {
        order_exchange(&s, &orders[i], s.key.id);
        shop_submit(&s, &orders[i]);
    }
    order_exchange(&s, &one_more, s.key.id);
    assert_err(minter_submit(s.minter, &one_more.job), KW_EBUSY);
    let_go(&gate);
    for (size_t i = 0; i < WAITING; i++) {
        order_await(&orders[i]);
        assert_ok(orders[i].job.err);
    }
    assert_int_equal(shop_ask(&s, &orders[WAITING - 1]), KW_WHY_ALLOWED);
    shop_run(&s, &one_more);
    assert_ok(one_more.job.err);
    shop_clear(&s);
}

static void what_still_waits_at_the_end_is_answered(void **state)
{
    struct order late, waiting;
    struct gate gate;
    struct shop s;

    (void)state;
    shop_make(&s);
    struct order first = shop_exchanged(&s);
    hold(&s, &gate, &first);
    order_exchange(&s, &waiting, s.key.id);
    shop_submit(&s, &waiting);
    sem_post(&gate.go); /* for stopping waits for what has begun */
    minter_stop(s.minter);
    let_go(&gate);
    assert_ok(gate.holding.job.err);
    order_await(&waiting);
    assert_true(waiting.job.err == KW_EUNAVAILABLE || waiting.job.err == KW_OK);
    order_exchange(&s, &late, s.key.id);
    assert_err(minter_submit(s.minter, &late.job), KW_EUNAVAILABLE);
    shop_clear(&s);
}

static void without_a_master_key_there_is_no_minter(void **state)
{
    struct minter *m = NULL;
    char why[256] = "";
    struct shop s;

    (void)state;
    shop_make(&s);
    assert_true(minter_new(s.house.sync, STR("mk"), "/nonexistent/master.key", &m, why) != KW_OK);
    assert_null(m);
    assert_true(why[0] != '\0');
    minter_stop(NULL);
    minter_free(NULL);
    shop_clear(&s);
}

int main(void)
{
    SUITE_TEST(a_key_is_exchanged_for_tokens_that_are_in_force);
    SUITE_TEST(the_exchange_of_a_key_that_is_gone_fails_alone);
    SUITE_TEST(X3_on_a_full_disk_nobody_gets_a_token);
    SUITE_TEST(D17_a_refresh_token_gets_the_next_pair_once);
    SUITE_TEST(D17_an_answer_that_got_lost_is_given_again);
    SUITE_TEST(D17_of_two_refreshes_at_once_one_wins_and_the_family_ends);
    SUITE_TEST(what_is_not_allowed_changes_nothing);
    SUITE_TEST(D4_a_token_of_nobody_and_a_wrong_one_are_judged_alike);
    SUITE_TEST(D17_what_is_given_up_ends_whatever_the_judge_says_and_though_it_was_used);
    SUITE_TEST(only_so_many_wait_and_all_of_them_get_their_tokens);
    SUITE_TEST(what_still_waits_at_the_end_is_answered);
    SUITE_TEST(without_a_master_key_there_is_no_minter);
    return suite_run("jobs/minter");
}
