/* tend.c - what has to be done all the time: the heartbeat, and looking after files that others may
 * have broken. */
#include "base/clock.h"
#include "base/log.h"
#include "sync/state.h"

enum {
    SCRUB_PART = 600, /* of the records per tick, ten ticks a second: all within a minute */
    SCRUB_MIN = 4096,
    SCRUB_FAMILIES = 1024,
};

/* Whoever may hold files that are out of our reach has noticed after a while. */
static void rebuild(struct sync *s, const char *what)
{
    char why[256] = "";

    log_warn("%s: building it anew", what);
    s->must_settle = true;
    s->began_us = clock_boot_us();
    enum kw_err err = build_keyring(s, why);
    if (err == KW_OK)
        return;
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
        rebuild(s, "a record of the keyring, or a word of its header, is damaged");
    else if (keyring_scrub_families(s->keyring, &s->scrub_family_at, SCRUB_FAMILIES) != KW_OK)
        rebuild(s, "a token in the keyring is damaged");
}

/* What is left of the old file is saved first: all, where it was only unlinked. */
static void renew_limits(struct sync *s)
{
    uint32_t n_lines = keyring_writer_head(s->keyring)->record_cap;
    bool made;

    if (quotas_save(s) != KW_OK)
        log_warn("quotas used since the last save cannot be saved: they are given once more");
    limits_file_close(&s->limits);
    enum kw_err err = limits_file_open(s->limits_path, s->group, n_lines, &s->limits, &made);
    if (err != KW_OK)
        log_error("limits cannot be made anew: %s", kw_strerror(err));
    s->quotas_lost = true;
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
        renew_limits(s);
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

/* In the place of the keyring there is: its holders notice at once. */
static enum kw_err reopen(struct sync *s, char why[256])
{
    TRY(store_reopen(s->store, why));
    s->head_unsaved = false; /* opening has written it */
    return build_keyring(s, why);
}

/* A commit failed half-way. What it left behind is found out by opening the store anew; all of it is
 * verified, and published. False: that cannot be done either. */
static bool recover_store(struct sync *s)
{
    char why[256] = "";

    if (!store_must_reopen(s->store))
        return true;
    log_error("the disk refused a change: opening the database anew");
    enum kw_err err = reopen(s, why);
    if (err == KW_EFULL) /* what is in force and unsaved would be lost with us: wait for room instead */
        ignore(reserve_give_up(&s->reserve, clock_boot_us()) ? KW_OK : KW_EFULL);
    if (err == KW_EBUSY || err == KW_ENOMEM || err == KW_EFULL) {
        log_warn("%s; trying again", why[0] == '\0' ? kw_strerror(err) : why);
        return true;
    }
    if (err != KW_OK)
        log_error("the database cannot be opened anew: %s", why[0] == '\0' ? kw_strerror(err) : why);
    else
        log_info("the database was opened anew and holds: changes are made again");
    return err == KW_OK;
}

static void tend_store(struct sync *s, uint64_t boot_us)
{
    if (store_must_reopen(s->store)) /* tried again in 100 ms */
        return;
    if (s->head_unsaved && store_save_head(s->store) == KW_OK)
        s->head_unsaved = false;
    if (s->n_unsaved > 0 && boot_us >= s->next_save_us) {
        s->next_save_us = boot_us + SAVE_US;
        unsaved_save(s);
    }
    families_tend(s, boot_us);
    if (boot_us < s->next_quotas_us || s->reserve.is_full) /* what was given up is for revocations */
        return;
    s->next_quotas_us = boot_us + QUOTAS_US;
    if (quotas_save(s) != KW_OK)
        log_warn("quotas used could not be saved; trying again in a minute");
}

static void note_behind(struct sync *s, uint64_t now_us)
{
    if (!s->behind)
        s->behind_since_us = 0;
    else if (s->behind_since_us == 0)
        s->behind_since_us = now_us;
}

bool sync_tick(struct sync *s)
{
    pthread_mutex_lock(&s->lock);
    uint64_t boot_us = clock_boot_us();
    keyring_beat(s->keyring, boot_us,
                 trusted_now_us(&s->trusted, boot_us)); /* before what may wait for a disk */
    trusted_look(&s->trusted, boot_us, clock_wall_us());
    note_behind(s, boot_us);
    s->is_lost = s->is_lost || !recover_store(s);
    reserve_tend(&s->reserve, boot_us);
    if (!s->is_lost) {
        tend_keyring(s);
        tend_files(s);
        tend_store(s, boot_us);
    }
    bool goes_on = !s->is_lost;
    pthread_mutex_unlock(&s->lock);
    return goes_on;
}
