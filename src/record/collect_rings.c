/* collect_rings.c - what the rings hold, as far as a batch has room for it; see collect.h. */
#include "record/collect_parts.h"

/* ---- one ring ---- */

static uint32_t clamp(uint64_t n)
{
    return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

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
    collect_push(c, collect_own(c, collect_fill_gap(c, &gap, note)), INT64_MIN, gap.count);
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
            collect_push(c, (struct record){RECORD_EVENT, {(const char *)slot->event, slot->len}},
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
            collect_push(c, (struct record){RECORD_EVENT, {(const char *)slot->event, slot->len}},
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
    collect_open_run(c);
    if (ring == RING_PROVED)
        take_proved(c, f, slots, got);
    else
        take_unproved(c, f, slots, got);
    collect_close_run(c);
    f->next.next[ring] += got;
    c->n_slots[ring] += got;
}

/* ---- all rings ---- */

static bool has_room_for_notes(const struct collect *c, uint32_t n)
{
    return c->n_notes + n <= COLLECT_NOTES;
}

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
    collect_close_run(c); /* what came before */
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
