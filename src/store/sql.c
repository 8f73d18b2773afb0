/* sql.c - see sql.h. */
#include "store/sql.h"

#include <stddef.h>

static const char *const texts[N_SQL] = {
#define X(symbol, text) [symbol] = text,
    SQL_STATEMENTS(X)
#undef X
};

const char *sql_text(enum sql which)
{
    return which < N_SQL ? texts[which] : NULL;
}
