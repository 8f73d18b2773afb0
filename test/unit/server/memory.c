/* memory.c - settings, bodies and answers whose allocations fail: whole, or not there; and nobody is told that he erred. */
#include <stdio.h>
#include <unistd.h>

#include "alloc.h"
#include "api/authorize_out.h"
#include "api/key_in.h"
#include "api/policy_doc.h"
#include "base/file.h"
#include "config/config.h"
#include "folder.h"
#include "jobs/decider.h"
#include "jobs/minter.h"
#include "server/last_use.h"
#include "server/page.h"
#include "store/image.h"
#include "suite.h"
#include "json/change_out.h"
#include "json/key_out.h"

/* ---- keyward.yaml ---- */

struct file {
    struct folder folder;
    char state[PATH_MAX + 8];
};

static enum kw_err load_config(void *ctx)
{
    const struct file *f = ctx;
    struct config c = {.brand = "kept"};
    char why[CONFIG_WHY_MAX] = "";

    enum kw_err err = config_load(folder_file(&f->folder, "keyward.yaml"), &c, why);
    test_alloc_fail(0);
    if (err != KW_OK) {
        assert_string_equal(c.brand, "kept");
        assert_true(why[0] != '\0');
        return err;
    }
    assert_string_equal(c.brand, "acme");
    assert_string_equal(c.state_dir, f->state); /* never relative to anything else */
    assert_int_equal(c.ring_slots[1], 64);
    return KW_OK;
}

static void X8_a_configuration_is_read_whole_or_not(void **state)
{
    static struct file f;

    (void)state;
    alloc_or_skip();
    folder_make(&f.folder);
    snprintf(f.state, sizeof f.state, "%s/state", f.folder.path);
    assert_ok(file_replace(folder_file(&f.folder, "keyward.yaml"),
                           STR("brand: acme\nstate_dir: state\nring_slots: [1024, 64]\n"), 0600));
    assert_in_range(alloc_each(&(struct alloc_trial){.call = load_config}, &f), 10, 1000);
    folder_remove(&f.folder);
}

/* ---- bodies ---- */

static const char key_text[] =
    "{\"account\":\"acme\",\"name\":\"A key\",\"environment\":\"sandbox\","
    "\"permissions\":[\"read_only\",\"transactions\"],\"rate\":\"10/s:20\",\"quota\":\"1000/day\","
    "\"expires\":\"90d\",\"allowIp\":[\"10.8.0.0/16\",\"192.0.2.1=transact\"]}";

static enum kw_err read_key(void *ctx)
{
    struct problem p = {0};
    json_t *body = NULL;
    struct grant *g = ctx;

    enum kw_err err = json_in_object((struct str){key_text, sizeof key_text - 1}, &p, &body);
    if (err == KW_OK)
        err = key_in_create(body, &(struct caller){.kind = CALLER_PEER}, 1700000000000, &p, g);
    json_decref(body);
    if (p.status != 0) /* the body is right */
        fail_msg("%s: %s", p.field, p.message);
    return err;
}

static void X8_a_key_is_read_whole_or_not(void **state)
{
    struct grant g;

    (void)state;
    alloc_or_skip();
    assert_in_range(alloc_each(&(struct alloc_trial){.call = read_key}, &g), 5, 1000);
    assert_int_equal(g.permissions, KW_READ_ONLY | KW_TRANSACTIONS);
    assert_int_equal(g.n_rules, 2);
}

/* ---- answers ---- */

struct answer {
    struct grant grant;
    char want[2000];
};

static enum kw_err show_key(void *ctx)
{
    struct answer *a = ctx;

    const struct last_use use = {.kind = USE_KEY, .at_ms = 1600000000000, .source = "192.0.2.1"};
    json_t *key = last_use_out(&use, key_out(&a->grant, "mk", 1700000000000));
    struct json_text *text = key == NULL ? NULL : json_out_text(key);
    test_alloc_fail(0);
    json_decref(key);
    if (text == NULL)
        return KW_ENOMEM;
    if (a->want[0] == '\0')
        snprintf(a->want, sizeof a->want, "%.*s", (int)text->n, text->p);
    assert_str(((struct str){text->p, text->n}), str_from(a->want));
    json_text_free(text);
    return KW_OK;
}

static struct answer answer_of_a_key(void)
{
    struct answer a = {0};

    assert_ok(read_key(&a.grant));
    a.grant.slot = a.grant.version = a.grant.account_slot = 1;
    snprintf(a.grant.id, sizeof a.grant.id, "7Q2mK4T9xJ1aBd");
    snprintf(a.grant.created_by, sizeof a.grant.created_by, "uid:0");
    return a;
}

static void X8_a_key_is_shown_whole_or_not(void **state)
{
    struct answer a = answer_of_a_key();

    (void)state;
    alloc_or_skip();
    assert_ok(show_key(&a));
    assert_non_null(strstr(a.want, "\"transactions\""));
    assert_non_null(strstr(a.want, "\"lastUsedFrom\":\"192.0.2.1\""));
    assert_in_range(alloc_each(&(struct alloc_trial){.call = show_key}, &a), 20, 1000);
}

struct paging {
    struct people people;
    struct server server;
    struct call call;
};

static enum kw_err show_page(void *ctx)
{
    AUTO(page_deinit) struct page page = {0};
    struct paging *p = ctx;

    TRY(page_begin(&p->call, "keys", &page));
    TRY(page_add(&page, 1, json_object()));
    page_give_way(&page, 2);
    return page_answer(&page);
}

static void check_page(void *ctx, enum kw_err err)
{
    struct paging *p = ctx;

    if (err == KW_OK) {
        assert_true(json_is_string(json_object_get(p->call.answer, "next")));
        assert_int_equal(json_array_size(json_object_get(p->call.answer, "keys")), 1);
    } else {
        assert_null(p->call.answer);
    }
    assert_int_equal(p->call.problem.status, 0); /* nobody erred */
    json_decref(p->call.answer);
    p->call.answer = NULL;
}

static void X8_a_page_is_shown_whole_or_not(void **state)
{
    const struct secret key = {.b = {1}};
    struct paging p = {.server.people = &p.people, .call.server = &p.server};

    (void)state;
    alloc_or_skip();
    assert_ok(box_new(&key, &p.people.cursors));
    assert_in_range(alloc_each(&(struct alloc_trial){.call = show_page, .after = check_page}, &p),
                    5, 1000);
    box_free(p.people.cursors);
}

static enum kw_err make_key_uses(void *ctx)
{
    struct key_uses *u = NULL;

    (void)ctx;
    enum kw_err err = key_uses_new(&u);
    key_uses_free(u);
    return err;
}

static void X8_the_table_of_last_uses_is_made_or_not(void **state)
{
    (void)state;
    alloc_or_skip();
    assert_int_equal(alloc_each(&(struct alloc_trial){.call = make_key_uses}, NULL), 1);
}

/* What goes on the record of a change stays there. */
struct told {
    struct change change;
    char want[CHANGE_SUMMARY_MAX + 1];
};

static enum kw_err tell_change(void *ctx)
{
    struct told *t = ctx;
    struct change_text text;

    TRY(change_out(&t->change, &text));
    if (t->want[0] == '\0')
        snprintf(t->want, sizeof t->want, "%.*s", (int)text.change.summary.n, text.change.summary.p);
    assert_str(text.change.summary, str_from(t->want));
    return KW_OK;
}

static void X8_a_change_is_told_to_the_record_whole_or_not(void **state)
{
    struct answer a = answer_of_a_key();
    struct buf image = BUF_MAX(8192);
    static struct told t;

    (void)state;
    alloc_or_skip();
    assert_ok(image_of_key(&a.grant, &image));
    t.change = (struct change){
        .n = 1, .kind = CHANGE_KEY, .object = 1, .version = 1, .image = buf_view(&image)};
    assert_ok(tell_change(&t));
    assert_non_null(strstr(t.want, "\"transactions\""));
    assert_in_range(alloc_each(&(struct alloc_trial){.call = tell_change}, &t), 20, 1000);
    buf_deinit(&image);
}

/* ---- policies ---- */

static const char policy_text[] =
    "{\"read\":[\"GET /me\",\"GET /you/{id}\"],\"deny\":[\"PURGE /me/**\"]}";

static enum kw_err read_policy(void *ctx)
{
    struct buf table = BUF_MAX(ROUTE_TABLE_MAX), document = BUF_MAX(4 << 20);
    struct problem p = {0};
    json_t *lists = NULL;
    size_t *n = ctx;

    enum kw_err err = json_in_object((struct str){policy_text, sizeof policy_text - 1}, &p, &lists);
    if (err == KW_OK)
        err = policy_doc_read(lists, &p, &table, &document, n);
    test_alloc_fail(0);
    if (err == KW_OK)
        assert_str(buf_view(&document),
                   STR("read GET /me\nread GET /you/{id}\ndeny PURGE /me/**\n"));
    assert_int_equal(p.status, 0);
    json_decref(lists);
    buf_deinit(&table);
    buf_deinit(&document);
    return err;
}

static enum kw_err show_policy(void *ctx)
{
    json_t *lists = NULL;
    size_t *n = ctx;

    TRY(policy_doc_lists(STR("read GET /me\nread GET /you\ndeny GET /them\n"), &lists));
    test_alloc_fail(0);
    *n = json_array_size(json_object_get(lists, "read")) +
         json_array_size(json_object_get(lists, "deny"));
    json_decref(lists);
    assert_int_equal(*n, 3);
    return KW_OK;
}

static void X8_a_policy_is_read_and_shown_whole_or_not(void **state)
{
    size_t n;

    (void)state;
    alloc_or_skip();
    assert_in_range(alloc_each(&(struct alloc_trial){.call = read_policy}, &n), 5, 1000);
    assert_int_equal(n, 3);
    assert_in_range(alloc_each(&(struct alloc_trial){.call = show_policy}, &n), 5, 1000);
}

/* ---- decisions for backends ---- */

static enum kw_err make_decider(void *ctx)
{
    struct decider *d;

    (void)ctx;
    TRY(decider_new("/nonexistent/run", &d));
    decider_free(d);
    return KW_OK;
}

static void X8_a_decider_is_made_whole_or_not(void **state)
{
    (void)state;
    alloc_or_skip();
    assert_int_equal(alloc_each(&(struct alloc_trial){.call = make_decider}, NULL), 2);
    decider_free(NULL);
}

/* ---- tokens ---- */

static enum kw_err make_minter(void *ctx)
{
    const struct file *f = ctx;
    struct minter *m = NULL;
    char why[256] = "";

    enum kw_err err = minter_new(NULL, STR("mk"), f->state, &m, why);
    test_alloc_fail(0);
    assert_int_equal(err == KW_OK, m != NULL);
    minter_free(m);
    return err;
}

static bool is_no_thread(enum kw_err err)
{
    return err == KW_EUNAVAILABLE;
}

static void X8_a_minter_is_made_whole_or_not(void **state)
{
    static struct file f;
    char why[256] = "";

    (void)state;
    alloc_or_skip();
    folder_make(&f.folder);
    snprintf(f.state, sizeof f.state, "%s/master.key", f.folder.path);
    assert_ok(store_make_master_key(f.state, why));
    assert_in_range(
        alloc_each(&(struct alloc_trial){.call = make_minter, .is_due = is_no_thread}, &f), 2, 1000);
    folder_remove(&f.folder);
}

static void an_engine_that_is_not_there_is_not_tried_twice_within_a_second(void **state)
{
    struct kw_engine *engine = NULL;
    struct decider *d;

    (void)state;
    alloc_or_skip();
    assert_ok(decider_new("/nonexistent/run", &d));
    assert_err(decider_engine(d, &engine), KW_EUNAVAILABLE);
    test_alloc_fail(1); /* a second try would allocate, and say so */
    enum kw_err err = decider_engine(d, &engine);
    assert_false(test_alloc_failed());
    test_alloc_fail(0);
    assert_err(err, KW_EUNAVAILABLE);
    assert_null(engine);
    decider_free(d);
}

static enum kw_err tell_decision(void *ctx)
{
    const struct kw_decision *d = ctx;
    const struct kw_request r = {.method = {"POST", 4}, .target = {"/pay", 4}};
    json_t *out = authorize_out(d, &r);

    if (out == NULL)
        return KW_ENOMEM;
    bool whole = json_object_size(out) == 8 && json_object_get(out, "key") != NULL;
    json_decref(out);
    return whole ? KW_OK : KW_EDAMAGED;
}

static void X8_a_decision_is_told_whole_or_not(void **state)
{
    struct kw_decision d = {.status = 403,
                            .reason = KW_WHY_PERMISSION_DENIED,
                            .proved = true,
                            .permissions = KW_READ_ONLY,
                            .rate = {.quota = 1}};

    (void)state;
    alloc_or_skip();
    assert_in_range(alloc_each(&(struct alloc_trial){.call = tell_decision}, &d), 10, 1000);
}

int main(void)
{
    SUITE_TEST(X8_a_configuration_is_read_whole_or_not);
    SUITE_TEST(X8_a_key_is_read_whole_or_not);
    SUITE_TEST(X8_a_key_is_shown_whole_or_not);
    SUITE_TEST(X8_a_page_is_shown_whole_or_not);
    SUITE_TEST(X8_the_table_of_last_uses_is_made_or_not);
    SUITE_TEST(X8_a_change_is_told_to_the_record_whole_or_not);
    SUITE_TEST(X8_a_policy_is_read_and_shown_whole_or_not);
    SUITE_TEST(X8_a_decider_is_made_whole_or_not);
    SUITE_TEST(X8_a_minter_is_made_whole_or_not);
    SUITE_TEST(an_engine_that_is_not_there_is_not_tried_twice_within_a_second);
    SUITE_TEST(X8_a_decision_is_told_whole_or_not);
    return suite_run("server/memory");
}
