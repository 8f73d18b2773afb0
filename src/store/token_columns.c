/* token_columns.c - a management token as the columns of its row, and back. */
#include "store/inside.h"

static void give_reference(struct giver *to, const char *id) /* NULL: to nothing */
{
    if (id[0] == '\0')
        give_null(to);
    else
        give_text(to, str_from(id));
}

static void give_scopes(struct giver *to, unsigned scopes)
{
    char text[SCOPES_TEXT_MAX];

    give_text_copy(to, scopes_print(scopes, text));
}

enum kw_err token_give(sqlite3_stmt *st, const struct token *t, const struct digest *seal)
{
    struct giver to = {.st = st};

    give_int(&to, t->slot);
    give_int(&to, t->version);
    give_text(&to, str_from(t->id));
    give_reference(&to, t->account);
    give_reference(&to, t->member);
    give_int(&to, t->member_slot);
    give_text(&to, str_from(t->name));
    give_scopes(&to, t->scopes);
    give_word(&to, WORDS_TOKEN_STATE, t->state);
    give_int(&to, t->created_ms);
    give_int(&to, t->expires_ms);
    give_text(&to, str_from(t->created_by));
    give_blob(&to, t->digest, sizeof t->digest);
    give_blob(&to, seal->b, DIGEST_LEN);
    return give_done(&to);
}

static void take_reference(struct taker *from, char *out, size_t size)
{
    if (!take_null(from))
        take_string(from, out, size);
}

static unsigned take_scopes(struct taker *from)
{
    unsigned scopes = 0;

    if (scopes_parse(take_text(from), &scopes) != KW_OK)
        from->bad = true;
    return scopes;
}

enum kw_err token_take(sqlite3_stmt *st, struct token *t, struct digest *seal)
{
    struct taker from = {.st = st};

    *t = (struct token){0};
    t->slot = take_u32(&from);
    t->version = take_u32(&from);
    take_string(&from, t->id, sizeof t->id);
    take_reference(&from, t->account, sizeof t->account);
    take_reference(&from, t->member, sizeof t->member);
    t->member_slot = take_u32(&from);
    take_string(&from, t->name, sizeof t->name);
    t->scopes = take_scopes(&from);
    t->state = take_word(&from, WORDS_TOKEN_STATE);
    t->created_ms = take_int(&from);
    t->expires_ms = take_int(&from);
    take_string(&from, t->created_by, sizeof t->created_by);
    take_bytes(&from, t->digest, sizeof t->digest);
    take_bytes(&from, seal->b, DIGEST_LEN);
    return take_done(&from);
}
