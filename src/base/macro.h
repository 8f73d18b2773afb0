/* macro.h - the few idioms that every file uses. */
#ifndef BASE_MACRO_H
#define BASE_MACRO_H

#include <stddef.h>
#include <stdint.h>

#include <keyward/err.h>

/* TRY(x) returns the error of x from the function around it. */
#define TRY(x)                      \
    do {                            \
        enum kw_err try_err_ = (x); \
        if (try_err_ != KW_OK)      \
            return try_err_;        \
    } while (0)

/* AUTO(x_freep) struct x *v = …: freed by x_freep(&v) on every way out of the scope; STEAL(v) hands
 * it over. */
#define AUTO(f) __attribute__((cleanup(f)))
#define STEAL(v)                     \
    __extension__({                  \
        __typeof__(v) stolen_ = (v); \
        (v) = NULL;                  \
        stolen_;                     \
    })

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define MUST_USE        __attribute__((warn_unused_result))

/* For the few interfaces of others that take a pointer to non-const and do not write through it. */
#define UNCONST(p) ((void *)(uintptr_t)(p))

/* For large buffers on the decision path, which would otherwise be zeroed at every call. */
#define UNINIT __attribute__((uninitialized))

/* Names a result that is ignored on purpose; the caller's comment says why. */
static inline void ignore(enum kw_err err)
{
    (void)err;
}

#endif
