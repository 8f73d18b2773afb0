/* collect.c - see collect.h. */
#include "record/collect.h"

#include <stdlib.h>

#include "record/collect_parts.h"

/* Changes, spends, sign-ins refused and let in, leaks, readings, warnings, notes; and of each ring the attempts that are proved and those that are not. */
enum { RUNS_OF_OURS = 8, RUNS_MAX = RUNS_OF_OURS + 2 * BATCH_RINGS_MAX };
enum { SCRATCH_MAX = BATCH_RECORDS_MAX, NOTES_MAX = COLLECT_NOTES + FLOOD_RECORDS_MAX };

enum kw_err collect_init(struct collect *c, const char *run_dir, const struct batch_head *last)
{
    *c = (struct collect){.change_seq = last->change_seq, .done_change_seq = last->change_seq};
    TRY(rings_init(&c->rings, run_dir, last));
    TRY(flood_new(&c->flood));
    TRY(sign_ins_new(&c->sign_ins));
    TRY(leaks_new(&c->leaks));
    TRY(readings_new(&c->readings));
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
    c->taken_readings = calloc(READINGS_TAKEN_MAX, sizeof *c->taken_readings);
    c->slots[0] = malloc(COLLECT_SLOTS * sizeof *c->slots[0]);
    c->slots[1] = malloc(COLLECT_SLOTS * sizeof *c->slots[1]);
    c->committed = malloc(COLLECT_SLOTS * sizeof *c->committed);
    bool ok = c->entries != NULL && c->notes != NULL && c->runs != NULL && c->heap != NULL &&
              c->records != NULL && c->marks != NULL && c->scratch != NULL &&
              c->change_scratch != NULL && c->spend_scratch != NULL && c->taken != NULL &&
              c->taken_leaks != NULL && c->taken_readings != NULL && c->slots[0] != NULL &&
              c->slots[1] != NULL && c->committed != NULL;
    return ok ? KW_OK : KW_ENOMEM;
}

void collect_deinit(struct collect *c)
{
    rings_deinit(&c->rings);
    flood_free(c->flood);
    sign_ins_free(c->sign_ins);
    leaks_free(c->leaks);
    readings_free(c->readings);
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
    free(c->taken_readings);
    free(c->slots[0]);
    free(c->slots[1]);
    free(c->committed);
}

/* ---- records of our own ---- */

struct record collect_own(struct collect *c, const struct event *e)
{
    uint8_t *out = c->scratch + (size_t)c->n_scratch++ * EVENT_MAX;

    return (struct record){RECORD_EVENT, {(const char *)out, event_encode(e, out)}};
}

/* Adds to the run that is being made, which never goes back in time. */
void collect_push(struct collect *c, struct record record, int64_t time_us, uint32_t attempts)
{
    struct run *run = &c->runs[c->n_runs];

    if (run->n > 0 && run->entries[run->n - 1].time_us > time_us)
        time_us = run->entries[run->n - 1].time_us;
    c->entries[c->n_entries++] = (struct entry){record, time_us};
    c->attempts += attempts;
    run->n++;
}

void collect_open_run(struct collect *c)
{
    c->runs[c->n_runs] = (struct run){.entries = c->entries + c->n_entries};
}

void collect_close_run(struct collect *c)
{
    if (c->runs[c->n_runs].n > 0)
        c->n_runs++;
}

/* A gap says in its agent what it is about. */
struct event *collect_fill_gap(const struct collect *c, struct event *gap, const char *note)
{
    gap->kind = EVENT_GAP;
    gap->time_us = c->now_us;
    gap->status = (uint16_t)kw_reason_status(gap->reason);
    gap->agent = str_from(note);
    return gap;
}

static void add_note(struct collect *c, const struct event *e)
{
    c->notes[c->n_notes++] = (struct entry){collect_own(c, e), c->now_us};
    c->attempts += e->count;
}

void collect_note(struct collect *c, struct event *gap, const char *note)
{
    add_note(c, collect_fill_gap(c, gap, note));
}

static void add_summary(void *ctx, const struct event *summary)
{
    add_note(ctx, summary);
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
    collect_open_run(c);
}

enum kw_err collect_change(struct collect *c, const struct record_change *change)
{
    uint32_t n = c->n_entries;

    if (n >= COLLECT_CHANGES || change->n <= c->change_seq)
        return KW_EINVAL;
    uint8_t *out = c->change_scratch + (size_t)n * CHANGE_MAX;
    struct record r = {RECORD_CHANGE, {(const char *)out, change_encode(change, out)}};
    collect_push(c, r, change_time_us(change), 0);
    c->change_seq = change->n;
    c->more = c->n_entries == COLLECT_CHANGES;
    return KW_OK;
}

void collect_spends_begin(struct collect *c)
{
    collect_close_run(c); /* the changes */
    collect_open_run(c);
    c->n_spends = 0;
}

enum kw_err collect_spend(struct collect *c, const struct spend_event *e)
{
    if (c->n_spends == COLLECT_SPENDS || e->n <= c->spend_n)
        return KW_EINVAL;
    uint8_t *out = c->spend_scratch + (size_t)c->n_spends++ * SPEND_EVENT_MAX;
    struct record r = {RECORD_SPEND, {(const char *)out, spend_event_encode(e, out)}};
    collect_push(c, r, e->time_us, 0);
    c->spend_n = e->n;
    c->more |= c->n_spends == COLLECT_SPENDS;
    return KW_OK;
}

/* Two runs: the times of those who were let in have nothing to do with the others'. */
void collect_sign_ins(struct collect *c)
{
    bool more, was_refusal = true;
    uint32_t n = sign_ins_take(c->sign_ins, c->now_us, COLLECT_SIGN_INS, c->taken, &more);

    collect_close_run(c); /* the spends */
    collect_open_run(c);
    for (uint32_t i = 0; i < n; i++) {
        const struct sign_in_taken *s = &c->taken[i];
        if (was_refusal && !s->is_refusal) {
            collect_close_run(c);
            collect_open_run(c);
        }
        was_refusal = s->is_refusal;
        collect_push(c, (struct record){RECORD_SIGN_IN, {(const char *)s->bytes, s->n}}, s->time_us,
                     0);
    }
    collect_close_run(c);
    collect_open_run(c);
    c->more |= more;
}

void collect_leaks(struct collect *c)
{
    uint32_t n = leaks_take(c->leaks, c->now_us, c->taken_leaks);

    for (uint32_t i = 0; i < n; i++) {
        const struct leak_taken *l = &c->taken_leaks[i];
        collect_push(c, (struct record){RECORD_LEAK, {(const char *)l->bytes, l->n}}, l->time_us, 0);
    }
    collect_close_run(c);
    collect_open_run(c);
}

void collect_readings(struct collect *c)
{
    uint32_t n = readings_take(c->readings, c->now_us, c->taken_readings);

    for (uint32_t i = 0; i < n; i++) {
        const struct reading_taken *r = &c->taken_readings[i];
        collect_push(c, (struct record){RECORD_READING, {(const char *)r->bytes, r->n}}, r->time_us,
                     0);
    }
    collect_close_run(c);
    collect_open_run(c);
}

void collect_warnings(struct collect *c)
{
    bool more;
    uint32_t n = warnings_take(c->warnings, c->taken_warnings, &more);

    for (uint32_t i = 0; i < n; i++) {
        const struct warning_taken *w = &c->taken_warnings[i];
        collect_push(c, (struct record){RECORD_EVENT, {(const char *)w->bytes, w->n}}, w->time_us, 0);
    }
    collect_close_run(c);
    collect_open_run(c);
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
