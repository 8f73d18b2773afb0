/* view.c - see view.h. */
#include "engine/view.h"

#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>

#include "engine/guard.h"

enum {
    RETRY_US = 100 * 1000,        /* while nothing can be opened */
    SILENCE_US = 2 * 1000 * 1000, /* a heart that has not beaten for so long has stopped */
    LOOK_US = 1000 * 1000,
    SETTLE_TRIES = 50, /* serve renames a new keyring, then writes its generation into the rings: a
                          matter of µs */
};

static unsigned stripe_of_this_thread(void)
{
    static _Atomic unsigned next;
    static __thread unsigned mine; /* from 1 */

    if (mine == 0)
        mine = atomic_fetch_add_explicit(&next, 1, memory_order_relaxed) % VIEW_STRIPES + 1;
    return mine - 1;
}

void view_leave(struct view *v)
{
    atomic_fetch_sub_explicit(&v->stripes[stripe_of_this_thread()].inside, 1, memory_order_release);
}

/* Counted in first, then asked again whether it is still the one: whoever closes a view replaces it
 * first and counts then, so one of the two sees the other (both sides are sequentially consistent).
 */
struct view *view_enter_as_is(struct kw_engine *e)
{
    for (;;) {
        struct view *v = atomic_load(&e->current);
        if (v == NULL)
            return NULL;
        atomic_fetch_add(&v->stripes[stripe_of_this_thread()].inside, 1);
        if (atomic_load(&e->current) == v)
            return v;
        view_leave(v);
    }
}

static unsigned count_inside(struct view *v)
{
    unsigned n = 0;

    for (size_t i = 0; i < VIEW_STRIPES; i++)
        n += atomic_load(&v->stripes[i].inside);
    return n;
}

static void close_keyring(struct keyring *k)
{
    const void *begin;
    size_t n;

    if (k == NULL)
        return;
    keyring_range(k, &begin, &n);
    guard_remove(begin);
    keyring_close(k);
}

/* In a child after fork, the threads that were inside are the parent's: nobody will leave. */
static void close_view(struct kw_engine *e, struct view *v)
{
    while (count_inside(v) > 0 && atomic_load(e->alive) != 0) /* a decision takes microseconds */
        sched_yield();
    limits_close(v->limits);
    close_keyring(v->keyring);
    claim_close(v->claim);
    v->limits = NULL;
    v->keyring = NULL;
    v->claim = NULL;
}

static enum kw_err open_keyring(const char *run_dir, struct keyring **out)
{
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/keyring", run_dir);
    return keyring_open(path, out);
}

/* The keyring whose generation the claimed ring names: with it, every later one will be noticed. */
static enum kw_err open_named_keyring(const char *run_dir, const struct claim *claim,
                                      struct keyring **out)
{
    for (int i = 0; i < SETTLE_TRIES; i++) {
        AUTO(keyring_closep) struct keyring *k = NULL;
        TRY(open_keyring(run_dir, &k));
        if (keyring_generation(k) == claim_generation(claim)) {
            *out = STEAL(k);
            return KW_OK;
        }
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return KW_EUNAVAILABLE;
}

static enum kw_err guard_keyring(struct view *v)
{
    const void *begin;
    size_t n;

    keyring_range(v->keyring, &begin, &n);
    return guard_add(begin, n, &v->torn);
}

static enum kw_err open_parts(struct view *v, const char *run_dir)
{
    char path[PATH_MAX];

    TRY(claim_open(run_dir, &v->torn, &v->claim));
    TRY(open_named_keyring(run_dir, v->claim, &v->keyring));
    TRY(guard_keyring(v));
    snprintf(path, sizeof path, "%s/limits", run_dir);
    return limits_open(path, &v->torn, &v->limits);
}

static enum kw_err open_view(struct kw_engine *e, struct view *v)
{
    atomic_store(&v->torn, 0);
    atomic_store(&v->policy_holds, 0);
    enum kw_err err = open_parts(v, e->run_dir);
    if (err != KW_OK)
        close_view(e, v);
    return err;
}

/* Replaces `old`, unless somebody else has done so already. While the rest of the program waits for
 * the lock it could not decide anyway. */
static enum kw_err renew(struct kw_engine *e, struct view *old, uint64_t now_us)
{
    enum kw_err err = KW_OK;

    pthread_mutex_lock(&e->renewing);
    if (atomic_load(&e->current) == old) {
        struct view *fresh = old == &e->views[0] ? &e->views[1] : &e->views[0];
        err = open_view(e, fresh);
        atomic_store(&e->next_try_us, now_us + RETRY_US);
        atomic_store(&e->current, err == KW_OK ? fresh : NULL);
        if (old != NULL)
            close_view(e, old);
    }
    pthread_mutex_unlock(&e->renewing);
    return err;
}

/* Is the file at the path still the one that is open? Once a second; serve may be dead for a while,
 * and decisions go on. */
static bool look_was_replaced(struct kw_engine *e, struct view *v, uint64_t now_us)
{
    char path[PATH_MAX] UNINIT;
    uint64_t look = atomic_load_explicit(&e->next_look_us, memory_order_relaxed);

    if (now_us < look)
        return false;
    if (!atomic_compare_exchange_strong(&e->next_look_us, &look, now_us + LOOK_US))
        return false; /* somebody else is looking */
    snprintf(path, sizeof path, "%s/keyring", e->run_dir);
    return !keyring_is_current(v->keyring, path);
}

/* Asked only when the writer has been silent. */
static bool was_replaced(struct kw_engine *e, struct view *v, uint64_t now_us)
{
    uint64_t beat =
        atomic_load_explicit(&keyring_head(v->keyring)->heartbeat_us, memory_order_relaxed);

    return now_us >= beat + SILENCE_US && look_was_replaced(e, v, now_us);
}

static bool is_current(struct kw_engine *e, struct view *v, uint64_t now_us)
{
    const struct keyring_header *h = keyring_head(v->keyring);

    return claim_generation(v->claim) == keyring_generation(v->keyring) &&
           atomic_load_explicit(&h->retired, memory_order_acquire) == 0 &&
           atomic_load_explicit(&v->torn, memory_order_acquire) == 0 && !was_replaced(e, v, now_us);
}

struct view *view_enter(struct kw_engine *e, uint64_t now_us)
{
    for (int round = 0; round < 3; round++) {
        struct view *v = view_enter_as_is(e);
        if (v != NULL && is_current(e, v, now_us))
            return v;
        if (v != NULL)
            view_leave(v);
        else if (now_us < atomic_load(&e->next_try_us))
            return NULL;
        if (renew(e, v, now_us) != KW_OK)
            return NULL;
    }
    return NULL;
}

/* Maps every page now rather than at the first decision that comes to it: a page fault costs more than
 * a decision. A kernel before 5.14 cannot, and a file that was cut short cannot be: both are as well
 * without. A keyring that takes another's place is not waited for in this way: a decision waits. */
static void map_all(const void *begin, size_t n, int advice)
{
    (void)madvise(UNCONST(begin), n, advice);
}

enum kw_err view_open_first(struct kw_engine *e)
{
    const void *begin;
    size_t n;

    TRY(renew(e, NULL, 0));
    const struct view *v = atomic_load(&e->current);
    keyring_range(v->keyring, &begin, &n);
    map_all(begin, n, MADV_POPULATE_READ);
    limits_range(v->limits, &begin, &n);
    map_all(begin, n, MADV_POPULATE_WRITE);
    return KW_OK;
}

void view_close_all(struct kw_engine *e)
{
    struct view *v = atomic_load(&e->current);

    atomic_store(&e->current, NULL);
    if (v != NULL)
        close_view(e, v);
}
