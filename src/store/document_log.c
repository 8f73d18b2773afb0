/* document_log.c - what became of a document, as the change log has it: with who did it, and when. */
#include "store/inside.h"
#include "store/row.h"

struct asked { /* one document, on the way to who asked for it */
    store_document_step_fn *each;
    void *ctx;
    uint32_t slot;
    int64_t before; /* version */
};

/* The number of the newest entry before a version. KW_ENOTFOUND. */
static enum kw_err entry_before(struct store *s, const struct asked *a, uint64_t *n)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_DOCUMENT_ENTRY, &st));
    struct giver to = {.st = st};
    give_int(&to, a->slot);
    give_int(&to, a->before);
    TRY(give_done(&to));
    TRY(db_row(st));
    struct taker from = {.st = st};
    *n = (uint64_t)take_int(&from);
    return *n == 0 ? KW_EDAMAGED : take_done(&from);
}

enum kw_err store_document_made(struct store *s, uint32_t slot, uint64_t *n)
{
    const struct asked of_first = {.slot = slot, .before = 2};
    enum kw_err err = entry_before(s, &of_first, n);

    return err == KW_ENOTFOUND ? KW_EDAMAGED : err;
}

/* Versions fall, so that a walk over them ends. */
static enum kw_err hand_out(void *ctx, const struct change *c)
{
    struct document_step step = {.actor = c->actor, .time_ms = c->time_ms};
    struct asked *a = ctx;

    if (c->kind != CHANGE_DOCUMENT)
        return KW_EDAMAGED;
    TRY(image_read_document(c->image, &step.document));
    if (step.document.slot != a->slot || step.document.version >= a->before)
        return KW_EDAMAGED;
    a->before = step.document.version;
    return a->each(a->ctx, &step);
}

enum kw_err store_document_history(struct store *s, uint32_t slot, uint32_t limit,
                                   store_document_step_fn *each, void *ctx)
{
    struct asked a = {each, ctx, slot, INT64_MAX};
    uint64_t n;

    for (uint32_t i = 0; limit == 0 || i < limit; i++) {
        enum kw_err err = entry_before(s, &a, &n);
        if (err == KW_ENOTFOUND)
            return KW_OK;
        TRY(err);
        TRY(store_changes(s, n - 1, 1, hand_out, &a));
    }
    return KW_OK;
}
