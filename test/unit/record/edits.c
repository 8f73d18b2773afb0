/* edits.c - a hundred thousand single edits of a record of some thousand: each is found, and at the place where it was made.
 *
 * The rule. Let the first byte that differs lie in batch b (or behind the last). The verifier then names batch b, by the place where it
 * begins, and in it
 *
 *     record i        the byte lies in record i, or in the hash stored behind it
 *     0               it lies in the header of b or the hash behind that; or b can no longer be taken apart, because an edit
 *                     that changed the length of the file has moved its end
 *     n + 1           it lies in the trailer
 *
 * What lies before that byte is as it was, so the walk begins at b with what was found before it. KEYWARD_SEED makes other edits. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "record/verify.h"
#include "rig.h"

#if SUITE_TSAN || SUITE_ASAN
enum { EDITS = 4000 };
#else
enum { EDITS = 100000 };
#endif

enum { BATCHES = 160, ROWS = 20, ALL = BATCHES * ROWS, ROOM = 4096 };

static struct {
    struct rig rig;
    struct verifier *verifier;
    struct str whole;
    char *edited; /* ROOM more than the whole */
    size_t n;
    size_t at[BATCHES + 1]; /* where batches begin */
    struct verify_report before[BATCHES + 1];
    size_t row[ALL + 1], row_len[ALL]; /* record and hash */
    uint64_t random;
    unsigned long seen[3]; /* record named: itself, 0 for the header, 0 for a moved end */
} f;

/* ---- the record ---- */

static void append(struct segments *s, unsigned turn)
{
    static uint8_t bytes[ROWS][SIGN_IN_MAX + EVENT_MAX];
    const struct ring_mark marks[] = {{.ring_id = 42, .next = {turn, 9}}};
    struct batch_head head = {
        .time_us = RIG_NOON + (int64_t)turn * 1000, .change_seq = turn, .rings = marks, .n_rings = 1};
    struct record records[ROWS];

    for (uint32_t i = 0; i < ROWS; i++) {
        struct event e = rig_event(head.time_us + i, "7Q2mK4T9xJ1aBd");
        const struct sign_in in = {
            .time_us = head.time_us + i, .what = SIGN_IN_DONE, .member = STR("5fGh2kLm9pQr3s")};
        e.position = turn * ROWS + i;
        records[i] = (struct record){RECORD_EVENT, {(char *)bytes[i], event_encode(&e, bytes[i])}};
        if (i % 7 == 3)
            records[i] =
                (struct record){RECORD_SIGN_IN, {(char *)bytes[i], sign_in_encode(&in, bytes[i])}};
    }
    assert_ok(segments_append(s, &head, records, ROWS));
}

static void find_rows(size_t batch)
{
    struct batch b;
    struct record r;
    struct str raw;
    size_t at = 0;
    bool bad;

    assert_ok(batch_open((struct str){f.whole.p + f.at[batch], f.whole.n - f.at[batch]}, &b));
    for (size_t i = 0; i < ROWS; i++) {
        assert_true(batch_next(&b, &at, &r, &raw, NULL, &bad));
        f.row[batch * ROWS + i] = (size_t)(raw.p - f.whole.p);
        f.row_len[batch * ROWS + i] = raw.n + DIGEST_LEN;
    }
    f.at[batch + 1] = f.at[batch] + b.len;
}

/* What is found up to each batch, and the end of it all. */
static void find_batches(void)
{
    struct verify_report r = {0};

    for (size_t i = 0; i < BATCHES; i++) {
        find_rows(i);
        f.before[i] = r;
        assert_ok(
            verify_bytes(f.verifier, RIG_DAY, (struct str){f.whole.p, f.at[i + 1]}, f.at[i], &r));
        assert_null(r.what);
    }
    f.before[BATCHES] = r;
    assert_int_equal(f.at[BATCHES], f.whole.n);
    assert_int_equal(r.records, ALL);
}

static void begin(struct buf *whole)
{
    struct segments *s;
    const char *seed = getenv("KEYWARD_SEED");

    rig_init(&f.rig);
    f.random = seed == NULL ? 20261130 : strtoull(seed, NULL, 0);
    assert_ok(verifier_new(f.rig.public_key, &f.verifier));
    assert_ok(segments_open(&(struct segment_options){f.rig.audit, f.rig.signer, {0}}, &s));
    for (unsigned i = 0; i < BATCHES; i++)
        append(s, i);
    segments_close(s);
    *whole = BUF_MAX(8 << 20);
    assert_ok(file_read(folder_file(&f.rig.folder, "audit/2026-11-24.seg"), whole));
    f.whole = buf_view(whole);
    f.edited = malloc(f.whole.n + ROOM);
    assert_non_null(f.edited);
    find_batches();
}

static void end(struct buf *whole)
{
    free(f.edited);
    verifier_free(f.verifier);
    buf_deinit(whole);
    rig_deinit(&f.rig);
}

/* ---- one edit ---- */

/* splitmix64 */
static uint64_t next_random(void)
{
    uint64_t z = f.random += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static size_t below(size_t n)
{
    return (size_t)(next_random() % n);
}

static void flip_bit(void)
{
    size_t at = below(f.n);

    f.edited[at] = (char)(f.edited[at] ^ (char)(1u << below(8)));
}

static void change_byte(void)
{
    f.edited[below(f.n)] = (char)next_random();
}

static void delete_bytes(void)
{
    size_t n = 1 + below(below(2) == 0 ? 1 : 300), at = below(f.n - n);

    memmove(f.edited + at, f.edited + at + n, f.n - at - n);
    f.n -= n;
}

static void insert_bytes(void)
{
    size_t n = 1 + below(below(2) == 0 ? 1 : 300), at = below(f.n + 1);

    memmove(f.edited + at + n, f.edited + at, f.n - at);
    for (size_t i = 0; i < n; i++)
        f.edited[at + i] = (char)next_random();
    f.n += n;
}

static void change_time(void)
{
    size_t row = f.row[below(ALL)];
    size_t at = row + 8 + (f.whole.p[row + 5] == RECORD_EVENT ? 14 : 8); /* docs/record.md */
    int64_t time_us;

    memcpy(&time_us, f.edited + at, sizeof time_us);
    time_us += (int64_t)below(2000001) - 1000000;
    memcpy(f.edited + at, &time_us, sizeof time_us);
}

static size_t put(size_t at, const char *from, size_t n)
{
    memcpy(f.edited + at, from, n);
    return at + n;
}

/* Two records, each with its hash, anywhere: their lengths may differ. */
static void swap_records(void)
{
    size_t i = below(ALL - 1), j = i + 1 + below(ALL - 1 - i);
    size_t behind = f.row[i] + f.row_len[i], last = f.row[j] + f.row_len[j];

    if (below(2) == 0 && i % ROWS < ROWS - 1) { /* within one batch, more often than by chance */
        j = i + 1;
        last = f.row[j] + f.row_len[j];
    }
    size_t at = put(f.row[i], f.whole.p + f.row[j], f.row_len[j]);
    at = put(at, f.whole.p + behind, f.row[j] - behind);
    at = put(at, f.whole.p + f.row[i], f.row_len[i]);
    assert_int_equal(at, last);
}

static void delete_record(void)
{
    size_t i = below(ALL), behind = f.row[i] + f.row_len[i];

    memmove(f.edited + f.row[i], f.edited + behind, f.n - behind);
    f.n -= f.row_len[i];
}

static void repeat_record(void)
{
    size_t i = below(ALL), behind = f.row[i] + f.row_len[i];

    memmove(f.edited + behind + f.row_len[i], f.edited + behind, f.n - behind);
    memcpy(f.edited + behind, f.whole.p + f.row[i], f.row_len[i]);
    f.n += f.row_len[i];
}

static void (*const edits[])(void) = {flip_bit,    change_byte,  delete_bytes,  insert_bytes,
                                      change_time, swap_records, delete_record, repeat_record};

/* ---- found ---- */

static size_t first_difference(void)
{
    size_t n = f.n < f.whole.n ? f.n : f.whole.n, at = 0;

    while (at + 4096 <= n && memcmp(f.edited + at, f.whole.p + at, 4096) == 0)
        at += 4096;
    while (at < n && f.edited[at] == f.whole.p[at])
        at++;
    return at;
}

static size_t batch_of(size_t at)
{
    size_t i = 0;

    while (i < BATCHES && f.at[i + 1] <= at)
        i++;
    return i;
}

/* Which record a byte of the whole belongs to: 0 the header, ROWS + 1 the trailer. */
static uint32_t record_of(size_t batch, size_t at)
{
    uint32_t i = 0;

    while (i < ROWS && f.row[batch * ROWS + i] <= at)
        i++;
    bool is_behind =
        i == ROWS && at >= f.row[batch * ROWS + ROWS - 1] + f.row_len[batch * ROWS + ROWS - 1];
    return is_behind ? ROWS + 1 : i;
}

static void assert_found(unsigned long turn, size_t kind, size_t at)
{
    const size_t batch = batch_of(at);
    struct verify_report r = f.before[batch];

    assert_ok(verify_bytes(f.verifier, RIG_DAY, (struct str){f.edited, f.n}, f.at[batch], &r));
    const uint32_t want = batch == BATCHES ? 0 : record_of(batch, at);
    bool is_named = r.what != NULL && r.offset == f.at[batch] &&
                    (r.record == want || (r.record == 0 && f.n != f.whole.n));
    if (!is_named)
        print_message("# edit %lu, kind %zu, byte %zu: batch %zu, record %u; found at byte %" PRIu64
                      ", record %u: %s\n",
                      turn, kind, at, batch + 1, want, r.offset, r.record,
                      r.what == NULL ? "nothing" : r.what);
    assert_true(is_named);
    f.seen[r.record == want ? (want > 0 ? 0 : 1) : 2]++;
}

static void I3_each_of_100000_single_edits_is_found_where_it_was_made(void **state)
{
    struct buf whole;
    unsigned long done = 0;

    (void)state;
    begin(&whole);
    print_message("# seed %" PRIu64 ", %d edits of %zu bytes, %d records in %d batches\n", f.random,
                  EDITS, f.whole.n, ALL, BATCHES);
    for (unsigned long turn = 0; done < EDITS; turn++) {
        size_t kind = turn % COUNT_OF(edits);
        memcpy(f.edited, f.whole.p, f.whole.n);
        f.n = f.whole.n;
        edits[kind]();
        size_t at = first_difference();
        if (at == f.n && f.n == f.whole.n)
            continue; /* it changed nothing */
        assert_found(turn, kind, at);
        done++;
    }
    print_message(
        "# named: %lu the record or trailer, %lu the header, %lu the batch whose end had moved\n",
        f.seen[0], f.seen[1], f.seen[2]);
    end(&whole);
}

int main(void)
{
    SUITE_TEST(I3_each_of_100000_single_edits_is_found_where_it_was_made);
    return suite_run("record/edits");
}
