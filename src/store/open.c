/* open.c - a store opened: a database of ours, of this schema, with its master key. */
#include <assert.h>
#include <stdlib.h>

#include "store/identify.h"
#include "store/inside.h"
#include "store/migrate.h"

enum { IMAGE_ROOM = POLICY_DOCUMENT_MAX + 4096 };

/* After a failed fsync the log is left as it is: what reads it next writes all of it anew. */
static void close_database(struct store *s)
{
    store_rollback(s);
    if (s->must_reopen)
        db_leave_wal(&s->db);
    db_close(&s->db);
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    close_database(s);
    seals_close(&s->seals);
    buf_deinit(&s->image);
    free(s->database);
    free(s->master_key);
    free(s->head_path);
    free(s);
}

void store_closep(struct store **s)
{
    store_close(*s);
}

/* Before anything in the log is believed to be on the disk. Whoever wrote it may have been killed
 * before its fsync, or have seen that fail: then the pages count as clean, and would never get there. */
static enum kw_err empty_wal(struct store *s, char why[WHY_MAX])
{
    enum kw_err err = db_empty_wal(&s->db);

    if (err == KW_EBUSY)
        return because(why, err, "%s is in use by another program: it has to close it first",
                       s->database);
    return err;
}

static enum kw_err open_files(const struct store_paths *paths, struct store *s, char why[WHY_MAX])
{
    TRY(identify(paths->database, why));
    TRY(seals_open(paths->master_key, &s->seals, why));
    s->database = strdup(paths->database);
    s->master_key = strdup(paths->master_key);
    s->head_path = strdup(paths->head);
    if (s->database == NULL || s->master_key == NULL || s->head_path == NULL)
        return KW_ENOMEM;
    TRY(db_open(paths->database, &s->db, why));
    TRY(db_use_wal(&s->db));
    TRY(migrate(&s->db, why));
    TRY(schema_check(&s->db, why));
    return empty_wal(s, why);
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

uint64_t store_seals_failed(const struct store *s)
{
    return s->seals_failed;
}

bool store_must_reopen(const struct store *s)
{
    return s->must_reopen;
}

enum kw_err store_reopen(struct store *s, char why[256])
{
    AUTO(store_closep) struct store *fresh = NULL;
    const struct store_paths paths = {s->database, s->master_key, s->head_path};

    s->must_reopen = true; /* until it has been */
    close_database(s);
    TRY(store_open(&paths, &fresh, why));
    assert(fresh != NULL);
    fresh->seals_failed += s->seals_failed;
    const struct store closed = *s;
    *s = *fresh;
    *fresh = closed;
    return KW_OK;
}
