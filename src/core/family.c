/* family.c - see family.h. */
#include "core/family.h"

uint64_t family_secret_mark(const uint8_t digest[GRANT_DIGEST_LEN])
{
    uint64_t mark;

    memcpy(&mark, digest, sizeof mark);
    return mark;
}

bool family_is_over(const struct family *f, int64_t now_ms)
{
    return f->state != FAMILY_ACTIVE || now_ms >= f->ends_ms;
}

int64_t family_secret_ends_ms(const struct grant *key, uint64_t mark)
{
    if (mark == family_secret_mark(key->digest))
        return 0;
    return key->old_ends_ms != 0 && mark == family_secret_mark(key->old_digest) ? key->old_ends_ms
                                                                                : -1;
}

bool family_key_is_good(const struct family *f, const struct grant *key, int64_t now_ms)
{
    int64_t secret_ends_ms = family_secret_ends_ms(key, f->secret_mark);

    return key->state == KEY_ACTIVE && !lifecycle_expired(grant_ends_ms(key), now_ms) &&
           secret_ends_ms >= 0 && !lifecycle_expired(secret_ends_ms, now_ms);
}

/* No token outlives its family. */
static int64_t access_ends(const struct family *f, int64_t now_ms)
{
    return grant_earlier(now_ms + (int64_t)f->access_s * 1000, f->ends_ms);
}

enum kw_err family_step(struct family *f, const struct family_pair *next,
                        const struct address *from, int64_t now_ms)
{
    if (f->refreshes == UINT32_MAX)
        return KW_EFULL;
    f->refreshes++;
    f->refreshed_ms = now_ms;
    f->refreshed_from = *from;
    memcpy(f->old_access_digest, f->access_digest, sizeof f->old_access_digest);
    f->old_access_ends_ms = f->access_ends_ms;
    memcpy(f->access_digest, next->access_digest, sizeof f->access_digest);
    f->access_ends_ms = access_ends(f, now_ms);
    memcpy(f->refresh_digest, next->refresh_digest, sizeof f->refresh_digest);
    return KW_OK;
}

bool family_in_grace(const struct family *f, const struct address *from, int64_t now_ms)
{
    int64_t since_ms = now_ms - f->refreshed_ms;

    return f->refreshed_ms != 0 && since_ms >= -FAMILY_GRACE_MS && since_ms <= FAMILY_GRACE_MS &&
           memcmp(f->refreshed_from.b, from->b, sizeof from->b) == 0;
}

static bool same_tokens(const struct family *a, const struct family *b)
{
    return memcmp(a->access_digest, b->access_digest, sizeof a->access_digest) == 0 &&
           memcmp(a->old_access_digest, b->old_access_digest, sizeof a->old_access_digest) == 0 &&
           memcmp(a->refresh_digest, b->refresh_digest, sizeof a->refresh_digest) == 0;
}

bool family_narrows(const struct family *before, const struct family *after)
{
    if (after->state != FAMILY_ACTIVE)
        return true;
    return before->state == FAMILY_ACTIVE && same_tokens(before, after) &&
           before->permissions == after->permissions && after->ends_ms <= before->ends_ms;
}
