/* schema.c - see schema_check in migrate.h: the schema is compared, text by text, with one made in
 * memory. */
#include "base/str.h"
#include "store/migrate.h"

enum { SCHEMA_COLUMNS = 4 };

static struct str text_of(sqlite3_stmt *st, int column)
{
    const void *p = sqlite3_column_text(st, column);

    return (struct str){p, (size_t)sqlite3_column_bytes(st, column)};
}

static bool same_row(sqlite3_stmt *a, sqlite3_stmt *b)
{
    for (int i = 0; i < SCHEMA_COLUMNS; i++)
        if (!str_eq(text_of(a, i), text_of(b, i)))
            return false;
    return true;
}

static enum kw_err same_rows(sqlite3_stmt *a, sqlite3_stmt *b)
{
    for (;;) {
        enum kw_err err_a = db_row(a), err_b = db_row(b);
        if (err_a == KW_ENOTFOUND && err_b == KW_ENOTFOUND)
            return KW_OK;
        if (err_a == KW_ENOTFOUND || err_b == KW_ENOTFOUND)
            return KW_EDAMAGED;
        TRY(err_a);
        TRY(err_b);
        if (!same_row(a, b))
            return KW_EDAMAGED;
    }
}

static enum kw_err compare(struct db *db, struct db *model)
{
    AUTO(db_donep) sqlite3_stmt *a = NULL;
    AUTO(db_donep) sqlite3_stmt *b = NULL;

    TRY(db_ask(db, SQL_SCHEMA, &a));
    TRY(db_ask(model, SQL_SCHEMA, &b));
    return same_rows(a, b);
}

enum kw_err schema_check(struct db *db, char why[WHY_MAX])
{
    AUTO(db_closep) struct db model = {0};

    TRY(db_open(":memory:", &model, why));
    TRY(migrate(&model, why));
    enum kw_err err = compare(db, &model);
    if (err == KW_EDAMAGED)
        return because(why, err,
                       "the schema of the database is not as Keyward made it: " WHY_PUT_BACK);
    if (err != KW_OK)
        return because(why, err, "the schema of the database cannot be read: %s",
                       sqlite3_errmsg(db->conn));
    return KW_OK;
}
