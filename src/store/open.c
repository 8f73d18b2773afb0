/* open.c - a store opened: a database of ours, of this schema, and no older than head. */
#include <stdlib.h>

#include "store/head.h"
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

static enum kw_err log_end(struct store *s, uint64_t *n)
{
    sqlite3_int64 newest;

    enum kw_err err = db_number(&s->db, SQL_CHANGE_NEWEST, &newest);
    if (err == KW_ENOTFOUND)
        newest = 0;
    else
        TRY(err);
    *n = (uint64_t)newest;
    return newest < 0 ? KW_EDAMAGED : KW_OK;
}

static enum kw_err read_head(struct store *s, struct link *head, char why[WHY_MAX])
{
    enum kw_err err = head_read(s->head_path, head);

    if (err == KW_ENOTFOUND)
        return because(
            why, KW_EDAMAGED,
            "%s is missing: without it nobody can tell whether this database is the newest; put "
            "it back, or accept the database as it is with `keyward recover`",
            s->head_path);
    if (err == KW_EDAMAGED)
        return because(why, err,
                       "%s is damaged: put it back, or accept the database as it is with "
                       "`keyward recover`",
                       s->head_path);
    if (err != KW_OK)
        return because(why, err, "%s cannot be read: %s", s->head_path, kw_strerror(err));
    return KW_OK;
}

/* Finds the entry that head names. */
static enum kw_err find_head(struct store *s, const struct link *head, uint64_t newest,
                             char why[WHY_MAX])
{
    struct link at;

    if (newest < head->n)
        return because(
            why, KW_EOLD,
            "the database ends with change %llu, %llu were acknowledged: an old copy was put "
            "back. Put the newest back, or accept the loss with `keyward recover`",
            (unsigned long long)newest, (unsigned long long)head->n);
    enum kw_err err = log_entry_at(s, head->n, &at);
    if (err == KW_OK && !digest_eq(&at.mac, &head->mac))
        err = KW_EDAMAGED;
    if (err == KW_EDAMAGED || err == KW_ENOTFOUND)
        return because(
            why, KW_EDAMAGED,
            "change %llu is not the one that head names: the database was tampered with, or "
            "master.key is not the one it was written with",
            (unsigned long long)head->n);
    return err;
}

/* Entries behind head, if their chain holds, are changes whose last step was cut off: they are
 * adopted. */
static enum kw_err adopt(struct store *s, const struct link *head, char why[WHY_MAX])
{
    enum kw_err err = log_walk(s, head, INT64_MAX, 0, NULL, NULL, &s->saved);

    if (err == KW_EDAMAGED)
        return because(
            why, err,
            "a change behind change %llu was not written by Keyward: the database was tampered "
            "with; " WHY_PUT_BACK,
            (unsigned long long)head->n);
    TRY(err);
    if (s->saved.n == head->n)
        return KW_OK;
    err = store_save_head(s);
    if (err != KW_OK)
        return because(why, err, "%s cannot be written: %s", s->head_path, kw_strerror(err));
    return KW_OK;
}

static enum kw_err compare_with_head(struct store *s, char why[WHY_MAX])
{
    struct link head;
    uint64_t newest;

    TRY(read_head(s, &head, why));
    TRY(log_end(s, &newest));
    TRY(find_head(s, &head, newest, why));
    return adopt(s, &head, why);
}

static enum kw_err open_all(const struct store_paths *paths, struct store *s, char why[WHY_MAX])
{
    TRY(identify(paths->database, why));
    TRY(seals_open(paths->master_key, &s->seals, why));
    s->head_path = strdup(paths->head);
    if (s->head_path == NULL)
        return KW_ENOMEM;
    TRY(db_open(paths->database, &s->db, why));
    TRY(db_use_wal(&s->db));
    TRY(migrate(&s->db, why));
    TRY(schema_check(&s->db, why));
    return compare_with_head(s, why);
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

enum kw_err store_open(const struct store_paths *paths, struct store **out, char why[256])
{
    AUTO(store_closep) struct store *s = calloc(1, sizeof *s);

    why[0] = '\0';
    if (s == NULL)
        return because(why, KW_ENOMEM, "out of memory");
    s->image = BUF_MAX(IMAGE_ROOM);
    TRY(explain(s, paths->database, open_all(paths, s, why), why));
    *out = STEAL(s);
    return KW_OK;
}
