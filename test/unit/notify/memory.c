/* memory.c - letters, their sender, the outbox and what goes to webhooks, when allocations fail: whole, or not there. */
#include <stdio.h>

#include "alloc.h"
#include "folder.h"
#include "notify/mailer.h"
#include "notify/message.h"
#include "notify/outbox.h"
#include "notify/webhook_post.h"
#include "suite.h"

static enum kw_err print(void *ctx)
{
    static const struct message_head head = {.from = "keyward@shop.example", .id = "a1b2"};
    AUTO(buf_deinit) struct buf out = BUF_MAX(MESSAGE_MAX);

    message_print(ctx, &head, &out);
    test_alloc_fail(0);
    if (out.failed)
        return KW_ENOMEM;
    assert_non_null(memmem(out.p, out.n, "do nothing.\r\n", 13)); /* its end */
    return KW_OK;
}

static void X8_a_letter_is_printed_whole_or_not(void **state)
{
    struct letter l = {.to = "anna@shop.example", .name = "Anna", .text = "do nothing.\n"};

    (void)state;
    alloc_or_skip();
    assert_in_range(alloc_each(&(struct alloc_trial){.call = print}, &l), 2, 100);
}

static enum kw_err deliver(void *ctx, const char *to, struct str message, const atomic_bool *stop,
                           char why[SMTP_WHY_MAX])
{
    (void)ctx, (void)to, (void)message, (void)stop, (void)why;
    return KW_OK;
}

static enum kw_err make(void *ctx)
{
    static const struct smtp_server server = {.from = "keyward@shop.example"};
    AUTO(mailer_freep) struct mailer *m = NULL;

    enum kw_err err = mailer_new(&(struct mailer_options){&server, 1, deliver, ctx}, &m);
    test_alloc_fail(0);
    return err;
}

static bool is_due(enum kw_err err)
{
    return err == KW_EUNAVAILABLE; /* libcurl, or no thread */
}

static void X8_a_mailer_is_made_whole_or_not(void **state)
{
    (void)state;
    alloc_or_skip();
    assert_in_range(alloc_each(&(struct alloc_trial){.call = make, .is_due = is_due}, NULL), 1, 1000);
}

/* ---- webhooks ---- */

static enum kw_err sign(void *ctx)
{
    static const struct secret secret = {{1}}, old = {{2}};
    struct webhook_signatures out = {.monei = "kept"};

    (void)ctx;
    enum kw_err err = webhook_sign(&secret, &old, STR("evt_1"), 1700000000, STR("{}"), &out);
    test_alloc_fail(0);
    assert_int_equal(strcmp(out.monei, "kept") == 0, err != KW_OK);
    return err;
}

static void X8_a_delivery_is_signed_or_not(void **state)
{
    (void)state;
    alloc_or_skip();
    assert_ok(sign(NULL)); /* the first of all: OpenSSL does not survive a lack of memory when it begins */
    assert_in_range(alloc_each(&(struct alloc_trial){.call = sign}, NULL), 1, 1000);
}

static enum kw_err post(void *ctx)
{
    static const struct egress_rules rules = {.n_ports = 0};
    static const struct webhook_signatures signatures = {.standard = "v1,AA", .monei = "00"};
    static const struct webhook_post one = {.url = "https://93.184.216.34/in",
                                            .id = "evt_1",
                                            .signatures = &signatures,
                                            .body = STR_INIT("{}")};
    const struct webhook_posts_options options = {.rules = &rules, .ca_file = "", .agent = "test"};
    AUTO(webhook_posts_freep) struct webhook_posts *p = NULL;
    char why[EGRESS_WHY_MAX] = "";

    (void)ctx;
    enum kw_err err = webhook_posts_new(&options, &p);
    if (err == KW_OK)
        err = webhook_posts_begin(p, &one, why);
    test_alloc_fail(0);
    return err;
}

static void X8_a_delivery_is_begun_whole_or_not(void **state)
{
    (void)state;
    alloc_or_skip();
    assert_in_range(alloc_each(&(struct alloc_trial){.call = post, .is_due = is_due}, NULL), 5, 2000);
}

struct scene {
    struct folder folder;
    const char *path;
    struct outbox *outbox;
    unsigned n;
};

static enum kw_err feed(void *ctx)
{
    struct scene *s = ctx;
    const struct outbox_place place = {.n = s->n};
    char id[32];

    snprintf(id, sizeof id, "evt_%u", s->n);
    const struct outbox_event e = {
        .id = str_from(id), .type = STR("key.created"), .account = STR("acme"), .body = STR("{}")};
    TRY(outbox_begin(s->outbox));
    enum kw_err err = outbox_put(s->outbox, &e, 1, 1);
    if (err == KW_OK)
        err = outbox_save_place(s->outbox, &place);
    if (err == KW_OK)
        return outbox_commit(s->outbox);
    outbox_rollback(s->outbox);
    return err;
}

static enum kw_err open_and_feed(void *ctx)
{
    struct scene *s = ctx;

    s->n++;
    TRY(outbox_open(s->path, &s->outbox));
    return feed(s);
}

/* An event and its place: both, or neither; and it goes on afterwards. */
static void check(void *ctx, enum kw_err err)
{
    struct scene *s = ctx;
    struct outbox_place place = {.n = 0};

    test_alloc_fail(0);
    if (s->outbox == NULL)
        assert_ok(outbox_open(s->path, &s->outbox));
    struct outbox_health h;
    enum kw_err found = outbox_place(s->outbox, &place);
    assert_ok(outbox_health(s->outbox, 1, &h));
    assert_true(found == KW_OK || (found == KW_ENOTFOUND && h.pending == 0));
    assert_int_equal(place.n == s->n, err == KW_OK);
    assert_ok(feed(s));
    outbox_close(s->outbox);
    s->outbox = NULL;
}

static void X8_what_is_fed_is_there_with_its_place_or_not(void **state)
{
    struct scene s = {.n = 0};

    (void)state;
    alloc_or_skip();
    folder_make(&s.folder);
    s.path = folder_file(&s.folder, "outbox.db");
    const struct alloc_trial t = {.call = open_and_feed, .after = check};
    assert_in_range(alloc_each(&t, &s), 20, 5000);
    folder_remove(&s.folder);
}

int main(void)
{
    SUITE_TEST(X8_a_delivery_is_signed_or_not);
    SUITE_TEST(X8_a_letter_is_printed_whole_or_not);
    SUITE_TEST(X8_a_mailer_is_made_whole_or_not);
    SUITE_TEST(X8_a_delivery_is_begun_whole_or_not);
    SUITE_TEST(X8_what_is_fed_is_there_with_its_place_or_not);
    return suite_run("notify/memory");
}
