/* webhook_doc.c - what is stored of a webhook comes back, and its secrets leave nowhere. */
#include "alerting/webhook_doc.h"

#include <stdlib.h>

#include "suite.h"
#include "json/document_out.h"

static struct webhook sample(void)
{
    return (struct webhook){.slot = 3,
                            .version = 2,
                            .id = "7Q2mK4T9xJ1aBd",
                            .account = "acme",
                            .url = "https://hooks.example.com/in?a=\xc3\xa4",
                            .name = "Ours \"here\"",
                            .events = UINT64_C(1) << TELL_KEY_REVOKED | UINT64_C(1)
                                                                            << TELL_ALERT_RAISED,
                            .state = WEBHOOK_DISABLED,
                            .why = WEBHOOK_GONE,
                            .off_ms = 1700000000001,
                            .created_ms = 1600000000000,
                            .created_by = "member:1Q2mK4T9xJ1aMe",
                            .secret = {1, 2, 3},
                            .old_secret = {4, 5, 6},
                            .old_ends_ms = 1700000000002};
}

/* The text is the caller's. */
static char *document_of(const struct webhook *w, struct document *d)
{
    json_t *object = webhook_text(w);
    char *text = json_dumps(object, JSON_COMPACT);

    json_decref(object);
    assert_non_null(text);
    *d = (struct document){.slot = w->slot,
                           .version = w->version,
                           .kind = DOCUMENT_WEBHOOK,
                           .created_ms = w->created_ms,
                           .text = str_from(text)};
    memcpy(d->id, w->id, sizeof d->id);
    memcpy(d->account, w->account, sizeof d->account);
    memcpy(d->state, webhook_state_word(w->state), strlen(webhook_state_word(w->state)));
    return text;
}

static void a_webhook_comes_back_whole(void **state)
{
    struct webhook w = sample(), back;
    struct document d;
    char *text = document_of(&w, &d);

    (void)state;
    memset(&back, 0, sizeof back);
    assert_true(document_ok(&d));
    assert_ok(webhook_read(&d, &back));
    assert_memory_equal(back.secret, w.secret, sizeof w.secret);
    assert_memory_equal(back.old_secret, w.old_secret, sizeof w.secret);
    assert_string_equal(back.url, w.url);
    assert_string_equal(back.name, w.name);
    assert_string_equal(back.account, w.account);
    assert_string_equal(back.created_by, w.created_by);
    assert_true(back.events == w.events && back.state == w.state && back.why == w.why);
    assert_true(back.off_ms == w.off_ms && back.old_ends_ms == w.old_ends_ms);
    assert_true(back.slot == 3 && back.version == 2 && back.created_ms == w.created_ms);
    free(text);
}

static void every_event_stays_every_event(void **state)
{
    struct webhook w = sample(), back;
    struct document d;

    (void)state;
    w.events = WEBHOOK_EVERY_EVENT;
    w.old_ends_ms = 0;
    char *text = document_of(&w, &d);
    assert_non_null(strstr(text, "[\"*\"]"));
    assert_null(strstr(text, "sealedOldSecret"));
    assert_ok(webhook_read(&d, &back));
    assert_true(back.events == WEBHOOK_EVERY_EVENT);
    free(text);
}

static void no_secret_is_in_what_may_be_seen(void **state)
{
    struct webhook w = sample();
    struct document d;
    char *text = document_of(&w, &d);

    (void)state;
    json_t *out = document_out(d.text);
    char *seen = json_dumps(out, JSON_COMPACT);
    assert_null(strstr(seen, "sealed"));
    assert_null(strstr(seen, "010203"));
    assert_null(strstr(seen, "040506"));
    assert_non_null(strstr(seen, "hooks.example.com"));
    free(seen);
    json_decref(out);
    free(text);
}

static const struct reject {
    const char *why, *text;
} rejects[] = {
    {"no JSON", "{no}"},
    {"nothing in it", "{}"},
    {"no secret",
     "{\"url\":\"https://a.example\",\"name\":\"\",\"why\":\"\",\"createdBy\":\"uid:0\"}"},
    {"a secret that is cut",
     "{\"url\":\"https://a.example\",\"name\":\"\",\"why\":\"\",\"createdBy\":\"uid:0\","
     "\"sealedSecret\":\"0102\"}"},
    {"no such reason",
     "{\"url\":\"https://a.example\",\"name\":\"\",\"why\":\"x\",\"createdBy\":\"uid:0\"}"},
};

static void webhook_read_rejects(void **state)
{
    const struct reject *row = *state;
    struct document d = {.kind = DOCUMENT_WEBHOOK, .state = "active", .text = str_from(row->text)};
    struct webhook w = {.slot = 77};

    assert_err(webhook_read(&d, &w), KW_EDAMAGED);
    assert_int_equal(w.slot, 77);
}

static void a_secret_opens_for_its_own_webhook_alone(void **state)
{
    AUTO(box_freep) struct box *box = NULL;
    const struct secret key = {{9}}, secret = {{1, 2, 3}};
    uint8_t hidden[WEBHOOK_SEALED_LEN];
    struct secret back;

    (void)state;
    assert_ok(box_new(&key, &box));
    assert_ok(webhook_hide(box, "7Q2mK4T9xJ1aBd", &secret, hidden));
    assert_ok(webhook_reveal(box, "7Q2mK4T9xJ1aBd", hidden, &back));
    assert_memory_equal(back.b, secret.b, sizeof secret.b);
    assert_err(webhook_reveal(box, "7Q2mK4T9xJ1aBe", hidden, &back), KW_EDAMAGED);
}

int main(void)
{
    SUITE_TEST(a_webhook_comes_back_whole);
    SUITE_TEST(every_event_stays_every_event);
    SUITE_TEST(no_secret_is_in_what_may_be_seen);
    SUITE_ROWS(webhook_read_rejects, rejects);
    SUITE_TEST(a_secret_opens_for_its_own_webhook_alone);
    return suite_run("alerting/webhook_doc");
}
