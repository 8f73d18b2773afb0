/* image.c - see image.h. A byte of format, a byte of kind, the object and its version, then the
 * rest. The second and the third format have each a part more, of which the last one says at least one thing. */
#include "store/image.h"

#include "core/permission.h"
#include "store/freeze_note.h"
#include "store/image_parts.h"

static bool rules_ok(const struct address_rule *rules, uint32_t n)
{
    if (n > ADDRESS_RULES_MAX)
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (rules[i].prefix > 128 || rules[i].classes < 1 || rules[i].classes > ADDRESS_EVERY_CLASS)
            return false;
    return true;
}

static bool key_strings_ok(const struct grant *g)
{
    return strnlen(g->id, sizeof g->id) == KW_KEY_ID_LEN &&
           is_terminated(g->account, sizeof g->account) && is_terminated(g->name, sizeof g->name) &&
           is_terminated(g->created_by, sizeof g->created_by) && freeze_note_ok(&g->freeze_note);
}

static bool key_values_ok(const struct grant *g)
{
    return (g->environment == KW_SANDBOX || g->environment == KW_PRODUCTION) &&
           g->permissions >= 1 && g->permissions <= PERMISSION_ALL && g->state <= KEY_DISABLED &&
           g->overdue <= OVERDUE_EXPIRE && g->quota.window <= QUOTA_MONTH && freeze_ok(g->frozen) &&
           rules_ok(g->rules, g->n_rules);
}

static bool account_ok(const struct account *a)
{
    return is_terminated(a->id, sizeof a->id) && is_terminated(a->name, sizeof a->name) &&
           a->state <= ACCOUNT_ACTIVE && freeze_ok(a->frozen) && freeze_note_ok(&a->freeze_note) &&
           rules_ok(a->rules, a->n_rules) && limit_defaults_ok(&a->limit_defaults);
}

static bool environment_ok(const struct environment *e)
{
    return (e->slot == KW_SANDBOX || e->slot == KW_PRODUCTION) && freeze_ok(e->frozen) &&
           freeze_note_ok(&e->freeze_note);
}

void image_head(struct packer *to, enum image_format format, enum image_kind kind, uint32_t object,
                uint32_t version)
{
    pack_u8(to, (uint8_t)format);
    pack_u8(to, (uint8_t)kind);
    pack_u32(to, object);
    pack_u32(to, version);
}

static void pack_rules(struct packer *to, const struct address_rule *rules, uint32_t n)
{
    pack_u8(to, (uint8_t)n);
    for (uint32_t i = 0; i < n; i++) {
        pack_bytes(to, rules[i].net.b, sizeof rules[i].net.b);
        pack_u8(to, rules[i].prefix);
        pack_u8(to, rules[i].classes);
    }
}

static void pack_secrets(struct packer *to, const struct grant *g)
{
    pack_bytes(to, g->digest, sizeof g->digest);
    pack_u32(to, g->generation);
    pack_u64(to, (uint64_t)g->secret_since_ms);
    pack_bytes(to, g->old_digest, sizeof g->old_digest);
    pack_u64(to, (uint64_t)g->old_ends_ms);
    pack_u32(to, g->rotation_days);
    pack_u8(to, (uint8_t)g->overdue);
}

static void pack_limits(struct packer *to, const struct rate *rate, const struct quota *quota)
{
    pack_u32(to, rate->n);
    pack_u32(to, rate->window_s);
    pack_u32(to, rate->burst);
    pack_u32(to, quota->n);
    pack_u8(to, (uint8_t)quota->window);
}

static enum image_format format_of_key(const struct grant *g)
{
    if (freeze_note_is(&g->freeze_note))
        return IMAGE_THIRD;
    return g->old_since_ms != 0 || g->frozen != FREEZE_NOTHING ? IMAGE_SECOND : IMAGE_FIRST;
}

static void pack_key_second(struct packer *to, const struct grant *g)
{
    pack_u64(to, (uint64_t)g->old_since_ms);
    pack_u8(to, (uint8_t)g->frozen);
}

static void pack_key(struct packer *to, const struct grant *g)
{
    image_head(to, format_of_key(g), IMAGE_KEY, g->slot, g->version);
    pack_str8(to, str_from(g->id));
    pack_str8(to, str_from(g->account));
    pack_u32(to, g->account_slot);
    pack_str8(to, str_from(g->name));
    pack_u8(to, (uint8_t)g->environment);
    pack_u8(to, (uint8_t)g->permissions);
    pack_u8(to, (uint8_t)g->state);
    pack_u64(to, (uint64_t)g->created_ms);
    pack_u64(to, (uint64_t)g->expires_ms);
    pack_str8(to, str_from(g->created_by));
    pack_secrets(to, g);
    pack_limits(to, &g->rate, &g->quota);
    pack_rules(to, g->rules, g->n_rules);
    if (format_of_key(g) >= IMAGE_SECOND)
        pack_key_second(to, g);
    if (format_of_key(g) == IMAGE_THIRD)
        freeze_note_pack(to, &g->freeze_note);
}

/* The fourth format says of each default whether it is there, and what it is. */
static void pack_defaults(struct packer *to, const struct limit_defaults *d)
{
    for (size_t i = 0; i < N_LIMIT_DEFAULTS; i++) {
        const struct limit_default *l = &d->of[i];
        pack_u8(to, (uint8_t)((l->has_rate ? 1 : 0) | (l->has_quota ? 2 : 0)));
        pack_limits(to, &l->rate, &l->quota);
    }
}

static enum image_format format_of_account(const struct account *a)
{
    if (!limit_defaults_empty(&a->limit_defaults))
        return IMAGE_FOURTH;
    if (freeze_note_is(&a->freeze_note))
        return IMAGE_THIRD;
    return a->frozen != FREEZE_NOTHING ? IMAGE_SECOND : IMAGE_FIRST;
}

static void pack_account(struct packer *to, const struct account *a)
{
    image_head(to, format_of_account(a), IMAGE_ACCOUNT, a->slot, a->version);
    pack_str8(to, str_from(a->id));
    pack_str8(to, str_from(a->name));
    pack_u8(to, (uint8_t)a->state);
    pack_u64(to, (uint64_t)a->created_ms);
    pack_rules(to, a->rules, a->n_rules);
    if (format_of_account(a) >= IMAGE_SECOND)
        pack_u8(to, (uint8_t)a->frozen);
    if (format_of_account(a) >= IMAGE_THIRD)
        freeze_note_pack(to, &a->freeze_note);
    if (format_of_account(a) == IMAGE_FOURTH)
        pack_defaults(to, &a->limit_defaults);
}

/* What is frozen of it has been in the first one already. */
static enum image_format format_of_environment(const struct environment *e)
{
    return freeze_note_is(&e->freeze_note) ? IMAGE_SECOND : IMAGE_FIRST;
}

struct packer image_start(struct buf *out, size_t max)
{
    uint8_t *room = buf_room(out, max);

    return (struct packer){.p = room, .cap = room == NULL ? 0 : max};
}

enum kw_err image_finish(struct buf *out, const struct packer *to)
{
    if (to->p == NULL)
        return KW_ENOMEM;
    if (to->overflow)
        return KW_EINVAL;
    out->n += to->n;
    return KW_OK;
}

enum kw_err image_of_key(const struct grant *g, struct buf *out)
{
    if (!key_strings_ok(g) || !key_values_ok(g))
        return KW_EINVAL;
    struct packer to = image_start(out, IMAGE_MAX);
    pack_key(&to, g);
    return image_finish(out, &to);
}

enum kw_err image_of_account(const struct account *a, struct buf *out)
{
    if (!account_ok(a))
        return KW_EINVAL;
    struct packer to = image_start(out, IMAGE_MAX);
    pack_account(&to, a);
    return image_finish(out, &to);
}

enum kw_err image_of_environment(const struct environment *e, struct buf *out)
{
    if (!environment_ok(e))
        return KW_EINVAL;
    struct packer to = image_start(out, IMAGE_MAX);
    image_head(&to, format_of_environment(e), IMAGE_ENVIRONMENT, e->slot, e->version);
    pack_u8(&to, (uint8_t)e->frozen);
    if (format_of_environment(e) == IMAGE_SECOND)
        freeze_note_pack(&to, &e->freeze_note);
    return image_finish(out, &to);
}

enum kw_err image_of_policy(uint32_t version, struct str document, struct buf *out)
{
    struct packer to = image_start(out, document.n + 64);

    image_head(&to, IMAGE_FIRST, IMAGE_POLICY, 0, version);
    pack_str32(&to, document);
    return image_finish(out, &to);
}

enum kw_err image_unpack_head(struct unpacker *from, enum image_format newest, enum image_kind kind,
                              struct image_head *out)
{
    uint8_t format = unpack_u8(from), got = unpack_u8(from);

    if (from->bad || got != kind)
        return KW_EDAMAGED;
    if (format < IMAGE_FIRST || format > newest)
        return KW_EFORMAT;
    *out = (struct image_head){
        .format = format, .object = unpack_u32(from), .version = unpack_u32(from)};
    return KW_OK;
}

void image_unpack_text(struct unpacker *from, char *out, size_t size)
{
    struct str s = unpack_str8(from);

    if (s.n >= size || (s.n > 0 && memchr(s.p, '\0', s.n) != NULL)) {
        from->bad = true;
        return;
    }
    if (s.n > 0)
        memcpy(out, s.p, s.n);
}

static void unpack_rules(struct unpacker *from, struct address_rule rules[ADDRESS_RULES_MAX],
                         uint32_t *n)
{
    *n = unpack_u8(from);
    if (*n > ADDRESS_RULES_MAX) {
        from->bad = true;
        return;
    }
    for (uint32_t i = 0; i < *n; i++) {
        unpack_bytes(from, rules[i].net.b, sizeof rules[i].net.b);
        rules[i].prefix = unpack_u8(from);
        rules[i].classes = unpack_u8(from);
    }
}

static void unpack_secrets(struct unpacker *from, struct grant *g)
{
    unpack_bytes(from, g->digest, sizeof g->digest);
    g->generation = unpack_u32(from);
    g->secret_since_ms = (int64_t)unpack_u64(from);
    unpack_bytes(from, g->old_digest, sizeof g->old_digest);
    g->old_ends_ms = (int64_t)unpack_u64(from);
    g->rotation_days = unpack_u32(from);
    g->overdue = unpack_u8(from);
}

static void unpack_limits(struct unpacker *from, struct rate *rate, struct quota *quota)
{
    rate->n = unpack_u32(from);
    rate->window_s = unpack_u32(from);
    rate->burst = unpack_u32(from);
    quota->n = unpack_u32(from);
    quota->window = unpack_u8(from);
}

static void unpack_defaults(struct unpacker *from, struct limit_defaults *d)
{
    for (size_t i = 0; i < N_LIMIT_DEFAULTS; i++) {
        uint8_t given = unpack_u8(from);
        d->of[i].has_rate = (given & 1) != 0;
        d->of[i].has_quota = (given & 2) != 0;
        from->bad = from->bad || given > 3;
        unpack_limits(from, &d->of[i].rate, &d->of[i].quota);
    }
}

static void unpack_key_second(struct unpacker *from, struct grant *g)
{
    g->old_since_ms = (int64_t)unpack_u64(from);
    g->frozen = unpack_u8(from);
}

enum kw_err image_read_key(struct str image, struct grant *out)
{
    struct unpacker from = {.p = (const uint8_t *)image.p, .n = image.n};
    struct image_head head;

    TRY(image_unpack_head(&from, IMAGE_THIRD, IMAGE_KEY, &head));
    struct grant g = {.slot = head.object, .version = head.version};
    image_unpack_text(&from, g.id, sizeof g.id);
    image_unpack_text(&from, g.account, sizeof g.account);
    g.account_slot = unpack_u32(&from);
    image_unpack_text(&from, g.name, sizeof g.name);
    g.environment = unpack_u8(&from);
    g.permissions = unpack_u8(&from);
    g.state = unpack_u8(&from);
    g.created_ms = (int64_t)unpack_u64(&from);
    g.expires_ms = (int64_t)unpack_u64(&from);
    image_unpack_text(&from, g.created_by, sizeof g.created_by);
    unpack_secrets(&from, &g);
    unpack_limits(&from, &g.rate, &g.quota);
    unpack_rules(&from, g.rules, &g.n_rules);
    if (head.format >= IMAGE_SECOND)
        unpack_key_second(&from, &g);
    if (head.format == IMAGE_THIRD)
        freeze_note_unpack(&from, &g.freeze_note);
    if (head.format != format_of_key(&g) || !unpack_done(&from) || !key_strings_ok(&g) ||
        !key_values_ok(&g))
        return KW_EDAMAGED;
    *out = g;
    return KW_OK;
}

enum kw_err image_read_account(struct str image, struct account *out)
{
    struct unpacker from = {.p = (const uint8_t *)image.p, .n = image.n};
    struct image_head head;

    TRY(image_unpack_head(&from, IMAGE_FOURTH, IMAGE_ACCOUNT, &head));
    struct account a = {.slot = head.object, .version = head.version};
    image_unpack_text(&from, a.id, sizeof a.id);
    image_unpack_text(&from, a.name, sizeof a.name);
    a.state = unpack_u8(&from);
    a.created_ms = (int64_t)unpack_u64(&from);
    unpack_rules(&from, a.rules, &a.n_rules);
    if (head.format >= IMAGE_SECOND)
        a.frozen = unpack_u8(&from);
    if (head.format >= IMAGE_THIRD)
        freeze_note_unpack(&from, &a.freeze_note);
    if (head.format == IMAGE_FOURTH)
        unpack_defaults(&from, &a.limit_defaults);
    if (head.format != format_of_account(&a) || !unpack_done(&from) || !account_ok(&a))
        return KW_EDAMAGED;
    *out = a;
    return KW_OK;
}

enum kw_err image_read_environment(struct str image, struct environment *out)
{
    struct unpacker from = {.p = (const uint8_t *)image.p, .n = image.n};
    struct image_head head;

    TRY(image_unpack_head(&from, IMAGE_SECOND, IMAGE_ENVIRONMENT, &head));
    struct environment e = {.slot = head.object, .version = head.version};
    e.frozen = unpack_u8(&from);
    if (head.format == IMAGE_SECOND)
        freeze_note_unpack(&from, &e.freeze_note);
    if (head.format != format_of_environment(&e) || !unpack_done(&from) || !environment_ok(&e))
        return KW_EDAMAGED;
    *out = e;
    return KW_OK;
}

enum kw_err image_read_policy(struct str image, uint32_t *version, struct str *document)
{
    struct unpacker from = {.p = (const uint8_t *)image.p, .n = image.n};
    struct image_head head;

    TRY(image_unpack_head(&from, IMAGE_FIRST, IMAGE_POLICY, &head));
    struct str text = unpack_str32(&from);
    if (!unpack_done(&from) || head.object != 0)
        return KW_EDAMAGED;
    *version = head.version;
    *document = text;
    return KW_OK;
}
