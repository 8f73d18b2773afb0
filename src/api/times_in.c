/* times_in.c - see times_in.h. */
#include "api/times_in.h"

#include "record/asked.h"

static enum kw_err one(struct call *c, const char *name, int64_t *out_us)
{
    struct str text = query_get(&c->query, name);

    if (text.p != NULL && asked_time(text, c->now_ms * 1000, out_us) != KW_OK)
        return problem_field(
            &c->problem, "syntax", name,
            "A time is written like 2026-11-24, 2026-11-24T03:00:00Z, 90m, 12h or 7d");
    return KW_OK;
}

enum kw_err times_in(struct call *c, int64_t *from_us, int64_t *until_us)
{
    TRY(one(c, "from", from_us));
    return one(c, "until", until_us);
}
