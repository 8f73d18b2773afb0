/* policy.c - the route policy: every version is kept, the newest is in force. */
#include "base/utf8.h"
#include "store/inside.h"
#include "store/row.h"

enum { NEWEST_COLUMN = 3, VERSION_MAX = INT32_MAX };

/* No policy: none was ever put, or its row was torn out. */
static enum kw_err check_none(struct store *s)
{
    sqlite3_int64 newest;

    TRY(db_number(&s->db, SQL_POLICY_NEWEST, &newest));
    return newest == 0 ? KW_OK : KW_EDAMAGED;
}

static enum kw_err policy_verified(struct store *s, sqlite3_stmt *st, uint32_t *version,
                                   struct str *document)
{
    struct taker from = {.st = st};
    struct digest seal;

    *version = take_u32(&from);
    *document = take_text(&from);
    take_bytes(&from, seal.b, DIGEST_LEN);
    TRY(take_done(&from));
    if (!is_newest(st, NEWEST_COLUMN, *version))
        return KW_EDAMAGED;
    return seal_check_policy(s, *version, *document, &seal);
}

static enum kw_err append(struct buf *out, struct str text)
{
    size_t before = out->n;

    buf_str(out, text);
    if (!out->failed)
        return KW_OK;
    out->n = before;
    return KW_ENOMEM;
}

enum kw_err store_policy(struct store *s, uint32_t *version, struct buf *document)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    uint32_t v;
    struct str text;

    TRY(db_ask(&s->db, SQL_POLICY, &st));
    enum kw_err err = db_row(st);
    if (err == KW_ENOTFOUND) {
        TRY(check_none(s));
        *version = 0;
        return KW_OK;
    }
    TRY(err);
    TRY(policy_verified(s, st, &v, &text));
    TRY(append(document, text));
    *version = v;
    return KW_OK;
}

static enum kw_err next_policy(struct store *s, uint32_t *version)
{
    sqlite3_int64 newest;

    TRY(db_number(&s->db, SQL_POLICY_NEWEST, &newest));
    if (newest < 0 || newest >= VERSION_MAX)
        return KW_EFULL;
    *version = (uint32_t)newest + 1;
    return KW_OK;
}

static enum kw_err write_row(struct store *s, uint32_t version, struct str document,
                             const struct digest *seal)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_POLICY_INSERT, &st));
    struct giver to = {.st = st};
    give_int(&to, version);
    give_text(&to, document);
    give_blob(&to, seal->b, DIGEST_LEN);
    TRY(give_done(&to));
    enum kw_err err = db_change_one(st);
    return err == KW_EEXISTS ? KW_EDAMAGED : err; /* a version that the log does not know */
}

static enum kw_err put(struct store *s, struct str document, uint32_t *version)
{
    struct digest seal;

    if (document.n > POLICY_DOCUMENT_MAX)
        return KW_ERANGE;
    if (document.n == 0 || !utf8_valid(document))
        return KW_EINVAL;
    TRY(next_policy(s, version));
    buf_clear(&s->image);
    TRY(image_of_policy(*version, document, &s->image));
    TRY(seal_image(s, &seal));
    TRY(write_row(s, *version, document, &seal));
    return change_log(s, CHANGE_POLICY, 0, *version, &seal);
}

enum kw_err store_put_policy(struct store *s, struct str document, uint32_t *version)
{
    uint32_t v = 0;

    if (!s->is_changing)
        return KW_EINVAL;
    TRY(change_ended(s, put(s, document, &v)));
    *version = v;
    return KW_OK;
}
