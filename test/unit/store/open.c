/* open.c - what store_open refuses, adopts, and says about it. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "store/room.h"
#include "suite.h"

static const char id_1[] = "1Q2mK4T9xJ1aBd", id_2[] = "2Q2mK4T9xJ1aBd";

/* Refuses, says why in a sentence with `word` in it, and leaves the file as it is. */
static void assert_refused(struct room *r, enum kw_err want, const char *word)
{
    struct buf before = BUF_MAX(16 << 20), after = BUF_MAX(16 << 20);
    struct store *s = NULL;

    enum kw_err read = file_read(r->database, &before);
    assert_err(store_open(&r->paths, &s, r->why), want);
    assert_null(s);
    if (strstr(r->why, word) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", r->why, word);
    assert_err(file_read(r->database, &after), read);
    assert_str(buf_view(&after), buf_view(&before));
    buf_deinit(&before);
    buf_deinit(&after);
}

static void J3_no_database_is_never_a_new_one(void **state)
{
    struct room r;

    (void)state;
    room_bare(&r);
    assert_refused(&r, KW_ENOTFOUND, "keyward init");
    assert_false(room_exists(r.database));
    room_clear(&r);
}

static const char foreign_header[100] = "SQLite format 3";

static const struct not_ours {
    const char *why;
    struct str content;
    const char *word;
} not_ours[] = {
    {"an empty file", {"", 0}, "empty"},
    {"one byte", {"S", 1}, "not a database"},
    {"a text", {"this is a text\n", 15}, "not a database"},
    {"a database of another program", {foreign_header, sizeof foreign_header}, "other program"},
    {"100 bytes of nothing", {foreign_header + 20, 80}, "not a database"},
};

static void J3_a_file_that_is_no_database_of_ours_is_refused(void **state)
{
    const struct not_ours *row = *state;
    struct room r;

    room_make(&r);
    room_write(r.database, row->content);
    assert_refused(&r, KW_EFORMAT, row->word);
    room_clear(&r);
}

static void J3_a_folder_in_its_place_is_refused(void **state)
{
    struct room r;

    (void)state;
    room_bare(&r);
    r.paths.database = r.folder.path;
    struct store *s = NULL;
    assert_true(store_open(&r.paths, &s, r.why) != KW_OK);
    assert_null(s);
    room_clear(&r);
}

/* A store with enough in it to fill several pages of every kind. */
static void fill(struct room *r, struct buf *content)
{
    char id[15];
    uint32_t version;

    room_make(r);
    struct store *s = room_open(r);
    for (int i = 0; i < 24; i++) {
        snprintf(id, sizeof id, "%02dQ2mK4T9xJ1aB", i);
        room_key(s, id);
    }
    assert_ok(store_begin(s, STR("uid:0"), 1));
    assert_ok(store_put_policy(s, STR("{\"read\":[\"GET /x\"]}"), &version));
    assert_ok(store_commit(s));
    assert_ok(room_load(s, content, r->why));
    store_close(s);
}

/* Open and load: what is not refused by the one has to be refused by the other, or be what it was.
 */
static void assert_refused_or_the_same(struct room *r, struct str content)
{
    struct buf got = BUF_MAX(1 << 20);
    struct store *s = NULL;

    r->why[0] = '\0';
    enum kw_err err = store_open(&r->paths, &s, r->why);
    if (err == KW_OK)
        err = room_load(s, &got, r->why);
    if (err == KW_OK)
        assert_str(buf_view(&got), content);
    else
        assert_true(r->why[0] != '\0');
    store_close(s);
    buf_deinit(&got);
}

static void put_back(struct room *r, struct str image)
{
    char path[PATH_MAX + 16];

    snprintf(path, sizeof path, "%s-wal", r->database);
    unlink(path);
    snprintf(path, sizeof path, "%s-shm", r->database);
    unlink(path);
    FILE *f = fopen(r->database, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(image.p, 1, image.n, f), image.n);
    assert_int_equal(fclose(f), 0);
}

static void J3_a_flipped_bit_never_changes_what_is_published(void **state)
{
    struct buf content = BUF_MAX(1 << 20), image = BUF_MAX(1 << 20);
    struct room r;

    (void)state;
    fill(&r, &content);
    assert_ok(file_read(r.database, &image));
    for (size_t at = 0; at < image.n; at += at < 100 ? 1 : 101) {
        image.p[at] = (char)(image.p[at] ^ (1 << at % 8));
        put_back(&r, buf_view(&image));
        assert_refused_or_the_same(&r, buf_view(&content));
        image.p[at] = (char)(image.p[at] ^ (1 << at % 8));
    }
    buf_deinit(&content);
    buf_deinit(&image);
    room_clear(&r);
}

static void J3_a_truncated_database_is_refused(void **state)
{
    struct buf content = BUF_MAX(1 << 20), image = BUF_MAX(1 << 20);
    struct room r;

    (void)state;
    fill(&r, &content);
    assert_ok(file_read(r.database, &image));
    for (size_t n = 0; n < image.n; n += 4096 / 2) {
        struct store *s = NULL;
        put_back(&r, (struct str){image.p, n});
        enum kw_err err = store_open(&r.paths, &s, r.why);
        if ((err != KW_EFORMAT && err != KW_EDAMAGED) || strstr(r.why, "back") == NULL)
            fail_msg("%zu bytes: %s: %s", n, kw_err_name(err), r.why);
        store_close(s);
    }
    buf_deinit(&content);
    buf_deinit(&image);
    room_clear(&r);
}

static void X20_a_newer_schema_is_refused(void **state)
{
    struct room r;

    (void)state;
    room_make(&r);
    store_close(room_open(&r));
    room_sql(&r, "PRAGMA user_version = 1000", 0);
    assert_refused(&r, KW_EFORMAT, "newer");
    room_clear(&r);
}

static const struct schema {
    const char *why, *sql;
} schemas[] = {
    {"a trigger", "CREATE TRIGGER t AFTER UPDATE ON keys BEGIN DELETE FROM quota_used; END"},
    {"a table more", "CREATE TABLE more (x)"},
    {"a table less", "DROP TABLE quota_used"},
    {"a view", "CREATE VIEW v AS SELECT 1"},
    {"an index less", "DROP INDEX change_log_by_object"},
    {"a column more", "ALTER TABLE keys ADD COLUMN x INTEGER"},
    {"a view in a table's place",
     "ALTER TABLE keys RENAME TO k; CREATE VIEW keys AS SELECT * FROM k"},
};

static void J3_a_schema_that_is_not_ours_is_refused(void **state)
{
    const struct schema *row = *state;
    struct room r;

    room_make(&r);
    store_close(room_open(&r));
    room_sql(&r, row->sql, 0);
    assert_refused(&r, KW_EDAMAGED, "schema");
    room_clear(&r);
}

static void X12_an_old_database_under_a_newer_head_is_refused(void **state)
{
    struct room r;
    char aside[PATH_MAX];

    (void)state;
    room_make(&r);
    snprintf(aside, sizeof aside, "%s", folder_file(&r.folder, "aside"));
    struct store *s = room_open(&r);
    struct grant g = room_key(s, id_1);
    store_close(s);
    room_copy(r.database, aside);
    s = room_open(&r);
    g.state = KEY_REVOKED;
    room_change(s, &g);
    store_close(s);
    room_copy(aside, r.database);
    assert_refused(&r, KW_EOLD, "keyward recover");
    room_clear(&r);
}

static void X12_an_empty_database_under_a_newer_head_is_refused(void **state)
{
    struct room r;
    char aside[PATH_MAX];

    (void)state;
    room_make(&r);
    snprintf(aside, sizeof aside, "%s", folder_file(&r.folder, "aside"));
    room_copy(r.database, aside);
    struct store *s = room_open(&r);
    room_key(s, id_1);
    store_close(s);
    room_copy(aside, r.database);
    assert_refused(&r, KW_EOLD, "keyward recover");
    room_clear(&r);
}

/* The power went between commit and head. */
static void a_database_ahead_of_head_is_adopted(void **state)
{
    struct room r;
    struct grant back;
    struct buf head = BUF_MAX(100), now = BUF_MAX(100);
    char aside[PATH_MAX];

    (void)state;
    room_make(&r);
    snprintf(aside, sizeof aside, "%s", folder_file(&r.folder, "aside"));
    struct store *s = room_open(&r);
    room_copy(r.head, aside);
    room_key(s, id_1);
    room_key(s, id_2);
    store_close(s);
    assert_ok(file_read(r.head, &head));
    room_copy(aside, r.head);
    s = room_open(&r);
    assert_int_equal(store_change_seq(s), 3);
    assert_ok(store_key(s, str_from(id_2), NULL, &back));
    assert_ok(file_read(r.head, &now)); /* head has caught up */
    assert_str(buf_view(&now), buf_view(&head));
    store_close(s);
    buf_deinit(&head);
    buf_deinit(&now);
    room_clear(&r);
}

static const struct ahead {
    const char *why, *sql;
    int n;
} aheads[] = {
    {"another actor", "UPDATE change_log SET actor = 'uid:1' WHERE n = 3", 1},
    {"another time", "UPDATE change_log SET time_ms = 1 WHERE n = 3", 1},
    {"another image", "UPDATE change_log SET image = x'00' WHERE n = 3", 1},
    {"another seal", "UPDATE change_log SET seal = zeroblob(32) WHERE n = 3", 1},
    {"another HMAC", "UPDATE change_log SET mac = zeroblob(32) WHERE n = 3", 1},
    {"another object", "UPDATE change_log SET object = 7 WHERE n = 3", 1},
    {"an entry missing", "DELETE FROM change_log WHERE n = 2", 1},
    {"an entry moved", "UPDATE change_log SET n = 9 WHERE n = 3", 1},
    {"an entry made up",
     "INSERT INTO change_log SELECT 4, kind, 9, version, image, seal, actor, time_ms, mac "
     "FROM change_log WHERE n = 3",
     1},
};

static void a_database_ahead_by_a_broken_chain_is_refused(void **state)
{
    const struct ahead *row = *state;
    struct room r;
    char aside[PATH_MAX];

    room_make(&r);
    snprintf(aside, sizeof aside, "%s", folder_file(&r.folder, "aside"));
    struct store *s = room_open(&r);
    room_account(s, "acme");
    room_copy(r.head, aside);
    room_key(s, id_1);
    room_key(s, id_2);
    store_close(s);
    room_copy(aside, r.head);
    room_sql(&r, row->sql, row->n);
    assert_refused(&r, KW_EDAMAGED, "tampered");
    room_clear(&r);
}

static void the_newest_entry_must_be_heads(void **state)
{
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    room_key(s, id_1);
    store_close(s);
    room_sql(&r, "UPDATE change_log SET actor = 'uid:1' WHERE n = 2", 1);
    assert_refused(&r, KW_EDAMAGED, "tampered");
    room_clear(&r);
}

static void another_master_key_is_refused(void **state)
{
    struct room r;

    (void)state;
    room_make(&r); /* even while the log is empty */
    unlink(r.master_key);
    assert_ok(store_make_master_key(r.master_key, r.why));
    assert_refused(&r, KW_EDAMAGED, "master.key");
    room_clear(&r);
    room_make(&r);
    struct store *s = room_open(&r);
    room_key(s, id_1);
    store_close(s);
    unlink(r.master_key);
    assert_refused(&r, KW_ENOTFOUND, "master key");
    assert_ok(store_make_master_key(r.master_key, r.why));
    assert_refused(&r, KW_EDAMAGED, "master.key");
    room_clear(&r);
}

static const struct bad_head {
    const char *why;
    struct str text;
} heads[] = {
    {"empty", {"", 0}},
    {"no HMAC", {"2\n", 2}},
    {"a short HMAC", {"2 abcd\n", 7}},
    {"a sign", {"-2 0000000000000000000000000000000000000000000000000000000000000000\n", 68}},
    {"no line end", {"2 0000000000000000000000000000000000000000000000000000000000000000", 66}},
    {"two lines", {"2 0000000000000000000000000000000000000000000000000000000000000000\n\n", 68}},
    {"a leading zero", {"02 0000000000000000000000000000000000000000000000000000000000000000\n", 68}},
    {"upper case", {"2 A000000000000000000000000000000000000000000000000000000000000000\n", 67}},
    {"more than 2^63",
     {"9223372036854775808 0000000000000000000000000000000000000000000000000000000000000000\n", 85}},
};

static void a_damaged_head_is_refused(void **state)
{
    const struct bad_head *row = *state;
    struct room r;

    room_make(&r);
    room_write(r.head, row->text);
    assert_refused(&r, KW_EDAMAGED, "keyward recover");
    room_clear(&r);
}

static void a_missing_head_is_refused(void **state)
{
    struct room r;

    (void)state;
    room_make(&r);
    unlink(r.head);
    assert_refused(&r, KW_EDAMAGED, "keyward recover");
    room_clear(&r);
}

static void a_head_of_another_history_is_refused(void **state)
{
    struct room r;
    struct str text = STR("0 0000000000000000000000000000000000000000000000000000000000000000\n");

    (void)state;
    room_make(&r);
    room_write(r.head, text);
    assert_refused(&r, KW_EDAMAGED, "change 0");
    room_clear(&r);
}

static void a_database_that_others_may_write_is_refused(void **state)
{
    struct room r;

    (void)state;
    room_make(&r);
    assert_int_equal(chmod(r.database, 0666), 0);
    assert_refused(&r, KW_EPERM, "0600");
    room_clear(&r);
}

int main(void)
{
    SUITE_TEST(J3_no_database_is_never_a_new_one);
    SUITE_ROWS(J3_a_file_that_is_no_database_of_ours_is_refused, not_ours);
    SUITE_TEST(J3_a_folder_in_its_place_is_refused);
    SUITE_TEST(J3_a_flipped_bit_never_changes_what_is_published);
    SUITE_TEST(J3_a_truncated_database_is_refused);
    SUITE_TEST(X20_a_newer_schema_is_refused);
    SUITE_ROWS(J3_a_schema_that_is_not_ours_is_refused, schemas);
    SUITE_TEST(X12_an_old_database_under_a_newer_head_is_refused);
    SUITE_TEST(X12_an_empty_database_under_a_newer_head_is_refused);
    SUITE_TEST(a_database_ahead_of_head_is_adopted);
    SUITE_ROWS(a_database_ahead_by_a_broken_chain_is_refused, aheads);
    SUITE_TEST(the_newest_entry_must_be_heads);
    SUITE_TEST(another_master_key_is_refused);
    SUITE_ROWS(a_damaged_head_is_refused, heads);
    SUITE_TEST(a_missing_head_is_refused);
    SUITE_TEST(a_head_of_another_history_is_refused);
    SUITE_TEST(a_database_that_others_may_write_is_refused);
    return suite_run("store/open");
}
