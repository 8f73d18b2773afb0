/* compare.c - the end of the change log, held against head. */
#include "store/head.h"
#include "store/inside.h"

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

enum kw_err compare_with_head(struct store *s, char why[WHY_MAX])
{
    struct link head;
    uint64_t newest;

    TRY(read_head(s, &head, why));
    TRY(log_end(s, &newest));
    TRY(find_head(s, &head, newest, why));
    return adopt(s, &head, why);
}
