/* row.c - see row.h. */
#include "store/row.h"

static void bound(struct giver *to, int rc)
{
    if (rc != SQLITE_OK)
        to->failed = true;
}

void give_int(struct giver *to, int64_t v)
{
    bound(to, sqlite3_bind_int64(to->st, ++to->at, v));
}

void give_text(struct giver *to, struct str s)
{
    bound(to, sqlite3_bind_text64(to->st, ++to->at, s.p == NULL ? "" : s.p, s.n, SQLITE_STATIC,
                                  SQLITE_UTF8));
}

void give_text_copy(struct giver *to, struct str s)
{
    bound(to, sqlite3_bind_text64(to->st, ++to->at, s.p == NULL ? "" : s.p, s.n, SQLITE_TRANSIENT,
                                  SQLITE_UTF8));
}

void give_blob(struct giver *to, const void *bytes, size_t n)
{
    bound(to, sqlite3_bind_blob64(to->st, ++to->at, bytes, n, SQLITE_STATIC));
}

void give_blob_copy(struct giver *to, const void *bytes, size_t n)
{
    bound(to, sqlite3_bind_blob64(to->st, ++to->at, bytes, n, SQLITE_TRANSIENT));
}

void give_null(struct giver *to)
{
    bound(to, sqlite3_bind_null(to->st, ++to->at));
}

void give_word(struct giver *to, enum word_list list, unsigned value)
{
    give_text(to, word_of(list, value));
}

static bool is_next(struct taker *from, int type)
{
    if (sqlite3_column_type(from->st, from->at) == type)
        return true;
    from->bad = true;
    return false;
}

int64_t take_int(struct taker *from)
{
    int64_t v = is_next(from, SQLITE_INTEGER) ? sqlite3_column_int64(from->st, from->at) : 0;

    from->at++;
    return v;
}

uint32_t take_u32(struct taker *from)
{
    int64_t v = take_int(from);

    if (v >= 0 && v <= UINT32_MAX)
        return (uint32_t)v;
    from->bad = true;
    return 0;
}

static struct str column(struct taker *from)
{
    const void *p = sqlite3_column_blob(from->st, from->at);
    int n = sqlite3_column_bytes(from->st, from->at);

    return (struct str){p, p == NULL ? 0 : (size_t)n};
}

struct str take_text(struct taker *from)
{
    struct str s = is_next(from, SQLITE_TEXT) ? column(from) : (struct str){0};

    from->at++;
    return s;
}

struct str take_blob(struct taker *from)
{
    struct str s = is_next(from, SQLITE_BLOB) ? column(from) : (struct str){0};

    from->at++;
    return s;
}

void take_string(struct taker *from, char *out, size_t size)
{
    struct str s = take_text(from);

    out[0] = '\0';
    if (s.n >= size || (s.n > 0 && memchr(s.p, '\0', s.n) != NULL)) {
        from->bad = true;
        return;
    }
    if (s.n > 0)
        memcpy(out, s.p, s.n);
    out[s.n] = '\0';
}

void take_bytes(struct taker *from, void *out, size_t n)
{
    struct str s = take_blob(from);

    if (s.p == NULL || s.n != n) {
        from->bad = true;
        memset(out, 0, n);
        return;
    }
    memcpy(out, s.p, n);
}

bool take_null(struct taker *from)
{
    if (sqlite3_column_type(from->st, from->at) != SQLITE_NULL)
        return false;
    from->at++;
    return true;
}

unsigned take_word(struct taker *from, enum word_list list)
{
    unsigned value = 0;

    if (word_read(list, take_text(from), &value) != KW_OK)
        from->bad = true;
    return value;
}
