/* create.c - a new store: only where there is none, and whole or not at all. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "store/room.h"
#include "suite.h"

static void a_new_store_is_empty_and_private(void **state)
{
    struct stat st;
    struct room r;

    (void)state;
    room_make(&r);
    assert_int_equal(stat(r.database, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(stat(r.head, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    struct store *s = room_open(&r);
    assert_int_equal(store_change_seq(s), 0);
    store_close(s);
    room_clear(&r);
}

static const struct left_over {
    const char *why, *end;
} left_overs[] = {
    {"a database", ""},
    {"a write-ahead log, which would be played into the new one", "-wal"},
    {"its index", "-shm"},
    {"a rollback journal", "-journal"},
};

static void J3_nothing_is_made_over(void **state)
{
    const struct left_over *row = *state;
    struct buf content = BUF_MAX(100);
    struct room r;
    char path[PATH_MAX + 16];

    room_bare(&r);
    snprintf(path, sizeof path, "%s%s", r.database, row->end);
    room_write(path, STR("something"));
    assert_err(store_create(&r.paths, r.why), KW_EEXISTS);
    assert_non_null(strstr(r.why, path));
    assert_ok(file_read(path, &content));
    assert_str(buf_view(&content), STR("something"));
    assert_false(room_exists(r.head));
    buf_deinit(&content);
    room_clear(&r);
}

static void a_head_of_an_earlier_store_is_not_made_over(void **state)
{
    struct buf before = BUF_MAX(100), after = BUF_MAX(100);
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    room_account(s, "acme");
    store_close(s);
    unlink(r.database);
    assert_ok(file_read(r.head, &before));
    assert_err(store_create(&r.paths, r.why), KW_EEXISTS);
    assert_ok(file_read(r.head, &after));
    assert_str(buf_view(&after), buf_view(&before));
    assert_false(room_exists(r.database));
    buf_deinit(&before);
    buf_deinit(&after);
    room_clear(&r);
}

static void no_store_without_a_master_key(void **state)
{
    struct room r;

    (void)state;
    room_bare(&r);
    unlink(r.master_key);
    assert_err(store_create(&r.paths, r.why), KW_ENOTFOUND);
    assert_false(room_exists(r.database));
    assert_false(room_exists(r.head));
    room_clear(&r);
}

static int steps_left;

static int count_down(void *ctx)
{
    (void)ctx;
    if (--steps_left <= 0)
        _exit(9);
    return 0;
}

/* Every connection that is opened from here on counts its steps. */
static int watch(sqlite3 *conn, const char **error, const struct sqlite3_api_routines *api)
{
    (void)error;
    (void)api;
    sqlite3_progress_handler(conn, 1, count_down, NULL);
    return SQLITE_OK;
}

/* Creates in a process that is killed after so many steps of SQLite; true when it was not. */
static bool create_killed_after(struct room *r, int steps)
{
    int status;

    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        steps_left = steps;
        sqlite3_auto_extension((void (*)(void))watch);
        _exit(store_create(&r->paths, r->why) == KW_OK ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 1);
    return WEXITSTATUS(status) == 0;
}

static void X20_create_killed_anywhere_can_be_repeated(void **state)
{
    struct room r;
    bool done = false;

    (void)state;
    for (int steps = 1; !done; steps += 71) {
        room_bare(&r);
        done = create_killed_after(&r, steps);
        if (!room_exists(r.database))
            assert_ok(store_create(&r.paths, r.why));
        store_close(room_open(&r));
        room_clear(&r);
    }
}

int main(void)
{
    SUITE_TEST(a_new_store_is_empty_and_private);
    SUITE_ROWS(J3_nothing_is_made_over, left_overs);
    SUITE_TEST(a_head_of_an_earlier_store_is_not_made_over);
    SUITE_TEST(no_store_without_a_master_key);
    SUITE_TEST(X20_create_killed_anywhere_can_be_repeated);
    return suite_run("store/create");
}
