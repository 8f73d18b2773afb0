/* memory.c - what the command line makes of files and arguments while allocations fail: all of it, or nothing. */
#include <stdio.h>

#include "alloc.h"
#include "base/file.h"
#include "cli/key_body.h"
#include "cli/nginx_check.h"
#include "cli/policy_file.h"
#include "cli/table.h"
#include "folder.h"
#include "suite.h"

static enum kw_err print_table(void *ctx)
{
    const char *const rows[][2] = {{"id", "name"}, {"a", "One"}, {"b", "Another"}};
    struct table t = {.n_columns = 2};
    struct buf text = BUF_MAX(1000);
    enum kw_err err = KW_OK;

    (void)ctx;
    for (size_t i = 0; i < COUNT_OF(rows) && err == KW_OK; i++)
        err = table_add(&t, rows[i]);
    if (err == KW_OK)
        table_print(&t, &text);
    err = text.failed ? KW_ENOMEM : err;
    test_alloc_fail(0);
    if (err == KW_OK)
        assert_non_null(memmem(text.p, text.n, "Another", 7));
    table_deinit(&t);
    buf_deinit(&text);
    return err;
}

static void X8_a_table_is_printed_whole_or_not(void **state)
{
    (void)state;
    alloc_or_skip();
    assert_in_range(alloc_each(&(struct alloc_trial){.call = print_table}, NULL), 7, 100);
}

static enum kw_err read_policy(void *ctx)
{
    struct buf text = BUF_MAX(POLICY_FILE_MAX), printed = BUF_MAX(1000);
    char why[POLICY_FILE_WHY_MAX] = "";
    json_t *lists = NULL;

    enum kw_err err = policy_file_read(folder_file(ctx, "policy.yaml"), &text, &lists, why);
    if (err == KW_OK) {
        policy_file_print(lists, &printed);
        err = printed.failed ? KW_ENOMEM : KW_OK;
    } else {
        assert_true(why[0] != '\0');
    }
    test_alloc_fail(0);
    if (err == KW_OK) /* a line that got lost on the way might have been a deny */
        assert_str(buf_view(&printed),
                   STR("read:\n  - GET /me\n  - GET /you\ndeny:\n  - GET /them\n"));
    json_decref(lists);
    buf_deinit(&text);
    buf_deinit(&printed);
    return err;
}

static void X8_a_policy_file_is_read_whole_or_not(void **state)
{
    struct folder f;

    (void)state;
    alloc_or_skip();
    folder_make(&f);
    assert_ok(file_replace(folder_file(&f, "policy.yaml"),
                           STR("read: [GET /me, GET /you]\ndeny:\n  - GET /them\n"), 0600));
    assert_in_range(alloc_each(&(struct alloc_trial){.call = read_policy}, &f), 10, 1000);
    folder_remove(&f);
}

static const struct option table[] = {
    {"name", "TEXT", false, "a text"},
    KEY_BODY_OPTIONS,
    {NULL},
};

static enum kw_err make_body(void *ctx)
{
    char *const argv[] = {(char[]){"--name=x"}, (char[]){"--permission=read_only"},
                          (char[]){"--permission=transactions"}, (char[]){"--allow-ip=10.0.0.0/8"}};
    char why[OPTIONS_WHY_MAX];
    struct args args;

    (void)ctx;
    TRY(options_parse(COUNT_OF(argv), argv, table, 0, 0, &args, why));
    json_t *body = key_body(&args);
    test_alloc_fail(0);
    if (body == NULL)
        return KW_ENOMEM;
    assert_int_equal(json_object_size(body), 3);
    assert_int_equal(json_array_size(json_object_get(body, "permissions")), 2);
    assert_int_equal(json_array_size(json_object_get(body, "allowIp")), 1);
    json_decref(body);
    return KW_OK;
}

static void X8_a_body_is_made_whole_or_not(void **state)
{
    (void)state;
    alloc_or_skip();
    assert_in_range(alloc_each(&(struct alloc_trial){.call = make_body}, NULL), 5, 100);
}

static enum kw_err judge_nginx(void *ctx)
{
    AUTO(nginx_conf_deinit) struct nginx_conf c = {.last = -1};
    AUTO(findings_deinit) struct findings f = {.n = 0};
    struct nginx_directive bad;

    (void)ctx;
    enum kw_err err = nginx_conf_read(
        STR("http { server { listen 80; location / { keyward on; return 200; } } }"), &c, &bad);
    if (err == KW_OK)
        nginx_check(&c, "/run/keyward", &f);
    test_alloc_fail(0);
    assert_int_equal(err == KW_OK, c.n > 0);
    if (f.failed)
        assert_int_equal(findings_worst(&f), FINDING_FAIL); /* never well for want of memory */
    return f.failed ? KW_ENOMEM : err;
}

static void X8_a_configuration_of_nginx_is_judged_whole_or_not(void **state)
{
    (void)state;
    alloc_or_skip();
    assert_in_range(alloc_each(&(struct alloc_trial){.call = judge_nginx}, NULL), 4, 100);
}

int main(void)
{
    SUITE_TEST(X8_a_table_is_printed_whole_or_not);
    SUITE_TEST(X8_a_policy_file_is_read_whole_or_not);
    SUITE_TEST(X8_a_body_is_made_whole_or_not);
    SUITE_TEST(X8_a_configuration_of_nginx_is_judged_whole_or_not);
    return suite_run("cli/memory");
}
