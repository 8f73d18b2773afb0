/* fill.c - see fill.h. */
#include "record/fill.h"

#include "record/ring_file.h"

static void add(struct ring_fill *out, const struct ring_file *f, int ring)
{
    uint64_t slots = f->n_slots[ring], waiting = f->head[ring] - f->tail[ring];

    if (waiting > slots) /* hostile, or read while it changed */
        waiting = slots;
    out->kind[ring].slots += slots;
    out->kind[ring].waiting += waiting;
    if (out->kind[ring].fullest_slots != 0 &&
        waiting * out->kind[ring].fullest_slots <= out->kind[ring].fullest_waiting * slots)
        return;
    out->kind[ring].fullest_slots = slots;
    out->kind[ring].fullest_waiting = waiting;
}

void ring_fill(const char *run_dir, struct ring_fill *out)
{
    *out = (struct ring_fill){0};
    for (uint32_t number = 0; number < RING_PAIRS_MAX; number++) {
        struct ring_file f = {.fd = -1};
        enum kw_err err = ring_file_open(run_dir, number, &f);
        if (err == KW_OK) {
            out->n_rings++;
            add(out, &f, RING_PROVED);
            add(out, &f, RING_UNPROVED);
        }
        ring_file_close(&f);
        if (err == KW_ENOTFOUND) /* numbers have no gaps */
            return;
    }
}
