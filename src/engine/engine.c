/* engine.c - libkeyward's engine as an object: opened, closed, asked what is a credential of ours.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <keyward/version.h>

#include "base/hex.h"
#include "core/exposure.h"
#include "crypto/random.h"
#include "engine/credential.h"
#include "engine/ring.h"
#include "engine/stamp.h"
#include "engine/view.h"
#include "engine/whole.h"

static const struct engine_stamp stamp
    __attribute__((used)) = {ENGINE_STAMP_MAGIC, KEYWARD_VERSION, KEYRING_FORMAT, RING_FORMAT};

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* A page with a 1 in it that is zero in every child of this process. */
static enum kw_err make_alive(const _Atomic uint64_t **out)
{
    void *page = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (page == MAP_FAILED)
        return KW_ENOMEM;
    if (madvise(page, page_size(), MADV_WIPEONFORK) != 0) {
        munmap(page, page_size());
        return KW_EIO;
    }
    _Atomic uint64_t *alive = page;
    atomic_store(alive, 1);
    *out = alive;
    return KW_OK;
}

static void engine_freep(struct kw_engine **e)
{
    kw_close(*e);
}

enum kw_err kw_open(const char *run_dir, struct kw_engine **out)
{
    if (run_dir == NULL || run_dir[0] == '\0' || out == NULL)
        return KW_EINVAL;
    AUTO(engine_freep) struct kw_engine *e = calloc(1, sizeof *e);
    if (e == NULL)
        return KW_ENOMEM;
    pthread_mutex_init(&e->renewing, NULL); /* cannot fail on Linux without attributes */
    if (snprintf(e->run_dir, sizeof e->run_dir, "%s", run_dir) >= (int)sizeof e->run_dir)
        return KW_EINVAL;
    TRY(make_alive(&e->alive));
    TRY(random_bytes(&e->verifier, sizeof e->verifier));
    hex_put(&e->verifier, sizeof e->verifier, e->verifier_hex);
    TRY(view_open_first(e));
    *out = STEAL(e);
    return KW_OK;
}

void kw_close(struct kw_engine *e)
{
    if (e == NULL)
        return;
    view_close_all(e);
    if (e->alive != NULL)
        munmap(UNCONST(e->alive), page_size());
    pthread_mutex_destroy(&e->renewing);
    free(e);
}

bool kw_is_ours(const struct kw_engine *engine, struct kw_str token)
{
    char copy[KEYRING_BRAND_MAX];
    struct str brand = credential_brand(engine, copy);

    if (!str_is_whole(token))
        return true;
    return brand.n > 0 && credential_is_ours((struct str){token.p, token.n}, brand);
}

size_t kw_redact(const struct kw_engine *engine, struct kw_str text, char *buf, size_t cap)
{
    char copy[KEYRING_BRAND_MAX];

    if (!str_is_whole(text) || buf == NULL)
        return 0;
    return exposure_redact((struct str){text.p, text.n}, credential_brand(engine, copy),
                           STR("x-api-key"), buf, cap);
}
