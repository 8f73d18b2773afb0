/* member.c - members: put, found, gone through; an account keeps its last owner. */
#include "core/key.h"

#include "base/utf8.h"
#include "store/inside.h"

enum { NEWEST_COLUMN = 22 }; /* behind MEMBER_COLUMNS */

enum kw_err member_verified(struct store *s, sqlite3_stmt *st, struct member *m)
{
    struct digest seal;

    TRY(member_take(st, m, &seal));
    if (!is_newest(st, NEWEST_COLUMN, m->version))
        return KW_EDAMAGED;
    return seal_check_member(s, m, &seal);
}

/* ---- found ---- */

enum kw_err store_member_in_slot(struct store *s, uint32_t slot, struct member *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct member m;

    TRY(db_ask(&s->db, SQL_MEMBER_BY_SLOT, &st));
    struct giver to = {.st = st};
    give_int(&to, slot);
    TRY(give_done(&to));
    TRY(db_row(st));
    TRY(member_verified(s, st, &m));
    if (m.slot != slot)
        return KW_EDAMAGED;
    *out = m;
    return KW_OK;
}

static enum kw_err by_text(struct store *s, enum sql which, struct str text, struct member *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, which, &st));
    struct giver to = {.st = st};
    give_text(&to, text);
    TRY(give_done(&to));
    TRY(db_row(st));
    return member_verified(s, st, out);
}

enum kw_err store_member(struct store *s, struct str id, const char *account, struct member *out)
{
    struct member m;

    TRY(by_text(s, SQL_MEMBER_BY_ID, id, &m));
    if (!str_eq(str_from(m.id), id)) /* an index that was tampered with */
        return KW_EDAMAGED;
    if (account != NULL && strcmp(m.account, account) != 0)
        return KW_ENOTFOUND;
    *out = m;
    return KW_OK;
}

enum kw_err store_member_by_email(struct store *s, struct str email, struct member *out)
{
    struct member m;

    TRY(by_text(s, SQL_MEMBER_BY_EMAIL, email, &m));
    if (!str_eq(str_from(m.email), email) || m.state == MEMBER_REMOVED)
        return KW_EDAMAGED;
    *out = m;
    return KW_OK;
}

static enum kw_err give_filter(sqlite3_stmt *st, const struct store_member_filter *f)
{
    struct giver to = {.st = st};

    give_int(&to, f->after_slot);
    give_int(&to, f->limit == 0 ? -1 : (int64_t)f->limit);
    if (f->account.n > 0)
        give_text(&to, f->account);
    return give_done(&to);
}

enum kw_err store_members(struct store *s, const struct store_member_filter *f,
                          store_member_fn *each, void *ctx)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct member m;

    TRY(db_ask(&s->db, f->account.n > 0 ? SQL_MEMBERS_OF_ACCOUNT : SQL_MEMBERS, &st));
    TRY(give_filter(st, f));
    enum kw_err err;
    while (db_next(st, &err)) {
        enum kw_err found = member_verified(s, st, &m);
        if (found == KW_EDAMAGED && f->n_damaged != NULL) {
            ++*f->n_damaged;
            continue;
        }
        TRY(found);
        TRY(each(ctx, &m));
    }
    return err;
}

static enum kw_err count_owner(void *ctx, const struct member *m)
{
    uint32_t *n = ctx;

    *n += member_is_active_owner(m);
    return KW_OK;
}

/* Counted by rows whose seals hold: one more that somebody wrote into the database does not make an owner dispensable. */
enum kw_err store_owners(struct store *s, struct str account, uint32_t *n)
{
    const struct store_member_filter f = {.account = account};
    uint32_t owners = 0;

    if (account.n > 0)
        TRY(store_members(s, &f, count_owner, &owners));
    *n = owners;
    return KW_OK;
}

/* ---- put ---- */

static bool texts_ok(const struct member *m)
{
    struct str email = text_in(m->email, sizeof m->email), name = text_in(m->name, sizeof m->name);
    struct str made_by = text_in(m->created_by, sizeof m->created_by);
    struct str password = text_in(m->password, sizeof m->password);

    return key_id_ok(text_in(m->id, sizeof m->id)) &&
           account_id_check(text_in(m->account, sizeof m->account)) == KW_OK &&
           (email.n == 0 || member_email_check(email) == KW_OK) &&
           (name.n == 0 || grant_name_check(name) == KW_OK) && made_by.n <= KW_ACCOUNT_MAX &&
           utf8_printable(made_by) && password.n <= MEMBER_PASSWORD_MAX && utf8_printable(password);
}

/* A link is a digest with an end, or none of all; who is active can be reached. */
static enum kw_err check_form(const struct member *m)
{
    bool has_link = m->link != LINK_NONE;

    if (!texts_ok(m) || has_link == is_no_digest(m->link_digest) ||
        (!has_link && m->link_ends_ms != 0))
        return KW_EINVAL;
    return m->state != MEMBER_ACTIVE || m->email[0] != '\0' ? KW_OK : KW_EINVAL;
}

static enum kw_err number_new(struct store *s, struct member *next)
{
    struct account home;

    TRY(store_account(s, str_from(next->account), &home));
    next->account_slot = home.slot;
    next->version = 1;
    return next_slot(s, SQL_MEMBER_MAX, &next->slot);
}

static enum kw_err check_owners(struct store *s, const struct member *stored,
                                const struct member *next)
{
    uint32_t owners;

    if (!member_is_active_owner(stored) || member_is_active_owner(next))
        return KW_OK;
    TRY(store_owners(s, str_from(stored->account), &owners));
    return owners > 1 ? KW_OK : KW_ECONFLICT;
}

/* Makes `next` the version after the stored one. */
static enum kw_err number(struct store *s, struct member *next)
{
    struct member stored;

    if (next->slot == 0)
        return number_new(s, next);
    enum kw_err err = store_member_in_slot(s, next->slot, &stored);
    if (err == KW_ENOTFOUND || (err == KW_OK && stored.version != next->version))
        return KW_ECONFLICT;
    TRY(err);
    if (strcmp(stored.id, next->id) != 0 || strcmp(stored.account, next->account) != 0)
        return KW_EINVAL;
    TRY(check_owners(s, &stored, next));
    next->account_slot = stored.account_slot;
    return next_version(&next->version);
}

static enum kw_err write_row(struct store *s, const struct member *m, const struct digest *seal)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, m->version == 1 ? SQL_MEMBER_INSERT : SQL_MEMBER_UPDATE, &st));
    TRY(member_give(st, m, seal));
    return db_change_one(st);
}

static enum kw_err put(struct store *s, struct member *next)
{
    struct digest seal;

    TRY(check_form(next));
    TRY(number(s, next));
    buf_clear(&s->image);
    TRY(image_of_member(next, &s->image));
    TRY(seal_image(s, &seal));
    TRY(write_row(s, next, &seal));
    return change_log(s, CHANGE_MEMBER, next->slot, next->version, &seal);
}

enum kw_err store_put_member(struct store *s, struct member *m)
{
    struct member next = *m;

    if (!s->is_changing)
        return KW_EINVAL;
    TRY(change_ended(s, put(s, &next)));
    *m = next;
    return KW_OK;
}
