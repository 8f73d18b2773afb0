/* table.h - columns for a terminal. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "base/buf.h"

enum { TABLE_COLUMNS_MAX = 8, TABLE_CELL_MAX = 40 };

struct table {
    size_t n_columns, n_rows;
    size_t n_hidden;    /* columns at the end that are not printed */
    bool has_whole_end; /* what stands in the last column is not cut */
    char **cells;       /* owned; the first row holds the headings */
};

/* Adds a row of n_columns texts; the first row gives the headings. KW_ENOMEM. */
enum kw_err table_add(struct table *t, const char *const *cells) MUST_USE;

/* How many columns of the terminal the widest row fills. */
size_t table_width(const struct table *t);

/* Appends the rows, each column as wide as its widest cell, but at most TABLE_CELL_MAX: what is
 * longer is cut and ends with "…", but for the end of a table that has it whole. */
void table_print(const struct table *t, struct buf *out);
void table_deinit(struct table *t);

#endif
