/* version.c - which number comes next, and which is the newest. */
#include "store/inside.h"

bool is_newest(sqlite3_stmt *st, int column, uint32_t version)
{
    return sqlite3_column_type(st, column) == SQLITE_INTEGER &&
           sqlite3_column_int64(st, column) == (sqlite3_int64)version;
}

/* Rows are never deleted, so a slot is never given twice; were the last one torn out, its entries
 * in the log would stand in the way of the next. */
enum kw_err next_slot(struct store *s, enum sql max, uint32_t *out)
{
    sqlite3_int64 highest;

    TRY(db_number(&s->db, max, &highest));
    if (highest < 0)
        return KW_EDAMAGED;
    if (highest >= UINT32_MAX)
        return KW_EFULL;
    *out = (uint32_t)highest + 1;
    return KW_OK;
}

enum kw_err next_version(uint32_t *version)
{
    if (*version == UINT32_MAX)
        return KW_EFULL;
    ++*version;
    return KW_OK;
}

struct str text_in(const char *array, size_t size)
{
    return (struct str){array, strnlen(array, size)};
}
