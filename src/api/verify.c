/* verify.c - the call that tells whether the record is what was written. */
#include "record/verify.h"
#include "api/api.h"
#include "api/read_log.h"
#include "api/slowly.h"
#include "base/clock.h"
#include "base/hex.h"
#include "json/day_doc.h"

/* A connection is given 30 s; and whoever searches waits meanwhile. */
enum { DAYS_DEFAULT = 1, DAYS_MAX = 366, VERIFY_US = 20 * 1000 * 1000 };

struct limit {
    const struct call *call;
    uint64_t until_us;
};

static enum kw_err read_days(struct call *c, uint64_t *out)
{
    static const char *const names[] = {"days", NULL};
    struct str days = query_get(&c->query, "days");

    TRY(query_only(&c->query, names, &c->problem));
    *out = DAYS_DEFAULT;
    if (days.p != NULL && (str_u64(days, DAYS_MAX, out) != KW_OK || *out == 0))
        return problem_field(&c->problem, "range", "days", "\"days\" is a number from 1 to %d",
                             DAYS_MAX);
    return KW_OK;
}

static json_t *bad_out(const struct verify_report *r)
{
    if (r->what == NULL)
        return json_null();
    return json_pack("{s:s, s:s, s:I, s:I, s:I}", "what", r->what, "file", r->file, "offset",
                     (json_int_t)r->offset, "batch", (json_int_t)r->batch, "record",
                     (json_int_t)r->record);
}

static bool has_enough(void *ctx)
{
    const struct limit *l = ctx;

    return clock_boot_us() >= l->until_us || worker_is_over(l->call->server->worker);
}

static enum kw_err check(struct call *c, uint64_t days, struct verify_report *out)
{
    struct limit limit = {c, clock_boot_us() + VERIFY_US};
    const struct verify_part part = {days, has_enough, &limit};
    struct config_paths paths;
    uint8_t key[PUBLIC_KEY_LEN];

    config_paths_of(c->server->config, &paths);
    TRY(day_key_read(paths.audit_pub, key));
    enum kw_err err = verify_newest(paths.audit_dir, key, &part, out);
    if (err == KW_EBUSY)
        return problem_say(
            &c->problem, 503, "busy",
            "These days are more than can be looked at in %d s: ask for fewer, or run "
            "`keyward audit verify` on the machine",
            VERIFY_US / 1000000);
    return err == KW_ENOTFOUND ? KW_OK : err; /* an empty record holds */
}

static enum kw_err verify(struct call *c)
{
    struct verify_report r = {0};
    char hash[2 * DIGEST_LEN];
    uint64_t days;

    TRY(read_days(c, &days));
    TRY(recording_drain(c->server->recording));
    TRY(read_log(c, READING_VERIFIED, NULL));
    TRY(check(c, days, &r));
    hex_put(r.head.hash.b, DIGEST_LEN, hash);
    return call_answer(c, 200,
                       json_pack("{s:b, s:I, s:I, s:I, s:I, s:s%, s:o}", "holds", r.what == NULL,
                                 "days", (json_int_t)r.files, "batches", (json_int_t)r.batches,
                                 "records", (json_int_t)r.records, "lastBatch",
                                 (json_int_t)r.head.batch, "lastHash", hash, sizeof hash,
                                 "firstBad", bad_out(&r)));
}

enum kw_err audit_verify(struct call *c)
{
    return slowly(c, verify);
}
