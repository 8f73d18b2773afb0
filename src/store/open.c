/* open.c - a store opened: a database of ours, of this schema, with its master key. */
#include <stdlib.h>

#include "store/identify.h"
#include "store/inside.h"
#include "store/migrate.h"

enum { IMAGE_ROOM = POLICY_DOCUMENT_MAX + 4096 };

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    store_rollback(s);
    db_close(&s->db);
    seals_close(&s->seals);
    buf_deinit(&s->image);
    free(s->head_path);
    free(s);
}

void store_closep(struct store **s)
{
    store_close(*s);
}

static enum kw_err open_files(const struct store_paths *paths, struct store *s, char why[WHY_MAX])
{
    TRY(identify(paths->database, why));
    TRY(seals_open(paths->master_key, &s->seals, why));
    s->head_path = strdup(paths->head);
    if (s->head_path == NULL)
        return KW_ENOMEM;
    TRY(db_open(paths->database, &s->db, why));
    TRY(db_use_wal(&s->db));
    TRY(migrate(&s->db, why));
    return schema_check(&s->db, why);
}

/* For errors that nobody has explained yet. */
static enum kw_err explain(const struct store *s, const char *path, enum kw_err err,
                           char why[WHY_MAX])
{
    if (err == KW_OK || why[0] != '\0')
        return err;
    if (err == KW_EDAMAGED)
        return because(why, err, "%s is damaged (%s): " WHY_PUT_BACK, path,
                       sqlite3_errmsg(s->db.conn));
    return because(why, err, "%s cannot be used: %s", path, kw_strerror(err));
}

enum kw_err open_checked(const struct store_paths *paths, check_fn *check, struct store **out,
                         char why[WHY_MAX])
{
    AUTO(store_closep) struct store *s = calloc(1, sizeof *s);

    why[0] = '\0';
    if (s == NULL)
        return because(why, KW_ENOMEM, "out of memory");
    s->image = BUF_MAX(IMAGE_ROOM);
    enum kw_err err = open_files(paths, s, why);
    if (err == KW_OK)
        err = check(s, why);
    TRY(explain(s, paths->database, err, why));
    *out = STEAL(s);
    return KW_OK;
}

enum kw_err store_open(const struct store_paths *paths, struct store **out, char why[256])
{
    return open_checked(paths, compare_with_head, out, why);
}
