/* index.c - the index beside a day: made anew where it is not that of its segment, and believed by nobody then. */
#include "record/index.h"

#include <unistd.h>

#include "base/file.h"
#include "record/segment.h"
#include "two_days.h"

static enum kw_err count(void *ctx, const struct index_entry *e)
{
    (void)e;
    ++*(size_t *)ctx;
    return KW_OK;
}

static size_t entries(const struct rig *r, uint64_t *covered)
{
    size_t n = 0;

    assert_ok(index_read(r->audit, RIG_DAY, count, &n, covered));
    return n;
}

static void an_index_is_made_anew_when_it_is_not_that_of_its_segment(void **state)
{
    static const char *const wrong[] = {"", "kwindex", "garbage garbage garbage garbage"};
    struct rig r;
    struct buf good = BUF_MAX(1 << 20), again = BUF_MAX(1 << 20);
    uint64_t covered;

    (void)state;
    days_init(&r);
    assert_int_equal(entries(&r, &covered), 0);
    assert_ok(index_update(r.audit, RIG_DAY));
    assert_int_equal(entries(&r, &covered), DAYS_BATCHES / 2);
    const char *path = folder_file(&r.folder, "audit/2026-11-24.idx");
    assert_ok(file_read(path, &good));
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        assert_ok(file_replace(path, str_from(wrong[i]), 0600));
        assert_int_equal(entries(&r, &covered), 0);
        assert_ok(index_update(r.audit, RIG_DAY));
        again.n = 0;
        assert_ok(file_read(path, &again));
        assert_str(buf_view(&again), buf_view(&good));
    }
    for (size_t i = 16; i < good.n;
         i += 7) { /* damaged anywhere: what holds is kept, the rest made anew */
        good.p[i] ^= 1;
        assert_ok(file_replace(path, buf_view(&good), 0600));
        good.p[i] ^= 1;
        assert_true(entries(&r, &covered) < DAYS_BATCHES / 2);
        assert_ok(index_update(r.audit, RIG_DAY));
        again.n = 0;
        assert_ok(file_read(path, &again));
        assert_str(buf_view(&again), buf_view(&good));
    }
    buf_deinit(&good);
    buf_deinit(&again);
    rig_deinit(&r);
}

static void the_index_of_another_segment_is_not_believed(void **state)
{
    struct rig r, other;
    struct buf index = BUF_MAX(1 << 20);
    uint64_t covered;

    (void)state;
    days_init(&r);
    assert_ok(index_update(r.audit, RIG_DAY));
    assert_ok(file_read(folder_file(&r.folder, "audit/2026-11-24.idx"), &index));
    rig_init(&other);
    days_write(&other, 1, 3); /* other batches under the same name */
    assert_ok(
        file_replace(folder_file(&other.folder, "audit/2026-11-24.idx"), buf_view(&index), 0600));
    size_t n = 0;
    assert_err(index_read(other.audit, RIG_DAY, count, &n, &covered), KW_EDAMAGED);
    assert_ok(index_update(other.audit, RIG_DAY));
    assert_int_equal(entries(&other, &covered), 2);
    buf_deinit(&index);
    rig_deinit(&r);
    rig_deinit(&other);
}

static void the_recorder_keeps_the_index(void **state)
{
    struct rig r;
    uint64_t covered, size;
    int fd;

    (void)state;
    rig_init(&r);
    rig_write(&r, 5, 10);
    assert_int_equal(entries(&r, &covered), 5);
    assert_ok(segment_open(r.audit, RIG_DAY, &fd, &size));
    assert_int_equal(covered, size);
    close(fd);
    rig_deinit(&r);
}

/* More than two reads of the file, the ends of which cut entries in two. */
static void a_long_index_is_read_whole(void **state)
{
    const uint32_t n = 20000;
    struct rig r;
    uint64_t covered, size;
    int fd;

    (void)state;
    rig_init(&r);
    rig_write(&r, n, 1);
    assert_int_equal(entries(&r, &covered), n);
    assert_ok(segment_open(r.audit, RIG_DAY, &fd, &size));
    assert_int_equal(covered, size);
    close(fd);
    rig_deinit(&r);
}

int main(void)
{
    SUITE_TEST(an_index_is_made_anew_when_it_is_not_that_of_its_segment);
    SUITE_TEST(the_index_of_another_segment_is_not_believed);
    SUITE_TEST(the_recorder_keeps_the_index);
    SUITE_TEST(a_long_index_is_read_whole);
    return suite_run("record/index");
}
