/* alloc.h - memory that runs out: each allocation of a call fails once, in turn.
 *
 *     static enum kw_err open_it(void *ctx) { … }
 *     …
 *     alloc_each(&(struct alloc_trial){.call = open_it}, &scene);
 *
 * Linking alloc.c puts a malloc of ours in front of libc's for the whole program: OpenSSL, SQLite, jansson and libyaml
 * get theirs from it too. Under AddressSanitizer it stands in front of the sanitizer's, so leaks are still found. */
#ifndef TEST_ALLOC_H
#define TEST_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"

/* The n-th allocation from here on, of this thread, fails; 0: none does, any more. */
void test_alloc_fail(size_t n);

/* Whether it has come to that. */
bool test_alloc_failed(void);

/* Skips the test, and says why, where no malloc can be put in front of the program's. */
void alloc_or_skip(void);

struct alloc_trial { /* call alone must be there */
    void (*before)(void *ctx);
    enum kw_err (*call)(void *ctx);
    void (*after)(void *ctx, enum kw_err err); /* checks what there is now, and undoes it */
    bool (*is_due)(enum kw_err err);           /* which errors it may end in, besides KW_ENOMEM */
    bool is_sampled; /* the later ones of a call with thousands of allocations, that costs much each time */
};

/* Makes a trial with the first allocation of its call failing, then with the second, and so on until the call ends without
 * one having failed, in KW_OK then. Before that it may also end in KW_OK: some allocations can be done without. Returns
 * how many calls ended in an error. */
size_t alloc_each(const struct alloc_trial *t, void *ctx);

#endif
