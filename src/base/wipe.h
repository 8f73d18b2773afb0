/* wipe.h - memory that is wiped when it is given back, for libraries through which secrets pass. */
#ifndef BASE_WIPE_H
#define BASE_WIPE_H

#include <stddef.h>

/* As free and realloc, for what malloc and its like gave; usable as the allocators of jansson and libcurl. */
void wipe_free(void *p);
void *wipe_realloc(void *p, size_t n);

#endif
