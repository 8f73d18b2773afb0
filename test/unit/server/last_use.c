/* last_use.c - the newer of what is saved and what is noted is shown; nothing is null. */
#include "server/last_use.h"

#include "suite.h"
#include "sync/house.h"

static const char id[] = "7Q2mK4T9xJ1aBd";

struct office { /* a server that has nothing but what last uses need */
    struct house house;
    struct server server;
};

static void office_make(struct office *o)
{
    house_make(&o->house);
    o->server = (struct server){.sync = o->house.sync};
    assert_ok(uses_new(&o->server.uses));
    assert_ok(key_uses_new(&o->server.key_uses));
}

static void office_clear(struct office *o)
{
    key_uses_free(o->server.key_uses);
    uses_free(o->server.uses);
    house_clear(&o->house);
}

static void save(struct office *o, enum use_kind kind, int64_t at_ms, const char *source)
{
    struct last_use use = {.kind = kind, .slot = 1, .at_ms = at_ms};

    memcpy(use.source, source, strlen(source));
    assert_ok(sync_save_uses(o->house.sync, &use, 1));
}

static void note_key(struct office *o, int64_t at_ms)
{
    struct event e = {.kind = EVENT_DECISION, .flags = EVENT_PROVED, .time_us = at_ms * 1000};

    memcpy(e.key_id, id, sizeof e.key_id);
    assert_ok(address_parse(STR("192.0.2.1"), &e.source));
    key_uses_note(o->server.key_uses, &e, INT64_MAX);
}

static void assert_last(const struct office *o, enum use_kind kind, int64_t at_ms, const char *source)
{
    struct last_use use;

    assert_ok(last_use_ask(&o->server, kind, 1, str_from(id), &use));
    assert_int_equal(use.kind, kind);
    assert_int_equal(use.at_ms, at_ms);
    assert_string_equal(use.source, source);
}

static void the_newer_of_saved_and_noted_counts(void **state)
{
    struct office o;

    (void)state;
    office_make(&o);
    assert_last(&o, USE_KEY, 0, "");
    note_key(&o, 100);
    assert_last(&o, USE_KEY, 100, "192.0.2.1");
    save(&o, USE_KEY, 200, "192.0.2.2");
    assert_last(&o, USE_KEY, 200, "192.0.2.2");
    note_key(&o, 300);
    assert_last(&o, USE_KEY, 300, "192.0.2.1");
    office_clear(&o);
}

static void a_token_and_a_member_of_one_slot_are_two(void **state)
{
    static const struct address nowhere;
    struct office o;

    (void)state;
    office_make(&o);
    uses_note(o.server.uses, USE_TOKEN, 1, 100, &nowhere);
    save(&o, USE_MEMBER, 50, "::1");
    assert_last(&o, USE_TOKEN, 100, "");
    assert_last(&o, USE_MEMBER, 50, "::1");
    assert_last(&o, USE_KEY, 0, "");
    office_clear(&o);
}

static void assert_shown(enum use_kind kind, int64_t at_ms, const char *source, const char *want)
{
    struct last_use use = {.kind = kind, .at_ms = at_ms};

    memcpy(use.source, source, strlen(source));
    json_t *object = last_use_out(&use, json_object());
    struct json_text *text = json_out_text(object);
    assert_non_null(text);
    assert_str(((struct str){text->p, text->n}), str_from(want));
    json_text_free(text);
    json_decref(object);
}

static void what_never_was_is_null(void **state)
{
    (void)state;
    assert_shown(USE_KEY, 0, "", "{\"lastUsedAt\":null,\"lastUsedFrom\":null}");
    assert_shown(USE_TOKEN, 1000, "",
                 "{\"lastUsedAt\":\"1970-01-01T00:00:01Z\",\"lastUsedFrom\":null}");
    assert_shown(USE_MEMBER, 1000, "::1",
                 "{\"lastSignInAt\":\"1970-01-01T00:00:01Z\",\"lastSignInFrom\":\"::1\"}");
    assert_null(last_use_out(&(struct last_use){.kind = USE_KEY}, NULL));
}

int main(void)
{
    SUITE_TEST(the_newer_of_saved_and_noted_counts);
    SUITE_TEST(a_token_and_a_member_of_one_slot_are_two);
    SUITE_TEST(what_never_was_is_null);
    return suite_run("server/last_use");
}
