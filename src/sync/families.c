/* families.c - families of tokens: many saved at once, each published, and deleted when they are over; see sync.h. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "sync/state.h"

enum {
    DROP_US = 10 * 1000 * 1000,
    DROP_AT_ONCE =
        200, /* under the lock; then others have their turn, until the next tick: 2,000 a second */
    KEEP_MS = 24 * 60 * 60 * 1000, /* of one whose time is over, so that who asks for it is told */
};

static bool is_in_force(enum kw_err err)
{
    return err == KW_OK || err == KW_EUNSAVED;
}

static enum kw_err publish_one(struct sync *s, const struct family *f)
{
    const struct object o = {.kind = KEYRING_FAMILY, .family = *f};

    return change_publish(s, &o);
}

/* The keyring is level with the log when all of them are in it, and not before: a start believes it. */
static void publish_all(struct sync *s, struct sync_family *list, size_t n, enum kw_err saved)
{
    enum kw_err published = KW_OK;

    for (size_t i = 0; i < n; i++)
        if (list[i].err == KW_OK && published == KW_OK)
            published = publish_one(s, list[i].family);
    enum kw_err finished = change_finish(s, saved, published);
    for (size_t i = 0; i < n; i++)
        if (list[i].err == KW_OK)
            list[i].err = finished;
}

static void all_are(struct sync_family *list, size_t n, enum kw_err err)
{
    for (size_t i = 0; i < n; i++)
        list[i].err = err;
}

/* What was put in vain has a slot and a version that nobody knows. */
static enum kw_err put_copies(struct sync *s, struct sync_family *list, size_t n,
                              struct family *before)
{
    for (size_t i = 0; i < n; i++)
        before[i] = *list[i].family;
    TRY(room_to_widen(s));
    enum kw_err saved = save_families(s, list, n);
    if (is_in_force(saved))
        return saved;
    for (size_t i = 0; i < n; i++)
        *list[i].family = before[i];
    return saved;
}

static enum kw_err put_families(struct sync *s, struct sync_family *list, size_t n)
{
    struct family *before = calloc(n, sizeof *before);

    if (before == NULL) {
        all_are(list, n, KW_ENOMEM);
        return KW_ENOMEM;
    }
    enum kw_err saved = put_copies(s, list, n, before);
    free(before);
    if (is_in_force(saved))
        publish_all(s, list, n, saved);
    else
        all_are(list, n, saved);
    return saved;
}

void sync_put_families(struct sync *s, struct sync_family *list, size_t n)
{
    if (n == 0)
        return;
    pthread_mutex_lock(&s->lock);
    ignore(change_acknowledge(s, put_families(s, list, n))); /* each has its own error */
}

static enum kw_err end_family(struct sync *s, struct str actor, struct family *f)
{
    struct object o = {.kind = KEYRING_FAMILY, .family = *f};

    o.family.state = FAMILY_ENDED;
    enum kw_err err = change_object(s, actor, &o);
    if (is_in_force(err))
        *f = o.family;
    return err;
}

enum kw_err sync_end_family(struct sync *s, struct str actor, struct family *f)
{
    pthread_mutex_lock(&s->lock);
    return change_acknowledge(s, end_family(s, actor, f));
}

static enum kw_err look_up(struct sync *s, uint32_t family_slot, struct sync_standing *out)
{
    struct object family, key, account;

    TRY(object_in_force(s, KEYRING_FAMILY, family_slot, &family));
    TRY(object_in_force(s, KEYRING_KEY, family.family.key_slot, &key));
    TRY(object_in_force(s, KEYRING_ACCOUNT, key.key.account_slot, &account));
    *out = (struct sync_standing){family.family, key.key, account.account};
    return KW_OK;
}

enum kw_err sync_standing(struct sync *s, uint32_t family_slot, struct sync_standing *out)
{
    pthread_mutex_lock(&s->lock);
    enum kw_err err = look_up(s, family_slot, out);
    pthread_mutex_unlock(&s->lock);
    return err;
}

void families_tend(struct sync *s, uint64_t boot_us)
{
    if (boot_us < s->next_drop_us || s->reserve.is_full)
        return;
    uint32_t n = 0;
    enum kw_err err =
        store_drop_families(s->store, time_now_us(s) / 1000 - KEEP_MS, DROP_AT_ONCE, &n);
    if (err != KW_OK)
        log_warn("families of tokens that are over could not be deleted: %s", kw_strerror(err));
    if (n < DROP_AT_ONCE) /* else there are more */
        s->next_drop_us = boot_us + DROP_US;
}
