/* route_directory.c - the shortcut past the tree of a compiled policy: see route_table.h. */
#include "base/crc32c.h"
#include "base/words.h"
#include "core/route_table.h"

uint32_t route_entry_hash(struct str path)
{
    return crc32c(path.p, path.n);
}

uint32_t route_entry_crc(const struct route_entry *e)
{
    return crc32c(&e->hash, sizeof *e - sizeof e->crc);
}

static bool inside(struct str table, uint32_t at, size_t n)
{
    return at <= table.n && n <= table.n - at;
}

static bool directory_inside(struct str table, const struct route_head *head)
{
    uint32_t n = head->n_entries;

    return n != 0 && (n & (n - 1)) == 0 && head->directory % WORD == 0 &&
           inside(table, head->directory, n * sizeof(struct route_entry));
}

static struct route_entry entry_at(struct str table, const struct route_head *head, uint32_t slot)
{
    struct route_entry e;

    words_load(&e, table.p + head->directory + slot * sizeof e, sizeof e);
    return e;
}

static bool is_free(const struct route_entry *e)
{
    return e->crc == 0 && e->path_n == 0;
}

static bool is_whole(struct str table, const struct route_entry *e)
{
    return e->crc == route_entry_crc(e) && e->path % WORD == 0 &&
           inside(table, e->path, route_padded(e->path_n)) && e->c > KW_CLASS_UNLISTED &&
           e->c <= KW_CLASS_DENY;
}

static bool is_about(struct str table, const struct route_entry *e, uint16_t method, struct str path)
{
    return e->method == method && e->path_n == path.n && is_whole(table, e) &&
           words_are(table.p + e->path, path);
}

bool route_directory_find(struct str table, const struct route_head *head, uint16_t method,
                          struct str path, struct route_match *out)
{
    if (!directory_inside(table, head))
        return false;
    uint32_t hash = route_entry_hash(path);
    uint32_t slot = route_entry_slot(hash, method, head->n_entries);
    for (uint32_t probe = 0; probe < head->n_entries; probe++) {
        struct route_entry e = entry_at(table, head, (slot + probe) & (head->n_entries - 1));
        if (is_free(&e))
            return false;
        if (e.hash == hash && is_about(table, &e, method, path)) {
            *out = (struct route_match){.c = e.c, .number = e.number};
            return true;
        }
    }
    return false;
}

/* The path of an entry, filled up with zeros, is the one that was hashed. */
static bool path_holds(struct str table, const struct route_entry *e)
{
    char path[ROUTE_TEXT_MAX + WORD] = {0};
    size_t n = route_padded(e->path_n), zeros = 0;

    if (n > sizeof path)
        return false;
    words_load(path, table.p + e->path, n);
    for (size_t i = e->path_n; i < n; i++)
        zeros += path[i] == '\0';
    return zeros == n - e->path_n && e->hash == route_entry_hash((struct str){path, e->path_n});
}

bool route_directory_check(struct str table, const struct route_head *head, size_t *bytes)
{
    static const struct route_entry zero;

    if (!directory_inside(table, head))
        return false;
    *bytes = head->n_entries * sizeof(struct route_entry);
    for (uint32_t slot = 0; slot < head->n_entries; slot++) {
        struct route_entry e = entry_at(table, head, slot);
        if (memcmp(&e, &zero, sizeof e) == 0)
            continue;
        if (!is_whole(table, &e) || !path_holds(table, &e))
            return false;
        *bytes += route_padded(e.path_n);
    }
    return true;
}
