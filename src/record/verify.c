/* verify.c - see verify.h. */
#include "record/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "base/hex.h"
#include "base/pack.h"

struct walk {
    struct verifier *verifier;
    const struct record_head *anchor; /* NULL: none */
    const struct verify_part *part;
    bool is_newest; /* the day: the recorder may be writing to its end */
    struct verify_report *out;
    struct buf buf;
};

enum { TRIES = 5, PAUSE_NS = 10000000 };

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

static void accept(struct walk *w, const struct batch *b)
{
    struct verify_report *r = w->out;

    if (r->batches == 0)
        r->first_batch = b->number;
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
    else
        accept(w, b);
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

static enum kw_err read_batch(struct walk *w, int fd, int32_t day, uint64_t *size, uint64_t *at)
{
    struct batch b;
    enum kw_err err = read_whole(w, fd, *at, size, &b);

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
    TRY(check_batch(w, day, *at, &b));
    *at += b.len;
    return KW_OK;
}

static enum kw_err check_day(struct walk *w, const char *audit_dir, int32_t day)
{
    AUTO(file_closep) int fd = -1;
    uint64_t size, at = 0;

    TRY(segment_open(audit_dir, day, &fd, &size));
    w->out->files++;
    while (at < size && w->out->what == NULL) {
        if (w->part->enough != NULL && w->part->enough(w->part->ctx))
            return KW_EBUSY;
        TRY(read_batch(w, fd, day, &size, &at));
    }
    return KW_OK;
}

enum { SIGNED_LEN = 8 + 8 + DIGEST_LEN };

static enum kw_err check_anchor(struct verifier *v, const struct record_head *h)
{
    uint8_t bytes[SIGNED_LEN];
    struct packer to = {.p = bytes, .cap = sizeof bytes};

    pack_u64(&to, h->batch);
    pack_u64(&to, (uint64_t)h->time_us);
    pack_bytes(&to, h->hash.b, DIGEST_LEN);
    return verifier_check(v, (struct str){(const char *)bytes, sizeof bytes}, h->signature);
}

/* The walk has found nothing wrong: was it long enough? */
static void check_reach(struct walk *w, int32_t last_day)
{
    const struct verify_report *r = w->out;

    if (w->anchor == NULL || w->out->what != NULL)
        return;
    if (w->anchor->batch > r->head.batch)
        fault(w, last_day, 0, 0, "the end has been cut off: the head names a later batch");
    else if (r->batches > 0 && w->anchor->batch < r->first_batch)
        fault(w, last_day, 0, 0, "the record begins behind the batch that the head names");
}

static enum kw_err walk(struct walk *w, const char *audit_dir)
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
    check_reach(w, days.n > 0 ? days.day[days.n - 1] : 0);
    return KW_OK;
}

static enum kw_err verify(const char *audit_dir, const uint8_t public_key[PUBLIC_KEY_LEN],
                          const struct record_head *anchor, const struct verify_part *part,
                          struct verify_report *out)
{
    AUTO(verifier_freep) struct verifier *v = NULL;
    struct verify_report report = {0};

    TRY(verifier_new(public_key, &v));
    if (anchor != NULL) {
        enum kw_err err = check_anchor(v, anchor);
        if (err == KW_EDAMAGED)
            report.what = "the head is not signed with this key";
        else
            TRY(err);
    }
    struct walk w = {v, anchor, part, false, &report, BUF_MAX(BATCH_MAX)};
    enum kw_err err = report.what == NULL ? walk(&w, audit_dir) : KW_OK;
    buf_deinit(&w.buf);
    TRY(err);
    *out = report;
    return KW_OK;
}

enum kw_err verify_folder(const char *audit_dir, const uint8_t public_key[PUBLIC_KEY_LEN],
                          const struct record_head *anchor, struct verify_report *out)
{
    static const struct verify_part all = {.n_days = SIZE_MAX};

    return verify(audit_dir, public_key, anchor, &all, out);
}

enum kw_err verify_newest(const char *audit_dir, const uint8_t public_key[PUBLIC_KEY_LEN],
                          const struct verify_part *part, struct verify_report *out)
{
    return verify(audit_dir, public_key, NULL, part, out);
}

/* ---- heads ---- */

static enum kw_err head_of_day(const char *audit_dir, int32_t day, struct record_head *out)
{
    AUTO(file_closep) int fd = -1;
    AUTO(buf_deinit) struct buf buf = BUF_MAX(BATCH_MAX);
    uint64_t size;
    struct batch b;

    TRY(segment_open(audit_dir, day, &fd, &size));
    TRY(segment_read_back(fd, segment_end(fd, size, &buf), &buf, &b));
    *out = (struct record_head){.batch = b.number, .time_us = b.time_us, .hash = b.last};
    memcpy(out->signature, b.signature, SIGNATURE_LEN);
    return KW_OK;
}

enum kw_err verify_head(const char *audit_dir, struct record_head *out)
{
    AUTO(days_deinit) struct days days = {0};
    enum kw_err err = KW_ENOTFOUND;

    TRY(days_list(audit_dir, &days));
    for (size_t i = days.n; i-- > 0 && err == KW_ENOTFOUND;)
        err = head_of_day(audit_dir, days.day[i], out);
    return err;
}

size_t record_head_print(const struct record_head *h, char out[RECORD_HEAD_TEXT])
{
    char hash[2 * DIGEST_LEN + 1] = {0}, signature[2 * SIGNATURE_LEN + 1] = {0};

    hex_put(h->hash.b, DIGEST_LEN, hash);
    hex_put(h->signature, SIGNATURE_LEN, signature);
    int n = snprintf(out, RECORD_HEAD_TEXT, "keyward-head 1 %" PRIu64 " %" PRIu64 " %s %s",
                     h->batch, (uint64_t)h->time_us, hash, signature);
    return (size_t)n;
}

enum kw_err record_head_parse(struct str text, struct record_head *out)
{
    struct record_head h;
    struct str word, number, time, hash;
    uint64_t time_us;

    if (!str_cut(text, ' ', &word, &text) || !str_eq(word, STR("keyward-head")))
        return KW_ESYNTAX;
    if (!str_cut(text, ' ', &word, &text) || !str_eq(word, STR("1")))
        return KW_ESYNTAX;
    if (!str_cut(text, ' ', &number, &text) || !str_cut(text, ' ', &time, &text) ||
        !str_cut(text, ' ', &hash, &text))
        return KW_ESYNTAX;
    TRY(str_u64(number, UINT64_MAX, &h.batch));
    TRY(str_u64(time, INT64_MAX, &time_us));
    TRY(hex_get(hash, h.hash.b, DIGEST_LEN));
    TRY(hex_get(text, h.signature, SIGNATURE_LEN));
    h.time_us = (int64_t)time_us;
    *out = h;
    return KW_OK;
}
