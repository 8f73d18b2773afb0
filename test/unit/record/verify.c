/* verify.c - whatever was changed in a record is named. */
#include "record/verify.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "rig.h"

/* Two days: 2026-11-24 with three batches of four records, and 2026-11-25 with one of two, in which there is a change. */
struct fixture {
    struct rig rig;
    struct verify_report report;
};

static const char first_day[] = "audit/2026-11-24.seg", second_day[] = "audit/2026-11-25.seg";

static void append(struct segments *s, int64_t time_us, uint32_t n, uint64_t change)
{
    uint8_t bytes[4][CHANGE_MAX];
    struct record records[4];
    const struct ring_mark marks[] = {{.ring_id = 42, .next = {7, 9}, .counted = {{3}}}};
    struct batch_head head = {.time_us = time_us, .change_seq = change, .rings = marks, .n_rings = 1};

    for (uint32_t i = 0; i < n; i++) {
        struct event e = rig_event(time_us + i, "7Q2mK4T9xJ1aBd");
        records[i] = (struct record){RECORD_EVENT, {(char *)bytes[i], event_encode(&e, bytes[i])}};
    }
    if (change > 0) {
        struct record_change c = {
            .n = change, .kind = CHANGE_KEY, .actor = STR("uid:0"), .summary = STR("{}")};
        records[0] = (struct record){RECORD_CHANGE, {(char *)bytes[0], change_encode(&c, bytes[0])}};
    }
    assert_ok(segments_append(s, &head, records, n));
}

static void begin(struct fixture *f)
{
    struct segments *s;

    rig_init(&f->rig);
    assert_ok(segments_open(&(struct segment_options){f->rig.audit, f->rig.signer, {0}}, &s));
    append(s, RIG_NOON, 4, 0);
    append(s, RIG_NOON + 1000000, 4, 0);
    append(s, RIG_NOON + 2000000, 4, 0);
    append(s, RIG_NOON + (int64_t)86400 * 1000000, 2, 1);
    segments_close(s);
}

static void end(struct fixture *f)
{
    rig_deinit(&f->rig);
}

static void verify(struct fixture *f)
{
    assert_ok(verify_folder(f->rig.audit, f->rig.public_key, NULL, &f->report));
}

static void load(const struct fixture *f, const char *name, struct buf *out)
{
    *out = BUF_MAX(1 << 20);
    assert_ok(file_read(folder_file(&f->rig.folder, name), out));
}

static void store(const struct fixture *f, const char *name, struct str bytes)
{
    assert_ok(file_replace(folder_file(&f->rig.folder, name), bytes, 0600));
}

/* Where the batches of the first day begin, and where its last one ends. */
static void batch_offsets(const struct buf *day, size_t at[4])
{
    at[0] = 0;
    for (int i = 0; i < 3; i++) {
        struct batch b;
        assert_ok(batch_open((struct str){day->p + at[i], day->n - at[i]}, &b));
        at[i + 1] = at[i] + b.len;
    }
    assert_int_equal(at[3], day->n);
}

static void a_record_that_was_not_changed_is_whole(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    verify(&f);
    assert_null(f.report.what);
    assert_int_equal(f.report.files, 2);
    assert_int_equal(f.report.batches, 4);
    assert_int_equal(f.report.records, 14);
    assert_int_equal(f.report.first_batch, 1);
    assert_int_equal(f.report.head.batch, 4);
    struct record_head head;
    assert_ok(verify_head(f.rig.audit, &head));
    assert_true(digest_eq(&head.hash, &f.report.head.hash));
    end(&f);
}

/* Which record of a batch a byte of it belongs to: 0 the header, n + 1 the trailer. */
static uint32_t record_at(const struct batch *b, size_t offset)
{
    size_t at = 0, first = b->header.n + DIGEST_LEN;
    uint32_t i = 0;
    struct record r;
    bool bad;

    if (offset < first)
        return 0;
    while (at + first <= offset) {
        i++;
        if (!batch_next(b, &at, &r, NULL, NULL, &bad))
            return i;
    }
    return i;
}

static char flip(char c, int bit)
{
    unsigned flipped = (unsigned char)c ^ 1u << bit;

    return (char)(unsigned char)flipped;
}

static void I3_every_flipped_byte_is_named(void **state)
{
    struct fixture f;
    struct buf day;
    size_t at[4];
    struct batch b;
    static uint8_t copy[BATCH_MAX];

    (void)state;
    begin(&f);
    load(&f, first_day, &day);
    batch_offsets(&day, at);
    size_t len = at[2] - at[1];
    memcpy(copy, day.p + at[1], len);
    assert_ok(batch_open((struct str){(char *)copy, len}, &b));
    for (size_t i = 0; i < len; i++) {
        for (int bit = 0; bit < 8; bit += 7) {
            day.p[at[1] + i] = flip(day.p[at[1] + i], bit);
            store(&f, first_day, buf_view(&day));
            verify(&f);
            assert_non_null(f.report.what);
            assert_string_equal(f.report.file, "2026-11-24.seg");
            assert_int_equal(f.report.batch, 2);
            assert_int_equal(f.report.offset, at[1]);
            assert_int_equal(f.report.record, record_at(&b, i));
            assert_int_equal(f.report.head.batch, 1);
            day.p[at[1] + i] = flip(day.p[at[1] + i], bit);
        }
    }
    buf_deinit(&day);
    end(&f);
}

static void I3_swapped_rows_are_named(void **state)
{
    struct fixture f;
    struct buf day;
    size_t at[4], from = 0;
    struct batch b;
    struct record r;
    struct str raw[4];
    bool bad;
    char row[1024];

    (void)state;
    begin(&f);
    load(&f, first_day, &day);
    batch_offsets(&day, at);
    assert_ok(batch_open((struct str){day.p + at[1], day.n - at[1]}, &b));
    for (int i = 0; i < 4; i++)
        assert_true(batch_next(&b, &from, &r, &raw[i], NULL, &bad));
    size_t n = raw[1].n + DIGEST_LEN; /* all rows are of one length */
    size_t second = (size_t)(raw[1].p - day.p), third = (size_t)(raw[2].p - day.p);
    memcpy(row, day.p + second, n);
    memcpy(day.p + second, day.p + third, n);
    memcpy(day.p + third, row, n);
    store(&f, first_day, buf_view(&day));
    verify(&f);
    assert_non_null(f.report.what);
    assert_int_equal(f.report.batch, 2);
    assert_int_equal(f.report.record, 2);
    buf_deinit(&day);
    end(&f);
}

/* Whoever has not the key can compute all hashes anew; the signature is what he cannot make. */
static void I3_a_batch_written_with_another_key_is_named(void **state)
{
    struct fixture f;
    struct buf day;
    size_t at[4], len;
    struct batch b;
    struct signer *other;
    struct record records[4];
    static uint8_t out[BATCH_MAX];
    struct digest last;
    bool bad;

    (void)state;
    begin(&f);
    load(&f, first_day, &day);
    batch_offsets(&day, at);
    assert_ok(batch_open((struct str){day.p + at[2], day.n - at[2]}, &b));
    size_t from = 0;
    for (uint32_t i = 0; i < 4; i++)
        assert_true(batch_next(&b, &from, &records[i], NULL, NULL, &bad));
    assert_ok(signer_new(&(struct secret){{9}}, &other));
    struct ring_mark mark;
    from = 0;
    assert_true(batch_next_ring(&b, &from, &mark));
    struct batch_head head = {b.number, b.time_us, b.previous, b.change_seq, &mark, 1};
    assert_ok(batch_build(&head, records, 4, other, out, &len, &last));
    assert_int_equal(len, day.n - at[2]);
    memcpy(day.p + at[2], out, len);
    store(&f, first_day, buf_view(&day));
    verify(&f);
    assert_non_null(f.report.what);
    assert_int_equal(f.report.batch, 3);
    assert_int_equal(f.report.record, 5);
    signer_free(other);
    buf_deinit(&day);
    end(&f);
}

static void I3_a_missing_batch_is_named(void **state)
{
    struct fixture f;
    struct buf day;
    size_t at[4];

    (void)state;
    begin(&f);
    load(&f, first_day, &day);
    batch_offsets(&day, at);
    memmove(day.p + at[1], day.p + at[2], day.n - at[2]);
    store(&f, first_day, (struct str){day.p, day.n - (at[2] - at[1])});
    verify(&f);
    assert_string_equal(f.report.what, "a batch is missing, or out of order");
    assert_int_equal(f.report.batch, 2);
    assert_int_equal(f.report.offset, at[1]);
    buf_deinit(&day);
    end(&f);
}

static void I3_swapped_batches_are_named(void **state)
{
    struct fixture f;
    struct buf day;
    size_t at[4];
    static char other[BATCH_MAX];

    (void)state;
    begin(&f);
    load(&f, first_day, &day);
    batch_offsets(&day, at);
    size_t n = at[2] - at[1];
    assert_int_equal(n, at[3] - at[2]);
    memcpy(other, day.p + at[1], n);
    memcpy(day.p + at[1], day.p + at[2], n);
    memcpy(day.p + at[2], other, n);
    store(&f, first_day, buf_view(&day));
    verify(&f);
    assert_non_null(f.report.what);
    assert_int_equal(f.report.batch, 2);
    buf_deinit(&day);
    end(&f);
}

static void I3_a_missing_day_is_named(void **state)
{
    struct fixture f;
    struct record_head anchor;

    (void)state;
    begin(&f);
    verify(&f);
    anchor = f.report.head;
    assert_int_equal(unlink(folder_file(&f.rig.folder, first_day)), 0);
    verify(&f); /* days that retention dropped: see retention.c */
    assert_string_equal(f.report.what,
                        "the days before it are missing, and no retention has dropped them");
    assert_string_equal(f.report.file, "2026-11-25.seg");
    assert_int_equal(f.report.batch, 4);
    assert_ok(verify_folder(f.rig.audit, f.rig.public_key, &anchor, &f.report));
    assert_non_null(f.report.what);
    end(&f);

    begin(&f); /* a day in the middle: the third is begun, the second removed */
    struct segments *s;
    assert_ok(segments_open(&(struct segment_options){f.rig.audit, f.rig.signer, {0}}, &s));
    append(s, RIG_NOON + 2 * (int64_t)86400 * 1000000, 2, 2);
    segments_close(s);
    assert_int_equal(unlink(folder_file(&f.rig.folder, second_day)), 0);
    verify(&f);
    assert_string_equal(f.report.file, "2026-11-26.seg");
    assert_string_equal(f.report.what, "a batch is missing, or out of order");
    end(&f);
}

static void I3_a_renamed_day_is_named(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    char from[PATH_MAX];
    snprintf(from, sizeof from, "%s", folder_file(&f.rig.folder, second_day));
    assert_int_equal(rename(from, folder_file(&f.rig.folder, "audit/2026-11-27.seg")), 0);
    verify(&f);
    assert_string_equal(f.report.what, "it belongs into the file of another day");
    end(&f);
}

static void I4_a_cut_off_end_is_found_against_the_head(void **state)
{
    struct fixture f;
    struct record_head head;
    struct buf day;
    size_t at[4];
    char text[RECORD_HEAD_TEXT];

    (void)state;
    begin(&f);
    assert_ok(verify_head(f.rig.audit, &head));
    size_t n = record_head_print(&head, text); /* it was kept elsewhere, as text */
    assert_ok(record_head_parse((struct str){text, n}, &head));
    assert_ok(verify_folder(f.rig.audit, f.rig.public_key, &head, &f.report));
    assert_null(f.report.what);

    assert_int_equal(unlink(folder_file(&f.rig.folder, second_day)), 0);
    verify(&f);
    assert_null(f.report.what); /* by itself the rest is whole */
    assert_ok(verify_folder(f.rig.audit, f.rig.public_key, &head, &f.report));
    assert_string_equal(f.report.what, "the end has been cut off: the head names a later batch");

    load(&f, first_day, &day);
    batch_offsets(&day, at);
    for (size_t cut = at[2] + 1; cut < at[3];
         cut += 13) { /* in the middle of a batch it needs no head */
        store(&f, first_day, (struct str){day.p, cut});
        verify(&f);
        assert_non_null(f.report.what);
        assert_int_equal(f.report.batch, 3);
    }
    buf_deinit(&day);
    end(&f);
}

static void I4_an_end_that_was_written_anew_is_found_against_the_head(void **state)
{
    struct fixture f;
    struct record_head head;
    struct segments *s;

    (void)state;
    begin(&f);
    assert_ok(verify_head(f.rig.audit, &head));
    assert_int_equal(unlink(folder_file(&f.rig.folder, second_day)), 0);
    assert_ok(segments_open(&(struct segment_options){f.rig.audit, f.rig.signer, {0}}, &s));
    append(s, RIG_NOON + (int64_t)86400 * 1000000, 1,
           0); /* with the right key, but not what was there */
    append(s, RIG_NOON + (int64_t)86400 * 1000000, 1, 0);
    segments_close(s);
    verify(&f);
    assert_null(f.report.what);
    assert_ok(verify_folder(f.rig.audit, f.rig.public_key, &head, &f.report));
    assert_string_equal(f.report.what, "it is not the batch that the head names");
    end(&f);
}

static void I4_a_head_of_somebody_else_is_refused(void **state)
{
    struct fixture f;
    struct record_head head;

    (void)state;
    begin(&f);
    assert_ok(verify_head(f.rig.audit, &head));
    head.batch = 1;
    assert_ok(verify_folder(f.rig.audit, f.rig.public_key, &head, &f.report));
    assert_string_equal(f.report.what, "the head is not signed with this key");
    end(&f);
}

static const struct bad_head {
    const char *why;
    const char *text;
} bad_heads[] = {
    {"empty", ""},
    {"another word", "keyward-tail 1 1 1 "},
    {"another format", "keyward-head 2 1 1 "},
    {"no hash", "keyward-head 1 1 1"},
    {"a short hash", "keyward-head 1 1 1 00 00"},
    {"a negative number", "keyward-head 1 -1 1 00 00"},
};

static void head_parse_rejects(void **state)
{
    const struct bad_head *row = *state;
    struct record_head head = {.batch = 5};

    assert_true(record_head_parse(str_from(row->text), &head) != KW_OK);
    assert_int_equal(head.batch, 5);
}

static void a_folder_without_a_record_is_not_whole(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    assert_err(verify_folder(folder_file(&f.rig.folder, "nowhere"), f.rig.public_key, NULL, &f.report),
               KW_ENOTFOUND);
    assert_err(verify_folder(f.rig.run, f.rig.public_key, NULL, &f.report), KW_ENOTFOUND);
    end(&f);
}

static bool is_spent(void *ctx)
{
    unsigned *left = ctx;

    return (*left)-- == 0;
}

/* Whoever asks over the network does not keep the process from ending, nor others waiting, for as long as a year takes. */
static void a_walk_ends_when_it_is_enough(void **state)
{
    unsigned left = 2;
    struct verify_part part = {.n_days = 2, .enough = is_spent, .ctx = &left};
    struct verify_report untouched = {.files = 77}, r = untouched;
    struct fixture f;

    (void)state;
    begin(&f);
    assert_err(verify_newest(f.rig.audit, f.rig.public_key, &part, &r), KW_EBUSY);
    assert_memory_equal(&r, &untouched, sizeof r);
    left = 4;
    assert_ok(verify_newest(f.rig.audit, f.rig.public_key, &part, &r));
    assert_null(r.what);
    assert_int_equal(r.batches, 4);
    part = (struct verify_part){.n_days = 1};
    assert_ok(verify_newest(f.rig.audit, f.rig.public_key, &part, &r));
    assert_int_equal(r.batches, 1);
    end(&f);
}

/* ---- while it is written ---- */

struct growing {
    const char *path;
    struct str whole;
};

static void *grow(void *arg)
{
    const struct growing *g = arg;
    const struct timespec pause = {.tv_nsec = 10000000};
    FILE *file = fopen(g->path, "r+");

    nanosleep(&pause, NULL);
    if (file != NULL && fwrite(g->whole.p, 1, g->whole.n, file) == g->whole.n)
        fclose(file);
    return NULL;
}

/* The recorder writes while somebody verifies: half of a batch that is becoming whole is no alarm. */
static void a_batch_that_is_being_written_is_waited_for(void **state)
{
    struct buf whole = BUF_MAX(1 << 20);
    struct fixture f;
    pthread_t thread;

    (void)state;
    begin(&f);
    struct growing g = {.path = folder_file(&f.rig.folder, second_day)};
    assert_ok(file_read(g.path, &whole));
    g.whole = buf_view(&whole);
    assert_int_equal(truncate(g.path, (off_t)whole.n - 100), 0);
    assert_int_equal(pthread_create(&thread, NULL, grow, &g), 0);
    verify(&f);
    pthread_join(thread, NULL);
    assert_null(f.report.what);
    assert_int_equal(f.report.batches, 4);
    buf_deinit(&whole);
    end(&f);
}

int main(void)
{
    SUITE_TEST(a_record_that_was_not_changed_is_whole);
    SUITE_TEST(I3_every_flipped_byte_is_named);
    SUITE_TEST(I3_swapped_rows_are_named);
    SUITE_TEST(I3_a_batch_written_with_another_key_is_named);
    SUITE_TEST(I3_a_missing_batch_is_named);
    SUITE_TEST(I3_swapped_batches_are_named);
    SUITE_TEST(I3_a_missing_day_is_named);
    SUITE_TEST(I3_a_renamed_day_is_named);
    SUITE_TEST(I4_a_cut_off_end_is_found_against_the_head);
    SUITE_TEST(I4_an_end_that_was_written_anew_is_found_against_the_head);
    SUITE_TEST(I4_a_head_of_somebody_else_is_refused);
    SUITE_ROWS(head_parse_rejects, bad_heads);
    SUITE_TEST(a_folder_without_a_record_is_not_whole);
    SUITE_TEST(a_walk_ends_when_it_is_enough);
    SUITE_TEST(a_batch_that_is_being_written_is_waited_for);
    return suite_run("record/verify");
}
