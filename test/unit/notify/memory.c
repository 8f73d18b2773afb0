/* memory.c - letters and their sender whose allocations fail: whole, or not there. */
#include "alloc.h"
#include "notify/mailer.h"
#include "notify/message.h"
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

int main(void)
{
    SUITE_TEST(X8_a_letter_is_printed_whole_or_not);
    SUITE_TEST(X8_a_mailer_is_made_whole_or_not);
    return suite_run("notify/memory");
}
