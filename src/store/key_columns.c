/* key_columns.c - a key as the columns of its row, and back. */
#include "store/freeze_note.h"
#include "store/inside.h"
#include "store/row.h"
#include "store/rules.h"

bool is_no_digest(const uint8_t digest[GRANT_DIGEST_LEN])
{
    uint8_t any = 0;

    for (size_t i = 0; i < GRANT_DIGEST_LEN; i++)
        any |= digest[i];
    return any == 0;
}

void give_digest(struct giver *to, const uint8_t digest[GRANT_DIGEST_LEN])
{
    if (is_no_digest(digest))
        give_null(to);
    else
        give_blob(to, digest, GRANT_DIGEST_LEN);
}

void take_digest(struct taker *from, uint8_t digest[GRANT_DIGEST_LEN])
{
    if (!take_null(from))
        take_bytes(from, digest, GRANT_DIGEST_LEN);
}

void give_permissions(struct giver *to, unsigned permissions)
{
    char buf[WORD_PERMISSIONS_MAX];

    give_text_copy(to, word_of_permissions(permissions, buf));
}

static void give_who(struct giver *to, const struct grant *g)
{
    give_int(to, g->slot);
    give_int(to, g->version);
    give_text(to, str_from(g->id));
    give_text(to, str_from(g->account));
    give_int(to, g->account_slot);
    give_text(to, str_from(g->name));
    give_word(to, WORDS_ENVIRONMENT, g->environment);
    give_permissions(to, g->permissions);
    give_word(to, WORDS_KEY_STATE, g->state);
    give_int(to, g->created_ms);
    give_text(to, str_from(g->created_by));
    give_int(to, g->expires_ms);
}

static void give_secrets(struct giver *to, const struct grant *g)
{
    give_blob(to, g->digest, sizeof g->digest);
    give_int(to, g->generation);
    give_int(to, g->secret_since_ms);
    give_digest(to, g->old_digest);
    give_int(to, g->old_ends_ms);
    give_int(to, g->rotation_days);
    give_word(to, WORDS_OVERDUE, g->overdue);
}

static void give_limits(struct giver *to, const struct grant *g)
{
    give_int(to, g->rate.n);
    give_int(to, g->rate.window_s);
    give_int(to, g->rate.burst);
    give_int(to, g->quota.n);
    give_word(to, WORDS_QUOTA_WINDOW, g->quota.window);
}

enum kw_err key_give(sqlite3_stmt *st, const struct grant *g, const struct digest *seal)
{
    struct giver to = {.st = st};

    give_who(&to, g);
    give_secrets(&to, g);
    give_limits(&to, g);
    give_rules(&to, g->rules, g->n_rules);
    give_int(&to, g->old_since_ms);
    give_word(&to, WORDS_FREEZE, g->frozen);
    give_freeze_note(&to, &g->freeze_note);
    give_blob(&to, seal->b, DIGEST_LEN);
    return give_done(&to);
}

unsigned take_permissions(struct taker *from)
{
    unsigned permissions = 0;

    if (word_read_permissions(take_text(from), &permissions) != KW_OK)
        from->bad = true;
    return permissions;
}

static void take_who(struct taker *from, struct grant *g)
{
    g->slot = take_u32(from);
    g->version = take_u32(from);
    take_string(from, g->id, sizeof g->id);
    take_string(from, g->account, sizeof g->account);
    g->account_slot = take_u32(from);
    take_string(from, g->name, sizeof g->name);
    g->environment = take_word(from, WORDS_ENVIRONMENT);
    g->permissions = take_permissions(from);
    g->state = take_word(from, WORDS_KEY_STATE);
    g->created_ms = take_int(from);
    take_string(from, g->created_by, sizeof g->created_by);
    g->expires_ms = take_int(from);
}

static void take_secrets(struct taker *from, struct grant *g)
{
    take_bytes(from, g->digest, sizeof g->digest);
    g->generation = take_u32(from);
    g->secret_since_ms = take_int(from);
    take_digest(from, g->old_digest);
    g->old_ends_ms = take_int(from);
    g->rotation_days = take_u32(from);
    g->overdue = take_word(from, WORDS_OVERDUE);
}

static void take_limits(struct taker *from, struct grant *g)
{
    g->rate.n = take_u32(from);
    g->rate.window_s = take_u32(from);
    g->rate.burst = take_u32(from);
    g->quota.n = take_u32(from);
    g->quota.window = take_word(from, WORDS_QUOTA_WINDOW);
}

enum kw_err key_take(sqlite3_stmt *st, struct grant *g, struct digest *seal)
{
    struct taker from = {.st = st};

    *g = (struct grant){0};
    take_who(&from, g);
    take_secrets(&from, g);
    take_limits(&from, g);
    take_rules(&from, g->rules, &g->n_rules);
    g->old_since_ms = take_int(&from);
    g->frozen = take_word(&from, WORDS_FREEZE);
    take_freeze_note(&from, &g->freeze_note);
    take_bytes(&from, seal->b, DIGEST_LEN);
    return take_done(&from);
}
