/* merge.c - see merge.h. A heap of runs, the one with the earliest record on top. */
#include "record/merge.h"

static bool earlier(const struct run *runs, uint32_t a, uint32_t b)
{
    int64_t ta = runs[a].entries->time_us, tb = runs[b].entries->time_us;

    return ta < tb || (ta == tb && a < b);
}

static void sink(const struct run *runs, uint32_t *heap, uint32_t n, uint32_t i)
{
    for (;;) {
        uint32_t child = 2 * i + 1;
        if (child >= n)
            return;
        if (child + 1 < n && earlier(runs, heap[child + 1], heap[child]))
            child++;
        if (!earlier(runs, heap[child], heap[i]))
            return;
        uint32_t was = heap[i];
        heap[i] = heap[child];
        heap[child] = was;
        i = child;
    }
}

uint32_t merge_runs(struct run *runs, uint32_t n_runs, uint32_t *heap, struct record *out)
{
    uint32_t n = 0, done = 0;

    for (uint32_t i = 0; i < n_runs; i++)
        if (runs[i].n > 0)
            heap[n++] = i;
    for (uint32_t i = n / 2; i-- > 0;)
        sink(runs, heap, n, i);
    while (n > 0) {
        struct run *first = &runs[heap[0]];
        out[done++] = first->entries->record;
        first->entries++;
        if (--first->n == 0)
            heap[0] = heap[--n];
        sink(runs, heap, n, 0);
    }
    return done;
}
