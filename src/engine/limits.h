/* limits.h - what keys have used of their limits, and how often strangers failed: counted in shared
 * memory by all verifiers together. */
#ifndef ENGINE_LIMITS_H
#define ENGINE_LIMITS_H

#include <assert.h>
#include <stdatomic.h>

#include "core/address.h"
#include "core/limit.h"

/* The file `limits`, made and extended by serve (by pwrite only), mapped by every verifier:
 *
 *     header     one page
 *     misses     LIMITS_SETS sets of 4 entries of 16 bytes: failures per source; may forget
 *     lines      64 bytes per key, by key slot
 */
enum {
    LIMITS_FORMAT = 1,
    LIMITS_PAGE = 4096,
    LIMITS_SETS = 16384,
    LIMITS_WAYS = 4,
    LIMITS_LINE = 64,
};

#define LIMITS_MAGIC "keyward limits"

struct limits_header {
    char magic[16];
    uint32_t format;
    uint32_t n_sets;
};

struct limits_miss {
    _Atomic uint64_t source; /* hash of the network; 0: free */
    _Atomic uint64_t word;   /* of the rate of failures, see core/limit.h */
};

struct limits_line {
    _Atomic uint64_t tag; /* of the key's id: a line with another's tag (damage) is taken over, empty */
    _Atomic uint64_t rate, quota; /* words of core/limit.h */
    uint64_t zero[5];
};
static_assert(sizeof(struct limits_line) == LIMITS_LINE, "a line is one cache line");

static inline uint64_t limits_line_offset(uint32_t slot)
{
    return LIMITS_PAGE + (uint64_t)LIMITS_SETS * LIMITS_WAYS * sizeof(struct limits_miss) +
           (uint64_t)slot * LIMITS_LINE;
}

uint64_t limits_tag(struct str id); /* never 0 */

/* ---- the verifier's side ---- */

struct limits; /* one mapping; any number of threads */

enum kw_err limits_open(const char *path, _Atomic int *torn, struct limits **out) MUST_USE;
void limits_close(struct limits *l);
void limits_closep(struct limits **l);
void limits_range(const struct limits *l, const void **begin, size_t *n); /* the mapping */

struct limits_ask {
    uint32_t slot;
    struct str id;
    struct rate rate;
    struct quota quota;
    uint64_t boot_us;
    int64_t wall_s;
};

struct limits_answer {
    enum kw_limit_kind refused_by; /* KW_NO_LIMIT: admitted */
    struct limit_verdict rate, quota;
};

/* A hint that a slot's line will be asked for. */
void limits_expect(const struct limits *l, uint32_t slot);

/* Takes one request from both limits, or from neither. Lock-free: under every interleaving, and if
 * the process dies at any point, never more than either limit is admitted; with one limit, exactly
 * the limit. KW_EUNAVAILABLE: the mapping does not reach to this slot. */
enum kw_err limits_take(struct limits *l, const struct limits_ask *ask,
                        struct limits_answer *out) MUST_USE;

/* Where both limits stand, for a request that is refused for another reason: takes nothing and
 * writes nothing; refused_by is KW_NO_LIMIT. KW_EUNAVAILABLE as above. */
enum kw_err limits_peek(const struct limits *l, const struct limits_ask *ask,
                        struct limits_answer *out) MUST_USE;

/* Counts a failure against a source (its /64, and a ceiling for its /48). False: it has had too
 * many, and *retry_s says when the next will be counted as one again. */
bool limits_miss(struct limits *l, const struct address *client, uint64_t boot_us, uint32_t *retry_s);

#endif
