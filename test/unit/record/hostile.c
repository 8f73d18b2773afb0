/* hostile.c - rings as somebody writes them who wants to harm the record: refused record by record. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/random.h"
#include "rig.h"

static struct rig_entries all;
static const char id[] = "7Q2mK4T9xJ1aBd";

struct fixture {
    struct rig rig;
    struct recorder *recorder;
    struct played p;
    uint32_t damaged; /* how often ring 0 was reported */
};

static void count_damaged(void *ctx, uint32_t number, enum kw_err why)
{
    struct fixture *f = ctx;

    assert_int_equal(number, 0);
    assert_int_equal(why, KW_EDAMAGED);
    f->damaged++;
}

static void open_recorder(struct fixture *f)
{
    struct recorder_options o = {.audit_dir = f->rig.audit,
                                 .run_dir = f->rig.run,
                                 .signer = f->rig.signer,
                                 .ctx = f,
                                 .damaged = count_damaged};

    assert_ok(recorder_open(&o, &f->recorder));
}

static void begin(struct fixture *f)
{
    *f = (struct fixture){0};
    rig_init(&f->rig);
    open_recorder(f);
    played_make(&f->rig, 0, 42, RIG_SLOTS, RIG_SLOTS);
    played_open(&f->rig, 0, &f->p);
}

static void end(struct fixture *f)
{
    rig_assert_whole(&f->rig);
    recorder_close(f->recorder);
    if (f->p.fd >= 0)
        played_die(&f->p);
    rig_deinit(&f->rig);
}

static void decide(struct fixture *f, int ring, int64_t time_us)
{
    struct event e = rig_event(time_us, id);

    played_decide(&f->p, ring, &e);
}

/* ---- one slot ---- */

static void no_length(struct ring_slot *s)
{
    s->len = 0;
}

static void huge_length(struct ring_slot *s)
{
    s->len = 0xffff;
}

static void one_byte_less(struct ring_slot *s)
{
    s->len--;
}

static void one_byte_more(struct ring_slot *s)
{
    s->len++;
}

static void another_version(struct ring_slot *s)
{
    s->event[0] = 9;
}

static void a_summary_of_many(struct ring_slot *s)
{
    s->event[1] = EVENT_SUMMARY;
    memset(s->event + 10, 0xff, 4);
}

static void a_count_of_many(struct ring_slot *s)
{
    memset(s->event + 10, 0xff, 4);
}

static void no_such_reason(struct ring_slot *s)
{
    s->event[2] = KW_N_REASONS;
}

static void another_ring(struct ring_slot *s)
{
    s->event[22]++;
}

static void another_position(struct ring_slot *s)
{
    s->event[30]++;
}

static void an_account_that_is_too_long(struct ring_slot *s)
{
    s->event[104] = 255;
}

static void all_ones(struct ring_slot *s)
{
    memset(s, 0xff, sizeof *s);
}

static const struct bad_slot {
    const char *why;
    void (*spoil)(struct ring_slot *s);
} bad_slots[] = {
    {"no length", no_length},
    {"a length beyond the slot", huge_length},
    {"a byte less", one_byte_less},
    {"a byte more", one_byte_more},
    {"another version", another_version},
    {"a summary, which only the recorder writes", a_summary_of_many},
    {"a decision that counts for many", a_count_of_many},
    {"a reason that there is not", no_such_reason},
    {"the id of another ring", another_ring},
    {"another position", another_position},
    {"an account that is too long", an_account_that_is_too_long},
    {"ones", all_ones},
};

/* The slot becomes a gap of one; its neighbours stay what they are. */
static void X11_a_slot_that_does_not_hold_is_a_gap(void **state)
{
    const struct bad_slot *row = *state;

    for (int ring = RING_PROVED; ring <= RING_UNPROVED; ring++) {
        struct fixture f;
        begin(&f);
        for (int i = 0; i < 3; i++)
            decide(&f, ring, RIG_NOON + i);
        row->spoil(played_slot(&f.p, ring, 1));
        rig_drain(f.recorder, RIG_NOON, NULL);
        rig_read(&f.rig, &all);
        assert_int_equal(all.n, 3);
        size_t gaps = 0;
        for (size_t i = 0; i < all.n; i++) {
            const struct event *e = &all.e[i].event;
            assert_int_equal(e->count, 1);
            assert_int_equal(e->kind == EVENT_GAP, e->position == 1);
            gaps += e->kind == EVENT_GAP;
        }
        assert_int_equal(gaps, 1);
        assert_int_equal(f.damaged, 0);
        end(&f);
    }
}

static void X11_a_commit_word_that_can_not_be_is_a_hole(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    decide(&f, RING_PROVED, RIG_NOON);
    decide(&f, RING_PROVED, RIG_NOON + 1);
    memset(f.p.map + ring_commit_offset(f.p.n_slots, RING_PROVED, 1), 0xff, 8);
    rig_drain(f.recorder, RIG_NOON, NULL);
    played_die(&f.p);
    rig_drain(f.recorder, RIG_NOON, NULL);
    rig_read(&f.rig, &all);
    assert_int_equal(all.n, 2);
    assert_int_equal(all.e[1].event.kind, EVENT_GAP);
    end(&f);
}

/* ---- the header ---- */

static void no_magic(struct ring_header *h)
{
    h->magic[3] ^= 1;
}

static void another_format(struct ring_header *h)
{
    h->format = 2;
}

static void other_slots(struct ring_header *h)
{
    h->n_slots[0] = 128;
}

static void no_slots(struct ring_header *h)
{
    h->n_slots[1] = 0;
}

static void another_id(struct ring_header *h)
{
    h->ring_id = 43;
}

static void no_id(struct ring_header *h)
{
    h->ring_id = 0;
}

static void another_size(struct ring_header *h)
{
    h->file_size++;
}

static void head_far_ahead(struct ring_header *h)
{
    h->head[RING_UNPROVED] = UINT64_MAX;
}

static void head_one_too_far(struct ring_header *h)
{
    h->head[RING_PROVED] = h->tail[RING_PROVED] + RIG_SLOTS + 1;
}

static void head_behind(struct ring_header *h)
{
    h->head[RING_PROVED] = h->tail[RING_PROVED] - 1;
}

static void garbage(struct ring_header *h)
{
    ignore(random_bytes(h, sizeof *h)); /* whatever it is */
}

static const struct bad_header {
    const char *why;
    void (*spoil)(struct ring_header *h);
} bad_headers[] = {
    {"no magic", no_magic},
    {"another format", another_format},
    {"another number of slots", other_slots},
    {"no slots", no_slots},
    {"another id", another_id},
    {"no id", no_id},
    {"another size", another_size},
    {"a head far ahead", head_far_ahead},
    {"a head one too far", head_one_too_far},
    {"a head behind", head_behind},
    {"garbage", garbage},
};

static void assert_salvaged(const struct rig *r)
{
    rig_read(r, &all);
    assert_int_equal(all.n, 4);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(all.e[i].event.kind, EVENT_DECISION);
        assert_int_equal(all.e[i].event.position, i);
    }
    assert_int_equal(all.e[3].event.kind, EVENT_GAP);
    assert_int_equal(all.e[3].event.count, 0);
    assert_int_equal(all.e[3].event.ring, 42);
}

/* What is committed is saved, the ring is reported until it is replaced, and the new one is read. */
static void X11_a_header_that_does_not_hold_is_reported(void **state)
{
    const struct bad_header *row = *state;
    struct fixture f;

    begin(&f);
    decide(&f, RING_PROVED, RIG_NOON);
    rig_drain(f.recorder, RIG_NOON, NULL);
    decide(&f, RING_PROVED, RIG_NOON + 1);
    decide(&f, RING_PROVED, RIG_NOON + 2);
    row->spoil(played_header(&f.p));
    rig_drain(f.recorder, RIG_NOON + 3, NULL);
    assert_salvaged(&f.rig);
    rig_drain(f.recorder, RIG_NOON + 3, NULL);
    assert_int_equal(f.damaged, 2);

    recorder_close(f.recorder); /* a restart does not tell it again */
    open_recorder(&f);
    rig_drain(f.recorder, RIG_NOON + 3, NULL);
    assert_salvaged(&f.rig);
    assert_int_equal(f.damaged, 3);

    played_die(&f.p);
    played_make(&f.rig, 0, 99, RIG_SLOTS, RIG_SLOTS);
    played_open(&f.rig, 0, &f.p);
    decide(&f, RING_PROVED, RIG_NOON + 4);
    rig_drain(f.recorder, RIG_NOON + 4, NULL);
    assert_int_equal(f.damaged, 3);
    rig_read(&f.rig, &all);
    assert_int_equal(all.n, 5);
    assert_int_equal(all.e[4].event.ring, 99);
    end(&f);
}

static void X11_a_scribbled_tail_is_put_right(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    decide(&f, RING_PROVED, RIG_NOON);
    rig_drain(f.recorder, RIG_NOON, NULL);
    played_header(&f.p)->tail[RING_PROVED] = UINT64_MAX / 2;
    rig_drain(f.recorder, RIG_NOON, NULL);
    assert_int_equal(played_header(&f.p)->tail[RING_PROVED], 1);
    assert_int_equal(f.damaged, 0);
    end(&f);
}

static void X11_a_ring_is_cut_short_anywhere(void **state)
{
    (void)state;
    const uint32_t n_slots[2] = {RIG_SLOTS, RIG_SLOTS};
    const off_t size = (off_t)ring_file_size(n_slots);

    for (off_t cut = 0; cut < size; cut += 1511) {
        struct fixture f;
        begin(&f);
        for (int i = 0; i < 20; i++)
            decide(&f, RING_PROVED, RIG_NOON + i);
        rig_drain(f.recorder, RIG_NOON, NULL);
        for (int i = 20; i < 30; i++)
            decide(&f, RING_PROVED, RIG_NOON + i);
        assert_int_equal(ftruncate(f.p.fd, cut), 0);
        rig_drain(f.recorder, RIG_NOON, NULL);
        rig_drain(f.recorder, RIG_NOON, NULL);
        assert_true(f.damaged >= 1);
        rig_read(&f.rig, &all);
        assert_true(all.n >= 21 && all.n <= 31);
        end(&f);
    }
}

static void X11_garbage_everywhere(void **state)
{
    (void)state;
    for (int round = 0; round < 30; round++) {
        struct fixture f;
        begin(&f);
        decide(&f, RING_PROVED, RIG_NOON);
        rig_drain(f.recorder, RIG_NOON, NULL);
        size_t from = round % 3 == 0 ? 0 : round % 3 == 1 ? RING_PAGE : sizeof(struct ring_header);
        assert_ok(random_bytes(f.p.map + from, f.p.size - from));
        played_header(&f.p)->head[RING_PROVED] = 1 + RIG_SLOTS;
        if (round % 2 == 0)
            played_die(&f.p);
        rig_drain(f.recorder, RIG_NOON, NULL);
        rig_drain(f.recorder, RIG_NOON, NULL);
        rig_read(&f.rig, &all);
        assert_int_equal(all.e[0].event.kind, EVENT_DECISION);
        end(&f);
    }
}

static void X11_what_is_no_ring_file_is_reported(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    played_die(&f.p);
    assert_ok(file_replace(folder_file(&f.rig.folder, "run/rings/000"), STR("hello"), 0600));
    rig_drain(f.recorder, RIG_NOON, NULL);
    rig_drain(f.recorder, RIG_NOON, NULL);
    assert_int_equal(f.damaged, 2);
    rig_read(&f.rig, &all);
    assert_int_equal(all.n, 1);
    assert_int_equal(all.e[0].event.kind, EVENT_GAP);
    end(&f);
}

static void X11_names_that_are_no_numbers_are_passed_over(void **state)
{
    static const char *const names[] = {"run/rings/1",    "run/rings/0001", "run/rings/000.new",
                                        "run/rings/1024", "run/rings/-01",  "run/rings/abc"};
    struct fixture f;

    (void)state;
    begin(&f);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_ok(file_replace(folder_file(&f.rig.folder, names[i]), STR("hello"), 0600));
    rig_drain(f.recorder, RIG_NOON, NULL);
    assert_int_equal(f.damaged, 0);
    end(&f);
}

/* A verifier that copies another's header into its own file takes nothing from the other. */
static void X11_one_id_in_two_files(void **state)
{
    struct fixture f;
    struct played thief;

    (void)state;
    begin(&f);
    played_make(&f.rig, 1, 43, RIG_SLOTS, RIG_SLOTS);
    played_open(&f.rig, 1, &thief);
    decide(&f, RING_PROVED, RIG_NOON);
    rig_drain(f.recorder, RIG_NOON, NULL);
    recorder_close(f.recorder);

    played_header(&thief)->ring_id = 42;
    thief.ring_id = 42;
    struct event e = rig_event(RIG_NOON + 1, id);
    played_decide(&thief, RING_PROVED, &e);
    decide(&f, RING_PROVED, RIG_NOON + 2);
    struct recorder_options o = {
        .audit_dir = f.rig.audit, .run_dir = f.rig.run, .signer = f.rig.signer};
    assert_ok(recorder_open(&o, &f.recorder));
    rig_drain(f.recorder, RIG_NOON + 2, NULL);
    rig_read(&f.rig, &all);
    assert_int_equal(all.n, 2 + 1);
    for (size_t i = 0; i < all.n; i++)
        assert_true(all.e[i].event.time_us != RIG_NOON + 1);
    played_die(&thief);
    end(&f);
}

static void X11_a_sum_beyond_all_bounds_is_told_once(void **state)
{
    struct fixture f;
    struct recorder_result result;

    (void)state;
    begin(&f);
    *ring_counted(played_header(&f.p), RING_PROVED, KW_WHY_ALLOWED) = UINT64_MAX;
    rig_drain(f.recorder, RIG_NOON, &result);
    assert_int_equal(result.records, 1);
    rig_drain(f.recorder, RIG_NOON, &result);
    assert_int_equal(result.records, 0);
    end(&f);
}

int main(void)
{
    SUITE_ROWS(X11_a_slot_that_does_not_hold_is_a_gap, bad_slots);
    SUITE_TEST(X11_a_commit_word_that_can_not_be_is_a_hole);
    SUITE_ROWS(X11_a_header_that_does_not_hold_is_reported, bad_headers);
    SUITE_TEST(X11_a_scribbled_tail_is_put_right);
    SUITE_TEST(X11_a_ring_is_cut_short_anywhere);
    SUITE_TEST(X11_garbage_everywhere);
    SUITE_TEST(X11_what_is_no_ring_file_is_reported);
    SUITE_TEST(X11_names_that_are_no_numbers_are_passed_over);
    SUITE_TEST(X11_one_id_in_two_files);
    SUITE_TEST(X11_a_sum_beyond_all_bounds_is_told_once);
    return suite_run("record/hostile");
}
