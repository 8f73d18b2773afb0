/* audit_days.c - the call that lists the days of the record, each with its signed end. */
#include "api/api.h"
#include "api/read_log.h"
#include "api/slowly.h"
#include "base/clock.h"
#include "server/page.h"
#include "json/day_doc.h"

/* Records are counted as long as the page has time for it: the others are null. */
enum { COUNT_US = 500 * 1000 };

struct listing {
    struct page page;
    uint8_t key[PUBLIC_KEY_LEN];
    char key_id[DAY_KEY_ID_MAX];
    struct config_paths paths;
    uint64_t until_us;
};

static bool has_enough(void *ctx)
{
    const struct listing *l = ctx;

    return clock_boot_us() >= l->until_us || worker_is_over(l->page.call->server->worker);
}

/* next NULL: none has begun yet. KW_EDAMAGED, KW_EFORMAT: there is no end, or the next day does not go on from it. */
static enum kw_err read_end(const struct listing *l, int32_t day, const int32_t *next,
                            struct day_head *out)
{
    enum kw_err err = day_head_read(l->paths.audit_dir, day, out);
    if (err == KW_ENOTFOUND && next != NULL && out->bytes > 0)
        return KW_EDAMAGED;
    if (err != KW_OK || next == NULL)
        return err;
    err = day_head_check(l->paths.audit_dir, out, *next, l->key);
    return err == KW_EBUSY || err == KW_ENOTFOUND ? KW_OK : err;
}

/* A day that retention drops meanwhile, or in which nothing is yet, is not there. */
static enum kw_err add(struct listing *l, int32_t day, const int32_t *next)
{
    const struct verify_part part = {.n_days = 1, .enough = has_enough, .ctx = l};
    uint64_t records = 0;
    struct day_head h;

    enum kw_err err = read_end(l, day, next, &h);
    if (err == KW_ENOTFOUND)
        return KW_OK;
    if (err == KW_EDAMAGED || err == KW_EFORMAT)
        return page_add(&l->page, (uint32_t)day, day_doc_damaged(day, next != NULL));
    TRY(err);
    err = day_count(l->paths.audit_dir, day, &part, &records);
    if (err == KW_ENOMEM)
        return err;
    return page_add(&l->page, (uint32_t)day,
                    day_doc(&h, next != NULL, err == KW_OK ? &records : NULL, l->key_id));
}

static enum kw_err list_days(struct listing *l)
{
    AUTO(days_deinit) struct days days = {0};

    enum kw_err err = days_list(l->paths.audit_dir, &days);
    if (err == KW_ENOTFOUND)
        return KW_OK; /* nothing is on the record yet */
    TRY(err);
    for (size_t i = days.n; i-- > 0 && err == KW_OK;)
        if (l->page.after == 0 || days.day[i] < (int32_t)l->page.after)
            err = add(l, days.day[i], i + 1 < days.n ? &days.day[i + 1] : NULL);
    return err == KW_EFULL ? KW_OK : err;
}

static enum kw_err answer(struct listing *l)
{
    static const char *const names[] = {"limit", "cursor", NULL};
    struct call *c = l->page.call;

    TRY(query_only(&c->query, names, &c->problem));
    TRY(page_begin(c, "days", &l->page));
    TRY(recording_drain(c->server->recording));
    TRY(read_log(c, READING_LISTED, NULL));
    config_paths_of(c->server->config, &l->paths);
    TRY(day_key_read(l->paths.audit_pub, l->key));
    day_key_id(l->key, l->key_id);
    l->until_us = clock_boot_us() + COUNT_US;
    TRY(list_days(l));
    return page_answer(&l->page);
}

static enum kw_err list(struct call *c)
{
    struct listing l = {.page = {.call = c}};

    enum kw_err err = answer(&l);
    page_deinit(&l.page);
    return err;
}

enum kw_err audit_days(struct call *c)
{
    return slowly(c, list);
}
