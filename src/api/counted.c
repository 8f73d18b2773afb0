/* counted.c - see counted.h. */
#include "api/counted.h"

#include "server/counting.h"
#include "server/recording.h"

enum { WAIT_MS = 100 }; /* for what is on the record and not yet counted */

int64_t counted_until_ms(const struct server *s, int64_t now_ms)
{
    bool is_complete;
    int64_t counted_us;
    enum kw_err drained = recording_drain(s->recording);

    counting_wait(s->counting, WAIT_MS, &is_complete, &counted_us);
    return drained == KW_OK && is_complete ? now_ms : counted_us / 1000;
}

enum kw_err counted_answer(const struct server *s, enum kw_err err, int64_t *until_ms)
{
    if (err != KW_EDAMAGED && err != KW_EFORMAT)
        return err;
    counting_doubt(s->counting);
    *until_ms = 0;
    return KW_OK;
}
