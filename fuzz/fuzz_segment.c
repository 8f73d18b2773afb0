/* fuzz_segment.c - bytes as a segment: what opens stays within its bounds, and what is whole is what was built from it. */
#include "record/batch.h"

#include <stdlib.h>

#include "record/index.h"
#include "record/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void demand(bool truth)
{
    if (!truth)
        abort();
}

static void demand_within(struct str all, struct str part)
{
    demand(part.n == 0 || (part.p >= all.p && part.p + part.n <= all.p + all.n));
}

static void look_at(const struct record *r)
{
    struct record_entry e = {.kind = r->kind, .batch = 1, .number = 1};
    struct buf out = BUF_MAX(1 << 16);
    bool ok = r->kind == RECORD_EVENT ? event_decode(r->bytes, &e.event) == KW_OK
                                      : change_decode(r->bytes, &e.change) == KW_OK;

    if (ok) {
        line_json(&e, &out);
        demand(out.n > 0 && memchr(out.p, '\n', out.n) == out.p + out.n - 1);
    }
    buf_deinit(&out);
}

static void walk(struct str all, const struct batch *b)
{
    struct record r;
    struct str raw;
    struct digest hash;
    struct ring_mark mark;
    bool bad;

    for (size_t at = 0; batch_next(b, &at, &r, &raw, &hash, &bad);) {
        demand_within(all, r.bytes);
        demand_within(all, raw);
        look_at(&r);
    }
    for (size_t at = 0, i = 0; i < b->n_rings && batch_next_ring(b, &at, &mark); i++)
        demand(at <= b->rings.n);
}

static void index_it(const struct batch *b)
{
    struct buf out = BUF_MAX(1 << 16);

    demand(index_build(b, 0, &out) == KW_OK);
    buf_deinit(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct str all = {(const char *)bytes, n};
    struct batch b;
    uint32_t record;
    const char *what = NULL;

    if (batch_open(all, &b) != KW_OK)
        return 0;
    demand(b.len <= n);
    walk(all, &b);
    index_it(&b);
    if (batch_check(&b, NULL, &record, &what) == KW_EDAMAGED)
        demand(what != NULL);
    return 0;
}
