/* file.c - whole files: read, replaced at once, and refused where others may touch them. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suite.h"

static char folder[64], path[128];

static int make_folder(void)
{
    const char *base = getenv("TMPDIR");

    snprintf(folder, sizeof folder, "%.40s/keyward-XXXXXX", base == NULL ? "/tmp" : base);
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/file", folder);
    return 0;
}

static void put(const char *text, mode_t mode)
{
    assert_ok(file_replace(path, str_from(text), mode));
}

static void file_replace_writes_the_whole_and_leaves_nothing_beside(void **state)
{
    AUTO(buf_deinit) struct buf content = BUF_MAX(100);
    char fresh[160];
    struct stat st;

    (void)state;
    put("the old one, which is longer", 0600);
    put("new", 0640);
    assert_ok(file_read(path, &content));
    assert_str(buf_view(&content), STR("new"));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    snprintf(fresh, sizeof fresh, "%s.new", path);
    assert_int_equal(access(fresh, F_OK), -1);
}

static void file_replace_does_not_follow_a_link_in_its_way(void **state)
{
    char fresh[160], victim[160];
    AUTO(buf_deinit) struct buf content = BUF_MAX(100);

    (void)state;
    snprintf(fresh, sizeof fresh, "%s.new", path);
    snprintf(victim, sizeof victim, "%s/victim", folder);
    assert_ok(file_replace(victim, STR("untouched"), 0600));
    assert_int_equal(symlink(victim, fresh), 0);
    assert_int_not_equal(file_replace(path, STR("x"), 0600), KW_OK);
    assert_ok(file_read(victim, &content));
    assert_str(buf_view(&content), STR("untouched"));
    unlink(fresh);
    unlink(victim);
}

static void file_read_says_what_is_wrong(void **state)
{
    struct buf content = BUF_MAX(100);

    (void)state;
    unlink(path);
    assert_err(file_read(path, &content), KW_ENOTFOUND);
    assert_err(file_read("/dev/null/x", &content), KW_ENOTFOUND);
    assert_err(file_read(folder, &content), KW_EIO);
    buf_deinit(&content);
}

static void file_read_takes_the_maximum_and_no_more(void **state)
{
    (void)state;
    put("12345678", 0600);
    for (size_t max = 0; max < 12; max++) {
        struct buf content = BUF_MAX(max);
        assert_err(file_read(path, &content), max < 8 ? KW_EFULL : KW_OK);
        buf_deinit(&content);
    }
}

static void file_read_adds_to_what_is_there(void **state)
{
    AUTO(buf_deinit) struct buf content = BUF_MAX(100);

    (void)state;
    put("b", 0600);
    buf_str(&content, STR("a"));
    assert_ok(file_read(path, &content));
    assert_str(buf_view(&content), STR("ab"));
}

static const struct mode {
    const char *why;
    mode_t mode;
    enum kw_err open, secret;
} modes[] = {
    {"0600", 0600, KW_OK, KW_OK},       {"0400", 0400, KW_OK, KW_OK},
    {"0640", 0640, KW_OK, KW_EPERM},    {"0644", 0644, KW_OK, KW_EPERM},
    {"0620", 0620, KW_EPERM, KW_EPERM}, {"0602", 0602, KW_EPERM, KW_EPERM},
    {"0666", 0666, KW_EPERM, KW_EPERM}, {"0601", 0601, KW_OK, KW_EPERM},
};

static void J2_file_check_private_looks_at_the_mode(void **state)
{
    const struct mode *row = *state;

    put("x", row->mode);
    assert_err(file_check_private(path, false), row->open);
    assert_err(file_check_private(path, true), row->secret);
}

static void J2_file_check_private_looks_at_the_owner(void **state)
{
    (void)state;
    put("x", 0600);
    assert_ok(file_check_private(path, true));
    if (geteuid() != 0)
        skip(); /* only root can give a file away */
    assert_int_equal(chown(path, 65534, (gid_t)-1), 0);
    assert_err(file_check_private(path, false), KW_EPERM);
    unlink(path);
}

static void J2_file_check_private_of_a_file_that_is_not_there(void **state)
{
    (void)state;
    unlink(path);
    assert_err(file_check_private(path, true), KW_ENOTFOUND);
}

static void file_pread_and_pwrite_do_it_all(void **state)
{
    static const size_t n = 3 << 20;
    char *out = malloc(n), *in = malloc(n);

    (void)state;
    assert_non_null(out);
    assert_non_null(in);
    for (size_t i = 0; i < n; i++)
        out[i] = (char)(i * 7 >> 3);
    AUTO(file_closep) int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_ok(file_pwrite(fd, out, n, 5));
    assert_ok(file_pread(fd, in, n, 5));
    assert_memory_equal(in, out, n);
    assert_err(file_pread(fd, in, n + 1, 5), KW_EIO);
    assert_ok(file_pread(fd, in, 0, (off_t)n + 100));
    free(out);
    free(in);
}

static void file_pwrite_where_nothing_fits_says_so(void **state)
{
    (void)state;
    AUTO(file_closep) int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (fd >= 0)
        assert_err(file_pwrite(fd, "x", 1, 0), KW_EFULL);
    assert_err(file_pwrite(-1, "x", 1, 0), KW_EIO);
}

static void file_closep_forgets(void **state)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC), none = -1;

    (void)state;
    file_closep(&fd);
    assert_int_equal(fd, -1);
    file_closep(&none);
}

static void file_err_translates(void **state)
{
    (void)state;
    assert_err(file_err(ENOENT), KW_ENOTFOUND);
    assert_err(file_err(EACCES), KW_EPERM);
    assert_err(file_err(EROFS), KW_EPERM);
    assert_err(file_err(ENOSPC), KW_EFULL);
    assert_err(file_err(EEXIST), KW_EEXISTS);
    assert_err(file_err(EAGAIN), KW_EBUSY);
    assert_err(file_err(ENOMEM), KW_ENOMEM);
    assert_err(file_err(EIO), KW_EIO);
    assert_err(file_err(0), KW_EIO);
}

int main(void)
{
    if (make_folder() != 0)
        return 1;
    SUITE_TEST(file_replace_writes_the_whole_and_leaves_nothing_beside);
    SUITE_TEST(file_replace_does_not_follow_a_link_in_its_way);
    SUITE_TEST(file_read_says_what_is_wrong);
    SUITE_TEST(file_read_takes_the_maximum_and_no_more);
    SUITE_TEST(file_read_adds_to_what_is_there);
    SUITE_ROWS(J2_file_check_private_looks_at_the_mode, modes);
    SUITE_TEST(J2_file_check_private_looks_at_the_owner);
    SUITE_TEST(J2_file_check_private_of_a_file_that_is_not_there);
    SUITE_TEST(file_pread_and_pwrite_do_it_all);
    SUITE_TEST(file_pwrite_where_nothing_fits_says_so);
    SUITE_TEST(file_closep_forgets);
    SUITE_TEST(file_err_translates);
    int failed = suite_run("base/file");
    unlink(path);
    rmdir(folder);
    return failed;
}
