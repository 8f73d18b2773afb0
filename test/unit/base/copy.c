/* copy.c - a copy is whole, or there is none. */
#include "base/copy.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "folder.h"
#include "suite.h"

static void write_file(const char *path, size_t n)
{
    AUTO(buf_deinit) struct buf b = BUF_MAX(1 << 20);

    for (size_t i = 0; i < n; i++)
        buf_add(&b, &(char){(char)(i * 31 >> 3)}, 1);
    assert_ok(file_replace(path, buf_view(&b), 0644));
}

static void assert_same(const char *a, const char *b, size_t n)
{
    AUTO(buf_deinit) struct buf first = BUF_MAX(1 << 20);
    AUTO(buf_deinit) struct buf second = BUF_MAX(1 << 20);

    assert_ok(file_read(a, &first));
    assert_ok(file_read(b, &second));
    assert_int_equal(second.n, n);
    assert_memory_equal(first.p == NULL ? "" : first.p, second.p == NULL ? "" : second.p, n);
}

static const struct part {
    const char *why;
    size_t size;
    uint64_t n;
    size_t want;
} parts[] = {
    {"all of an empty one", 0, FILE_COPY_ALL, 0},
    {"all", 300000, FILE_COPY_ALL, 300000},
    {"one piece exactly", 65536, 65536, 65536},
    {"a beginning", 300000, 100001, 100001},
    {"nothing", 10, 0, 0},
};

static void file_copy_takes_what_is_asked_for(void **state)
{
    const struct part *row = *state;
    struct folder f;
    struct stat st;

    folder_make(&f);
    write_file(folder_file(&f, "from"), row->size);
    assert_ok(file_copy(folder_file(&f, "from"), row->n, folder_file(&f, "to"), 0640));
    assert_same(folder_file(&f, "from"), folder_file(&f, "to"), row->want);
    assert_int_equal(stat(folder_file(&f, "to"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    folder_remove(&f);
}

static void file_copy_writes_over_nothing(void **state)
{
    struct folder f;

    (void)state;
    folder_make(&f);
    write_file(folder_file(&f, "from"), 10);
    assert_ok(file_replace(folder_file(&f, "to"), STR("kept"), 0600));
    assert_err(file_copy(folder_file(&f, "from"), 10, folder_file(&f, "to"), 0600), KW_EEXISTS);
    assert_same(folder_file(&f, "to"), folder_file(&f, "to"), 4);
    assert_int_equal(symlink("nowhere", folder_file(&f, "link")), 0);
    assert_err(file_copy(folder_file(&f, "from"), 10, folder_file(&f, "link"), 0600), KW_EEXISTS);
    folder_remove(&f);
}

static void file_copy_leaves_nothing_behind_when_it_fails(void **state)
{
    struct folder f;

    (void)state;
    folder_make(&f);
    write_file(folder_file(&f, "from"), 10);
    assert_err(file_copy(folder_file(&f, "from"), 11, folder_file(&f, "to"), 0600), KW_EIO);
    assert_int_equal(access(folder_file(&f, "to"), F_OK), -1);
    assert_err(file_copy(folder_file(&f, "none"), 1, folder_file(&f, "to"), 0600), KW_ENOTFOUND);
    assert_err(file_copy(folder_file(&f, "from"), 1, folder_file(&f, "no/to"), 0600), KW_ENOTFOUND);
    folder_remove(&f);
}

int main(void)
{
    SUITE_ROWS(file_copy_takes_what_is_asked_for, parts);
    SUITE_TEST(file_copy_writes_over_nothing);
    SUITE_TEST(file_copy_leaves_nothing_behind_when_it_fails);
    return suite_run("base/copy");
}
