/* guard.h - shared files that are cut short under our feet: a fault in a guarded mapping becomes a
 * page of zeros and a mark, not the end of the program. */
#ifndef ENGINE_GUARD_H
#define ENGINE_GUARD_H

#include <stdatomic.h>
#include <stddef.h>

#include "base/macro.h"

/* Guards a mapping: when a page of it can no longer be read or written (SIGBUS), it is replaced by
 * a private page of zeros and *torn becomes 1. torn must live until guard_remove. The handler is
 * installed once per process and hands faults elsewhere to the handler that was there before.
 * KW_EFULL: more than 256 mappings are guarded. Any thread. */
enum kw_err guard_add(const void *begin, size_t n, _Atomic int *torn) MUST_USE;
void guard_remove(const void *begin);

#endif
