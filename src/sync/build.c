/* build.c - keyrings from the store: whole, larger, or the old one brought up to date. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "core/policy.h"
#include "crypto/random.h"
#include "engine/guard.h"
#include "store/image.h"
#include "sync/state.h"

enum {
    RECORDS_MIN = 1024,
    ACCOUNTS_MIN = 256,
    HEAP_MIN = 1 << 20,
    POLICY_MIN = 256 << 10,
    FAMILIES_MIN = 2048,
};

static uint32_t grown(uint32_t n, uint32_t least)
{
    uint32_t cap = least;

    while (cap < n + n / 64 + 16 && cap < 1u << 30)
        cap *= 2;
    return cap;
}

static enum kw_err sizes_from_store(struct sync *s, struct keyring_sizes *out)
{
    struct store_counts counts;
    uint32_t live;

    TRY(store_counts(s->store, &counts));
    TRY(store_families_live(s->store, time_now_us(s) / 1000, &live));
    *out = (struct keyring_sizes){
        .records = grown(counts.max_key_slot, RECORDS_MIN),
        .accounts = grown(counts.max_account_slot, ACCOUNTS_MIN),
        .families = grown(live, FAMILIES_MIN),
        .heap = HEAP_MIN,
        .policy = POLICY_MIN,
    };
    return KW_OK;
}

static struct keyring_sizes sizes_of(const struct keyring_writer *w)
{
    const struct keyring_header *h = keyring_writer_head(w);

    return (struct keyring_sizes){.records = h->record_cap - 1,
                                  .accounts = h->account_cap - 1,
                                  .families = h->family_buckets * (KEYRING_WAYS / 2),
                                  .heap = h->heap.size,
                                  .policy = h->policy[0].size};
}

static struct keyring_sizes doubled(struct keyring_sizes z)
{
    return (struct keyring_sizes){.records = z.records * 2,
                                  .accounts = z.accounts * 2,
                                  .families = z.families * 2,
                                  .heap = z.heap * 2,
                                  .policy = z.policy * 2 < ROUTE_TABLE_MAX ? z.policy * 2
                                                                           : ROUTE_TABLE_MAX};
}

/* Larger where more than half is in use, so that a copy has room for whatever did not fit. Lists that
 * no record needs any more are not copied, and do not count. */
static struct keyring_sizes larger(const struct keyring_writer *w, size_t policy)
{
    const struct keyring_header *h = keyring_writer_head(w);
    struct keyring_sizes z = sizes_of(w), twice = doubled(z);

    if (z.policy < policy)
        z.policy = policy;
    if (h->n_records > z.records / 2)
        z.records = twice.records;
    if (h->n_accounts > z.accounts / 2)
        z.accounts = twice.accounts;
    if (keyring_families_live(w) > z.families / 2)
        z.families = twice.families;
    if (keyring_heap_needed(w) > z.heap / 2)
        z.heap = twice.heap;
    return z;
}

static enum kw_err create(struct sync *s, const struct keyring_sizes *sizes,
                          struct keyring_writer **out)
{
    struct keyring_marks marks;
    struct str brand = {s->brand, s->brand_len};

    TRY(random_bytes(&marks, sizeof marks));
    return keyring_create(s->keyring_path, brand, sizes, &marks, out);
}

static enum kw_err give_to_group(struct sync *s)
{
    if (s->group != (gid_t)-1 && chown(s->keyring_path, (uid_t)-1, s->group) != 0)
        return file_err(errno);
    return KW_OK;
}

static enum kw_err take_into_use(struct sync *s, struct keyring_writer **w)
{
    const void *begin;
    size_t n;

    keyring_writer_range(*w, &begin, &n);
    atomic_store(&s->torn, 0);
    TRY(guard_add(begin, n, &s->torn));
    build_drop(s);
    s->keyring = STEAL(*w);
    s->scrub_at = 0;
    s->scrub_family_at = 0;
    return KW_OK;
}

void build_level(struct sync *s, struct keyring_writer *w)
{
    keyring_put_change(w, store_change_seq(s->store), store_newest_mark(s->store));
}

void build_drop(struct sync *s)
{
    const void *begin;
    size_t n;

    if (s->keyring == NULL)
        return;
    keyring_writer_range(s->keyring, &begin, &n);
    guard_remove(begin);
    keyring_writer_free(s->keyring);
    s->keyring = NULL;
}

/* Before any verifier that opens a new keyring opens new limits. */
static void fill_limits(struct sync *s, const struct keyring_writer *w)
{
    if (!s->quotas_lost)
        return;
    enum kw_err err = quotas_restore(s, w);
    if (err != KW_OK)
        log_error("the quotas used cannot be put back into limits: %s", kw_strerror(err));
    s->quotas_lost = err != KW_OK;
}

/* Whoever may still hold an older keyring, and a ring that is out of our reach, looks at the path by itself: nobody has
 * beaten that keyring's heart since we began. */
static void settle(struct sync *s, struct keyring_writer *fresh)
{
    uint64_t silent_us = s->began_us + SILENCE_US, now_us = clock_boot_us();

    if (s->must_settle)
        s->quiet_until_us = (silent_us > now_us ? silent_us : now_us) + LOOK_US;
    keyring_put_settled(fresh, s->quiet_until_us);
}

/* From the rename on, whoever opens the path gets the new one; from the announcement on, every
 * verifier does before its next decision. Nothing changes in between. */
static enum kw_err replace(struct sync *s, struct keyring_writer **fresh)
{
    const struct keyring_header *h = keyring_writer_head(*fresh);

    keyring_beat(*fresh, clock_boot_us(), time_now_us(s));
    unsaved_mark(s, *fresh);
    TRY(limits_file_extend(&s->limits, h->record_cap));
    fill_limits(s, *fresh);
    settle(s, *fresh);
    TRY(keyring_publish(*fresh));
    TRY(give_to_group(s));
    TRY(rings_announce(&s->rings, h->generation));
    if (s->keyring != NULL)
        keyring_retire(s->keyring);
    s->must_settle = false; /* a try that failed half-way leaves it to the next */
    return take_into_use(s, fresh);
}

static enum kw_err put_policy(struct keyring_writer *w, uint32_t version, struct str document)
{
    AUTO(buf_deinit) struct buf table = BUF_MAX(ROUTE_TABLE_MAX);

    TRY(policy_compile(document, &table));
    return keyring_put_policy(w, version, buf_view(&table));
}

static enum kw_err load_account(void *ctx, const struct account *a)
{
    return keyring_put_account(ctx, a);
}

static enum kw_err load_key(void *ctx, const struct grant *g)
{
    return keyring_put_key(ctx, g);
}

static enum kw_err load_environment(void *ctx, const struct environment *e)
{
    keyring_put_freeze(ctx, e->slot, e->frozen);
    return KW_OK;
}

static enum kw_err load_family(void *ctx, const struct family *f)
{
    return keyring_put_family(ctx, f);
}

static enum kw_err load_policy(void *ctx, uint32_t version, struct str document)
{
    return put_policy(ctx, version, document);
}

static enum kw_err fill(struct sync *s, struct keyring_writer *w, char why[256])
{
    struct store_visitor visitor = {.ctx = w,
                                    .account = load_account,
                                    .key = load_key,
                                    .policy = load_policy,
                                    .environment = load_environment,
                                    .family = load_family};

    keyring_beat(w, clock_boot_us(), time_now_us(s)); /* by which it knows what has expired */
    TRY(store_load(s->store, &visitor, why));
    TRY(unsaved_publish(s, w));
    build_level(s, w);
    return KW_OK;
}

/* Long lists of addresses or a long policy may need more room than was guessed. */
enum kw_err build_keyring(struct sync *s, char why[256])
{
    struct keyring_sizes sizes;
    enum kw_err err = KW_EFULL;

    TRY(sizes_from_store(s, &sizes));
    for (int round = 0; round < 8 && err == KW_EFULL; round++, sizes = doubled(sizes)) {
        AUTO(keyring_writer_freep) struct keyring_writer *fresh = NULL;
        TRY(create(s, &sizes, &fresh));
        err = fill(s, fresh, why);
        if (err == KW_OK)
            err = replace(s, &fresh);
    }
    if (err == KW_OK)
        s->behind = false;
    return err;
}

enum kw_err build_larger(struct sync *s, size_t policy)
{
    struct keyring_sizes sizes = larger(s->keyring, policy);
    AUTO(keyring_writer_freep) struct keyring_writer *fresh = NULL;

    TRY(create(s, &sizes, &fresh));
    TRY(keyring_copy(s->keyring, fresh));
    TRY(replace(s, &fresh));
    log_info("the keyring has room for %u keys now", sizes.records);
    return KW_OK;
}

static enum kw_err apply_key(struct keyring_writer *w, struct str image)
{
    struct object o = {.kind = KEYRING_KEY};

    TRY(image_read_key(image, &o.key));
    return keyring_version_of(w, KEYRING_KEY, o.key.slot) < o.key.version ? object_put(w, &o) : KW_OK;
}

static enum kw_err apply_account(struct keyring_writer *w, struct str image)
{
    struct object o = {.kind = KEYRING_ACCOUNT};

    TRY(image_read_account(image, &o.account));
    return keyring_version_of(w, KEYRING_ACCOUNT, o.account.slot) < o.account.version
               ? object_put(w, &o)
               : KW_OK;
}

static enum kw_err apply_family(struct keyring_writer *w, struct str image)
{
    struct object o = {.kind = KEYRING_FAMILY};

    TRY(image_read_family(image, &o.family));
    return keyring_family_version(w, str_from(o.family.id)) < o.family.version ? object_put(w, &o)
                                                                               : KW_OK;
}

static enum kw_err apply_policy(struct keyring_writer *w, struct str image)
{
    struct keyring_policy_place there = {0};
    struct str document;
    uint32_t version;

    TRY(image_read_policy(image, &version, &document));
    (void)keyring_policy_place(keyring_writer_head(w)->policy_word, &there); /* none: version 0 */
    return there.version < version ? put_policy(w, version, document) : KW_OK;
}

/* The keyring may have got ahead of its number: verifiers see it, and nothing older may come back
 * into force, not even on the way to the newest. */
static enum kw_err apply(void *ctx, const struct change *c)
{
    switch (c->kind) {
    case CHANGE_KEY:
        return apply_key(ctx, c->image);
    case CHANGE_ACCOUNT:
        return apply_account(ctx, c->image);
    case CHANGE_POLICY:
        return apply_policy(ctx, c->image);
    case CHANGE_FAMILY:
        return apply_family(ctx, c->image);
    case CHANGE_ENVIRONMENT: /* is put as it is now, by put_environments */
    case CHANGE_MEMBER:      /* these are not published */
    case CHANGE_TOKEN:
    case CHANGE_SPEND_RULES:
    case CHANGE_DOCUMENT:
        return KW_OK;
    }
    return KW_EDAMAGED;
}

/* The header has no version of theirs that would tell whether an entry is older than what is published. */
static enum kw_err put_environments(struct sync *s, struct keyring_writer *w)
{
    struct object o;

    for (uint32_t slot = KW_SANDBOX; slot <= KW_PRODUCTION; slot++) {
        TRY(object_stored(s, KEYRING_ENVIRONMENT, slot, &o));
        TRY(object_put(w, &o));
    }
    return KW_OK;
}

/* A change that was published before it was saved, and then never was: what the store has counts.
 */
static enum kw_err take_back_pending(struct sync *s, struct keyring_writer *w)
{
    uint64_t pending = keyring_writer_head(w)->pending;
    enum keyring_kind kind = (enum keyring_kind)(pending >> 32);
    struct object o;

    if (kind == KEYRING_EMPTY)
        return KW_OK;
    TRY(object_stored(s, kind, (uint32_t)pending, &o));
    TRY(object_put(w, &o));
    keyring_put_pending(w, KEYRING_EMPTY, 0);
    return KW_OK;
}

enum kw_err build_adopt(struct sync *s)
{
    AUTO(keyring_writer_freep) struct keyring_writer *w = NULL;
    uint64_t mark;

    TRY(keyring_adopt(s->keyring_path, &w));
    const struct keyring_header *h = keyring_writer_head(w);
    if (h->brand_len != s->brand_len || memcmp(h->brand, s->brand, s->brand_len) != 0)
        return KW_EUNAVAILABLE;
    if (h->change_seq > store_change_seq(s->store))
        return KW_EUNAVAILABLE;
    TRY(store_change_mark(s->store, h->change_seq, &mark));
    if (mark != h->change_mark)
        return KW_EUNAVAILABLE;
    TRY(take_back_pending(s, w));
    TRY(store_changes(s->store, h->change_seq, 0, apply, w));
    TRY(put_environments(s, w));
    build_level(s, w);
    TRY(limits_file_extend(&s->limits, h->record_cap));
    TRY(rings_announce(&s->rings, h->generation));
    if (h->settled_us > s->quiet_until_us) /* the one who made it was ended meanwhile */
        s->quiet_until_us = h->settled_us;
    keyring_beat(w, clock_boot_us(),
                 time_now_us(s)); /* only now: what is not adopted after all must fall silent */
    return take_into_use(s, &w);
}
