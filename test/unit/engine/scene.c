/* scene.c - see scene.h. */
#include "engine/scene.h"

#include <stdlib.h>

void open_scene(struct scene *s)
{
    *s = (struct scene){0};
    world_make(&s->world);
    s->grant = world_grant(&s->world);
    s->account = world_account();
    s->text = world_text(&s->grant, 1);
    world_ask(&s->ask, &s->text);
}

void publish(struct scene *s)
{
    assert_ok(keyring_put_account(s->world.writer, &s->account));
    world_put(&s->world, &s->grant);
    s->engine = world_open(&s->world);
}

void close_scene(struct scene *s)
{
    kw_close(s->engine);
    world_clear(&s->world);
}

void target(struct scene *s, const char *method, const char *path)
{
    s->ask.request.method = (struct kw_str){method, strlen(method)};
    s->ask.request.target = (struct kw_str){path, strlen(path)};
}

static void put_list(const struct kw_str **strings, size_t *n, const struct kw_str *only)
{
    *strings = only;
    *n = 1;
}

void put_string(struct kw_request *r, int i, const struct kw_str *s)
{
    struct kw_str *const plain[] = {&r->method, &r->target, &r->key_header, &r->agent};

    if (i < (int)COUNT_OF(plain))
        *plain[i] = *s;
    else if (i == 4)
        put_list(&r->keys, &r->n_keys, s);
    else if (i == 5)
        put_list(&r->bearers, &r->n_bearers, s);
    else
        put_list(&r->cookies, &r->n_cookies, s);
}

void unknown_id(struct scene *s)
{
    struct grant nobody = world_grant(&s->world);

    s->text = world_text(&nobody, 1);
}

void wrong_secret(struct scene *s)
{
    s->text = world_text(&s->grant, 3);
}

void assert_tells_nothing(const struct kw_decision *d)
{
    assert_false(d->proved);
    assert_string_equal(d->key_id, "");
    assert_string_equal(d->account, "");
    assert_int_equal(d->environment, KW_NO_ENVIRONMENT);
    assert_int_equal(d->permissions, 0);
    assert_int_equal(d->rate.quota, 0);
    assert_int_equal(d->quota.quota, 0);
    assert_false(d->old_secret_ends_ms != 0);
}

void assert_recorded(const struct scene *s, const struct kw_decision *d)
{
    struct world_event found;

    assert_true(world_event(&s->world, d->request_id, &found));
    assert_int_equal(found.event.reason, d->reason);
    assert_int_equal(found.event.status, d->status);
    assert_int_equal(found.ring, d->proved ? RING_PROVED : RING_UNPROVED);
    assert_int_equal((found.event.flags & EVENT_PROVED) != 0, d->proved);
    assert_null(memmem(found.bytes, sizeof found.bytes, s->text.p + 24, KEY_SECRET_LEN));
}
