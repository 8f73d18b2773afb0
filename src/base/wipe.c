/* wipe.c - see wipe.h. */
#include "base/wipe.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void wipe_free(void *p)
{
    if (p == NULL)
        return;
    explicit_bzero(p, malloc_usable_size(p));
    free(p);
}

/* Never in place: realloc would leave what it moves away from as it is. */
void *wipe_realloc(void *p, size_t n)
{
    size_t had = p == NULL ? 0 : malloc_usable_size(p);
    void *moved = malloc(n);

    if (moved == NULL)
        return NULL;
    if (had > 0)
        memcpy(moved, p, had < n ? had : n);
    wipe_free(p);
    return moved;
}
