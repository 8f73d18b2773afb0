/* collect.c - see collect.h. */
#include "record/collect.h"

#include <stdlib.h>

/* Changes, spends, sign-ins refused and let in, leaks, warnings, notes; and of each ring the attempts that are proved and those that are not. */
enum { RUNS_OF_OURS = 7, RUNS_MAX = RUNS_OF_OURS + 2 * BATCH_RINGS_MAX };
enum { SCRATCH_MAX = BATCH_RECORDS_MAX, NOTES_MAX = COLLECT_NOTES + FLOOD_RECORDS_MAX };

enum kw_err collect_init(struct collect *c, const char *run_dir, const struct batch_head *last)
{
    *c = (struct collect){.change_seq = last->change_seq, .done_change_seq = last->change_seq};
    TRY(rings_init(&c->rings, run_dir, last));
    TRY(flood_new(&c->flood));
    TRY(sign_ins_new(&c->sign_ins));
    TRY(leaks_new(&c->leaks));
    TRY(warnings_new(&c->warnings));
    c->entries = calloc(BATCH_RECORDS_MAX, sizeof *c->entries);
    c->notes = calloc(NOTES_MAX, sizeof *c->notes);
    c->runs = calloc(RUNS_MAX, sizeof *c->runs);
    c->heap = calloc(RUNS_MAX, sizeof *c->heap);
    c->records = calloc(BATCH_RECORDS_MAX, sizeof *c->records);
    c->marks = calloc(BATCH_RINGS_MAX, sizeof *c->marks);
    c->scratch = malloc((size_t)SCRATCH_MAX * EVENT_MAX);
    c->change_scratch = malloc((size_t)COLLECT_CHANGES * CHANGE_MAX);
    c->spend_scratch = malloc((size_t)COLLECT_SPENDS * SPEND_EVENT_MAX);
    c->taken = calloc(COLLECT_SIGN_INS, sizeof *c->taken);
    c->taken_leaks = calloc(LEAKS_TAKEN_MAX, sizeof *c->taken_leaks);
    c->slots[0] = malloc(COLLECT_SLOTS * sizeof *c->slots[0]);
    c->slots[1] = malloc(COLLECT_SLOTS * sizeof *c->slots[1]);
    c->committed = malloc(COLLECT_SLOTS * sizeof *c->committed);
    bool ok = c->entries != NULL && c->notes != NULL && c->runs != NULL && c->heap != NULL &&
              c->records != NULL && c->marks != NULL && c->scratch != NULL &&
              c->change_scratch != NULL && c->spend_scratch != NULL && c->taken != NULL &&
              c->taken_leaks != NULL && c->slots[0] != NULL && c->slots[1] != NULL &&
              c->committed != NULL;
    return ok ? KW_OK : KW_ENOMEM;
}

void collect_deinit(struct collect *c)
{
    rings_deinit(&c->rings);
    flood_free(c->flood);
    sign_ins_free(c->sign_ins);
    leaks_free(c->leaks);
    warnings_free(c->warnings);
    free(c->entries);
    free(c->notes);
    free(c->runs);
    free(c->heap);
    free(c->records);
    free(c->marks);
    free(c->scratch);
    free(c->change_scratch);
    free(c->spend_scratch);
    free(c->taken);
    free(c->taken_leaks);
    free(c->slots[0]);
    free(c->slots[1]);
    free(c->committed);
}

/* ---- records of our own ---- */

static struct record own_record(struct collect *c, const struct event *e)
{
    uint8_t *out = c->scratch + (size_t)c->n_scratch++ * EVENT_MAX;

    return (struct record){RECORD_EVENT, {(const char *)out, event_encode(e, out)}};
}

/* Adds to the run that is being made, which never goes back in time. */
static void push(struct collect *c, struct record record, int64_t time_us, uint32_t attempts)
{
    struct run *run = &c->runs[c->n_runs];

    if (run->n > 0 && run->entries[run->n - 1].time_us > time_us)
        time_us = run->entries[run->n - 1].time_us;
    c->entries[c->n_entries++] = (struct entry){record, time_us};
    c->attempts += attempts;
    run->n++;
}

static void open_run(struct collect *c)
{
    c->runs[c->n_runs] = (struct run){.entries = c->entries + c->n_entries};
}

static void close_run(struct collect *c)
{
    if (c->runs[c->n_runs].n > 0)
        c->n_runs++;
}

/* A gap says in its agent what it is about. */
static struct event *fill_gap(const struct collect *c, struct event *gap, const char *note)
{
    gap->kind = EVENT_GAP;
    gap->time_us = c->now_us;
    gap->status = (uint16_t)kw_reason_status(gap->reason);
    gap->agent = str_from(note);
    return gap;
}

static void add_note(struct collect *c, const struct event *e)
{
    c->notes[c->n_notes++] = (struct entry){own_record(c, e), c->now_us};
    c->attempts += e->count;
}

void collect_note(struct collect *c, struct event *gap, const char *note)
{
    add_note(c, fill_gap(c, gap, note));
}

static bool has_room_for_notes(const struct collect *c, uint32_t n)
{
    return c->n_notes + n <= COLLECT_NOTES;
}

static void add_summary(void *ctx, const struct event *summary)
{
    add_note(ctx, summary);
}

static uint32_t clamp(uint64_t n)
{
    return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

/* ---- beginning and end ---- */

void collect_begin(struct collect *c, int64_t now_us)
{
    c->now_us = now_us;
    c->more = false;
    c->attempts = 0;
    c->n_entries = 0;
    c->n_notes = 0;
    c->n_scratch = 0;
    c->n_slots[0] = 0;
    c->n_slots[1] = 0;
    c->n_runs = 1; /* the first is for the notes */
    open_run(c);
}

enum kw_err collect_change(struct collect *c, const struct record_change *change)
{
    uint32_t n = c->n_entries;

    if (n >= COLLECT_CHANGES || change->n <= c->change_seq)
        return KW_EINVAL;
    uint8_t *out = c->change_scratch + (size_t)n * CHANGE_MAX;
    struct record r = {RECORD_CHANGE, {(const char *)out, change_encode(change, out)}};
    push(c, r, change_time_us(change), 0);
    c->change_seq = change->n;
    c->more = c->n_entries == COLLECT_CHANGES;
    return KW_OK;
}

void collect_spends_begin(struct collect *c)
{
    close_run(c); /* the changes */
    open_run(c);
    c->n_spends = 0;
}

enum kw_err collect_spend(struct collect *c, const struct spend_event *e)
{
    if (c->n_spends == COLLECT_SPENDS || e->n <= c->spend_n)
        return KW_EINVAL;
    uint8_t *out = c->spend_scratch + (size_t)c->n_spends++ * SPEND_EVENT_MAX;
    struct record r = {RECORD_SPEND, {(const char *)out, spend_event_encode(e, out)}};
    push(c, r, e->time_us, 0);
    c->spend_n = e->n;
    c->more |= c->n_spends == COLLECT_SPENDS;
    return KW_OK;
}

/* Two runs: the times of those who were let in have nothing to do with the others'. */
void collect_sign_ins(struct collect *c)
{
    bool more, was_refusal = true;
    uint32_t n = sign_ins_take(c->sign_ins, c->now_us, COLLECT_SIGN_INS, c->taken, &more);

    close_run(c); /* the spends */
    open_run(c);
    for (uint32_t i = 0; i < n; i++) {
        const struct sign_in_taken *s = &c->taken[i];
        if (was_refusal && !s->is_refusal) {
            close_run(c);
            open_run(c);
        }
        was_refusal = s->is_refusal;
        push(c, (struct record){RECORD_SIGN_IN, {(const char *)s->bytes, s->n}}, s->time_us, 0);
    }
    close_run(c);
    open_run(c);
    c->more |= more;
}

void collect_leaks(struct collect *c)
{
    uint32_t n = leaks_take(c->leaks, c->now_us, c->taken_leaks);

    for (uint32_t i = 0; i < n; i++) {
        const struct leak_taken *l = &c->taken_leaks[i];
        push(c, (struct record){RECORD_LEAK, {(const char *)l->bytes, l->n}}, l->time_us, 0);
    }
    close_run(c);
    open_run(c);
}

void collect_warnings(struct collect *c)
{
    bool more;
    uint32_t n = warnings_take(c->warnings, c->taken_warnings, &more);

    for (uint32_t i = 0; i < n; i++) {
        const struct warning_taken *w = &c->taken_warnings[i];
        push(c, (struct record){RECORD_EVENT, {(const char *)w->bytes, w->n}}, w->time_us, 0);
    }
    close_run(c);
    open_run(c);
    c->more |= more;
}

void collect_end(struct collect *c)
{
    flood_take(c->flood, c->now_us, add_summary, c);
    c->runs[0] = (struct run){c->notes, c->n_notes};
    c->n_records = merge_runs(c->runs, c->n_runs, c->heap, c->records);
    for (uint32_t i = 0; i < c->rings.n; i++)
        c->marks[i] = c->rings.files[i].next;
}

/* ---- one ring ---- */

/* How many slots are to be read of a ring: an equal part of what is left for it and those behind
 * it. */
static uint32_t share(uint32_t left, uint32_t n_rings)
{
    return n_rings < 2 ? left : (left + n_rings - 1) / n_rings;
}

/* What is left of a file that was cut short, as far as whole slots go. */
static enum kw_err read_damaged(struct collect *c, struct ring_file *f, int ring, uint32_t n,
                                uint32_t *got)
{
    struct ring_slot *slots = c->slots[ring] + c->n_slots[ring];
    enum kw_err err = ring_file_read(f, ring, n, slots, c->committed, got);

    while (err != KW_OK && n > 1) {
        n /= 2;
        err = ring_file_read(f, ring, n, slots, c->committed, got);
    }
    if (err != KW_OK)
        *got = 0;
    if (err != KW_OK || *got < n)
        f->head[ring] = f->next.next[ring] + *got;
    return KW_OK;
}

/* Reads what is committed. Stops at a hole, unless nobody is alive who could still fill it. */
static enum kw_err read_slots(struct collect *c, struct ring_file *f, int ring, uint32_t n,
                              uint32_t *got)
{
    struct ring_slot *slots = c->slots[ring] + c->n_slots[ring];

    if (f->damaged)
        return read_damaged(c, f, ring, n, got);
    TRY(ring_file_read(f, ring, n, slots, c->committed, got));
    bool hole = *got < n && *got < f->head[ring] - f->next.next[ring];
    if (!hole || f->locked || !ring_file_lock(f))
        return KW_OK;
    TRY(ring_file_look(f)); /* as long as somebody was alive, it may have gone on */
    return ring_file_read(f, ring, n, slots, c->committed, got);
}

struct gaps {
    uint32_t bad, holes;
    uint64_t first_bad, first_hole;
};

static struct event gap_at(const struct ring_file *f, int ring, uint64_t position, uint32_t count)
{
    return (struct event){.ring = f->next.ring_id,
                          .position = position,
                          .count = count,
                          .flags = ring == RING_PROVED ? EVENT_PROVED : 0};
}

static const char bad_slot[] = "what was in the slot does not hold",
                  empty_slot[] = "the verifier ended before it had decided";

static void push_gap(struct collect *c, struct event gap, const char *note)
{
    push(c, own_record(c, fill_gap(c, &gap, note)), INT64_MIN, gap.count);
}

/* Proved attempts: each one by itself, in its place; holes that lie side by side are one gap. */
static void take_proved(struct collect *c, struct ring_file *f, const struct ring_slot *slots,
                        uint32_t n)
{
    uint64_t from = f->next.next[RING_PROVED];
    struct event e;

    for (uint32_t i = 0, run; i < n; i += run) {
        const struct ring_slot *slot = &slots[i];
        run = 1;
        if (c->committed[i] && ring_file_event(f, slot, from + i, &e)) {
            push(c, (struct record){RECORD_EVENT, {(const char *)slot->event, slot->len}},
                 e.time_us, 1);
            continue;
        }
        if (c->committed[i]) {
            push_gap(c, gap_at(f, RING_PROVED, from + i, 1), bad_slot);
            continue;
        }
        while (i + run < n && !c->committed[i + run])
            run++;
        push_gap(c, gap_at(f, RING_PROVED, from + i, run), empty_slot);
    }
}

/* Attempts of strangers: singles as far as the flood lets them, and at most one gap of each kind.
 */
static void take_unproved(struct collect *c, struct ring_file *f, const struct ring_slot *slots,
                          uint32_t n)
{
    uint64_t from = f->next.next[RING_UNPROVED];
    struct gaps g = {0};
    struct event e;

    for (uint32_t i = 0; i < n; i++) {
        const struct ring_slot *slot = &slots[i];
        if (!c->committed[i]) {
            g.first_hole = g.holes++ == 0 ? from + i : g.first_hole;
        } else if (!ring_file_event(f, slot, from + i, &e)) {
            g.first_bad = g.bad++ == 0 ? from + i : g.first_bad;
        } else if (flood_admit(c->flood, c->now_us, &e)) {
            push(c, (struct record){RECORD_EVENT, {(const char *)slot->event, slot->len}},
                 e.time_us, 1);
        }
    }
    if (g.bad > 0)
        push_gap(c, gap_at(f, RING_UNPROVED, g.first_bad, g.bad), bad_slot);
    if (g.holes > 0)
        push_gap(c, gap_at(f, RING_UNPROVED, g.first_hole, g.holes), empty_slot);
}

static void read_ring(struct collect *c, struct ring_file *f, int ring, uint32_t room)
{
    uint64_t there = f->head[ring] - f->next.next[ring];
    const struct ring_slot *slots = c->slots[ring] + c->n_slots[ring];
    uint32_t got;

    if (there == 0)
        return;
    c->more |= there > room;
    if (room == 0)
        return;
    enum kw_err err = read_slots(c, f, ring, room, &got);
    if (err != KW_OK) {
        c->trouble = c->trouble == KW_OK ? err : c->trouble;
        return;
    }
    open_run(c);
    if (ring == RING_PROVED)
        take_proved(c, f, slots, got);
    else
        take_unproved(c, f, slots, got);
    close_run(c);
    f->next.next[ring] += got;
    c->n_slots[ring] += got;
}

/* ---- all rings ---- */

static bool is_readable(const struct ring_file *f)
{
    return f->fd >= 0 && !f->next.given_up;
}

/* Attempts that found their ring full, since the record was told last. Sums only grow; one that did
 * not is not believed. */
static void note_counted(struct collect *c, struct ring_file *f, int ring)
{
    for (enum kw_reason why = 0; (unsigned)why < KW_N_REASONS; why++) {
        uint64_t now = f->counted[ring][why], before = f->next.counted[ring][why];
        if (now <= before)
            continue;
        c->more |= !has_room_for_notes(c, 1);
        if (!has_room_for_notes(c, 1))
            return;
        struct event gap = gap_at(f, ring, f->next.next[ring], clamp(now - before));
        gap.reason = why;
        collect_note(c, &gap, "the ring was full");
        f->next.counted[ring][why] = now;
    }
}

static void look(struct collect *c, struct ring_file *f)
{
    enum kw_err err = f->damaged ? KW_OK : ring_file_look(f);

    if (err == KW_EDAMAGED)
        ring_file_damage(f);
    if (err == KW_OK || err == KW_EDAMAGED)
        return;
    c->trouble = c->trouble == KW_OK ? err : c->trouble;
    memcpy(f->head, f->next.next, sizeof f->head); /* nothing to be read this time */
}

static void prepare(struct collect *c, struct ring_file *f)
{
    look(c, f);
    if (f->lost > 0 && has_room_for_notes(c, 1)) {
        struct event gap = gap_at(f, RING_PROVED, f->done.next[RING_PROVED], clamp(f->lost));
        collect_note(c, &gap, "lost: the record had lost its end");
    }
    if (f->damaged)
        return;
    note_counted(c, f, RING_PROVED);
    note_counted(c, f, RING_UNPROVED);
}

static uint32_t n_used(const struct collect *c)
{
    return c->n_entries + c->n_notes + flood_pending(c->flood);
}

/* A ring whose header does not hold, and whose slots have been read as far as they are committed.
 * How many more attempts there were nobody can tell: the gap's count is 0. */
static void give_up(struct collect *c, struct ring_file *f)
{
    bool room = has_room_for_notes(c, 1) && n_used(c) < BATCH_RECORDS_MAX;

    if (memcmp(f->head, f->next.next, sizeof f->head) != 0 || !room) {
        c->more = true;
        return;
    }
    struct event gap = gap_at(f, RING_PROVED, f->next.next[RING_PROVED], 0);
    collect_note(c, &gap, "the ring does not hold; it is replaced");
    f->next.given_up = true;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* How many slots of proved attempts may be read: none becomes more than one record, though holes
 * become fewer. */
static uint32_t room_for_proved(const struct collect *c)
{
    return least(BATCH_RECORDS_MAX - least(BATCH_RECORDS_MAX, n_used(c)),
                 COLLECT_SLOTS - c->n_slots[RING_PROVED]);
}

/* How many slots of unproved attempts may be read; singles and gaps must leave room for the proved.
 */
static uint32_t room_for_unproved(const struct collect *c)
{
    return c->n_entries < COLLECT_UNPROVED ? COLLECT_SLOTS - c->n_slots[RING_UNPROVED] : 0;
}

static void read_all(struct collect *c, int ring)
{
    uint32_t n = c->rings.n, left = 0;

    for (uint32_t i = 0; i < n; i++)
        left += is_readable(&c->rings.files[i]) &&
                c->rings.files[i].head[ring] != c->rings.files[i].next.next[ring];
    for (uint32_t i = 0; i < n; i++) {
        struct ring_file *f = &c->rings.files[(i + c->turn) % n];
        if (!is_readable(f) || f->head[ring] == f->next.next[ring])
            continue;
        uint32_t room = ring == RING_PROVED ? room_for_proved(c) : room_for_unproved(c);
        read_ring(c, f, ring, share(room, left--));
    }
}

void collect_rings(struct collect *c)
{
    close_run(c); /* what came before */
    for (uint32_t i = 0; i < c->rings.n; i++)
        if (is_readable(&c->rings.files[i]))
            prepare(c, &c->rings.files[i]);
    read_all(c, RING_UNPROVED);
    read_all(c, RING_PROVED);
    for (uint32_t i = 0; i < c->rings.n; i++)
        if (is_readable(&c->rings.files[i]) && c->rings.files[i].damaged)
            give_up(c, &c->rings.files[i]);
    c->turn++;
}
