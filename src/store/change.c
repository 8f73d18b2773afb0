/* change.c - a change: opened, logged, committed, and only then written to head. */
#include "base/utf8.h"
#include "store/head.h"
#include "store/inside.h"
#include "store/row.h"

/* Whether the log still ends where we left it. Nobody else writes this database. */
static enum kw_err check_end(struct store *s)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct digest mac;

    TRY(db_ask(&s->db, SQL_CHANGE_NEWEST, &st));
    enum kw_err err = db_row(st);
    if (err == KW_ENOTFOUND)
        return s->saved.n == 0 ? KW_OK : KW_EDAMAGED;
    TRY(err);
    struct taker from = {.st = st};
    uint64_t n = (uint64_t)take_int(&from);
    take_bytes(&from, mac.b, DIGEST_LEN);
    TRY(take_done(&from));
    return n == s->saved.n && digest_eq(&mac, &s->saved.mac) ? KW_OK : KW_EDAMAGED;
}

static enum kw_err check_actor(struct str actor)
{
    if (actor.n > ACTOR_MAX)
        return KW_ERANGE;
    return actor.n > 0 && utf8_printable(actor) ? KW_OK : KW_EINVAL;
}

enum kw_err store_begin(struct store *s, struct str actor, int64_t now_ms)
{
    if (s->is_changing)
        return KW_EINVAL;
    if (s->must_reopen)
        return KW_EIO;
    TRY(check_actor(actor));
    TRY(db_begin(&s->db, SQL_BEGIN));
    s->is_changing = true;
    s->next = s->saved;
    s->now_ms = now_ms;
    memcpy(s->actor, actor.p, actor.n);
    s->actor[actor.n] = '\0';
    return change_ended(s, check_end(s));
}

enum kw_err store_act_as(struct store *s, struct str actor)
{
    if (!s->is_changing)
        return KW_EINVAL;
    TRY(change_ended(s, check_actor(actor)));
    memcpy(s->actor, actor.p, actor.n);
    s->actor[actor.n] = '\0';
    return KW_OK;
}

enum kw_err change_begin_unlogged(struct store *s)
{
    if (s->is_changing)
        return KW_EINVAL;
    if (s->must_reopen)
        return KW_EIO;
    TRY(db_begin(&s->db, SQL_BEGIN));
    s->is_changing = true;
    return KW_OK;
}

void store_rollback(struct store *s)
{
    if (!s->is_changing)
        return;
    s->is_changing = false;
    /* SQLite has rolled back by itself after some errors. */
    if (!sqlite3_get_autocommit(s->db.conn) && db_run(&s->db, SQL_ROLLBACK) != KW_OK)
        s->must_reopen = true;
}

enum kw_err change_ended(struct store *s, enum kw_err err)
{
    if (err != KW_OK)
        store_rollback(s);
    return err;
}

enum kw_err change_log(struct store *s, enum change_kind kind, uint32_t object, uint32_t version,
                       const struct digest *seal)
{
    struct entry e = {.seal = *seal};
    struct link next;

    e.change = (struct change){.n = s->next.n + 1,
                               .kind = kind,
                               .object = object,
                               .version = version,
                               .image = buf_view(&s->image),
                               .actor = str_from(s->actor),
                               .time_ms = s->now_ms};
    TRY(chain_extend(s->seals.log, &s->next, &e, &next));
    e.mac = next.mac;
    TRY(chain_insert(&s->db, &e));
    s->next = next;
    return KW_OK;
}

/* A commit that failed while writing may or may not be on the disk: fsync says so once, and never
 * the same again. */
enum kw_err change_commit(struct store *s)
{
    enum kw_err err = db_run(&s->db, SQL_COMMIT);

    if (err == KW_EIO)
        s->must_reopen = true;
    TRY(change_ended(s, err));
    s->is_changing = false;
    return KW_OK;
}

enum kw_err store_commit(struct store *s)
{
    if (!s->is_changing)
        return KW_EINVAL;
    TRY(change_commit(s));
    s->saved = s->next;
    return store_save_head(s) == KW_OK ? KW_OK : KW_EUNSAVED;
}

enum kw_err store_save_head(struct store *s)
{
    return head_write(s->head_path, &s->saved);
}

uint64_t store_change_seq(const struct store *s)
{
    return s->saved.n;
}
