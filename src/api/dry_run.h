/* dry_run.h - whom another route policy would have treated otherwise, counted from attempts on the record. */
#ifndef API_DRY_RUN_H
#define API_DRY_RUN_H

#include "core/hindsight.h"
#include "json/json_out.h"

/* All of it is bounded: what is beyond is counted, and not told one by one. */
enum { DRY_CALLERS_MAX = 100, DRY_ROUTES_MAX = 8, DRY_SOURCES_MAX = 32 };

struct dry_route { /* what a caller asked for, as it is on the record */
    char method[EVENT_METHOD_MAX], path[EVENT_PATH_MAX];
    uint8_t method_n, path_n;
    uint64_t requests;
};

struct dry_caller {
    char key_id[KW_KEY_ID_LEN + 1];    /* empty: without a key */
    uint64_t requests, other_requests; /* other: for what is beyond the first DRY_ROUTES_MAX */
    struct address sources[DRY_SOURCES_MAX];
    uint32_t n_sources; /* DRY_SOURCES_MAX: at least so many */
    struct dry_route routes[DRY_ROUTES_MAX];
    uint32_t n_routes;
};

struct dry_callers {
    struct dry_caller at[DRY_CALLERS_MAX];
    uint32_t n;
    uint64_t requests, other_requests; /* other: of callers beyond DRY_CALLERS_MAX */
};

struct dry_run { /* half a megabyte; all zero at first */
    struct dry_callers refused, allowed;
    uint64_t requests; /* looked at */
    uint64_t verdicts[N_HINDSIGHTS];
};

/* Counts an attempt of which this was found. */
void dry_run_add(struct dry_run *d, const struct event *e, enum hindsight found);

/* What a key is called; false: that is not known. */
typedef bool dry_name(void *ctx, const char *key_id, const char **name);

/* {"requests":…,"refused":{…},"allowed":{…},"notJudged":{…}}, who asked most first. NULL: out of memory. */
json_t *dry_run_out(struct dry_run *d, dry_name *name, void *ctx);

#endif
