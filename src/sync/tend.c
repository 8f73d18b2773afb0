/* tend.c - what has to be done all the time: the heartbeat, and looking after files that others may
 * have broken. */
#include "base/clock.h"
#include "base/log.h"
#include "sync/state.h"

enum {
    SCRUB_PART = 600, /* of the records per tick, ten ticks a second: all within a minute */
    SCRUB_MIN = 4096,
};

static void rebuild(struct sync *s, const char *what)
{
    char why[256] = "";

    log_warn("%s: building it anew", what);
    enum kw_err err = build_keyring(s, why);
    if (err != KW_OK)
        log_error("the keyring cannot be built: %s %s", kw_strerror(err), why);
    s->quiet_until_us = clock_boot_us() + SETTLE_US;
}

static void tend_keyring(struct sync *s)
{
    uint32_t n = keyring_writer_head(s->keyring)->n_records / SCRUB_PART;

    if (atomic_load(&s->torn) != 0 || keyring_writer_check(s->keyring) != KW_OK)
        rebuild(s, "the keyring has vanished or is damaged");
    else if (s->behind)
        rebuild(s, "a change has not been published");
    else if (keyring_scrub(s->keyring, &s->scrub_at, n < SCRUB_MIN ? SCRUB_MIN : n) != KW_OK)
        rebuild(s, "a record of the keyring is damaged");
}

/* Verifiers that hold vanished files notice by a new keyring. */
static void tend_files(struct sync *s)
{
    uint64_t generation = keyring_writer_head(s->keyring)->generation;
    enum kw_err rings = rings_tend(&s->rings, generation);
    bool made;

    if (rings == KW_ENOTFOUND) {
        rings_close(&s->rings);
        ignore(rings_open(&s->rings, &made)); /* tended again in 100 ms */
        rebuild(s, "rings have vanished");
    }
    if (!limits_file_ok(&s->limits, s->limits_path)) {
        limits_file_close(&s->limits);
        if (limits_file_open(s->limits_path, s->group, keyring_writer_head(s->keyring)->record_cap,
                             &s->limits, &made) != KW_OK ||
            (made && quotas_restore(s) != KW_OK))
            log_error("limits cannot be made anew");
        rebuild(s, "limits have vanished or were cut short");
    }
}

void sync_replace_ring(struct sync *s, unsigned number)
{
    pthread_mutex_lock(&s->lock);
    enum kw_err err = rings_replace(&s->rings, number, keyring_writer_head(s->keyring)->generation);
    if (err != KW_OK)
        log_error("ring %03u cannot be replaced: %s", number, kw_strerror(err));
    pthread_mutex_unlock(&s->lock);
}

static void tend_store(struct sync *s, uint64_t now_us)
{
    if (s->head_unsaved && store_save_head(s->store) == KW_OK)
        s->head_unsaved = false;
    if (now_us < s->next_quotas_us)
        return;
    s->next_quotas_us = now_us + QUOTAS_US;
    if (quotas_save(s) != KW_OK)
        log_warn("quotas used could not be saved; trying again in a minute");
}

void sync_tick(struct sync *s)
{
    pthread_mutex_lock(&s->lock);
    uint64_t now_us = clock_boot_us();
    keyring_beat(s->keyring, now_us, clock_wall_us());
    tend_keyring(s);
    tend_files(s);
    tend_store(s, now_us);
    pthread_mutex_unlock(&s->lock);
}
