/* generations.c - see generations.h. */
#include "watch/generations.h"

static bool fits(uint32_t claimed, uint32_t now)
{
    return claimed == now || claimed + 1 == now;
}

enum kw_err generations_fit(struct generations *g, uint32_t key, const struct event *e, bool *out)
{
    struct generation *known = &g->known[key % GENERATIONS_KNOWN];
    uint32_t now;

    *out = g->ask == NULL || (known->key == key && fits(e->generation, known->is));
    if (*out)
        return KW_OK;
    enum kw_err err = g->ask(g->ctx, (struct str){e->key_id, KW_KEY_ID_LEN}, &now);
    if (err == KW_ENOTFOUND)
        return KW_OK;
    TRY(err);
    *known = (struct generation){key, now};
    *out = fits(e->generation, now);
    return KW_OK;
}
