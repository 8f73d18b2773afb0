/* webhook_event.c - each change is told of by its own name, by the same id however often it is read, and without secrets. */
#include "alerting/webhook_event.h"

#include <stdio.h>

#include "store/room.h"
#include "suite.h"

static const char key_id[] = "1Q2mK4T9xJ1aBd", member_id[] = "1Q2mK4T9xJ1aMe";

struct heard {
    struct store *store;
    struct buf words, ids, bodies;
};

static void hear(struct heard *h, uint64_t n)
{
    struct webhook_told t;

    enum kw_err err = webhook_told_of(h->store, n, &t);
    if (err == KW_ENOTFOUND) {
        buf_str(&h->words, STR("- "));
        return;
    }
    assert_ok(err);
    buf_printf(&h->words, "%s ", webhook_event_word(t.event));
    buf_printf(&h->ids, "%s ", t.id);
    buf_str(&h->bodies, buf_view(&t.body));
    webhook_told_deinit(&t);
}

static struct heard hear_all(struct store *s)
{
    struct heard h = {
        .store = s, .words = BUF_MAX(4096), .ids = BUF_MAX(4096), .bodies = BUF_MAX(65536)};

    for (uint64_t n = 1; n <= store_change_seq(s); n++)
        hear(&h, n);
    return h;
}

static void heard_deinit(struct heard *h)
{
    buf_deinit(&h->words);
    buf_deinit(&h->ids);
    buf_deinit(&h->bodies);
}

static void check_words(struct store *s, const char *want)
{
    AUTO(heard_deinit) struct heard h = hear_all(s);

    assert_str(buf_view(&h.words), str_from(want));
}

static void a_key_is_told_of_step_by_step(void **state)
{
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    struct grant g = room_key(s, key_id);
    snprintf(g.name, sizeof g.name, "another");
    room_change(s, &g);
    g.state = KEY_DISABLED;
    room_change(s, &g);
    snprintf(g.name, sizeof g.name, "a third"); /* disabled it is still, and was before */
    room_change(s, &g);
    g.state = KEY_ACTIVE;
    room_change(s, &g);
    g.frozen = FREEZE_ALL;
    room_change(s, &g);
    g.frozen = FREEZE_TRANSACT;
    room_change(s, &g);
    g.generation++;
    g.digest[0] ^= 1;
    room_change(s, &g);
    g.state = KEY_REVOKED;
    room_change(s, &g);
    check_words(s, "account.created key.created key.changed key.disabled key.changed key.enabled "
                   "key.frozen key.thawed key.rotated key.revoked ");
    store_close(s);
    room_clear(&r);
}

static void people_and_what_they_set_are_told_of(void **state)
{
    struct room r;
    uint32_t version;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    struct member first = room_member(s, "2Q2mK4T9xJ1aMe"), m = room_person(member_id);
    m.state = MEMBER_INVITED;
    m.role = ROLE_VIEWER;
    assert_ok(room_put_member(s, &m));
    m.state = MEMBER_ACTIVE;
    assert_ok(room_put_member(s, &m));
    m.epoch++;
    assert_ok(room_put_member(s, &m));
    struct token t = room_token(s, "3Q2mK4T9xJ1aTo", first.id);
    t.state = TOKEN_REVOKED;
    assert_ok(room_put_token(s, &t));
    m.state = MEMBER_REMOVED;
    assert_ok(room_put_member(s, &m));
    assert_ok(store_begin(s, STR("uid:7"), 3000));
    assert_ok(store_put_policy(s, STR("{}"), &version));
    struct environment e = {.slot = KW_SANDBOX, .frozen = FREEZE_ALL};
    assert_ok(store_put_environment(s, &e));
    assert_ok(store_commit(s));
    check_words(s, "account.created member.invited member.invited member.joined member.changed "
                   "management_token.created management_token.revoked member.removed "
                   "policy.applied environment.frozen ");
    store_close(s);
    room_clear(&r);
}

static void put_document(struct store *s, struct document *d, const char *doc_state)
{
    snprintf(d->state, sizeof d->state, "%s", doc_state);
    assert_ok(store_begin(s, STR("watch"), 4000));
    assert_ok(store_put_document(s, d));
    assert_ok(store_commit(s));
}

static void alerts_and_webhooks_are_told_of_and_reports_are_not(void **state)
{
    struct document
        alert = {.kind = DOCUMENT_ALERT,
                 .id = "5Q2mK4T9xJ1aAl",
                 .account = "acme",
                 .key = "1Q2mK4T9xJ1aBd",
                 .text = STR("{\"detector\":\"test\",\"foundMs\":1700000000000,\"took\":\"notify\","
                             "\"tookPermissions\":1,\"tookVersion\":2,\"sealedX\":\"00ff\"}")},
        hook = {.kind = DOCUMENT_WEBHOOK, .id = "6Q2mK4T9xJ1aWh", .text = STR("{}")},
        report = {.kind = DOCUMENT_REPORT, .id = "7Q2mK4T9xJ1aRe", .text = STR("{}")};
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    put_document(s, &alert, "open");
    put_document(s, &alert, "open");
    put_document(s, &alert, "acknowledged");
    put_document(s, &alert, "resolved");
    put_document(s, &hook, "active");
    put_document(s, &hook, "active");
    put_document(s, &hook, "disabled");
    put_document(s, &hook, "removed");
    put_document(s, &report, "open");
    check_words(s, "alert.raised alert.changed alert.acknowledged alert.resolved webhook.created "
                   "webhook.changed webhook.disabled webhook.removed - ");
    AUTO(heard_deinit) struct heard h = hear_all(s);
    buf_str(&h.bodies, STR("\0"));
    assert_null(strstr(h.bodies.p, "00ff"));
    assert_null(strstr(h.bodies.p, "took")); /* what it needs to be undone */
    assert_non_null(strstr(h.bodies.p,
                           "\"data\":{\"kind\":\"alert\",\"id\":\"5Q2mK4T9xJ1aAl\","
                           "\"account\":\"acme\",\"actor\":\"watch\",\"version\":1,"
                           "\"now\":{\"detector\":\"test\",\"foundAt\":\"2023-11-14T22:13:20Z\","
                           "\"state\":\"open\",\"keyId\":\"1Q2mK4T9xJ1aBd\","
                           "\"title\":\"somebody tried whether alerts arrive\"}}"));
    store_close(s);
    room_clear(&r);
}

static void H12_an_entry_that_is_read_again_makes_the_same_event(void **state)
{
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    room_key(s, key_id);
    AUTO(heard_deinit) struct heard first = hear_all(s);
    store_close(s);
    s = room_open(&r);
    AUTO(heard_deinit) struct heard again = hear_all(s);
    assert_str(buf_view(&again.ids), buf_view(&first.ids));
    assert_str(buf_view(&again.bodies), buf_view(&first.bodies));
    assert_int_equal(first.ids.n, 2 * (4 + 18 + 1));
    assert_memory_not_equal(first.ids.p, first.ids.p + 23, 22);
    store_close(s);
    room_clear(&r);
}

/* Universal: no secret byte in anything that Keyward writes. */
static void no_digest_is_in_a_body(void **state)
{
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    struct grant g = room_grant(key_id);
    struct account a = room_account(s, "acme");
    memset(g.digest, 0xab, sizeof g.digest);
    (void)a;
    assert_ok(store_begin(s, STR("uid:0"), 2000));
    assert_ok(store_put_key(s, &g));
    assert_ok(store_commit(s));
    AUTO(heard_deinit) struct heard h = hear_all(s);
    buf_str(&h.bodies, STR("\0"));
    assert_null(strstr(h.bodies.p, "abab"));
    assert_null(strstr(h.bodies.p, "digest"));
    assert_non_null(strstr(h.bodies.p, "{\"id\":\"evt_"));
    assert_non_null(strstr(h.bodies.p, "\"type\":\"key.created\",\"created\":2,\"data\":{"));
    store_close(s);
    room_clear(&r);
}

static void a_test_is_about_its_webhook(void **state)
{
    const struct webhook w = {.id = "7Q2mK4T9xJ1aBd", .account = "acme"};
    struct webhook_told t, u;

    (void)state;
    assert_ok(webhook_told_test(&w, "uid:0", 5000, &t));
    assert_ok(webhook_told_test(&w, "uid:0", 5000, &u));
    assert_int_equal(t.event, TELL_WEBHOOK_TEST);
    assert_string_not_equal(t.id, u.id);
    assert_string_equal(t.account, "acme");
    webhook_told_deinit(&t);
    webhook_told_deinit(&u);
}

int main(void)
{
    SUITE_TEST(a_key_is_told_of_step_by_step);
    SUITE_TEST(people_and_what_they_set_are_told_of);
    SUITE_TEST(alerts_and_webhooks_are_told_of_and_reports_are_not);
    SUITE_TEST(H12_an_entry_that_is_read_again_makes_the_same_event);
    SUITE_TEST(no_digest_is_in_a_body);
    SUITE_TEST(a_test_is_about_its_webhook);
    return suite_run("alerting/webhook_event");
}
