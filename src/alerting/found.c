/* found.c - see found.h. */
#include "alerting/found.h"

enum { AT_ONCE = 256 };

struct taking {
    found_fn *each;
    void *ctx;
    enum kw_err raised; /* of the last one */
};

static enum kw_err take(void *ctx, int64_t no, const struct finding *f)
{
    struct taking *t = ctx;

    (void)no;
    t->raised = t->each(t->ctx, f, false);
    return t->raised;
}

static enum kw_err take_ahead(void *ctx, int64_t no, const struct finding *f)
{
    const struct taking *t = ctx;

    (void)no;
    ignore(t->each(t->ctx, f, true));
    return KW_OK;
}

/* Each once, however often the one in front of it is tried. */
static void look_ahead(struct found *p, const char *file, struct taking *t)
{
    if (p->ahead.book != p->place.book || p->ahead.no < p->place.no)
        p->ahead = p->place;
    ignore(findings_after(file, &p->ahead, AT_ONCE, take_ahead, t));
}

enum kw_err found_take(struct found *p, const char *file, found_fn *each, void *ctx, bool *is_ours)
{
    struct taking t = {each, ctx, KW_OK};

    enum kw_err err = findings_after(file, &p->place, AT_ONCE, take, &t);
    *is_ours = t.raised != KW_OK;
    if (*is_ours)
        look_ahead(p, file, &t);
    return err;
}
