/* follow.c - see follow.h. */
#include "watch/follow.h"

#include "base/file.h"

enum kw_err follow_begin(struct follow *f)
{
    follow_end(f);
    f->bytes = BUF_MAX(BATCH_MAX);
    return days_list(f->audit_dir, &f->days);
}

void follow_end(struct follow *f)
{
    file_closep(&f->fd);
    f->fd = -1;
    days_deinit(&f->days);
    f->days = (struct days){0};
    buf_deinit(&f->bytes);
}

/* ---- which file ---- */

/* The first day that is not before another; false: there is none. */
static bool day_from(const struct follow *f, int32_t day, int32_t *out)
{
    for (size_t i = 0; i < f->days.n; i++)
        if (f->days.day[i] >= day) {
            *out = f->days.day[i];
            return true;
        }
    return false;
}

static enum kw_err open_day(struct follow *f, int32_t day)
{
    file_closep(&f->fd);
    f->fd = -1;
    TRY(segment_open(f->audit_dir, day, &f->fd, &f->size));
    f->day = day;
    return KW_OK;
}

/* The file of the place, or of the first day behind it: days may be removed from the front. */
static enum kw_err open_place(struct follow *f)
{
    int32_t day;

    if (f->fd >= 0)
        return KW_OK;
    if (!day_from(f, f->at.day, &day))
        return KW_ENOTFOUND;
    if (day != f->at.day)
        f->at.offset = 0;
    f->at.day = day;
    return open_day(f, day);
}

/* ---- whether it is the same record ---- */

static enum kw_err check_batch(struct follow *f)
{
    struct batch b;

    if (f->at.offset > f->size)
        return KW_ECONFLICT;
    enum kw_err err = segment_read_back(f->fd, f->at.offset, &f->bytes, &b);
    if (err == KW_EDAMAGED)
        return KW_OK; /* it has become unreadable since; `audit verify` tells */
    TRY(err);
    return b.number == f->at.batch && digest_eq(&b.last, &f->at.hash) ? KW_OK : KW_ECONFLICT;
}

enum kw_err follow_check(struct follow *f)
{
    int32_t day;

    if (f->at.batch == 0)
        return KW_OK;
    if (!day_from(f, f->at.day, &day))
        return KW_ECONFLICT;
    if (day != f->at.day || f->at.offset == 0)
        return KW_OK; /* the next batch tells */
    TRY(open_day(f, day));
    return check_batch(f);
}

/* Behind days that were removed, or could not be read, the numbers go on further up. */
static enum kw_err check_next(const struct follow *f, const struct batch *b)
{
    if (b->number <= f->at.batch)
        return KW_ECONFLICT;
    if (f->at.batch == 0 || b->number > f->at.batch + 1)
        return KW_OK;
    return digest_eq(&b->previous, &f->at.hash) ? KW_OK : KW_ECONFLICT;
}

/* ---- reading ---- */

static bool go_to_next_day(struct follow *f, bool is_damaged)
{
    int32_t day;

    if (!day_from(f, f->at.day + 1, &day))
        return false;
    if (is_damaged)
        f->damaged = f->at.day;
    f->at.day = day;
    f->at.offset = 0;
    file_closep(&f->fd);
    f->fd = -1;
    return true;
}

enum kw_err follow_next(struct follow *f, struct batch *out)
{
    for (;;) {
        TRY(open_place(f));
        enum kw_err err = segment_read(f->fd, f->size, f->at.offset, &f->bytes, out);
        if (err == KW_OK)
            return check_next(f, out);
        if (err != KW_ENOTFOUND && err != KW_EDAMAGED)
            return err;
        if (!go_to_next_day(f, err == KW_EDAMAGED))
            return err;
    }
}

void follow_pass(struct follow *f, const struct batch *b)
{
    f->at.offset += b->len;
    f->at.batch = b->number;
    f->at.time_us = b->time_us;
    f->at.hash = b->last;
}
