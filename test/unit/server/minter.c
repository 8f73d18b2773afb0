/* minter.c - every job is answered once; what is answered is saved and in force; of one refresh token there is one next pair. */
#include "server/minter.h"

#include <semaphore.h>
#include <stdio.h>

#include "suite.h"
#include "sync/house.h"

enum { WAITING = 512 }; /* so many jobs may wait */

static const struct address here = {{[15] = 1}}, there = {{[15] = 2}};

struct shop {
    struct house house;
    struct minter *minter;
    struct grant key;
    char text[KEY_MAX];
};

struct order {
    struct mint_job job;
    sem_t done;
    bool is_refused; /* by judge */
    int n_judged;    /* how often it was asked, */
    bool was_known;  /* and what it was told */
    bool was_reused;
    sem_t *reached, *go; /* NULL, or where judge stops and is let on */
};

static void shop_make(struct shop *s)
{
    char why[256] = "";

    house_make(&s->house);
    s->key = house_key(&s->house, 1, s->text);
    assert_ok(minter_new(s->house.sync, STR("mk"), s->house.room.master_key, &s->minter, why));
}

static void shop_clear(struct shop *s)
{
    minter_free(s->minter);
    house_clear(&s->house);
}

/* ---- orders ---- */

static void done(void *ctx)
{
    struct order *o = ctx;

    sem_post(&o->done);
}

static bool judge(void *ctx, const struct family *known, bool is_reused)
{
    struct order *o = ctx;

    o->n_judged++;
    o->was_known = known != NULL;
    o->was_reused = is_reused;
    if (o->reached != NULL) {
        sem_post(o->reached);
        sem_wait(o->go);
    }
    return known != NULL && !is_reused && !o->is_refused;
}

static void order_init(const struct shop *s, struct order *o, enum mint_what what)
{
    *o = (struct order){.job = {.what = what, .from = here, .judge = judge, .done = done}};
    o->job.ctx = o;
    o->job.now_ms = sync_now_us(s->house.sync) / 1000;
    sem_init(&o->done, 0, 0);
}

static void exchange_init(const struct shop *s, struct order *o, const char *key)
{
    order_init(s, o, MINT_EXCHANGE);
    struct family *f = &o->job.family;
    snprintf(f->key, sizeof f->key, "%s", key);
    f->environment = KW_SANDBOX;
    f->permissions = KW_FULL_ACCESS;
    f->state = FAMILY_ACTIVE;
    f->secret_mark = family_secret_mark(s->key.digest);
    f->access_s = FAMILY_ACCESS_S;
    f->created_ms = o->job.now_ms;
    f->ends_ms = o->job.now_ms + FAMILY_LIFE_S * INT64_C(1000);
    f->access_ends_ms = o->job.now_ms + FAMILY_ACCESS_S * INT64_C(1000);
}

static void refresh_init(const struct shop *s, struct order *o, const struct order *pair,
                         const struct address *from)
{
    order_init(s, o, MINT_REFRESH);
    memcpy(o->job.family.id, pair->job.family.id, sizeof o->job.family.id);
    o->job.presented = pair->job.refresh;
    o->job.from = *from;
}

static void submit(const struct shop *s, struct order *o)
{
    assert_ok(minter_submit(s->minter, &o->job));
}

static void await(struct order *o)
{
    sem_wait(&o->done);
    sem_destroy(&o->done);
}

static void run(const struct shop *s, struct order *o)
{
    submit(s, o);
    await(o);
}

static struct order exchanged(const struct shop *s)
{
    struct order o;

    exchange_init(s, &o, s->key.id);
    run(s, &o);
    assert_ok(o.job.err);
    assert_int_equal(o.job.outcome, MINT_DONE);
    return o;
}

static struct order refreshed(const struct shop *s, const struct order *pair,
                              const struct address *from)
{
    struct order o;

    refresh_init(s, &o, pair, from);
    run(s, &o);
    assert_ok(o.job.err);
    return o;
}

/* What the engine says to a request with the access token. */
static enum kw_reason ask(const struct shop *s, const struct order *pair)
{
    return house_ask_token(&s->house, secret_text_view(&pair->job.access));
}

static bool same(const struct secret_text *a, const struct secret_text *b)
{
    return a->n == b->n && memcmp(a->p, b->p, a->n) == 0;
}

static struct family stored(const struct shop *s, const struct order *pair)
{
    struct family f;

    assert_ok(store_family(sync_lock(s->house.sync), str_from(pair->job.family.id), &f));
    sync_unlock(s->house.sync);
    return f;
}

/* ---- exchanged ---- */

static void a_key_is_exchanged_for_tokens_that_are_in_force(void **state)
{
    struct shop s;

    (void)state;
    shop_make(&s);
    struct order pair = exchanged(&s);
    assert_int_equal(ask(&s, &pair), KW_WHY_ALLOWED);
    assert_int_equal(pair.n_judged, 0); /* that was decided before */
    struct family f = stored(&s, &pair);
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
    exchange_init(&s, &orders[0], s.key.id);
    exchange_init(&s, &orders[1], "9Q2mK4T9xJ1aBd");
    exchange_init(&s, &orders[2], s.key.id);
    for (size_t i = 0; i < COUNT_OF(orders); i++)
        submit(&s, &orders[i]);
    for (size_t i = 0; i < COUNT_OF(orders); i++)
        await(&orders[i]);
    assert_err(orders[1].job.err, KW_ENOTFOUND);
    assert_int_equal(orders[1].job.outcome, MINT_DENIED);
    assert_int_equal(ask(&s, &orders[0]), KW_WHY_ALLOWED);
    assert_int_equal(ask(&s, &orders[2]), KW_WHY_ALLOWED);
    shop_clear(&s);
}

static void X3_on_a_full_disk_nobody_gets_a_token(void **state)
{
    struct order o;
    struct shop s;

    (void)state;
    shop_make(&s);
    exchange_init(&s, &o, s.key.id);
    house_disk_full(true);
    run(&s, &o);
    house_disk_full(false);
    assert_true(o.job.err != KW_OK);
    assert_int_equal(o.job.outcome, MINT_DENIED);
    assert_int_equal(o.job.access.n, 0);
    sync_tick(s.house.sync);
    struct order later = exchanged(&s);
    assert_int_equal(ask(&s, &later), KW_WHY_ALLOWED);
    shop_clear(&s);
}

/* ---- refreshed ---- */

static void D17_a_refresh_token_gets_the_next_pair_once(void **state)
{
    struct shop s;

    (void)state;
    shop_make(&s);
    struct order first = exchanged(&s), second = refreshed(&s, &first, &here);
    assert_int_equal(second.job.outcome, MINT_DONE);
    assert_false(same(&first.job.access, &second.job.access));
    assert_int_equal(ask(&s, &first), KW_WHY_ALLOWED);
    assert_int_equal(ask(&s, &second), KW_WHY_ALLOWED);
    struct order thief = refreshed(&s, &first, &there);
    assert_int_equal(thief.job.outcome, MINT_REUSED);
    assert_true(thief.was_known && thief.was_reused);
    assert_int_equal(thief.job.access.n, 0);
    assert_int_equal(ask(&s, &first), KW_WHY_TOKEN_ENDED);
    assert_int_equal(ask(&s, &second), KW_WHY_TOKEN_ENDED);
    assert_int_equal(stored(&s, &first).state, FAMILY_ENDED);
    struct order again = refreshed(&s, &first, &there); /* it had ended: that is no change */
    assert_int_equal(again.job.outcome, MINT_REUSED);
    assert_int_equal(stored(&s, &first).version, 3);
    shop_clear(&s);
}

static void D17_an_answer_that_got_lost_is_given_again(void **state)
{
    struct shop s;

    (void)state;
    shop_make(&s);
    struct order first = exchanged(&s), second = refreshed(&s, &first, &here),
                 again = refreshed(&s, &first, &here);
    assert_int_equal(again.job.outcome, MINT_DONE);
    assert_true(same(&second.job.access, &again.job.access));
    assert_true(same(&second.job.refresh, &again.job.refresh));
    assert_int_equal(stored(&s, &first).refreshes, 1);
    struct order late;
    refresh_init(&s, &late, &first, &here);
    late.job.now_ms += FAMILY_GRACE_MS + 1000;
    run(&s, &late);
    assert_int_equal(late.job.outcome, MINT_REUSED);
    shop_clear(&s);
}

static void D17_of_two_refreshes_at_once_one_wins_and_the_family_ends(void **state)
{
    struct order orders[2];
    struct shop s;

    (void)state;
    shop_make(&s);
    struct order first = exchanged(&s);
    refresh_init(&s, &orders[0], &first, &here);
    refresh_init(&s, &orders[1], &first, &there);
    submit(&s, &orders[0]);
    submit(&s, &orders[1]);
    await(&orders[0]);
    await(&orders[1]);
    assert_int_equal(orders[0].job.outcome, MINT_DONE);
    assert_int_equal(orders[1].job.outcome, MINT_REUSED);
    assert_int_equal(ask(&s, &orders[0]), KW_WHY_TOKEN_ENDED);
    shop_clear(&s);
}

static void what_is_not_allowed_changes_nothing(void **state)
{
    struct order o;
    struct shop s;

    (void)state;
    shop_make(&s);
    struct order first = exchanged(&s);
    refresh_init(&s, &o, &first, &here);
    o.is_refused = true;
    run(&s, &o);
    assert_ok(o.job.err);
    assert_int_equal(o.job.outcome, MINT_DENIED);
    assert_int_equal(o.job.refresh.n, 0);
    assert_int_equal(stored(&s, &first).version, 1);
    assert_int_equal(refreshed(&s, &first, &here).job.outcome, MINT_DONE);
    shop_clear(&s);
}

static void D4_a_token_of_nobody_and_a_wrong_one_are_judged_alike(void **state)
{
    struct order o;
    struct shop s;

    (void)state;
    shop_make(&s);
    struct order first = exchanged(&s);
    for (int i = 0; i < 2; i++) {
        refresh_init(&s, &o, &first, &here);
        o.job.presented.p[30] ^= 1;
        if (i == 1)
            o.job.family.id[0] ^= 1;
        run(&s, &o);
        assert_ok(o.job.err);
        assert_int_equal(o.job.outcome, MINT_DENIED);
        assert_true(o.n_judged == 1 && !o.was_known);
    }
    assert_int_equal(stored(&s, &first).version, 1);
    shop_clear(&s);
}

static struct order given_up(const struct shop *s, const struct order *pair, bool is_refused)
{
    struct order o;

    refresh_init(s, &o, pair, &here);
    o.job.what = MINT_GIVE_UP;
    o.is_refused = is_refused;
    run(s, &o);
    return o;
}

static void D17_what_is_given_up_ends_whatever_the_judge_says_and_though_it_was_used(void **state)
{
    struct shop s;

    (void)state;
    shop_make(&s);
    struct order first = exchanged(&s), second = refreshed(&s, &first, &here), other = exchanged(&s);
    house_disk_full(true);
    struct order unsaved = given_up(&s, &other, true);
    house_disk_full(false);
    assert_err(unsaved.job.err, KW_EUNSAVED);
    assert_int_equal(unsaved.job.outcome, MINT_GIVEN_UP);
    assert_int_equal(ask(&s, &other), KW_WHY_TOKEN_ENDED);
    sync_tick(s.house.sync);
    struct order used = given_up(&s, &first, true);
    assert_ok(used.job.err);
    assert_int_equal(used.job.outcome, MINT_GIVEN_UP);
    assert_int_equal(used.n_judged, 1);
    assert_int_equal(ask(&s, &second), KW_WHY_TOKEN_ENDED);
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
    refresh_init(s, &g->holding, pair, &here);
    g->holding.reached = &g->reached;
    g->holding.go = &g->go;
    submit(s, &g->holding);
    sem_wait(&g->reached);
}

static void let_go(struct gate *g)
{
    sem_post(&g->go);
    await(&g->holding);
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
    struct order first = exchanged(&s);
    hold(&s, &gate, &first);
    for (size_t i = 0; i < WAITING; i++) {
        exchange_init(&s, &orders[i], s.key.id);
        submit(&s, &orders[i]);
    }
    exchange_init(&s, &one_more, s.key.id);
    assert_err(minter_submit(s.minter, &one_more.job), KW_EBUSY);
    let_go(&gate);
    for (size_t i = 0; i < WAITING; i++) {
        await(&orders[i]);
        assert_ok(orders[i].job.err);
    }
    assert_int_equal(ask(&s, &orders[WAITING - 1]), KW_WHY_ALLOWED);
    run(&s, &one_more);
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
    struct order first = exchanged(&s);
    hold(&s, &gate, &first);
    exchange_init(&s, &waiting, s.key.id);
    submit(&s, &waiting);
    sem_post(&gate.go); /* for stopping waits for what has begun */
    minter_stop(s.minter);
    let_go(&gate);
    assert_ok(gate.holding.job.err);
    await(&waiting);
    assert_true(waiting.job.err == KW_EUNAVAILABLE || waiting.job.err == KW_OK);
    exchange_init(&s, &late, s.key.id);
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
    return suite_run("server/minter");
}
