/* reply.c - what a call that made something was answered, kept for a day. */
#include "base/utf8.h"
#include "store/inside.h"

enum {
    DROPPED_AT_ONCE = 16
}; /* more than are put: what is old gets less, and no call waits long */

static enum kw_err check_form(const struct reply *r)
{
    bool key_ok = r->key.n > 0 && r->key.n <= REPLY_KEY_MAX && utf8_printable(r->key);

    return key_ok && r->status >= 100 && r->status <= 599 && r->answer.n <= REPLY_ANSWER_MAX &&
                   utf8_valid(r->answer)
               ? KW_OK
               : KW_EINVAL;
}

static enum kw_err drop_old(struct store *s, int64_t until_ms)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_REPLIES_DROP, &st));
    struct giver to = {.st = st};
    give_int(&to, until_ms);
    give_int(&to, DROPPED_AT_ONCE);
    TRY(give_done(&to));
    return db_run_out(st);
}

/* The actor's own of this key may be old, and not among those. */
static enum kw_err drop_this(struct store *s, struct str key, int64_t until_ms)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_REPLY_DROP, &st));
    struct giver to = {.st = st};
    give_text(&to, str_from(s->actor));
    give_text(&to, key);
    give_int(&to, until_ms);
    TRY(give_done(&to));
    return db_run_out(st);
}

static enum kw_err insert(struct store *s, const struct reply *r)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_REPLY_INSERT, &st));
    struct giver to = {.st = st};
    give_text(&to, str_from(s->actor));
    give_text(&to, r->key);
    give_blob(&to, r->digest, sizeof r->digest);
    give_int(&to, r->status);
    give_text(&to, r->answer);
    give_int(&to, s->now_ms);
    TRY(give_done(&to));
    return db_change_one(st);
}

static enum kw_err put(struct store *s, const struct reply *r)
{
    TRY(check_form(r));
    TRY(drop_old(s, s->now_ms - REPLY_LIFE_MS));
    TRY(drop_this(s, r->key, s->now_ms - REPLY_LIFE_MS));
    return insert(s, r);
}

enum kw_err store_put_reply(struct store *s, const struct reply *r)
{
    if (!s->is_changing)
        return KW_EINVAL;
    return change_ended(s, put(s, r));
}

static enum kw_err take(sqlite3_stmt *st, struct buf *answer, struct reply *r)
{
    struct taker from = {.st = st};
    size_t before = answer->n;

    take_bytes(&from, r->digest, sizeof r->digest);
    r->status = take_u32(&from);
    struct str text = take_text(&from);
    TRY(take_done(&from));
    buf_str(answer, text);
    if (answer->failed) {
        answer->n = before;
        return KW_ENOMEM;
    }
    r->answer = (struct str){answer->p + before, text.n};
    return KW_OK;
}

enum kw_err store_reply_find(struct store *s, struct str actor, struct str key, int64_t now_ms,
                             struct buf *answer, struct reply *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct reply r = {.key = key};

    TRY(db_ask(&s->db, SQL_REPLY, &st));
    struct giver to = {.st = st};
    give_text(&to, actor);
    give_text(&to, key);
    give_int(&to, now_ms - REPLY_LIFE_MS);
    TRY(give_done(&to));
    TRY(db_row(st));
    TRY(take(st, answer, &r));
    *out = r;
    return KW_OK;
}
