/* minter.c - see minter.h. The thread owns the mint and the jobs that it has taken; the queue is everybody's, under the lock. */
#include "jobs/minter.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "store/store.h"

enum { MAX_WAITING = 512, BATCH = 128 };

struct minter {
    pthread_mutex_t lock;   /* around the queue */
    pthread_cond_t changed; /* it, or is_stopping */
    bool is_stopping, is_joined;
    pthread_t thread;
    unsigned first, n; /* a ring */
    struct mint_job *jobs[MAX_WAITING];

    struct sync *sync; /* borrows */
    struct mint mint;
    char brand[KEY_BRAND_MAX];
};

struct batch { /* jobs whose families are to be saved together */
    struct mint_job *jobs[BATCH];
    struct sync_family puts[BATCH];
    char actors[BATCH][sizeof "key:" + KW_KEY_ID_LEN];
    size_t n;
};

void mint_job_wipe(struct mint_job *j)
{
    explicit_bzero(&j->presented, sizeof j->presented);
    explicit_bzero(&j->access, sizeof j->access);
    explicit_bzero(&j->refresh, sizeof j->refresh);
}

static void end(struct mint_job *j, enum kw_err err)
{
    j->err = err;
    j->done(j->ctx);
}

/* ---- one job ---- */

static enum kw_err tell_pair(const struct minter *m, struct mint_job *j)
{
    TRY(mint_access(&m->mint, &j->family, &j->refresh, &j->access));
    j->outcome = MINT_DONE;
    return KW_OK;
}

static enum kw_err prepare_exchange(const struct minter *m, struct mint_job *j)
{
    struct family *f = &j->family;
    struct family_pair pair;

    TRY(mint_first(&m->mint, f, &j->refresh));
    TRY(mint_pair(&m->mint, f, &j->refresh, &pair));
    memcpy(f->access_digest, pair.access_digest, sizeof f->access_digest);
    memcpy(f->refresh_digest, pair.refresh_digest, sizeof f->refresh_digest);
    return KW_OK;
}

static enum kw_err find(const struct minter *m, const char *id, struct family *out)
{
    struct store *store = sync_lock(m->sync);
    enum kw_err err = store_family(store, str_from(id), out);
    sync_unlock(m->sync);
    return err;
}

static enum kw_err step(const struct minter *m, struct mint_job *j)
{
    struct family_pair pair;

    TRY(mint_next(&m->mint, &j->family, &j->presented, &j->refresh));
    TRY(mint_pair(&m->mint, &j->family, &j->refresh, &pair));
    return family_step(&j->family, &pair, &j->from, j->now_ms);
}

static void name_actor(const struct family *f, char *out, size_t size)
{
    snprintf(out, size, "key:%s", f->key);
}

static enum kw_err end_once(const struct minter *m, struct mint_job *j)
{
    char actor[sizeof "key:" + KW_KEY_ID_LEN];

    if (j->family.state != FAMILY_ACTIVE)
        return KW_OK;
    name_actor(&j->family, actor, sizeof actor);
    return sync_end_family(m->sync, str_from(actor), &j->family);
}

/* A change in between is no reason to leave it alive; KW_EBUSY: there is one all the time, and it is. */
static enum kw_err end_family(const struct minter *m, struct mint_job *j)
{
    enum kw_err err = KW_ECONFLICT;

    for (int i = 0; i < 3 && err == KW_ECONFLICT; i++) {
        err = end_once(m, j);
        if (err == KW_ECONFLICT)
            TRY(find(m, j->family.id, &j->family));
    }
    return err == KW_ECONFLICT ? KW_EBUSY : err;
}

/* Whoever came second has the token from the first, or the other way round: nobody knows who is the thief. */
static enum kw_err refuse_reused(const struct minter *m, struct mint_job *j)
{
    j->outcome = MINT_REUSED;
    if (j->family.state == FAMILY_ACTIVE)
        log_warn("a refresh token of %s was used twice: its tokens are ended", j->family.id);
    enum kw_err err = end_family(m, j);
    j->judge(j->ctx, &j->family, true);
    return err;
}

static enum kw_err repeat(const struct minter *m, struct mint_job *j)
{
    if (!j->judge(j->ctx, &j->family, false))
        return KW_OK;
    TRY(mint_next(&m->mint, &j->family, &j->presented, &j->refresh));
    return tell_pair(m, j);
}

/* Whose token it is, however many refreshes ago. KW_ENOTFOUND. */
static enum kw_err recognize(const struct minter *m, struct mint_job *j, uint32_t *age)
{
    TRY(find(m, j->family.id, &j->family));
    return mint_age(&m->mint, &j->family, &j->presented, age);
}

/* Whoever has a refresh token of the family may end it, used or not: of two who have it, one is a thief. */
static enum kw_err give_up(const struct minter *m, struct mint_job *j)
{
    uint32_t age;

    enum kw_err err = recognize(m, j, &age);
    if (err == KW_ENOTFOUND) {
        j->judge(j->ctx, NULL, false);
        return KW_OK;
    }
    TRY(err);
    j->judge(j->ctx, &j->family, false);
    j->outcome = MINT_GIVEN_UP;
    return end_family(m, j);
}

/* *puts: the family has to be saved, and the job is not done yet. */
static enum kw_err prepare_refresh(const struct minter *m, struct mint_job *j, bool *puts)
{
    uint32_t age = 0;

    enum kw_err err = recognize(m, j, &age);
    if (err == KW_ENOTFOUND) {
        j->judge(j->ctx, NULL, false);
        return KW_OK;
    }
    TRY(err);
    if (age == 1 && family_in_grace(&j->family, &j->from, j->now_ms) &&
        !family_is_over(&j->family, j->now_ms))
        return repeat(m, j);
    if (age > 0)
        return refuse_reused(m, j);
    if (!j->judge(j->ctx, &j->family, false))
        return KW_OK;
    *puts = true;
    return step(m, j);
}

/* ---- many ---- */

static bool is_in(const struct batch *b, const struct mint_job *j)
{
    for (size_t i = 0; i < b->n; i++)
        if (strcmp(b->jobs[i]->family.id, j->family.id) == 0)
            return true;
    return false;
}

static void add(struct batch *b, struct mint_job *j)
{
    name_actor(&j->family, b->actors[b->n], sizeof b->actors[b->n]);
    b->puts[b->n] = (struct sync_family){.actor = str_from(b->actors[b->n]), .family = &j->family};
    b->jobs[b->n++] = j;
}

static void prepare(const struct minter *m, struct batch *b, struct mint_job *j)
{
    bool puts = j->what == MINT_EXCHANGE;

    enum kw_err err = puts                      ? prepare_exchange(m, j)
                      : j->what == MINT_GIVE_UP ? give_up(m, j)
                                                : prepare_refresh(m, j, &puts);
    if (err == KW_OK && puts)
        add(b, j);
    else
        end(j, err);
}

static void save(const struct minter *m, struct batch *b)
{
    sync_put_families(m->sync, b->puts, b->n);
    for (size_t i = 0; i < b->n; i++) {
        enum kw_err err = b->puts[i].err;
        end(b->jobs[i], err == KW_OK ? tell_pair(m, b->jobs[i]) : err);
    }
    b->n = 0;
}

/* A second refresh of one family sees what the first has come to. */
static void run(const struct minter *m, struct batch *b, struct mint_job **jobs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (jobs[i]->what != MINT_EXCHANGE && is_in(b, jobs[i]))
            save(m, b);
        prepare(m, b, jobs[i]);
    }
    save(m, b);
}

/* ---- the thread ---- */

/* Waits for jobs, and takes all that there are. 0: it is time to stop. */
static size_t take(struct minter *m, struct mint_job *out[BATCH])
{
    size_t n = 0;

    pthread_mutex_lock(&m->lock);
    while (m->n == 0 && !m->is_stopping)
        pthread_cond_wait(&m->changed, &m->lock);
    for (; m->n > 0 && n < BATCH && !m->is_stopping; m->n--) {
        out[n++] = m->jobs[m->first];
        m->first = (m->first + 1) % MAX_WAITING;
    }
    pthread_mutex_unlock(&m->lock);
    return n;
}

static void *work(void *ctx)
{
    struct mint_job *jobs[BATCH];
    struct batch b = {.n = 0};
    size_t n;

    while ((n = take(ctx, jobs)) > 0)
        run(ctx, &b, jobs, n);
    return NULL;
}

static enum kw_err start(struct minter *m)
{
    pthread_mutex_init(&m->lock, NULL);
    pthread_cond_init(&m->changed, NULL);
    if (pthread_create(&m->thread, NULL, work, m) == 0)
        return KW_OK;
    m->is_joined = true;
    return KW_EUNAVAILABLE;
}

enum kw_err minter_new(struct sync *sync, struct str brand, const char *master_key,
                       struct minter **out, char why[256])
{
    struct minter *m = calloc(1, sizeof *m);

    if (m == NULL)
        return KW_ENOMEM;
    m->sync = sync;
    memcpy(m->brand, brand.p, brand.n);
    m->mint.brand = (struct str){m->brand, brand.n};
    enum kw_err err = store_open_sealer(master_key, MINT_PURPOSE, &m->mint.sealer, why);
    if (err == KW_OK)
        err = start(m);
    if (err != KW_OK) {
        sealer_free(m->mint.sealer);
        free(m);
        return err;
    }
    *out = m;
    return KW_OK;
}

enum kw_err minter_submit(struct minter *m, struct mint_job *job)
{
    pthread_mutex_lock(&m->lock);
    enum kw_err err = m->is_stopping ? KW_EUNAVAILABLE : m->n == MAX_WAITING ? KW_EBUSY : KW_OK;
    if (err == KW_OK) {
        m->jobs[(m->first + m->n++) % MAX_WAITING] = job;
        pthread_cond_signal(&m->changed);
    }
    pthread_mutex_unlock(&m->lock);
    return err;
}

void minter_stop(struct minter *m)
{
    if (m == NULL)
        return;
    pthread_mutex_lock(&m->lock);
    m->is_stopping = true;
    pthread_cond_broadcast(&m->changed);
    pthread_mutex_unlock(&m->lock);
    if (!m->is_joined)
        pthread_join(m->thread, NULL);
    m->is_joined = true;
    for (; m->n > 0; m->n--) { /* nobody else has them any more */
        struct mint_job *j = m->jobs[m->first];
        m->first = (m->first + 1) % MAX_WAITING;
        end(j, KW_EUNAVAILABLE);
    }
}

void minter_free(struct minter *m)
{
    if (m == NULL)
        return;
    minter_stop(m);
    sealer_free(m->mint.sealer);
    pthread_mutex_destroy(&m->lock);
    pthread_cond_destroy(&m->changed);
    free(m);
}
