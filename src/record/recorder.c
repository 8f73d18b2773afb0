/* recorder.c - see recorder.h. What a batch is made of is in collect.c. */
#include "record/recorder.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "record/collect.h"
#include "record/index.h"

enum { BATCHES_PER_DRAIN = 64 };

struct recorder {
    struct recorder_options o;
    struct segments *segments; /* owns, like the others */
    struct index_writer *index;
    struct collect collect;
    uint64_t torn; /* bytes cut off at open, not yet told */
    int32_t torn_day;
    char note[EVENT_AGENT_MAX]; /* empty: none waits */
    struct retention_cut keep;  /* told last */
    bool is_keep_new;           /* and not durable yet */
};

void recorder_close(struct recorder *r)
{
    if (r == NULL)
        return;
    segments_close(r->segments);
    index_writer_free(r->index);
    collect_deinit(&r->collect);
    free(r);
}

void recorder_closep(struct recorder **r)
{
    recorder_close(*r);
}

enum kw_err recorder_open(const struct recorder_options *o, struct recorder **out)
{
    AUTO(recorder_closep) struct recorder *r = calloc(1, sizeof *r);

    if (r == NULL)
        return KW_ENOMEM;
    r->o = *o;
    struct segment_options so = {o->audit_dir, o->signer, o->io};
    TRY(segments_open(&so, &r->segments));
    r->torn = segments_torn(r->segments, &r->torn_day);
    TRY(index_writer_new(o->audit_dir, &r->index));
    struct batch_head last = *segments_last(r->segments);
    if (o->newest_change != NULL && last.change_seq > *o->newest_change)
        last.change_seq = *o->newest_change;
    TRY(collect_init(&r->collect, o->run_dir, &last));
    *out = STEAL(r);
    return KW_OK;
}

void recorder_head(const struct recorder *r, struct record_head *out)
{
    segments_head(r->segments, out);
}

/* ---- what goes into a batch ---- */

static enum kw_err take_change(void *sink, const struct record_change *c)
{
    return collect_change(sink, c);
}

/* Trouble with the changes must not keep the events from being recorded. */
static void take_changes(struct recorder *r)
{
    struct collect *c = &r->collect;

    if (r->o.changes == NULL)
        return;
    enum kw_err err = r->o.changes(r->o.ctx, c->change_seq, COLLECT_CHANGES, take_change, c);
    c->trouble = c->trouble == KW_OK ? err : c->trouble;
}

static enum kw_err take_spend(void *sink, const struct spend_event *e)
{
    return collect_spend(sink, e);
}

static void take_spends(struct recorder *r)
{
    struct collect *c = &r->collect;

    collect_spends_begin(c);
    if (r->o.spends == NULL)
        return;
    enum kw_err err = r->o.spends(r->o.ctx, c->spend_n, COLLECT_SPENDS, take_spend, c);
    c->trouble = c->trouble == KW_OK ? err : c->trouble;
}

void recorder_spends_from(struct recorder *r, uint64_t n)
{
    r->collect.spend_n = r->collect.done_spend_n = n;
}

uint64_t recorder_spends(const struct recorder *r)
{
    return r->collect.done_spend_n;
}

static void note_torn(struct recorder *r)
{
    char name[DAY_NAME_MAX], note[EVENT_AGENT_MAX];

    if (r->torn == 0)
        return;
    day_name(r->torn_day, ".seg", name);
    snprintf(note, sizeof note, "%llu bytes of a torn batch cut off %s",
             (unsigned long long)r->torn, name);
    collect_note(&r->collect, &(struct event){0}, note);
}

/* Shared memory went with the power: what was in it and not yet on the record is lost, at most a
 * tenth of a second's. */
static void note_vanished(struct recorder *r)
{
    char note[EVENT_AGENT_MAX];

    if (r->collect.rings.n_vanished == 0)
        return;
    snprintf(note, sizeof note, "%u rings are gone since the last batch",
             r->collect.rings.n_vanished);
    collect_note(&r->collect, &(struct event){0}, note);
}

void recorder_note(struct recorder *r, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(r->note, sizeof r->note, format, args);
    va_end(args);
}

void recorder_keep_from(struct recorder *r, const struct retention_cut *cut)
{
    r->keep = *cut;
    r->is_keep_new = true;
}

bool recorder_is_kept_from(const struct recorder *r, const struct retention_cut *cut)
{
    return !r->is_keep_new && r->keep.first_batch == cut->first_batch;
}

static void note_keep(struct recorder *r)
{
    char note[RETENTION_NOTE];

    if (!r->is_keep_new)
        return;
    retention_note(&r->keep, note);
    collect_note(&r->collect, &(struct event){0}, note);
}

void recorder_sign_in(struct recorder *r, const struct sign_in *s)
{
    sign_ins_put(r->collect.sign_ins, s);
}

void recorder_leak(struct recorder *r, const struct leak *l)
{
    leaks_put(r->collect.leaks, l);
}

bool recorder_reading(struct recorder *r, const struct reading *reading, uint64_t alike)
{
    return readings_put(r->collect.readings, reading, alike);
}

bool recorder_warn(struct recorder *r, const struct event *e)
{
    return warnings_put(r->collect.warnings, e);
}

static void collect_all(struct recorder *r, int64_t now_us)
{
    collect_begin(&r->collect, now_us);
    take_changes(r);
    take_spends(r);
    collect_sign_ins(&r->collect);
    collect_leaks(&r->collect);
    collect_readings(&r->collect);
    collect_warnings(&r->collect);
    note_torn(r);
    note_vanished(r);
    note_keep(r);
    if (r->note[0] != '\0')
        collect_note(&r->collect, &(struct event){0}, r->note);
    collect_rings(&r->collect);
    collect_end(&r->collect);
}

/* ---- what comes of it ---- */

static void tell(const struct recorder *r)
{
    const struct collect *c = &r->collect;
    struct event e;

    for (uint32_t i = 0; r->o.recorded != NULL && i < c->n_records; i++)
        if (c->records[i].kind == RECORD_EVENT && event_decode(c->records[i].bytes, &e) == KW_OK)
            r->o.recorded(r->o.ctx, &e);
}

static void add_to_index(struct recorder *r)
{
    int32_t day;
    uint64_t offset;
    struct str bytes = segments_bytes(r->segments, &day, &offset);

    index_writer_add(r->index, day, offset, bytes);
}

static enum kw_err append(struct recorder *r, struct recorder_result *out)
{
    struct collect *c = &r->collect;
    struct batch_head head = {
        .time_us = c->now_us, .change_seq = c->change_seq, .rings = c->marks, .n_rings = c->rings.n};

    TRY(segments_append(r->segments, &head, c->records, c->n_records));
    collect_settle(c);
    r->torn = 0;
    r->note[0] = '\0';
    r->is_keep_new = false;
    add_to_index(r);
    tell(r);
    out->batches++;
    out->records += c->n_records;
    out->attempts += c->attempts;
    return KW_OK;
}

static bool is_day_over(const struct recorder *r, int64_t now_us)
{
    const struct batch_head *last = segments_last(r->segments);

    return last->number > 0 && day_of(now_us - RECORDER_DAY_OVER_US) > day_of(last->time_us);
}

static enum kw_err drain_batch(struct recorder *r, int64_t now_us, struct recorder_result *out)
{
    enum kw_err err = KW_OK;

    collect_all(r, now_us);
    if (r->collect.n_records > 0 || is_day_over(r, now_us))
        err = append(r, out);
    if (err != KW_OK)
        collect_undo(&r->collect);
    collect_sweep(&r->collect);
    return err;
}

static void report_damaged(struct recorder *r)
{
    const struct rings *rings = &r->collect.rings;

    for (uint32_t i = 0; r->o.damaged != NULL && i < rings->n; i++)
        if (rings->files[i].damaged && !rings->files[i].gone)
            r->o.damaged(r->o.ctx, rings->files[i].number, KW_EDAMAGED);
}

enum kw_err recorder_drain(struct recorder *r, int64_t now_us, struct recorder_result *out)
{
    *out = (struct recorder_result){0};
    r->collect.trouble = rings_scan(&r->collect.rings);
    for (uint32_t i = 0; i < BATCHES_PER_DRAIN; i++) {
        TRY(drain_batch(r, now_us, out));
        if (!r->collect.more || out->batches == i)
            break; /* nothing is left; or nothing can be done about it now */
    }
    out->more = r->collect.more;
    report_damaged(r);
    return r->collect.trouble;
}
