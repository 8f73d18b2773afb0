/* sync.c - store and keyring together as an object; see sync.h. */
#include "sync/sync.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/log.h"
#include "sync/state.h"

static enum kw_err find_group(const char *name, gid_t *out)
{
    *out = (gid_t)-1;
    if (name == NULL || name[0] == '\0')
        return KW_OK;
    errno = 0;
    const struct group *g = getgrnam(name);
    if (g == NULL)
        return errno == 0 ? KW_ENOTFOUND : file_err(errno);
    *out = g->gr_gid;
    return KW_OK;
}

static enum kw_err prepare(struct sync *s, const struct sync_options *o, char why[256])
{
    pthread_mutex_init(&s->lock, NULL);
    if (snprintf(s->run_dir, sizeof s->run_dir, "%s", o->run_dir) >= (int)sizeof s->run_dir ||
        o->brand.n > sizeof s->brand)
        return KW_ERANGE;
    snprintf(s->keyring_path, sizeof s->keyring_path, "%s/keyring", s->run_dir);
    snprintf(s->limits_path, sizeof s->limits_path, "%s/limits", s->run_dir);
    memcpy(s->brand, o->brand.p, o->brand.n);
    s->brand_len = o->brand.n;
    if (find_group(o->group, &s->group) != KW_OK) {
        snprintf(why, 256, "there is no group %s: make it, or name another in verify_group",
                 o->group);
        return KW_ENOTFOUND;
    }
    s->rings = (struct rings){
        .run_dir = s->run_dir,
        .group = s->group,
        .n_slots = {o->ring_slots[0] == 0 ? RING_PROVED_SLOTS : o->ring_slots[0],
                    o->ring_slots[1] == 0 ? RING_UNPROVED_SLOTS : o->ring_slots[1]},
    };
    return KW_OK;
}

/* Whether serve has run before in this boot; from now on it has. */
static bool ran_before(const char *boot_file)
{
    AUTO(buf_deinit) struct buf before = BUF_MAX(64);
    uint8_t boot_id[16];
    char text[32];

    if (keyring_boot_id(boot_id) != KW_OK)
        return true;
    hex_put(boot_id, sizeof boot_id, text);
    struct str now = {text, sizeof text};
    if (file_read(boot_file, &before) == KW_OK && str_eq(buf_view(&before), now))
        return true;
    if (file_replace(boot_file, now, 0600) != KW_OK)
        log_warn("cannot write %s", boot_file);
    return false;
}

static enum kw_err open_keyring(struct sync *s, char why[256])
{
    uint64_t begin = clock_boot_us();
    bool rings_made;

    TRY(rings_open(&s->rings, &rings_made));
    TRY(limits_file_open(s->limits_path, s->group, 2, &s->limits, &s->quotas_lost));
    bool is_new = rings_made || s->quotas_lost || build_adopt(s) != KW_OK;
    if (is_new) /* by which verifiers notice that their rings or limits are others' by now */
        TRY(build_keyring(s, why));
    TRY(rings_tend(&s->rings, keyring_writer_head(s->keyring)->generation));
    s->report = (struct sync_report){.rebuilt = is_new,
                                     .n_keys = keyring_writer_head(s->keyring)->n_records - 1,
                                     .took_us = clock_boot_us() - begin};
    return KW_OK;
}

static void sync_freep(struct sync **s)
{
    sync_close(*s);
}

enum kw_err sync_open(struct store *store, const struct sync_options *options, struct sync **out,
                      char why[256])
{
    AUTO(sync_freep) struct sync *s = calloc(1, sizeof *s);

    if (s == NULL) {
        store_close(store);
        snprintf(why, 256, "out of memory");
        return KW_ENOMEM;
    }
    s->limits.fd = -1;
    s->store = store;
    snprintf(why, 256, "the shared files below %s cannot be made", options->run_dir);
    TRY(prepare(s, options, why));
    s->began_us = clock_boot_us();
    trusted_open(&s->trusted, options->clock_file, options->known_us, clock_boot_us(),
                 clock_wall_us());
    reserve_init(&s->reserve, options->reserve_file);
    reserve_tend(&s->reserve, clock_boot_us());
    s->must_settle = ran_before(options->boot_file);
    TRY(open_keyring(s, why));
    s->must_settle = false;
    s->next_quotas_us = clock_boot_us() + QUOTAS_US;
    *out = STEAL(s);
    return KW_OK;
}

/* What a store that is opened anew has adopted is read by the next start. */
static void open_store_anew(struct sync *s)
{
    char why[256];

    s->behind = true;
    if (store_reopen(s->store, why) != KW_OK)
        log_error("the database cannot be opened anew: %s", why);
}

static void save_last_things(struct sync *s)
{
    if (store_must_reopen(s->store))
        open_store_anew(s);
    if (quotas_save(s) != KW_OK)
        log_warn("the quotas used in the last minute could not be saved");
    unsaved_save(s);
    if (s->n_unsaved > 0)
        log_error("changes in force could not be saved: the next start takes them back");
}

void sync_close(struct sync *s)
{
    if (s == NULL)
        return;
    if (s->keyring != NULL && s->store != NULL)
        save_last_things(s);
    if (s->keyring != NULL)
        trusted_save(&s->trusted, clock_boot_us());
    build_drop(s);
    rings_close(&s->rings);
    limits_file_close(&s->limits);
    store_close(s->store);
    pthread_mutex_destroy(&s->lock);
    free(s->unsaved);
    free(s);
}

void sync_report(struct sync *s, struct sync_report *out)
{
    pthread_mutex_lock(&s->lock);
    *out = s->report;
    pthread_mutex_unlock(&s->lock);
}

int64_t time_now_us(const struct sync *s)
{
    return trusted_now_us(&s->trusted, clock_boot_us());
}

void sync_clock(struct sync *s, struct sync_clock *out)
{
    pthread_mutex_lock(&s->lock);
    *out = (struct sync_clock){time_now_us(s), s->trusted.ahead_us, s->trusted.doubt_us,
                               s->trusted.jumped};
    pthread_mutex_unlock(&s->lock);
}

int64_t sync_now_us(const struct sync *s)
{
    return time_now_us(s);
}

void sync_accept_clock(struct sync *s)
{
    pthread_mutex_lock(&s->lock);
    trusted_accept(&s->trusted, clock_boot_us(), clock_wall_us());
    keyring_beat(s->keyring, clock_boot_us(), time_now_us(s));
    pthread_mutex_unlock(&s->lock);
}

bool sync_disk_is_full(struct sync *s)
{
    pthread_mutex_lock(&s->lock);
    bool is_full = s->reserve.is_full;
    pthread_mutex_unlock(&s->lock);
    return is_full;
}

struct store *sync_lock(struct sync *s)
{
    pthread_mutex_lock(&s->lock);
    return s->store;
}

void sync_unlock(struct sync *s)
{
    pthread_mutex_unlock(&s->lock);
}
