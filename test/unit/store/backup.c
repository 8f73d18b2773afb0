/* backup.c - a copy of a database that is in use: one moment of it, whole, and accepted again. */
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/room.h"
#include "suite.h"

static const char id_1[] = "1Q2mK4T9xJ1aBd", id_2[] = "2Q2mK4T9xJ1aBd";

/* In a process of its own, as the header asks for: this one has the database open. It has so many changes. */
static enum kw_err backup_aside(struct room *r, const char *to, uint64_t changes)
{
    char why[256] = "";
    uint64_t newest = 0;
    int status = 0;

    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit((int)store_backup(r->database, to, &newest, why) + (newest == changes ? 0 : 100));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return (enum kw_err)WEXITSTATUS(status);
}

static struct store_paths copied(struct room *r)
{
    return (struct store_paths){folder_file(&r->folder, "copy"), r->master_key,
                                folder_file(&r->folder, "copy.head")};
}

static void a_copy_is_the_database_of_one_moment(void **state)
{
    struct room r;
    struct stat st;
    uint64_t n = 0;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    struct grant g = room_key(s, id_1);
    room_copy(r.head, folder_file(&r.folder, "copy.head"));
    assert_ok(backup_aside(&r, folder_file(&r.folder, "copy"), 2));
    room_change(s, &g); /* not in it */
    struct store_paths paths = copied(&r);
    assert_ok(store_check(&paths, &n, r.why));
    assert_int_equal(n, 2);
    assert_int_equal(stat(paths.database, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(store_change_seq(s), 3); /* the original goes on */
    store_close(s);
    room_clear(&r);
}

static void a_copy_that_is_newer_than_its_head_brings_it_up_to_date(void **state)
{
    struct room r;
    uint64_t n = 0;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    room_key(s, id_1);
    room_copy(r.head, folder_file(&r.folder, "copy.head"));
    room_key(s, id_2);
    assert_ok(backup_aside(&r, folder_file(&r.folder, "copy"), 3));
    struct store_paths paths = copied(&r);
    assert_ok(store_check(&paths, &n, r.why));
    assert_int_equal(n, 3);
    s = (store_close(s), NULL);
    assert_ok(store_open(&paths, &s, r.why));
    assert_int_equal(store_change_seq(s), 3);
    store_close(s);
    room_clear(&r);
}

static void X12_a_copy_that_is_older_than_its_head_is_refused(void **state)
{
    struct room r;
    uint64_t n = 99;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    struct grant g = room_key(s, id_1);
    assert_ok(backup_aside(&r, folder_file(&r.folder, "copy"), 2));
    room_change(s, &g);
    room_copy(r.head, folder_file(&r.folder, "copy.head"));
    struct store_paths paths = copied(&r);
    assert_err(store_check(&paths, &n, r.why), KW_EOLD);
    assert_int_equal(n, 99);
    store_close(s);
    room_clear(&r);
}

static void a_copy_that_was_written_to_is_found_out(void **state)
{
    struct room r;
    uint64_t n;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    room_key(s, id_1);
    store_close(s);
    room_copy(r.head, folder_file(&r.folder, "copy.head"));
    room_sql(&r, "UPDATE keys SET permissions = 'full_access'", 1);
    assert_ok(backup_aside(&r, folder_file(&r.folder, "copy"), 2));
    struct store_paths paths = copied(&r);
    assert_err(store_check(&paths, &n, r.why), KW_EDAMAGED);
    assert_true(r.why[0] != '\0');
    room_clear(&r);
}

static void nothing_is_written_over(void **state)
{
    uint64_t newest = 7;
    struct room r;

    (void)state;
    room_make(&r);
    room_write(folder_file(&r.folder, "copy"), STR("kept"));
    assert_err(store_backup(r.database, folder_file(&r.folder, "copy"), &newest, r.why), KW_EEXISTS);
    assert_true(r.why[0] != '\0');
    assert_err(store_backup(r.database, folder_file(&r.folder, "no/copy"), &newest, r.why),
               KW_ENOTFOUND);
    room_clear(&r);
}

static void J3_what_is_no_database_of_ours_is_not_copied(void **state)
{
    uint64_t newest = 7;
    struct room r;

    (void)state;
    room_make(&r);
    room_write(folder_file(&r.folder, "other"), STR("some text"));
    const char *to = folder_file(&r.folder, "copy");
    assert_err(store_backup(folder_file(&r.folder, "other"), to, &newest, r.why), KW_EFORMAT);
    assert_err(store_backup(folder_file(&r.folder, "none"), to, &newest, r.why), KW_ENOTFOUND);
    assert_false(room_exists(to));
    assert_int_equal(newest, 7);
    room_clear(&r);
}

int main(void)
{
    SUITE_TEST(a_copy_is_the_database_of_one_moment);
    SUITE_TEST(a_copy_that_is_newer_than_its_head_brings_it_up_to_date);
    SUITE_TEST(X12_a_copy_that_is_older_than_its_head_is_refused);
    SUITE_TEST(a_copy_that_was_written_to_is_found_out);
    SUITE_TEST(nothing_is_written_over);
    SUITE_TEST(J3_what_is_no_database_of_ours_is_not_copied);
    return suite_run("store/backup");
}
