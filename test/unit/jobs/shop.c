/* shop.c - see shop.h. */
#include "jobs/shop.h"

#include <stdio.h>

#include "suite.h"

const struct address here = {{[15] = 1}}, there = {{[15] = 2}};

void shop_make(struct shop *s)
{
    char why[256] = "";

    house_make(&s->house);
    s->key = house_key(&s->house, 1, s->text);
    assert_ok(minter_new(s->house.sync, STR("mk"), s->house.room.master_key, &s->minter, why));
}

void shop_clear(struct shop *s)
{
    minter_free(s->minter);
    house_clear(&s->house);
}

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

void order_exchange(const struct shop *s, struct order *o, const char *key)
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

void order_refresh(const struct shop *s, struct order *o, const struct order *pair,
                   const struct address *from)
{
    order_init(s, o, MINT_REFRESH);
    memcpy(o->job.family.id, pair->job.family.id, sizeof o->job.family.id);
    o->job.presented = pair->job.refresh;
    o->job.from = *from;
}

void shop_submit(const struct shop *s, struct order *o)
{
    assert_ok(minter_submit(s->minter, &o->job));
}

void order_await(struct order *o)
{
    sem_wait(&o->done);
    sem_destroy(&o->done);
}

void shop_run(const struct shop *s, struct order *o)
{
    shop_submit(s, o);
    order_await(o);
}

struct order shop_exchanged(const struct shop *s)
{
    struct order o;

    order_exchange(s, &o, s->key.id);
    shop_run(s, &o);
    assert_ok(o.job.err);
    assert_int_equal(o.job.outcome, MINT_DONE);
    return o;
}

struct order shop_refreshed(const struct shop *s, const struct order *pair, const struct address *from)
{
    struct order o;

    order_refresh(s, &o, pair, from);
    shop_run(s, &o);
    assert_ok(o.job.err);
    return o;
}

/* What the engine says to a request with the access token. */
enum kw_reason shop_ask(const struct shop *s, const struct order *pair)
{
    return house_ask_token(&s->house, secret_text_view(&pair->job.access));
}

bool order_same_text(const struct secret_text *a, const struct secret_text *b)
{
    return a->n == b->n && memcmp(a->p, b->p, a->n) == 0;
}

struct family shop_stored(const struct shop *s, const struct order *pair)
{
    struct family f;

    assert_ok(store_family(sync_lock(s->house.sync), str_from(pair->job.family.id), &f));
    sync_unlock(s->house.sync);
    return f;
}
