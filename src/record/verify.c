/* verify.c - see verify.h. */
#include "record/verify.h"

#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "base/pack.h"

struct day_anchor {
    int32_t day;
    const struct digest *hash;
};

struct walk {
    struct verifier *verifier;
    const struct record_head *anchor;    /* NULL: none */
    const struct day_anchor *day_anchor; /* NULL: none */
    bool day_seen, hash_seen;            /* of it */
    const struct verify_part *part;
    bool is_newest; /* the day: the recorder may be writing to its end */
    struct verify_report *out;
    struct buf buf;
};

enum { TRIES = 5, PAUSE_NS = 10000000, WALKS = 3 };

/* The first fault is kept, and ends the walk. */
static void fault(struct walk *w, int32_t day, uint64_t offset, uint32_t record, const char *what)
{
    struct verify_report *r = w->out;

    r->what = what;
    day_name(day, ".seg", r->file);
    r->offset = offset;
    r->batch = r->head.batch + 1;
    r->record = record;
}

/* What is wrong with the place of a batch that is whole in itself; NULL: nothing. */
static const char *misplaced(const struct walk *w, int32_t day, const struct batch *b)
{
    const struct verify_report *r = w->out;
    bool is_first = r->batches == 0;

    if (!is_first && b->number != r->head.batch + 1)
        return "a batch is missing, or out of order";
    if (!is_first && !digest_eq(&b->previous, &r->head.hash))
        return "it does not follow the batch before it";
    if (!is_first && b->time_us < r->head.time_us)
        return "it is older than the batch before it";
    if (day_of(b->time_us) != day)
        return "it belongs into the file of another day";
    if (w->anchor != NULL && w->anchor->batch == b->number && !digest_eq(&w->anchor->hash, &b->last))
        return "it is not the batch that the head names";
    return NULL;
}

static void look_for_hash(struct walk *w, int32_t day, const struct batch *b)
{
    const struct day_anchor *a = w->day_anchor;

    if (a == NULL || a->day != day)
        return;
    w->day_seen = true;
    w->hash_seen |= digest_eq(a->hash, &b->last);
}

/* The record of a note of retention that does not go on where the one before it ended; 0: there is none. */
static uint32_t missed(struct walk *w, const struct batch *b)
{
    struct verify_report *r = w->out;
    struct retention_cut cut;
    uint32_t record = 0;

    if (!retention_find(b, &cut, &record))
        return 0;
    bool goes_on = !r->has_cut || cut.from_batch <= r->cut.first_batch;
    r->has_cut = true;
    r->cut = cut;
    return goes_on ? 0 : record;
}

static void accept(struct walk *w, int32_t day, const struct batch *b)
{
    struct verify_report *r = w->out;

    if (r->batches == 0) {
        r->first_day = day;
        r->first_batch = b->number;
    }
    look_for_hash(w, day, b);
    r->batches++;
    r->records += b->n_records;
    r->head.batch = b->number;
    r->head.time_us = b->time_us;
    r->head.hash = b->last;
    memcpy(r->head.signature, b->signature, SIGNATURE_LEN);
}

/* A fault in the header is told before one in the place: who changed a number changed the header.
 */
static enum kw_err check_batch(struct walk *w, int32_t day, uint64_t offset, const struct batch *b)
{
    uint32_t record = 0;
    const char *what = NULL;
    enum kw_err err = batch_check(b, w->verifier, &record, &what);

    if (err != KW_OK && err != KW_EDAMAGED)
        return err;
    const char *place = misplaced(w, day, b);
    if (err == KW_EDAMAGED && (record == 0 || place == NULL))
        fault(w, day, offset, record, what);
    else if (place != NULL)
        fault(w, day, offset, 0, place);
    else if ((record = missed(w, b)) > 0)
        fault(w, day, offset, record, "days had been deleted before retention dropped these");
    else
        accept(w, day, b);
    bool has_number = err == KW_EDAMAGED && place == NULL && record > 0;
    if (w->out->what != NULL && (has_number || w->out->batches == 0))
        w->out->batch = b->number;
    return KW_OK;
}

/* While a batch is being written the file grows to its end; then it takes some milliseconds to be whole. */
static enum kw_err read_whole(struct walk *w, int fd, uint64_t at, uint64_t *size, struct batch *b)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    struct stat st;
    enum kw_err err = segment_read(fd, *size, at, &w->buf, b);

    for (int i = 0; err == KW_ENOTFOUND && w->is_newest && i < TRIES; i++) {
        nanosleep(&pause, NULL);
        if (fstat(fd, &st) != 0)
            return KW_EIO;
        *size = (uint64_t)st.st_size;
        err = segment_read(fd, *size, at, &w->buf, b);
    }
    return err;
}

/* What came of reading the batch at a place. */
static enum kw_err judge(struct walk *w, int32_t day, uint64_t *at, enum kw_err err,
                         const struct batch *b)
{
    if (err == KW_ENOTFOUND)
        fault(w, day, *at, 0, "the file ends in the middle of a batch");
    else if (err == KW_EDAMAGED)
        fault(w, day, *at, 0, "not the header of a batch");
    else if (err == KW_EFORMAT)
        fault(w, day, *at, 0, "a batch of a format that is not known");
    else if (err != KW_OK)
        return err;
    if (err != KW_OK)
        return KW_OK;
    TRY(check_batch(w, day, *at, b));
    *at += b->len;
    return KW_OK;
}

static enum kw_err read_batch(struct walk *w, int fd, int32_t day, uint64_t *size, uint64_t *at)
{
    struct batch b;

    return judge(w, day, at, read_whole(w, fd, *at, size, &b), &b);
}

static enum kw_err check_day(struct walk *w, const char *audit_dir, int32_t day)
{
    AUTO(file_closep) int fd = -1;
    uint64_t size, at = 0;

    enum kw_err err = segment_open(audit_dir, day, &fd, &size);
    if (err == KW_ENOTFOUND && w->out->batches == 0 && !w->is_newest)
        return KW_OK; /* retention has dropped it since it was listed */
    TRY(err);
    w->out->files++;
    while (at < size && w->out->what == NULL) {
        if (w->part->enough != NULL && w->part->enough(w->part->ctx))
            return KW_EBUSY;
        TRY(read_batch(w, fd, day, &size, &at));
    }
    return KW_OK;
}

/* What was found wrong is with the first batch that is there. */
static void fault_of_first(struct walk *w, const char *what)
{
    const struct verify_report *r = w->out;

    fault(w, r->first_day, 0, 0, what);
    w->out->batch = r->first_batch;
}

/* Who deletes days is told from who drops them: only the second is on the record. */
static void check_begin(struct walk *w, bool is_all)
{
    const struct verify_report *r = w->out;

    if (!is_all || r->batches == 0 || r->first_batch == 1)
        return;
    if (!r->has_cut)
        fault_of_first(w, "the days before it are missing, and no retention has dropped them");
    else if (r->cut.first_batch < r->first_batch)
        fault_of_first(w, "the days before it are missing, and retention had kept them");
}

static bool was_dropped(const struct verify_report *r, uint64_t batch)
{
    return r->has_cut && batch < r->cut.first_batch;
}

static void check_head(struct walk *w, int32_t last_day)
{
    const struct verify_report *r = w->out;

    if (w->anchor->batch > r->head.batch)
        fault(w, last_day, 0, 0, "the end has been cut off: the head names a later batch");
    else if (r->batches > 0 && w->anchor->batch < r->first_batch)
        fault_of_first(w, was_dropped(r, w->anchor->batch)
                              ? "retention has dropped the batch that the head names"
                              : "the record begins behind the batch that the head names");
}

static void check_day_hash(struct walk *w)
{
    const struct day_anchor *a = w->day_anchor;
    const struct verify_report *r = w->out;

    if (w->day_seen && !w->hash_seen)
        fault(w, a->day, 0, 0, "no batch of this day has the hash that was kept elsewhere");
    else if (!w->day_seen && r->has_cut && a->day < r->cut.first_day)
        fault(w, a->day, 0, 0, "retention has dropped this day");
    else if (!w->day_seen)
        fault(w, a->day, 0, 0, "this day is not there, and a hash of it was kept elsewhere");
}

/* The walk has found nothing wrong: was it long enough? */
static void check_reach(struct walk *w, bool is_all, int32_t last_day)
{
    if (w->out->what == NULL)
        check_begin(w, is_all);
    if (w->out->what == NULL && w->anchor != NULL)
        check_head(w, last_day);
    if (w->out->what == NULL && w->day_anchor != NULL)
        check_day_hash(w);
}

static enum kw_err walk_once(struct walk *w, const char *audit_dir)
{
    AUTO(days_deinit) struct days days = {0};

    TRY(days_list(audit_dir, &days));
    if (days.n == 0 && w->anchor == NULL)
        return KW_ENOTFOUND;
    const size_t n = w->part->n_days;
    for (size_t i = days.n > n ? days.n - n : 0; i < days.n && w->out->what == NULL; i++) {
        w->is_newest = i == days.n - 1;
        TRY(check_day(w, audit_dir, days.day[i]));
    }
    check_reach(w, days.n <= n, days.n > 0 ? days.day[days.n - 1] : 0);
    return KW_OK;
}

/* Retention drops days while others are looked at: one that was listed, and is gone, begins it anew. */
static enum kw_err walk(struct walk *w, const char *audit_dir)
{
    enum kw_err err = KW_ENOTFOUND;

    for (int i = 0; i < WALKS && err == KW_ENOTFOUND; i++) {
        *w->out = (struct verify_report){0};
        w->day_seen = w->hash_seen = false;
        err = walk_once(w, audit_dir);
    }
    return err;
}

static enum kw_err verify(const char *audit_dir, const uint8_t public_key[PUBLIC_KEY_LEN],
                          const struct record_head *anchor, const struct day_anchor *day_anchor,
                          const struct verify_part *part, struct verify_report *out)
{
    AUTO(verifier_freep) struct verifier *v = NULL;
    struct verify_report report = {0};

    TRY(verifier_new(public_key, &v));
    if (anchor != NULL) {
        enum kw_err err = record_head_check(v, anchor);
        if (err == KW_EDAMAGED)
            report.what = "the head is not signed with this key";
        else
            TRY(err);
    }
    struct walk w = {.verifier = v,
                     .anchor = anchor,
                     .day_anchor = day_anchor,
                     .part = part,
                     .out = &report,
                     .buf = BUF_MAX(BATCH_MAX)};
    enum kw_err err = report.what == NULL ? walk(&w, audit_dir) : KW_OK;
    buf_deinit(&w.buf);
    TRY(err);
    *out = report;
    return KW_OK;
}

static const struct verify_part all_days = {.n_days = SIZE_MAX};

enum kw_err verify_folder(const char *audit_dir, const uint8_t public_key[PUBLIC_KEY_LEN],
                          const struct record_head *anchor, struct verify_report *out)
{
    return verify(audit_dir, public_key, anchor, NULL, &all_days, out);
}

enum kw_err verify_day(const char *audit_dir, const uint8_t public_key[PUBLIC_KEY_LEN], int32_t day,
                       const struct digest *hash, struct verify_report *out)
{
    const struct day_anchor a = {day, hash};

    return verify(audit_dir, public_key, NULL, &a, &all_days, out);
}

enum kw_err verify_newest(const char *audit_dir, const uint8_t public_key[PUBLIC_KEY_LEN],
                          const struct verify_part *part, struct verify_report *out)
{
    return verify(audit_dir, public_key, NULL, NULL, part, out);
}

/* ---- in memory ---- */

static enum kw_err open_in(struct str bytes, uint64_t at, struct batch *b)
{
    const struct str rest = {bytes.p + at, bytes.n - at};
    size_t len;

    if (rest.n < BATCH_PEEK)
        return KW_ENOTFOUND;
    TRY(batch_peek((const uint8_t *)rest.p, &len, NULL));
    return rest.n < len ? KW_ENOTFOUND : batch_open((struct str){rest.p, len}, b);
}

enum kw_err verify_bytes(struct verifier *v, int32_t day, struct str bytes, uint64_t at,
                         struct verify_report *r)
{
    struct walk w = {.verifier = v, .out = r};
    struct batch b;

    while (at < bytes.n && r->what == NULL)
        TRY(judge(&w, day, &at, open_in(bytes, at, &b), &b));
    return KW_OK;
}
