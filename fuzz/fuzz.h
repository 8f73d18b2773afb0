/* fuzz.h - what every fuzz target is made of: one input, and properties that must hold for it.
 *
 *     CC=clang-14 meson setup build-fuzz -Dfuzzers=true -Db_sanitize=address,undefined
 * -Db_lundef=false ninja -C build-fuzz && build-fuzz/fuzz/fuzz_path -max_total_time=30 /tmp/path
 * fuzz/corpus/path
 *
 * In every other build the committed corpora run as unit tests: see corpus.c. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdlib.h>

#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Like assert, in every build. */
#define MUST(holds)   \
    do {              \
        if (!(holds)) \
            abort();  \
    } while (0)

#endif
