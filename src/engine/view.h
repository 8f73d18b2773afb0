/* view.h - what a verifier has open at a time: its rings, a keyring, the limits; replaced as a
 * whole. */
#ifndef ENGINE_VIEW_H
#define ENGINE_VIEW_H

#include <limits.h>
#include <pthread.h>

#include "engine/claim.h"
#include "engine/limits.h"
#include "keyring/read.h"

/* Threads that decide are inside of a view; one that is no longer current is closed when the last
 * has left it. Counting them in one place would make them wait for each other's cache line, so they
 * are spread over a few. */
enum { VIEW_STRIPES = 8 };

struct view {
    struct claim *claim;
    struct keyring *keyring;
    struct limits *limits;
    _Atomic int torn; /* a mapping was cut short under us: nothing that was read since counts */
    _Atomic uint64_t policy_holds; /* word of the policy whose table has been checked whole */
    struct {
        alignas(64) _Atomic unsigned inside;
    } stripes[VIEW_STRIPES];
};

struct kw_engine {
    char run_dir[PATH_MAX - 64];
    _Atomic(struct view *) current; /* NULL: nothing is open, everything is denied */
    struct view views[2];
    pthread_mutex_t renewing;      /* taken only by whoever opens a new view */
    _Atomic uint64_t next_try_us;  /* when nothing is open: not before */
    _Atomic uint64_t next_look_us; /* when the heart has stopped: look at the path again then */
    const _Atomic uint64_t *alive; /* a page that a fork wipes: 0 in a child */
    uint64_t verifier;             /* random: first half of every request id */
    char verifier_hex[16];         /* the same, as it is printed */
    _Atomic uint64_t n_requests;   /* second half */
};

/* Enters the current view, and makes it current first: another keyring generation, a torn file, a
 * writer whose heart has stopped. NULL: there is nothing to decide by. What was entered must be
 * left. */
struct view *view_enter(struct kw_engine *e, uint64_t now_us);
void view_leave(struct view *v);

/* Enters what is open without asking whether it is still current: for its brand. */
struct view *view_enter_as_is(struct kw_engine *e);

/* Opens the first view. Errors as kw_open. */
enum kw_err view_open_first(struct kw_engine *e) MUST_USE;

/* Closes what is open; nobody may be inside. */
void view_close_all(struct kw_engine *e);

#endif
