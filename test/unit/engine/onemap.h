/* onemap.h - a shared file lies at one address of the program, however often it is mapped.
 *
 * Verifiers and serve map the same files, and do so at different addresses even within one program. ThreadSanitizer knows
 * memory by its address: what they do to each other would escape it. A program linked with onemap.c and
 * -Wl,--wrap=mmap64,--wrap=munmap maps each file once. */
#ifndef TEST_ENGINE_ONEMAP_H
#define TEST_ENGINE_ONEMAP_H

#include <stddef.h>

/* How many mappings were joined to one that was there. */
size_t onemap_joined(void);

#endif
