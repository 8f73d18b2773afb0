/* use.c - when keys, members and tokens were last used, and which steps of TOTP; beside their rows. */
#include "base/utf8.h"
#include "core/key.h"
#include "store/inside.h"

static bool is_source(const char text[USE_SOURCE_MAX + 1])
{
    struct str source = text_in(text, USE_SOURCE_MAX + 1);

    return source.n <= USE_SOURCE_MAX && utf8_printable(source);
}

static enum kw_err check_form(const struct last_use *u)
{
    return u->kind >= USE_KEY && u->kind <= USE_TOKEN && u->slot != 0 && u->at_ms > 0 &&
                   is_source(u->source)
               ? KW_OK
               : KW_EINVAL;
}

static enum kw_err save(struct store *s, const struct last_use *u)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(check_form(u));
    TRY(db_ask(&s->db, SQL_USE_SAVE, &st));
    struct giver to = {.st = st};
    give_word(&to, WORDS_USE_KIND, u->kind);
    give_int(&to, u->slot);
    give_int(&to, u->at_ms);
    give_text(&to, str_from(u->source));
    TRY(give_done(&to));
    return db_change_one(st);
}

static enum kw_err save_all(struct store *s, const struct last_use *uses, size_t n)
{
    for (size_t i = 0; i < n; i++)
        TRY(save(s, &uses[i]));
    return KW_OK;
}

enum kw_err store_save_uses(struct store *s, const struct last_use *uses, size_t n)
{
    if (n == 0)
        return KW_OK;
    TRY(change_begin_unlogged(s));
    TRY(change_ended(s, save_all(s, uses, n)));
    return change_commit(s);
}

static enum kw_err save_of_key(struct store *s, const struct key_use *u)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct str id = {u->id, sizeof u->id};

    if (!key_id_ok(id) || u->at_ms <= 0 || !is_source(u->source))
        return KW_EINVAL;
    TRY(db_ask(&s->db, SQL_KEY_USE_SAVE, &st));
    struct giver to = {.st = st};
    give_text(&to, id);
    give_int(&to, u->at_ms);
    give_text(&to, str_from(u->source));
    TRY(give_done(&to));
    enum kw_err err = db_row(st);
    return err == KW_ENOTFOUND ? KW_OK : err; /* it answers with no rows */
}

static enum kw_err save_of_keys(struct store *s, const struct key_use *uses, size_t n)
{
    for (size_t i = 0; i < n; i++)
        TRY(save_of_key(s, &uses[i]));
    return KW_OK;
}

enum kw_err store_save_key_uses(struct store *s, const struct key_use *uses, size_t n)
{
    if (n == 0)
        return KW_OK;
    TRY(change_begin_unlogged(s));
    TRY(change_ended(s, save_of_keys(s, uses, n)));
    return change_commit(s);
}

enum kw_err store_use(struct store *s, enum use_kind kind, uint32_t slot, struct last_use *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct last_use u = {.kind = kind, .slot = slot};

    TRY(db_ask(&s->db, SQL_USE, &st));
    struct giver to = {.st = st};
    give_word(&to, WORDS_USE_KIND, kind);
    give_int(&to, slot);
    TRY(give_done(&to));
    TRY(db_row(st));
    struct taker from = {.st = st};
    u.at_ms = take_int(&from);
    take_string(&from, u.source, sizeof u.source);
    TRY(take_done(&from));
    *out = u;
    return KW_OK;
}

static enum kw_err last_step(struct store *s, uint32_t slot, int64_t *step)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_STEP, &st));
    struct giver to = {.st = st};
    give_int(&to, slot);
    TRY(give_done(&to));
    enum kw_err err = db_row(st);
    if (err == KW_ENOTFOUND) {
        *step = 0;
        return KW_OK;
    }
    TRY(err);
    struct taker from = {.st = st};
    *step = take_int(&from);
    return take_done(&from);
}

static enum kw_err take_step(struct store *s, uint32_t slot, int64_t step)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    int64_t last;

    TRY(last_step(s, slot, &last));
    if (step <= last)
        return KW_ECONFLICT;
    TRY(db_ask(&s->db, SQL_STEP_SAVE, &st));
    struct giver to = {.st = st};
    give_int(&to, slot);
    give_int(&to, step);
    TRY(give_done(&to));
    return db_change_one(st);
}

enum kw_err store_take_totp_step(struct store *s, uint32_t slot, uint64_t step)
{
    if (slot == 0 || step == 0 || step > INT64_MAX)
        return KW_EINVAL;
    TRY(change_begin_unlogged(s));
    TRY(change_ended(s, take_step(s, slot, (int64_t)step)));
    return change_commit(s);
}
