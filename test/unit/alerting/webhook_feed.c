/* webhook_feed.c - the log of changes becomes what waits, entry by entry, whatever is killed in between. */
#include "alerting/webhook_feed.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "alerting/webhook_doc.h"
#include "suite.h"
#include "sync/house.h"

static const char hook_id[] = "6Q2mK4T9xJ1aWh";

struct scene {
    struct house house;
    char path[PATH_MAX];
    struct outbox *outbox;
    struct webhook_feed feed;
    struct receivers receivers;
};

static void open_outbox(struct scene *s)
{
    assert_ok(outbox_open(s->path, &s->outbox));
    s->feed = (struct webhook_feed){.sync = s->house.sync};
    assert_ok(webhook_feed_begin(&s->feed, s->outbox));
}

static void close_outbox(struct scene *s)
{
    outbox_close(s->outbox);
    receivers_deinit(&s->receivers);
}

static void begin(struct scene *s)
{
    *s = (struct scene){.outbox = NULL};
    house_make(&s->house);
    snprintf(s->path, sizeof s->path, "%s", folder_file(&s->house.room.folder, "outbox.db"));
    open_outbox(s);
}

static void end(struct scene *s)
{
    close_outbox(s);
    house_clear(&s->house);
}

static void follow(struct scene *s)
{
    bool more = true;

    while (more)
        assert_ok(webhook_feed_next(&s->feed, &s->receivers, s->outbox, &more));
}

static struct webhook hook(const struct scene *s, const char *id, const char *account)
{
    struct webhook w = {.url = "https://hooks.example.com/in",
                        .events = WEBHOOK_EVERY_EVENT,
                        .state = WEBHOOK_ACTIVE,
                        .created_ms = sync_now_us(s->house.sync) / 1000,
                        .created_by = "uid:0"};

    snprintf(w.id, sizeof w.id, "%s", id);
    snprintf(w.account, sizeof w.account, "%s", account);
    return w;
}

static void put(struct scene *s, struct webhook *w)
{
    assert_ok(webhook_put(s->house.sync, STR("uid:0"), w));
}

static void make_key(struct scene *s, unsigned number)
{
    char text[KEY_MAX];
    struct grant g;

    assert_ok(house_create(&s->house, number, text, &g));
}

/* The types of all that was ever put for a webhook, the newest first. */
static enum kw_err add_type(void *ctx, const struct outbox_delivery *d)
{
    buf_printf(ctx, "%s %s; ", d->type, outbox_state_word(d->state));
    return KW_OK;
}

static void check(struct scene *s, const struct webhook *w, const char *want)
{
    AUTO(buf_deinit) struct buf got = BUF_MAX(4096);

    assert_ok(outbox_list(s->outbox, w->slot, 0, 100, add_type, &got));
    assert_str(buf_view(&got), str_from(want));
}

static void a_webhook_is_told_from_its_own_beginning_on(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    make_key(&s, 1);
    struct webhook w = hook(&s, hook_id, "acme"), other = hook(&s, "7Q2mK4T9xJ1aWh", "nobody");
    put(&s, &w);
    put(&s, &other);
    make_key(&s, 2);
    struct webhook all = hook(&s, "8Q2mK4T9xJ1aWh", "");
    put(&s, &all);
    follow(&s);
    check(&s, &w, "key.created pending; webhook.created pending; ");
    check(&s, &other, "webhook.created pending; ");
    check(&s, &all, "webhook.created pending; ");
    end(&s);
}

/* What the clock said when it was made is no measure: it may have been set since. */
static void a_webhook_is_told_from_its_own_beginning_on_whatever_the_clock_said(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    make_key(&s, 1);
    struct webhook late = hook(&s, hook_id, "acme"), early = hook(&s, "7Q2mK4T9xJ1aWh", "acme");
    late.created_ms += 86400000;
    early.created_ms = 1;
    put(&s, &early);
    put(&s, &late);
    make_key(&s, 2);
    follow(&s);
    check(&s, &late, "key.created pending; webhook.created pending; ");
    check(&s, &early, "key.created pending; webhook.created pending; webhook.created pending; ");
    end(&s);
}

static void what_was_there_before_the_outbox_is_not_told(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    struct webhook w = hook(&s, hook_id, "acme");
    put(&s, &w);
    make_key(&s, 1);
    close_outbox(&s);
    assert_ok(outbox_move_aside(s.path));
    open_outbox(&s);
    make_key(&s, 2);
    follow(&s);
    check(&s, &w, "key.created pending; ");
    end(&s);
}

static void H12_a_feed_goes_on_where_it_was(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    struct webhook w = hook(&s, hook_id, "acme");
    put(&s, &w);
    make_key(&s, 1);
    follow(&s);
    for (unsigned i = 2; i < 5; i++) {
        make_key(&s, i);
        close_outbox(&s); /* before it was read */
        open_outbox(&s);
        follow(&s);
        close_outbox(&s); /* and after */
        open_outbox(&s);
        follow(&s);
    }
    check(&s, &w,
          "key.created pending; key.created pending; key.created pending; "
          "key.created pending; webhook.created pending; ");
    end(&s);
}

static void another_log_is_followed_from_its_end_on(void **state)
{
    const struct outbox_place elsewhere = {3, 12345}, ahead = {1000, 1};
    struct outbox_place found;
    struct scene s;

    (void)state;
    begin(&s);
    make_key(&s, 1);
    make_key(&s, 2);
    assert_ok(outbox_save_place(s.outbox, &elsewhere));
    assert_ok(webhook_feed_begin(&s.feed, s.outbox));
    assert_ok(outbox_place(s.outbox, &found));
    assert_int_equal(found.n, 3); /* acme, and two keys */
    assert_true(found.mark != 12345);
    assert_ok(outbox_save_place(s.outbox, &ahead));
    assert_ok(webhook_feed_begin(&s.feed, s.outbox));
    assert_ok(outbox_place(s.outbox, &found));
    assert_int_equal(found.n, 3);
    end(&s);
}

static void what_waited_is_forgotten_with_its_log(void **state)
{
    const struct outbox_place elsewhere = {3, 12345};
    struct scene s;

    (void)state;
    begin(&s);
    struct webhook w = hook(&s, hook_id, "acme");
    put(&s, &w);
    make_key(&s, 1);
    follow(&s);
    assert_ok(webhook_feed_begin(&s.feed, s.outbox)); /* the same log: it stays */
    check(&s, &w, "key.created pending; webhook.created pending; ");
    assert_ok(outbox_save_place(s.outbox, &elsewhere));
    assert_ok(webhook_feed_begin(&s.feed, s.outbox));
    check(&s, &w, "");
    make_key(&s, 2);
    follow(&s);
    check(&s, &w, "key.created pending; ");
    end(&s);
}

static void what_waits_is_given_up_with_its_webhook(void **state)
{
    struct scene s;
    struct outbox_health h;

    (void)state;
    begin(&s);
    struct webhook w = hook(&s, hook_id, "acme");
    put(&s, &w);
    struct webhook other = hook(&s, "8Q2mK4T9xJ1aWh", "");
    put(&s, &other);
    make_key(&s, 1);
    follow(&s);
    w.state = WEBHOOK_DISABLED;
    w.why = WEBHOOK_BY_HAND;
    put(&s, &w);
    make_key(&s, 2);
    follow(&s);
    check(&s, &w, "key.created failed; webhook.created failed; ");
    check(&s, &other,
          "key.created pending; webhook.disabled pending; key.created pending; "
          "webhook.created pending; ");
    assert_ok(outbox_health(s.outbox, w.slot, &h));
    assert_int_equal(h.pending, 0);
    w.state = WEBHOOK_ACTIVE;
    put(&s, &w);
    follow(&s);
    check(&s, &w, "webhook.changed pending; key.created failed; webhook.created failed; ");
    end(&s);
}

static void what_waited_is_given_up_also_where_it_is_active_again(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    struct webhook w = hook(&s, hook_id, "acme");
    put(&s, &w);
    make_key(&s, 1);
    follow(&s);
    w.state = WEBHOOK_DISABLED;
    w.why = WEBHOOK_BY_HAND;
    put(&s, &w);
    w.state = WEBHOOK_ACTIVE;
    w.why = WEBHOOK_NOT_OFF;
    put(&s, &w);
    follow(&s);
    check(&s, &w,
          "webhook.changed pending; webhook.disabled pending; key.created failed; "
          "webhook.created failed; ");
    end(&s);
}

static void a_webhook_that_cannot_be_read_is_no_bar_to_others(void **state)
{
    struct scene s;
    struct document broken = {.kind = DOCUMENT_WEBHOOK,
                              .id = "9Q2mK4T9xJ1aWh",
                              .account = "acme",
                              .state = "active",
                              .created_ms = 1000,
                              .text = STR("{\"url\":1}")};

    (void)state;
    begin(&s);
    assert_ok(sync_put_document(s.house.sync, STR("uid:0"), &broken));
    struct webhook w = hook(&s, hook_id, "acme");
    put(&s, &w);
    make_key(&s, 1);
    follow(&s);
    check(&s, &w, "key.created pending; webhook.created pending; ");
    end(&s);
}

static void a_webhook_whose_row_does_not_hold_is_no_bar_to_others(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    struct webhook w = hook(&s, hook_id, "acme"), other = hook(&s, "8Q2mK4T9xJ1aWh", "acme");
    put(&s, &w);
    put(&s, &other);
    room_sql(&s.house.room, "UPDATE documents SET account = 'evil' WHERE id = '8Q2mK4T9xJ1aWh'", 1);
    make_key(&s, 1);
    follow(&s);
    check(&s, &w, "key.created pending; webhook.created pending; webhook.created pending; ");
    end(&s);
}

int main(void)
{
    SUITE_TEST(a_webhook_is_told_from_its_own_beginning_on);
    SUITE_TEST(a_webhook_is_told_from_its_own_beginning_on_whatever_the_clock_said);
    SUITE_TEST(what_was_there_before_the_outbox_is_not_told);
    SUITE_TEST(H12_a_feed_goes_on_where_it_was);
    SUITE_TEST(another_log_is_followed_from_its_end_on);
    SUITE_TEST(what_waited_is_forgotten_with_its_log);
    SUITE_TEST(what_waits_is_given_up_with_its_webhook);
    SUITE_TEST(what_waited_is_given_up_also_where_it_is_active_again);
    SUITE_TEST(a_webhook_that_cannot_be_read_is_no_bar_to_others);
    SUITE_TEST(a_webhook_whose_row_does_not_hold_is_no_bar_to_others);
    return suite_run("alerting/webhook_feed");
}
