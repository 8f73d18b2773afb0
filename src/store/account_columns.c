/* account_columns.c - an account as the columns of its row, and back. */
#include "store/freeze_note.h"
#include "store/inside.h"
#include "store/row.h"
#include "store/rules.h"

static void give_defaults(struct giver *to, const struct limit_defaults *d)
{
    char text[LIMIT_DEFAULTS_TEXT_MAX];

    give_text_copy(to, (struct str){text, limit_defaults_print(d, text)});
}

enum kw_err account_give(sqlite3_stmt *st, const struct account *a, const struct digest *seal)
{
    struct giver to = {.st = st};

    give_int(&to, a->slot);
    give_int(&to, a->version);
    give_text(&to, str_from(a->id));
    give_text(&to, str_from(a->name));
    give_word(&to, WORDS_ACCOUNT_STATE, a->state);
    give_int(&to, a->created_ms);
    give_rules(&to, a->rules, a->n_rules);
    give_word(&to, WORDS_FREEZE, a->frozen);
    give_freeze_note(&to, &a->freeze_note);
    give_defaults(&to, &a->limit_defaults);
    give_blob(&to, seal->b, DIGEST_LEN);
    return give_done(&to);
}

enum kw_err account_take(sqlite3_stmt *st, struct account *a, struct digest *seal)
{
    struct taker from = {.st = st};

    *a = (struct account){0};
    a->slot = take_u32(&from);
    a->version = take_u32(&from);
    take_string(&from, a->id, sizeof a->id);
    take_string(&from, a->name, sizeof a->name);
    a->state = take_word(&from, WORDS_ACCOUNT_STATE);
    a->created_ms = take_int(&from);
    take_rules(&from, a->rules, &a->n_rules);
    a->frozen = take_word(&from, WORDS_FREEZE);
    take_freeze_note(&from, &a->freeze_note);
    if (limit_defaults_read(take_text(&from), &a->limit_defaults) != KW_OK)
        from.bad = true;
    take_bytes(&from, seal->b, DIGEST_LEN);
    return take_done(&from);
}
