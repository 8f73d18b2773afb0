/* backup.c - a copied record has all that was on it when the database was copied, and no change that the database has not. */
#include "server/backup.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "record/rig.h"
#include "store/store.h"

/* link_args: -Wl,--wrap=store_backup */
enum kw_err __wrap_store_backup(const char *database, const char *to, uint64_t *newest,
                                char why[256]);

enum { BATCHES_MAX = 4, NEWEST = 7 }; /* so many changes are in the database that is copied */
#define DAY_US ((int64_t)86400 * 1000000)

struct appended { /* a batch, by the newest change that is on the record with it; 0: none */
    uint64_t change_seq;
    int64_t time_us;
};

static const struct course {
    const char *why;
    struct appended before[BATCHES_MAX], meanwhile[BATCHES_MAX]; /* the database is copied */
    unsigned want, want_days;
} courses[] = {
    {"nothing happens", {{7, 0}}, {{0}}, 1, 1},
    {"spends are recorded, and taken out of the log", {{6, 0}}, {{6, 1}, {7, 2}}, 3, 1},
    {"then there is a change that is not in the database", {{7, 0}}, {{7, 1}, {8, 2}, {8, 3}}, 2, 1},
    {"the day ends meanwhile", {{7, 0}}, {{7, DAY_US}}, 2, 2},
    {"with a change that is not in the database", {{7, 0}}, {{8, DAY_US}, {8, 2 * DAY_US}}, 1, 1},
    {"the first batch is written meanwhile", {{0}}, {{7, 0}}, 1, 1},
    {"numbers were given up by keyward recover before", {{9, 0}, {7, 1}}, {{7, 2}, {8, 3}}, 3, 1},
    {"over days", {{6, 0}, {7, DAY_US}}, {{7, 2 * DAY_US}}, 3, 3},
};

static struct {
    struct rig rig;
    const struct appended *meanwhile;
    bool drops_a_day;
} scene;

static void append(const struct appended *list)
{
    const struct segment_options o = {scene.rig.audit, scene.rig.signer, {0}};
    const struct event e = rig_event(RIG_NOON, "7Q2mK4T9xJ1aBd");
    uint8_t bytes[EVENT_MAX];
    const struct record r = {RECORD_EVENT, {(const char *)bytes, event_encode(&e, bytes)}};
    struct segments *s;

    assert_ok(segments_open(&o, &s));
    for (unsigned i = 0; i < BATCHES_MAX && list[i].change_seq != 0; i++) {
        const struct batch_head head = {.time_us = RIG_NOON + list[i].time_us,
                                        .change_seq = list[i].change_seq};
        assert_ok(segments_append(s, &head, &r, 1));
    }
    segments_close(s);
}

enum kw_err __wrap_store_backup(const char *database, const char *to, uint64_t *newest, char why[256])
{
    (void)database;
    (void)why;
    append(scene.meanwhile);
    if (scene.drops_a_day)
        assert_int_equal(unlink(folder_file(&scene.rig.folder, "audit/2026-11-24.seg")), 0);
    *newest = NEWEST;
    return file_replace(to, STR("a database"), 0600);
}

static void write_file(const char *name, const char *text)
{
    assert_ok(file_replace(folder_file(&scene.rig.folder, name), str_from(text), 0600));
}

static void make_installation(struct config *config)
{
    *config = (struct config){.brand = "mk"};
    snprintf(config->etc_dir, sizeof config->etc_dir, "%s", folder_file(&scene.rig.folder, "."));
    snprintf(config->state_dir, sizeof config->state_dir, "%s", config->etc_dir);
    assert_int_equal(mkdir(folder_file(&scene.rig.folder, "keys"), 0700), 0);
    write_file("keys/head", "7 0000000000000000000000000000000000000000000000000000000000000000\n");
    write_file("audit.pub", "a key\n");
    write_file("keyward.yaml", "brand: mk\n");
}

static void X12_a_copied_record_is_as_new_as_its_database(void **state)
{
    const struct course *row = *state;
    char why[BACKUP_WHY_MAX] = "", copy[PATH_MAX], settings[PATH_MAX];
    struct backup_report report;
    struct verify_report found;
    struct config config;

    rig_init(&scene.rig);
    make_installation(&config);
    append(row->before);
    scene.meanwhile = row->meanwhile;
    snprintf(settings, sizeof settings, "%s", folder_file(&scene.rig.folder, "keyward.yaml"));
    snprintf(copy, sizeof copy, "%s", folder_file(&scene.rig.folder, "copy"));
    assert_ok(backup_make(&config, settings, copy, false, &report, why));
    assert_int_equal(report.days, row->want_days);
    assert_ok(verify_folder(folder_file(&scene.rig.folder, "copy/audit"), scene.rig.public_key,
                            NULL, &found));
    assert_null(found.what);
    assert_int_equal(found.batches, row->want);
    rig_deinit(&scene.rig);
}

/* The note that says so may lie behind what is copied: such a copy would not verify. */
static void a_copy_while_days_are_dropped_says_to_make_it_again(void **state)
{
    static const struct appended two_days[] = {{7, 0}, {7, DAY_US}, {0}},
                                 later[] = {{8, DAY_US + 1}, {0}};
    char why[BACKUP_WHY_MAX] = "", copy[PATH_MAX], settings[PATH_MAX];
    struct backup_report report;
    struct config config;

    (void)state;
    rig_init(&scene.rig);
    make_installation(&config);
    append(two_days);
    scene.meanwhile = later;
    scene.drops_a_day = true;
    snprintf(settings, sizeof settings, "%s", folder_file(&scene.rig.folder, "keyward.yaml"));
    snprintf(copy, sizeof copy, "%s", folder_file(&scene.rig.folder, "copy"));
    assert_err(backup_make(&config, settings, copy, false, &report, why), KW_EBUSY);
    assert_non_null(strstr(why, "make the copy again"));
    scene.drops_a_day = false;
    rig_deinit(&scene.rig);
}

int main(void)
{
    SUITE_ROWS(X12_a_copied_record_is_as_new_as_its_database, courses);
    SUITE_TEST(a_copy_while_days_are_dropped_says_to_make_it_again);
    return suite_run("server/backup");
}
