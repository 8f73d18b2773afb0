/* chosen.c - see chosen.h. */
#include "jobs/chosen.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "jobs/threshold_doc.h"

enum { AGAIN_US = 5 * 1000 * 1000 };

struct one {
    char account[KW_ACCOUNT_MAX + 1];
    struct thresholds thresholds;
};

struct list {
    struct one *at; /* owns; in the order of their accounts */
    size_t n, cap;
};

struct chosen {
    struct sync *sync; /* borrows */
    _Atomic bool changed; /* set with release, taken with acquire: what was stored before is then seen */
    uint64_t again_us; /* boot clock: when it is read again after an error; 0: there was none */
    struct list list;
};

static void list_deinit(struct list *l)
{
    free(l->at);
    *l = (struct list){NULL, 0, 0};
}

static enum kw_err add(struct list *l, const struct threshold_doc *t)
{
    if (l->n == l->cap) {
        size_t cap = l->cap == 0 ? 16 : 2 * l->cap;
        struct one *at = realloc(l->at, cap * sizeof *at);
        if (at == NULL)
            return KW_ENOMEM;
        l->at = at;
        l->cap = cap;
    }
    struct one *o = &l->at[l->n++];
    memcpy(o->account, t->document.account, sizeof o->account);
    o->thresholds = t->chosen;
    return KW_OK;
}

static enum kw_err take(void *ctx, const struct document *d)
{
    struct threshold_doc t;

    return threshold_doc_read(d, &t) == KW_OK ? add(ctx, &t) : KW_OK;
}

static int by_account(const void *a, const void *b)
{
    const struct one *x = a, *y = b;

    return strcmp(x->account, y->account);
}

static void read_again(struct chosen *c)
{
    uint32_t n_damaged = 0;
    const struct store_document_filter f = {.kind = DOCUMENT_THRESHOLDS, .n_damaged = &n_damaged};
    AUTO(list_deinit) struct list fresh = {NULL, 0, 0};

    struct store *store = sync_lock(c->sync);
    enum kw_err err = store_documents(store, &f, take, &fresh);
    sync_unlock(c->sync);
    if (err != KW_OK) {
        log_error("thresholds cannot be read, those that were read before stay: %s",
                  kw_strerror(err));
        c->again_us = clock_boot_us() + AGAIN_US;
        return;
    }
    if (fresh.n > 0)
        qsort(fresh.at, fresh.n, sizeof *fresh.at, by_account);
    c->again_us = 0;
    list_deinit(&c->list);
    c->list = fresh;
    fresh = (struct list){NULL, 0, 0};
}

const struct thresholds *chosen_of(struct chosen *c, struct str account)
{
    struct one key = {.account = ""};

    bool is_due = c->again_us != 0 && clock_boot_us() >= c->again_us;
    if (atomic_exchange_explicit(&c->changed, false, memory_order_acquire) || is_due)
        read_again(c);
    if (c->list.n == 0 || account.n > KW_ACCOUNT_MAX)
        return thresholds_default();
    memcpy(key.account, account.n == 0 ? "" : account.p, account.n);
    const struct one *found = bsearch(&key, c->list.at, c->list.n, sizeof key, by_account);
    return found == NULL ? thresholds_default() : &found->thresholds;
}

void chosen_changed(struct chosen *c)
{
    atomic_store_explicit(&c->changed, true, memory_order_release);
}

enum kw_err chosen_new(struct sync *sync, struct chosen **out)
{
    struct chosen *c = calloc(1, sizeof *c);

    if (c == NULL)
        return KW_ENOMEM;
    c->sync = sync;
    atomic_init(&c->changed, true);
    *out = c;
    return KW_OK;
}

void chosen_free(struct chosen *c)
{
    if (c == NULL)
        return;
    list_deinit(&c->list);
    free(c);
}
