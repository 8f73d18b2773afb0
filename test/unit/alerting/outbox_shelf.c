/* outbox_shelf.c - an outbox that cannot be opened, or does not hold, is opened anew, and not before its time. */
#include "alerting/outbox_shelf.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "folder.h"
#include "suite.h"

#define SECOND UINT64_C(1000000)

struct room {
    struct folder folder;
    char path[PATH_MAX];
    struct outbox_shelf shelf;
    bool is_new;
};

static void begin(struct room *r)
{
    *r = (struct room){.is_new = false};
    folder_make(&r->folder);
    snprintf(r->path, sizeof r->path, "%s", folder_file(&r->folder, "outbox.db"));
}

static void end(struct room *r)
{
    outbox_close(r->shelf.outbox);
    folder_remove(&r->folder);
}

static enum kw_err open_at(struct room *r, uint64_t second)
{
    enum kw_err err = outbox_shelf_open(&r->shelf, r->path, second * SECOND, &r->is_new);

    outbox_shelf_failed(&r->shelf, r->path, second * SECOND, err); /* as its user does, in each pass */
    return err;
}

static bool is_aside(const struct room *r)
{
    char other[PATH_MAX + 16];

    snprintf(other, sizeof other, "%s.damaged", r->path);
    return access(other, F_OK) == 0;
}

static void what_could_not_be_opened_is_opened_later(void **state)
{
    struct room r;

    (void)state;
    begin(&r);
    assert_int_equal(mkdir(r.path, 0700), 0); /* in its place */
    enum kw_err err = open_at(&r, 100);
    assert_true(err != KW_OK);
    assert_int_equal(rmdir(r.path), 0);
    for (uint64_t second = 101; second < 105; second++)
        assert_err(open_at(&r, second), err);
    assert_ok(open_at(&r, 105));
    assert_true(r.is_new);
    assert_ok(open_at(&r, 105));
    assert_false(r.is_new);
    end(&r);
}

static const struct failure {
    const char *why;
    enum kw_err err;
    bool closes, is_aside;
} failures[] = {{"the disk", KW_EIO, true, false},        {"damaged", KW_EDAMAGED, true, true},
                {"none of ours", KW_EFORMAT, true, true}, {"full", KW_EFULL, false, false},
                {"no memory", KW_ENOMEM, false, false},   {"done", KW_OK, false, false}};

static void one_that_does_not_hold_is_opened_anew(void **state)
{
    const struct failure *row = *state;
    struct room r;

    begin(&r);
    assert_ok(open_at(&r, 100));
    outbox_shelf_failed(&r.shelf, r.path, 200 * SECOND, row->err);
    assert_int_equal(r.shelf.outbox == NULL, row->closes);
    assert_int_equal(is_aside(&r), row->is_aside);
    if (row->closes) {
        assert_err(open_at(&r, 201), row->err);
        assert_err(open_at(&r, 204), row->err);
    }
    assert_ok(open_at(&r, 205));
    assert_int_equal(r.is_new, row->closes);
    end(&r);
}

static void a_file_that_is_none_of_ours_makes_room_at_once(void **state)
{
    struct room r;

    (void)state;
    begin(&r);
    assert_ok(file_replace(r.path,
                           STR("this is no database, and long enough to be sure of that: "
                               "0123456789012345678901234567890123456789"),
                           0600));
    assert_ok(open_at(&r, 100));
    assert_true(is_aside(&r));
    end(&r);
}

int main(void)
{
    SUITE_TEST(what_could_not_be_opened_is_opened_later);
    SUITE_ROWS(one_that_does_not_hold_is_opened_anew, failures);
    SUITE_TEST(a_file_that_is_none_of_ours_makes_room_at_once);
    return suite_run("alerting/outbox_shelf");
}
