/* town.h - a state of any number of keys, as serve shares it, without a store behind it. */
#ifndef BENCH_TOWN_H
#define BENCH_TOWN_H

#include <limits.h>

#include "bench.h"
#include "keyring/write.h"
#include "sync/shared.h"

/* What a small client in Node sends, but for its key. */
extern const struct kw_request town_request;

struct town {
    char folder[PATH_MAX - 64];
    uint32_t n_keys;
    struct rings rings;
    struct limits_file limits;
    struct keyring_writer *writer;
    struct kw_engine *engine;
};

/* Makes the shared files in a new folder under /dev/shm (or TMPDIR), with the keys 0 to n_keys - 1 of one
 * account and the route policy of examples/, and opens an engine on them. */
void town_make(struct town *t, uint32_t n_keys, const char *policy_file);
void town_remove(struct town *t);

/* What serve does all the time: the keyring's heart beats, and the places in the rings are given free, as the
 * recorder does when it has read them. */
void town_tend(const struct town *t);

#endif
