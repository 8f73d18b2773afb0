/* leak_in.c - see leak_in.h. */
#include "api/leak_in.h"

#include <stdlib.h>

enum { BUSY_RETRY_S = 5 };

enum kw_err leak_batch_init(struct leak_batch *b, size_t room)
{
    b->reports = calloc(room == 0 ? 1 : room, sizeof *b->reports);
    if (b->reports == NULL)
        return KW_ENOMEM;
    b->room = room;
    return KW_OK;
}

void leak_batch_deinit(struct leak_batch *b)
{
    if (b->reports != NULL)
        explicit_bzero(b->reports, b->room * sizeof *b->reports);
    free(b->reports);
}

void leak_batch_add(struct leak_batch *b, const struct call *c, enum leak_by by, struct str key,
                    struct str url, struct str note)
{
    struct leak_report *r = &b->reports[b->n++];

    r->by = by;
    r->source = c->source;
    memcpy(r->request_id, c->request_id, sizeof r->request_id);
    leak_report_fill(r, key, url, note);
}

enum kw_err leak_batch_send(struct leak_batch *b, struct call *c)
{
    enum kw_err err = leak_desk_submit(c->server->leaks, b->reports, b->n);

    if (err == KW_EBUSY) {
        c->retry_after_s = BUSY_RETRY_S;
        return problem_say(
            &c->problem, 503, "busy",
            "Too many reports wait at this moment: send this one again in a few seconds");
    }
    TRY(err);
    return call_answer(c, 202, json_pack("{s:b}", "accepted", true));
}
