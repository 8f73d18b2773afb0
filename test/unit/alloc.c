/* alloc.c - see alloc.h. */
#include "alloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

enum { TRIALS_MAX = 100000 };

static __thread size_t left; /* allocations until one fails; 0: none does */
static __thread bool failed;

void test_alloc_fail(size_t n)
{
    failed = failed && n == 0;
    left = n;
}

bool test_alloc_failed(void)
{
    return failed;
}

/* The calling of one trial; *ran_through: no allocation failed. */
static enum kw_err try_once(const struct alloc_trial *t, void *ctx, size_t n, bool *ran_through)
{
    if (t->before != NULL)
        t->before(ctx);
    test_alloc_fail(n);
    enum kw_err err = t->call(ctx);
    test_alloc_fail(0);
    *ran_through = !failed;
    if (t->after != NULL)
        t->after(ctx, err);
    return err;
}

/* Under the sanitizer, where a trial costs ten times as much, the further ones are samples. */
static size_t step(const struct alloc_trial *t, size_t n)
{
    return SUITE_ASAN || t->is_sampled ? 1 + n / 50 : 1;
}

size_t alloc_each(const struct alloc_trial *t, void *ctx)
{
    size_t n_errors = 0;
    bool ran_through = false;

    for (size_t n = 1; !ran_through; n += step(t, n)) {
        if (n > TRIALS_MAX)
            fail_msg("there is always another allocation");
        enum kw_err err = try_once(t, ctx, n, &ran_through);
        if (err != KW_OK &&
            (ran_through || (err != KW_ENOMEM && (t->is_due == NULL || !t->is_due(err)))))
            fail_msg("allocation %zu: %s", n, kw_strerror(err));
        n_errors += err != KW_OK;
    }
    return n_errors;
}

#if SUITE_TSAN

/* Its runtime allocates before it can run code that it watches. */
void alloc_or_skip(void)
{
    suite_skip("ThreadSanitizer's malloc cannot be replaced");
}

#else

void alloc_or_skip(void)
{
}

#if SUITE_ASAN
#define REAL(function) __interceptor_##function
#else
#define REAL(function) __libc_##function
#endif

void *REAL(malloc)(size_t n);
void *REAL(calloc)(size_t n, size_t size);
void *REAL(realloc)(void *p, size_t n);

static bool is_up(void)
{
    if (left == 0 || --left > 0)
        return false;
    failed = true;
    errno = ENOMEM;
    return true;
}

/* Under the names of libc, and visible to the libraries, which find these before libc's. free() stays what it was. */
#define IN_FRONT_OF(name) __asm__(name) __attribute__((visibility("default")))
void *malloc_or_fail(size_t n) IN_FRONT_OF("malloc");
void *calloc_or_fail(size_t n, size_t size) IN_FRONT_OF("calloc");
void *realloc_or_fail(void *p, size_t n) IN_FRONT_OF("realloc");
char *strdup_or_fail(const char *text) IN_FRONT_OF("strdup");

void *malloc_or_fail(size_t n)
{
    return is_up() ? NULL : REAL(malloc)(n);
}

void *calloc_or_fail(size_t n, size_t size)
{
    return is_up() ? NULL : REAL(calloc)(n, size);
}

void *realloc_or_fail(void *p, size_t n)
{
    return is_up() ? NULL : REAL(realloc)(p, n);
}

/* The sanitizer has one of its own, which would pass this malloc by. */
char *strdup_or_fail(const char *text)
{
    size_t n = strlen(text) + 1;
    char *copy = malloc_or_fail(n);

    return copy == NULL ? NULL : memcpy(copy, text, n);
}

#endif
