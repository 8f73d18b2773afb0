/* route_compile.c - the writer of compiled policies: see route.h for what is asked, route_table.h
 * for the bytes.
 *
 * The lines are sorted in the order of the tree, in which all lines through a node are neighbours:
 * a node is written from the range of its lines, and its children from the ranges in it. */
#include <stdio.h>
#include <stdlib.h>

#include "base/crc32c.h"
#include "core/route_text.h"

struct compiler {
    struct route_text *lines;
    struct route_methods methods;
    struct buf *out;
    size_t base; /* where the table begins in out */
    bool full;
    size_t bad;
    char *why;
};

static enum kw_err refuse(struct compiler *c, size_t bad, enum kw_err err, const char *why)
{
    c->bad = bad;
    snprintf(c->why, ROUTE_WHY_MAX, "%s", why);
    return err;
}

/* ---- the order of the tree ---- */

static int sign(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_text(struct str a, struct str b)
{
    int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

    return order != 0 ? order : sign(a.n, b.n);
}

static int compare_segment(struct str a, struct str b)
{
    if (route_is_parameter(a) || route_is_parameter(b))
        return sign(!route_is_parameter(a), !route_is_parameter(b));
    int order = sign(route_hash(a), route_hash(b));
    return order != 0 ? order : compare_text(a, b);
}

/* At a node: lines that end here, lines of all below, then parameters, then literals by hash. */
static int compare_lines(const void *left, const void *right)
{
    const struct route_text *a = left, *b = right;
    struct str rest_a = a->path, rest_b = b->path, segment_a, segment_b;

    for (;;) {
        bool more_a = route_segment(&rest_a, &segment_a), more_b = route_segment(&rest_b, &segment_b);
        if (!more_a || !more_b) {
            int order = sign(more_a, more_b);
            order = order != 0 ? order : sign(a->below, b->below);
            return order != 0 ? order : sign(a->method, b->method);
        }
        int order = compare_segment(segment_a, segment_b);
        if (order != 0)
            return order;
    }
}

static enum kw_err duplicates_check(struct compiler *c, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (compare_lines(&c->lines[i - 1], &c->lines[i]) == 0) {
            uint32_t a = c->lines[i - 1].number, b = c->lines[i].number;
            snprintf(c->why, ROUTE_WHY_MAX, "the same method and path as route %u", a < b ? a : b);
            c->bad = (a < b ? b : a) - 1;
            return KW_EEXISTS;
        }
    return KW_OK;
}

/* ---- writing ---- */

static uint32_t reserve(struct compiler *c, size_t n)
{
    struct buf *out = c->out;
    uint32_t at = (uint32_t)(out->n - c->base);

    if (n > out->max - out->n)
        c->full = true;
    void *room = c->full ? NULL : buf_room(out, n);
    if (room == NULL)
        return 0;
    memset(room, 0, n);
    out->n += n;
    return at;
}

static char *place(const struct compiler *c, uint32_t at)
{
    return c->out->p + c->base + at;
}

static bool failed(const struct compiler *c)
{
    return c->full || c->out->failed;
}

static struct str segment_of(const struct route_text *line, unsigned depth)
{
    struct str rest = line->path, segment = {0};

    for (unsigned i = 0; i <= depth; i++)
        route_segment(&rest, &segment);
    return segment;
}

/* The end of the lines, from low on, that have the same segment at that depth. */
static size_t group_end(const struct compiler *c, size_t low, size_t high, unsigned depth)
{
    struct str first = segment_of(&c->lines[low], depth);
    size_t end = low + 1;

    while (end < high && compare_segment(first, segment_of(&c->lines[end], depth)) == 0)
        end++;
    return end;
}

static uint32_t count_groups(const struct compiler *c, size_t low, size_t high, unsigned depth)
{
    uint32_t n = 0;

    for (; low < high; low = group_end(c, low, high, depth))
        n++;
    return n;
}

static void put_lines(const struct compiler *c, char *to, size_t low, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct route_text *from = &c->lines[low + i];
        struct route_line line = {.method = from->method, .c = from->c, .number = from->number};
        memcpy(to + i * sizeof line, &line, sizeof line);
    }
}

static uint32_t put_node(struct compiler *c, size_t low, size_t high, unsigned depth,
                         uint32_t parent, enum route_kind kind);

static void put_child(struct compiler *c, const struct route_node *node, uint32_t i, size_t low,
                      size_t high, unsigned depth)
{
    struct route_child child = {.hash = route_hash(segment_of(&c->lines[low], depth))};

    child.at = put_node(c, low, high, depth + 1, node->at, ROUTE_LITERAL);
    child.crc = route_child_crc(node->at, i, &child);
    if (!failed(c))
        memcpy(place(c, node->at + route_node_size(node) + i * (uint32_t)sizeof child), &child,
               sizeof child);
}

static void put_children(struct compiler *c, struct route_node *node, size_t low, size_t high,
                         unsigned depth)
{
    if (low < high && route_is_parameter(segment_of(&c->lines[low], depth))) {
        size_t end = group_end(c, low, high, depth);
        node->parameter = put_node(c, low, end, depth + 1, node->at, ROUTE_PARAMETER);
        low = end;
    }
    for (uint32_t i = 0; i < node->n_children; i++) {
        size_t end = group_end(c, low, high, depth);
        put_child(c, node, i, low, end, depth);
        low = end;
    }
}

/* Writes the node of the lines low to high - 1, which are alike in their first `depth` segments,
 * and all below it; returns its place. */
static uint32_t put_node(struct compiler *c, size_t low, size_t high, unsigned depth,
                         uint32_t parent, enum route_kind kind)
{
    struct route_node node = {.parent = parent, .kind = (uint8_t)kind};
    struct str segment =
        kind == ROUTE_LITERAL ? segment_of(&c->lines[low], depth - 1) : (struct str){0};
    size_t first = low;

    for (; low < high && c->lines[low].n_segments == depth; low++)
        *(c->lines[low].below ? &node.n_below : &node.n_here) += 1;
    bool has_parameter = low < high && route_is_parameter(segment_of(&c->lines[low], depth));
    node.segment_n = (uint16_t)segment.n;
    node.n_children = count_groups(c, low, high, depth) - has_parameter;
    node.at = reserve(c, route_node_size(&node) + node.n_children * sizeof(struct route_child));
    if (failed(c))
        return 0;
    put_lines(c, place(c, node.at) + sizeof node, first, low - first);
    put_children(c, &node, low, high, depth);
    if (failed(c))
        return 0;
    char *to = place(c, node.at);
    memcpy(to, &node, sizeof node);
    if (segment.n > 0)
        memcpy(to + sizeof node + (low - first) * sizeof(struct route_line), segment.p, segment.n);
    node.crc = crc32c(to + sizeof node.crc, route_node_size(&node) - sizeof node.crc);
    memcpy(to, &node.crc, sizeof node.crc);
    return node.at;
}

/* ---- the directory ---- */

static bool in_directory(const struct route_text *line)
{
    return line->is_literal && !line->below;
}

/* At most half of them are in use. */
static uint32_t count_entries(const struct compiler *c, size_t n)
{
    uint32_t used = 0, entries = 1;

    for (size_t i = 0; i < n; i++)
        used += in_directory(&c->lines[i]);
    while (entries < 2 * used)
        entries *= 2;
    return entries;
}

static void put_entry(struct compiler *c, const struct route_head *head, const struct route_text *line)
{
    struct route_entry e = {.hash = route_entry_hash(line->path),
                            .path = reserve(c, route_padded(line->path.n)),
                            .number = line->number,
                            .path_n = (uint16_t)line->path.n,
                            .method = line->method,
                            .c = line->c},
                       there;
    uint32_t slot = route_entry_slot(e.hash, e.method, head->n_entries);

    if (failed(c))
        return;
    memcpy(place(c, e.path), line->path.p, line->path.n);
    e.crc = route_entry_crc(&e);
    for (;; slot = (slot + 1) & (head->n_entries - 1)) {
        char *to = place(c, head->directory + slot * (uint32_t)sizeof e);
        memcpy(&there, to, sizeof there);
        if (there.path_n == 0) {
            memcpy(to, &e, sizeof e);
            return;
        }
    }
}

static void put_directory(struct compiler *c, struct route_head *head, size_t n)
{
    head->n_entries = count_entries(c, n);
    head->directory = reserve(c, head->n_entries * sizeof(struct route_entry));
    for (size_t i = 0; i < n; i++)
        if (in_directory(&c->lines[i]))
            put_entry(c, head, &c->lines[i]);
}

static enum kw_err table_put(struct compiler *c, size_t n)
{
    struct route_head head = {.magic = ROUTE_MAGIC, .format = ROUTE_FORMAT, .n_more = c->methods.n};
    size_t n_names = c->methods.n * sizeof c->methods.names[0];

    reserve(c, sizeof head + n_names);
    head.root = put_node(c, 0, n, 0, 0, ROUTE_ROOT);
    put_directory(c, &head, n);
    if (c->full)
        return refuse(c, n - 1, KW_ERANGE, "the policy as a whole is too large");
    if (c->out->failed)
        return KW_ENOMEM;
    memcpy(place(c, sizeof head), c->methods.names, n_names);
    head.more_crc = crc32c(c->methods.names, n_names);
    head.size = (uint32_t)(c->out->n - c->base);
    head.crc = crc32c(&head.magic, sizeof head - sizeof head.crc);
    memcpy(place(c, 0), &head, sizeof head);
    return KW_OK;
}

static enum kw_err compile(struct compiler *c, const struct route *routes, size_t n)
{
    if (n > ROUTE_MAX)
        return refuse(c, ROUTE_MAX, KW_ERANGE, "more than 4096 routes");
    for (size_t i = 0; i < n; i++) {
        c->bad = i;
        TRY(route_text_read(&routes[i], (uint32_t)i + 1, &c->methods, &c->lines[i], c->why));
    }
    qsort(c->lines, n, sizeof *c->lines, compare_lines);
    TRY(duplicates_check(c, n));
    return table_put(c, n);
}

static void lines_freep(struct route_text **lines)
{
    free(*lines);
}

enum kw_err route_compile(const struct route *routes, size_t n, struct buf *out, size_t *bad,
                          char why[160])
{
    AUTO(lines_freep) struct route_text *lines = calloc(n + 1, sizeof *lines);
    struct compiler c = {.lines = lines, .out = out, .base = out->n, .why = why};

    if (lines == NULL)
        return KW_ENOMEM;
    enum kw_err err = compile(&c, routes, n);
    if (err != KW_OK) {
        out->n = c.base;
        *bad = c.bad;
    }
    return err;
}
