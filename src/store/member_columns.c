/* member_columns.c - a member as the columns of its row, and back. */
#include "store/inside.h"

static void give_proofs(struct giver *to, const struct member *m)
{
    give_int(to, m->epoch);
    give_text(to, str_from(m->password));
    give_int(to, m->password_since_ms);
    if (m->has_totp)
        give_blob(to, m->totp, sizeof m->totp);
    else
        give_null(to);
    give_int(to, m->totp_since_ms);
    give_blob(to, m->recovery, m->n_recovery * sizeof m->recovery[0]);
    give_word(to, WORDS_LINK, m->link);
    give_digest(to, m->link_digest);
    give_int(to, m->link_ends_ms);
}

enum kw_err member_give(sqlite3_stmt *st, const struct member *m, const struct digest *seal)
{
    struct giver to = {.st = st};

    give_int(&to, m->slot);
    give_int(&to, m->version);
    give_text(&to, str_from(m->id));
    give_text(&to, str_from(m->account));
    give_int(&to, m->account_slot);
    give_text(&to, str_from(m->email));
    give_text(&to, str_from(m->name));
    give_word(&to, WORDS_ROLE, m->role);
    give_word(&to, WORDS_YES, m->is_operator);
    give_word(&to, WORDS_MEMBER_STATE, m->state);
    give_int(&to, m->created_ms);
    give_text(&to, str_from(m->created_by));
    give_proofs(&to, m);
    give_blob(&to, seal->b, DIGEST_LEN);
    return give_done(&to);
}

static void take_totp(struct taker *from, struct member *m)
{
    m->has_totp = !take_null(from);
    if (m->has_totp)
        take_bytes(from, m->totp, sizeof m->totp);
}

static void take_recovery(struct taker *from, struct member *m)
{
    struct str codes = take_blob(from);

    if (codes.n > sizeof m->recovery || codes.n % sizeof m->recovery[0] != 0) {
        from->bad = true;
        return;
    }
    m->n_recovery = (uint32_t)(codes.n / sizeof m->recovery[0]);
    if (codes.n > 0)
        memcpy(m->recovery, codes.p, codes.n);
}

static void take_proofs(struct taker *from, struct member *m)
{
    m->epoch = take_u32(from);
    take_string(from, m->password, sizeof m->password);
    m->password_since_ms = take_int(from);
    take_totp(from, m);
    m->totp_since_ms = take_int(from);
    take_recovery(from, m);
    m->link = take_word(from, WORDS_LINK);
    take_digest(from, m->link_digest);
    m->link_ends_ms = take_int(from);
}

enum kw_err member_take(sqlite3_stmt *st, struct member *m, struct digest *seal)
{
    struct taker from = {.st = st};

    *m = (struct member){0};
    m->slot = take_u32(&from);
    m->version = take_u32(&from);
    take_string(&from, m->id, sizeof m->id);
    take_string(&from, m->account, sizeof m->account);
    m->account_slot = take_u32(&from);
    take_string(&from, m->email, sizeof m->email);
    take_string(&from, m->name, sizeof m->name);
    m->role = take_word(&from, WORDS_ROLE);
    m->is_operator = take_word(&from, WORDS_YES);
    m->state = take_word(&from, WORDS_MEMBER_STATE);
    m->created_ms = take_int(&from);
    take_string(&from, m->created_by, sizeof m->created_by);
    take_proofs(&from, m);
    take_bytes(&from, seal->b, DIGEST_LEN);
    return take_done(&from);
}
