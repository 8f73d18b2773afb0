/* reporter.c - what goes wrong with the report of one account, or with its letters, is not lost. */
#include "alerting/reporter_inside.h"

#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suite.h"
#include "sync/house.h"

#define WEEK INT64_C(3000)

static atomic_bool disk_is_full; /* the thread of the webhooks asks, too */

bool __real_sync_disk_is_full(struct sync *s);
bool __wrap_sync_disk_is_full(struct sync *s);

bool __wrap_sync_disk_is_full(struct sync *s)
{
    return disk_is_full || __real_sync_disk_is_full(s);
}

struct scene {
    struct house house;
    char audit_dir[PATH_MAX], usage_file[PATH_MAX];
    struct reporter reporter;
    struct tally tally;
};

static void scene_make(struct scene *s)
{
    memset(s, 0, sizeof *s);
    house_make(&s->house);
    snprintf(s->audit_dir, sizeof s->audit_dir, "%s", house_file(&s->house, "audit"));
    snprintf(s->usage_file, sizeof s->usage_file, "%s", house_file(&s->house, "usage.db"));
    memset(&s->tally, 0, sizeof s->tally);
    s->reporter.tally = &s->tally;
    s->reporter.from = (struct report_sources){
        .sync = s->house.sync, .usage_file = s->usage_file, .audit_dir = s->audit_dir};
}

static bool has_report(struct scene *s, const char *account)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(DOCUMENT_TEXT_MAX);
    struct document d, found;

    report_document(str_from(account), report_begin_ms(WEEK), &d);
    struct store *store = sync_lock(s->house.sync);
    enum kw_err err = store_document(store, DOCUMENT_REPORT, str_from(d.id), NULL, &text, &found);
    sync_unlock(s->house.sync);
    return err == KW_OK;
}

static void add_account(struct scene *s, const char *id)
{
    struct account a = {.name = "A shop", .state = ACCOUNT_ACTIVE, .created_ms = 1};

    snprintf(a.id, sizeof a.id, "%s", id);
    assert_ok(sync_put_account(s->house.sync, STR("uid:0"), &a, NULL));
}

/* Its report counts alerts, and one of them is no longer as it was written. */
static void spoil(struct scene *s, const char *account)
{
    struct document d = {.kind = DOCUMENT_ALERT,
                         .id = "9Q2mK4T9xJ1aWh",
                         .state = "open",
                         .created_ms = report_begin_ms(WEEK) - 1,
                         .text = STR_INIT("{}")};

    snprintf(d.account, sizeof d.account, "%s", account);
    assert_ok(sync_put_document(s->house.sync, STR("watch"), &d));
    room_sql(&s->house.room, "UPDATE documents SET state = 'muted' WHERE id = '9Q2mK4T9xJ1aWh'", 1);
}

static void one_account_ends_no_reports_of_others(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    add_account(&s, "shop");
    spoil(&s, "acme");
    assert_err(reporter_write_week(&s.reporter, report_begin_ms(WEEK)), KW_EDAMAGED);
    assert_false(has_report(&s, "acme"));
    assert_true(has_report(&s, "shop"));
    room_sql(&s.house.room, "UPDATE documents SET state = 'open' WHERE id = '9Q2mK4T9xJ1aWh'", 1);
    assert_ok(reporter_write_week(&s.reporter, report_begin_ms(WEEK)));
    assert_true(has_report(&s, "acme"));
    assert_int_equal(tally_read(&s.tally.reports), 2);
    house_clear(&s.house);
}

static void an_account_that_cannot_be_read_costs_no_report_but_its_own(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    add_account(&s, "shop");
    add_account(&s, "team");
    room_sql(&s.house.room, "UPDATE accounts SET name = 'Changed' WHERE id = 'shop'", 1);
    for (int minute = 0; minute < 3; minute++)
        assert_ok(reporter_write_week(&s.reporter, report_begin_ms(WEEK)));
    assert_int_equal(s.reporter.n_damaged, 1);
    assert_false(has_report(&s, "shop"));
    assert_true(has_report(&s, "acme"));
    assert_true(has_report(&s, "team"));
    room_sql(&s.house.room, "UPDATE accounts SET name = 'A shop' WHERE id = 'shop'", 1);
    assert_ok(reporter_write_week(&s.reporter, report_begin_ms(WEEK)));
    assert_true(has_report(&s, "shop"));
    assert_int_equal(s.reporter.n_damaged, 0);
    house_clear(&s.house);
}

static void begin_mail(struct scene *s, const char *file)
{
    static const struct config_webhooks config = {.n_waits = 0};
    char why[256];
    const struct webhooks_options o = {.config = &config,
                                       .sync = s->house.sync,
                                       .has_mail = true,
                                       .file = file,
                                       .audit_dir = s->audit_dir,
                                       .audit_pub = s->usage_file,
                                       .master_key = s->house.room.master_key};

    assert_ok(webhooks_start(&o, &s->reporter.webhooks, why));
    s->reporter.has_mail = true;
}

/* The folder of outbox.db is not there: nothing waits, so nothing was sent. */
static void a_letter_that_could_not_be_put_was_not_sent(void **state)
{
    struct scene s;
    char file[PATH_MAX];

    (void)state;
    scene_make(&s);
    snprintf(file, sizeof file, "%s/outbox.db", house_file(&s.house, "nowhere"));
    assert_ok(reporter_write_week(&s.reporter, report_begin_ms(WEEK))); /* without mail */
    begin_mail(&s, file);
    assert_err(reporter_write_week(&s.reporter, report_begin_ms(WEEK)), KW_EUNAVAILABLE);
    webhooks_stop(s.reporter.webhooks);
    house_clear(&s.house);
}

static bool is_open(struct scene *s)
{
    bool is = webhooks_lock(s->reporter.webhooks) != NULL;

    webhooks_unlock(s->reporter.webhooks, false);
    return is;
}

/* What room is left is for revocations. */
static void X3_on_a_full_disk_no_letter_is_put(void **state)
{
    struct scene s;
    char file[PATH_MAX];

    (void)state;
    scene_make(&s);
    snprintf(file, sizeof file, "%s", house_file(&s.house, "outbox.db"));
    begin_mail(&s, file);
    while (!is_open(&s))
        usleep(1000);
    disk_is_full = true;
    assert_err(reporter_write_week(&s.reporter, report_begin_ms(WEEK)), KW_EFULL);
    disk_is_full = false;
    assert_ok(reporter_write_week(&s.reporter, report_begin_ms(WEEK)));
    webhooks_stop(s.reporter.webhooks);
    house_clear(&s.house);
}

int main(void)
{
    SUITE_TEST(one_account_ends_no_reports_of_others);
    SUITE_TEST(an_account_that_cannot_be_read_costs_no_report_but_its_own);
    SUITE_TEST(a_letter_that_could_not_be_put_was_not_sent);
    SUITE_TEST(X3_on_a_full_disk_no_letter_is_put);
    return suite_run("alerting/reporter");
}
