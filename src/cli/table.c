/* table.c - see table.h. */
#include "cli/table.h"

#include <stdlib.h>
#include <wchar.h>

enum kw_err table_add(struct table *t, const char *const *cells)
{
    size_t n = t->n_rows * t->n_columns;
    char **more = realloc(t->cells, (n + t->n_columns) * sizeof *more);

    if (more == NULL)
        return KW_ENOMEM;
    t->cells = more;
    for (size_t i = 0; i < t->n_columns; i++)
        more[n + i] = strdup(cells[i]);
    t->n_rows++;
    for (size_t i = 0; i < t->n_columns; i++)
        if (more[n + i] == NULL)
            return KW_ENOMEM;
    return KW_OK;
}

void table_deinit(struct table *t)
{
    for (size_t i = 0; i < t->n_rows * t->n_columns; i++)
        free(t->cells[i]);
    free(t->cells);
    *t = (struct table){.n_columns = t->n_columns};
}

/* Takes one character off the front; *width is how many columns of the terminal it fills. */
static struct str next_character(struct str *rest, size_t *width)
{
    mbstate_t state = {0};
    struct str c = {0};
    wchar_t wide;

    size_t n = mbrtowc(&wide, rest->p, rest->n, &state);
    bool is_one = n > 0 && n <= rest->n;
    int w = is_one ? wcwidth(wide) : 1;
    *width = w < 0 ? 1 : (size_t)w;
    str_take(rest, is_one ? n : 1, &c);
    return c;
}

static size_t width_of(const char *text)
{
    size_t sum = 0, one;

    for (struct str rest = str_from(text); rest.n > 0; sum += one)
        next_character(&rest, &one);
    return sum;
}

static size_t column_width(const struct table *t, size_t column)
{
    size_t widest = 0;

    for (size_t row = 0; row < t->n_rows; row++) {
        size_t w = width_of(t->cells[row * t->n_columns + column]);
        widest = w > widest ? w : widest;
    }
    bool is_whole = t->has_whole_end && column + 1 == t->n_columns - t->n_hidden;
    return widest > TABLE_CELL_MAX && !is_whole ? TABLE_CELL_MAX : widest;
}

/* Appends as much of a text as fits; returns how wide that is. */
static size_t print_cell(const char *text, size_t max, struct buf *out)
{
    size_t used = 0, one;
    size_t room = width_of(text) > max ? max - 1 : max;

    for (struct str rest = str_from(text); rest.n > 0; used += one) {
        struct str c = next_character(&rest, &one);
        if (used + one > room) {
            buf_str(out, STR("…"));
            return used + 1;
        }
        buf_str(out, c);
    }
    return used;
}

size_t table_width(const struct table *t)
{
    size_t n = t->n_columns - t->n_hidden, sum = 2 * (n - 1);

    for (size_t i = 0; i < n; i++)
        sum += column_width(t, i);
    return sum;
}

void table_print(const struct table *t, struct buf *out)
{
    size_t widths[TABLE_COLUMNS_MAX], n = t->n_columns - t->n_hidden;

    for (size_t i = 0; i < n; i++)
        widths[i] = column_width(t, i);
    for (size_t row = 0; row < t->n_rows; row++) {
        for (size_t i = 0; i < n; i++) {
            bool is_last = i + 1 == n;
            size_t used = print_cell(t->cells[row * t->n_columns + i], widths[i], out);
            if (!is_last)
                buf_printf(out, "%*s", (int)(widths[i] - used) + 2, "");
        }
        buf_add(out, "\n", 1);
    }
}
