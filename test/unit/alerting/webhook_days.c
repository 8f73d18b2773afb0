/* webhook_days.c - each day that is closed is told once, with its signed end, whatever is begun anew; none that was closed before. */
#include "alerting/webhook_days.h"

#include <jansson.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hex.h"
#include "record/rig.h"
#include "json/day_doc.h"

#define DAY_US ((int64_t)86400 * 1000000)

enum { SLOT = 1 };

struct fixture {
    struct rig rig;
    struct recorder *recorder;
    char pub[PATH_MAX], file[PATH_MAX];
    struct outbox *o;
    struct receiver one;
    struct receivers receivers; /* borrows it */
    struct webhook_days days;
};

static void record(struct fixture *f, int day)
{
    struct recorder_result result;
    const struct sign_in in = {.time_us = RIG_NOON + day * DAY_US, .what = SIGN_IN_DONE};

    recorder_sign_in(f->recorder, &in);
    assert_ok(recorder_drain(f->recorder, in.time_us, &result));
}

static void begin(struct fixture *f)
{
    char key[2 * PUBLIC_KEY_LEN];

    *f = (struct fixture){
        .one = {.webhook = {.slot = SLOT, .state = WEBHOOK_ACTIVE, .events = WEBHOOK_EVERY_EVENT}}};
    rig_init(&f->rig);
    f->recorder = rig_recorder(&f->rig);
    f->receivers = (struct receivers){&f->one, 1};
    snprintf(f->pub, sizeof f->pub, "%s", folder_file(&f->rig.folder, "audit.pub"));
    snprintf(f->file, sizeof f->file, "%s", folder_file(&f->rig.folder, "outbox.db"));
    hex_put(f->rig.public_key, PUBLIC_KEY_LEN, key);
    assert_ok(file_replace(f->pub, (struct str){key, sizeof key}, 0644));
    assert_ok(outbox_open(f->file, &f->o));
    f->days = (struct webhook_days){.audit_dir = f->rig.audit, .audit_pub = f->pub};
}

static void end(struct fixture *f)
{
    webhook_days_deinit(&f->days);
    outbox_close(f->o);
    recorder_close(f->recorder);
    rig_deinit(&f->rig);
}

/* As the thread that sends does: looks, and puts. */
static void turn(struct fixture *f)
{
    for (int i = 0; i < 6; i++) {
        f->days.look_us = 0;
        assert_ok(webhook_days_look(&f->days));
        assert_ok(webhook_days_put(&f->days, &f->receivers, f->o, RIG_NOON / 1000));
    }
}

/* The process ends, and another begins. */
static void restart(struct fixture *f)
{
    webhook_days_forget(&f->days);
    outbox_close(f->o);
    assert_ok(outbox_open(f->file, &f->o));
}

/* Takes what waits; NULL: nothing does. Its "data", and its id. */
static json_t *taken(struct fixture *f, char id[OUTBOX_ID_MAX + 1])
{
    AUTO(buf_deinit) struct buf body = BUF_MAX(OUTBOX_BODY_MAX);
    struct outbox_delivery d;
    struct outbox_health health;
    const struct outbox_try done = {.time_ms = 1, .status = 204};

    if (outbox_next(f->o, SLOT, &body, &d) != KW_OK)
        return NULL;
    assert_ok(outbox_tried(f->o, &d, &done, OUTBOX_DELIVERED, 0, &health));
    json_t *whole = json_loadb(body.p, body.n, 0, NULL);
    assert_non_null(whole);
    assert_string_equal(json_string_value(json_object_get(whole, "type")), "record.day_closed");
    snprintf(id, OUTBOX_ID_MAX + 1, "%s", json_string_value(json_object_get(whole, "id")));
    json_t *data = json_incref(json_object_get(whole, "data"));
    json_decref(whole);
    return data;
}

static void assert_nothing(struct fixture *f)
{
    char id[OUTBOX_ID_MAX + 1];

    assert_null(taken(f, id));
}

static const char *text(const json_t *data, const char *name)
{
    const char *value = json_string_value(json_object_get(data, name));

    return value == NULL ? "" : value;
}

static void a_closed_day_is_told_once_with_a_head_that_holds(void **state)
{
    struct fixture f;
    struct verify_report report;
    struct record_head head;
    char id[OUTBOX_ID_MAX + 1], key_id[DAY_KEY_ID_MAX];

    (void)state;
    begin(&f);
    turn(&f); /* nothing is on the record */
    record(&f, 0);
    record(&f, 0);
    turn(&f);
    assert_nothing(&f);
    record(&f, 3); /* two days of rest in between */
    turn(&f);
    restart(&f);
    turn(&f);
    json_t *data = taken(&f, id);
    assert_nothing(&f);
    assert_string_equal(text(data, "day"), "2026-11-24");
    assert_int_equal(json_integer_value(json_object_get(data, "records")), 2);
    assert_int_equal(json_integer_value(json_object_get(data, "batches")), 2);
    day_key_id(f.rig.public_key, key_id);
    assert_string_equal(text(data, "publicKeyId"), key_id);
    assert_ok(record_head_parse(str_from(text(data, "head")), &head));
    assert_ok(verify_folder(f.rig.audit, f.rig.public_key, &head, &report));
    assert_null(report.what);
    json_decref(data);
    end(&f);
}

/* Killed before the place was saved with it, or with an outbox of yesterday: the same event again. */
static void a_day_that_is_told_again_is_the_same_event(void **state)
{
    struct fixture f;
    char id[2][OUTBOX_ID_MAX + 1];

    (void)state;
    begin(&f);
    record(&f, 0);
    turn(&f);
    record(&f, 1);
    turn(&f);
    json_decref(taken(&f, id[0]));
    assert_ok(outbox_save_day(f.o, RIG_DAY - 1));
    restart(&f);
    turn(&f);
    assert_nothing(&f); /* it is in the outbox once */
    record(&f, 2);
    turn(&f);
    json_decref(taken(&f, id[1]));
    assert_string_not_equal(id[0], id[1]);
    end(&f);
}

static void a_new_outbox_begins_with_the_day_that_is_open(void **state)
{
    struct fixture f;
    char id[OUTBOX_ID_MAX + 1];

    (void)state;
    begin(&f);
    for (int day = 0; day < 4; day++)
        record(&f, day);
    turn(&f);
    assert_nothing(&f);
    record(&f, 4);
    turn(&f);
    json_t *data = taken(&f, id);
    assert_string_equal(text(data, "day"), "2026-11-27");
    json_decref(data);
    end(&f);
}

static void a_day_that_cannot_be_read_holds_up_no_other(void **state)
{
    struct fixture f;
    char id[OUTBOX_ID_MAX + 1];

    (void)state;
    begin(&f);
    record(&f, 0);
    turn(&f);
    for (int day = 1; day < 3; day++)
        record(&f, day);
    assert_ok(file_replace(folder_file(&f.rig.folder, "audit/2026-11-24.seg"),
                           STR("this was a day of the record"), 0600));
    turn(&f);
    json_t *data = taken(&f, id);
    assert_string_equal(text(data, "day"), "2026-11-25");
    json_decref(data);
    assert_nothing(&f);
    end(&f);
}

static void a_folder_that_cannot_be_read_is_looked_at_again(void **state)
{
    struct fixture f;
    char id[OUTBOX_ID_MAX + 1];

    (void)state;
    begin(&f);
    record(&f, 0);
    f.days.audit_dir = f.pub; /* no folder */
    turn(&f);                 /* there is no place yet, and nobody is held up */
    f.days.audit_dir = f.rig.audit;
    turn(&f);
    record(&f, 1);
    f.days.audit_dir = f.pub;
    f.days.look_us = 0;
    enum kw_err err = webhook_days_look(&f.days);
    assert_int_not_equal(err, KW_OK);
    assert_err(webhook_days_look(&f.days), err); /* the same trouble, which is told once */
    assert_ok(webhook_days_put(&f.days, &f.receivers, f.o, RIG_NOON / 1000));
    f.days.audit_dir = f.rig.audit;
    turn(&f);
    json_decref(taken(&f, id));
    end(&f);
}

/* What is kept elsewhere as an anchor is signed, and what the record goes on from. */
static void I4_an_end_that_does_not_hold_is_not_told(void **state)
{
    enum { IN_SIGNATURE = 50 }; /* from the end of a file */
    struct fixture f;
    struct buf day = BUF_MAX(1 << 20);
    char id[OUTBOX_ID_MAX + 1];

    (void)state;
    begin(&f);
    record(&f, 0);
    turn(&f);
    for (int i = 1; i < 5; i++)
        record(&f, i);
    const char *path = folder_file(&f.rig.folder, "audit/2026-11-24.seg");
    assert_ok(file_read(path, &day));
    day.p[day.n - IN_SIGNATURE] ^= 1;
    assert_ok(file_replace(path, buf_view(&day), 0600));
    assert_int_equal(unlink(folder_file(&f.rig.folder, "audit/2026-11-26.seg")), 0);
    turn(&f); /* the 24th is not signed; the 25th is not where the 27th goes on */
    json_t *data = taken(&f, id);
    assert_string_equal(text(data, "day"), "2026-11-27");
    json_decref(data);
    assert_nothing(&f);
    buf_deinit(&day);
    end(&f);
}

static void a_day_is_told_once_the_key_can_be_read_again(void **state)
{
    struct fixture f;
    char id[OUTBOX_ID_MAX + 1];

    (void)state;
    begin(&f);
    record(&f, 0);
    turn(&f);
    record(&f, 1);
    f.days.audit_pub = f.rig.audit; /* no file */
    f.days.look_us = 0;
    assert_int_not_equal(webhook_days_look(&f.days), KW_OK);
    assert_ok(webhook_days_put(&f.days, &f.receivers, f.o, RIG_NOON / 1000));
    f.days.audit_pub = f.pub;
    turn(&f);
    json_t *data = taken(&f, id);
    assert_non_null(data);
    assert_string_equal(text(data, "day"), "2026-11-24");
    json_decref(data);
    end(&f);
}

int main(void)
{
    SUITE_TEST(a_closed_day_is_told_once_with_a_head_that_holds);
    SUITE_TEST(a_day_that_is_told_again_is_the_same_event);
    SUITE_TEST(a_new_outbox_begins_with_the_day_that_is_open);
    SUITE_TEST(a_day_that_cannot_be_read_holds_up_no_other);
    SUITE_TEST(a_folder_that_cannot_be_read_is_looked_at_again);
    SUITE_TEST(I4_an_end_that_does_not_hold_is_not_told);
    SUITE_TEST(a_day_is_told_once_the_key_can_be_read_again);
    return suite_run("alerting/webhook_days");
}
