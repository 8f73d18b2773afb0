/* route_judge.c - the reader of compiled policies: see route.h for what is asked, route_table.h for
 * the bytes. */
#include "base/crc32c.h"
#include "base/words.h"
#include "core/route_table.h"

/* A table may be written over while it is judged by; what comes of it is then thrown away (see keyring/read.h). So its bytes
 * are read as words, from places that are multiples of one, and lengths are believed only in a copy. */

struct walk {
    struct str table;
    uint16_t method, or_method; /* HEAD, or else GET; of any other method both are that */
};

struct node { /* one that is whole */
    struct route_node is;
    const char *lines;
    struct str segment;
    uint32_t children;
};

enum outcome { NOTHING = 0, FOUND, BROKEN };

static const struct route_match deny = {.c = KW_CLASS_DENY}, unlisted = {.c = KW_CLASS_UNLISTED};

static bool inside(struct str table, uint32_t at, size_t n)
{
    return at <= table.n && n <= table.n - at;
}

static bool head_read(struct str table, struct route_head *head)
{
    if (!words_at(table.p) || !inside(table, 0, sizeof *head))
        return false;
    words_load(head, table.p, sizeof *head);
    return head->crc == crc32c(&head->magic, sizeof *head - sizeof head->crc) &&
           head->magic == ROUTE_MAGIC && head->format == ROUTE_FORMAT && head->size == table.n &&
           head->n_more <= ROUTE_MORE_METHODS_MAX;
}

/* A child stands behind its parent, so that no walk can go round in a circle. */
static bool node_read(struct str table, uint32_t at, uint32_t parent, enum route_kind kind,
                      struct node *out)
{
    struct route_node *is = &out->is;

    if (at <= parent || at % WORD != 0 || !inside(table, at, sizeof *is))
        return false;
    const char *from = table.p + at;
    words_load(is, from, sizeof *is);
    uint32_t size = route_node_size(is);
    if (!inside(table, at, size) ||
        is->crc != words_crc32c(from + sizeof is->crc, size - sizeof is->crc))
        return false;
    size_t n_lines = is->n_here + (size_t)is->n_below;
    out->lines = from + sizeof *is;
    out->segment = (struct str){out->lines + n_lines * sizeof(struct route_line), is->segment_n};
    out->children = at + size;
    return is->at == at && is->parent == parent && is->kind == kind &&
           inside(table, out->children, is->n_children * sizeof(struct route_child));
}

static struct route_child child_at(const struct walk *w, const struct node *node, uint32_t i)
{
    struct route_child child;

    words_load(&child, w->table.p + node->children + i * sizeof child, sizeof child);
    return child;
}

static bool child_whole(const struct walk *w, const struct node *node, uint32_t i,
                        struct route_child *out)
{
    *out = child_at(w, node, i);
    return out->crc == route_child_crc(node->is.at, i, out);
}

/* The first child whose hash is not below the given one. A damaged entry may mislead it: see
 * shown_missing. */
static uint32_t lower_bound(const struct walk *w, const struct node *node, uint32_t hash)
{
    uint32_t low = 0, n = node->is.n_children;

    while (n > 0) {
        uint32_t half = n / 2;
        bool below = child_at(w, node, low + half).hash < hash;
        low = below ? low + half + 1 : low;
        n = below ? n - half - 1 : half;
    }
    return low;
}

/* Whether the children `low` to `end` - 1 are all of that hash: their neighbours, each whole and in
 * its place, are below and above it. */
static bool shown_all(const struct walk *w, const struct node *node, uint32_t low, uint32_t end,
                      uint32_t hash)
{
    struct route_child child;

    if (low > 0 && !(child_whole(w, node, low - 1, &child) && child.hash < hash))
        return false;
    for (uint32_t i = low; i < end; i++)
        if (!child_whole(w, node, i, &child) || child.hash != hash)
            return false;
    return end == node->is.n_children || (child_whole(w, node, end, &child) && child.hash > hash);
}

static enum outcome literal_child(const struct walk *w, const struct node *node, struct str segment,
                                  struct node *out)
{
    if (node->is.n_children == 0)
        return NOTHING;
    uint32_t hash = route_hash(segment);
    uint32_t low = lower_bound(w, node, hash), i = low;
    for (; i < node->is.n_children; i++) {
        struct route_child child = child_at(w, node, i);
        if (child.hash != hash)
            break;
        if (!node_read(w->table, child.at, node->is.at, ROUTE_LITERAL, out))
            return BROKEN;
        if (out->segment.n == segment.n && words_are(out->segment.p, segment))
            return FOUND;
    }
    return shown_all(w, node, low, i, hash) ? NOTHING : BROKEN;
}

static enum outcome parameter_child(const struct walk *w, const struct node *node,
                                    struct str segment, struct node *out)
{
    if (node->is.parameter == 0 || segment.n == 0)
        return NOTHING;
    return node_read(w->table, node->is.parameter, node->is.at, ROUTE_PARAMETER, out) ? FOUND
                                                                                      : BROKEN;
}

static bool pick_method(const struct node *node, size_t from, size_t n, uint16_t method,
                        struct route_match *out)
{
    struct route_line line;

    for (size_t i = from; i < from + n; i++) {
        words_load(&line, node->lines + i * sizeof line, sizeof line);
        if (line.method == method) {
            *out = (struct route_match){.c = line.c, .number = line.number};
            return true;
        }
    }
    return false;
}

static enum outcome pick(const struct walk *w, const struct node *node, size_t from, size_t n,
                         struct route_match *out)
{
    if (pick_method(node, from, n, w->method, out) || pick_method(node, from, n, w->or_method, out))
        return out->c > KW_CLASS_UNLISTED && out->c <= KW_CLASS_DENY ? FOUND : BROKEN;
    return NOTHING;
}

/* What the tree from a node on says about the rest of a path. Deeper by one with each segment, and
 * the compiler ends that at ROUTE_SEGMENTS_MAX. */
static enum outcome find(const struct walk *w, const struct node *node, struct str rest,
                         unsigned depth, struct route_match *out)
{
    struct str segment;
    struct node child;

    if (!route_segment(&rest, &segment))
        return pick(w, node, 0, node->is.n_here, out);
    if (depth > ROUTE_SEGMENTS_MAX)
        return BROKEN;
    enum outcome o = literal_child(w, node, segment, &child);
    if (o == FOUND)
        o = find(w, &child, rest, depth + 1, out);
    if (o != NOTHING)
        return o;
    o = parameter_child(w, node, segment, &child);
    if (o == FOUND)
        o = find(w, &child, rest, depth + 1, out);
    if (o != NOTHING)
        return o;
    return pick(w, node, node->is.n_here, node->is.n_below, out);
}

/* The number of a method that only this policy knows. */
static enum outcome further_method(struct str table, const struct route_head *head,
                                   struct str method, uint16_t *out)
{
    char name[ROUTE_METHOD_MAX] = {0};
    size_t n = head->n_more * (size_t)ROUTE_METHOD_MAX;

    if (method.n == 0 || method.n > sizeof name || memchr(method.p, '\0', method.n) != NULL)
        return NOTHING;
    if (!inside(table, sizeof *head, n) || head->more_crc != words_crc32c(table.p + sizeof *head, n))
        return BROKEN;
    memcpy(name, method.p, method.n);
    for (uint16_t i = 0; i < head->n_more; i++)
        if (words_are(table.p + sizeof *head + i * sizeof name, (struct str){name, sizeof name})) {
            *out = (uint16_t)(ROUTE_N_KNOWN + 1 + i);
            return FOUND;
        }
    return NOTHING;
}

struct route_match route_judge(struct str table, struct str method, struct str path)
{
    struct walk w = {.table = table, .method = route_known_method(method)};
    struct route_match match = deny;
    struct route_head head;
    struct node root;

    if (path.n == 0 || path.p[0] != '/')
        return deny;
    if (table.n == 0)
        return w.method != 0 ? unlisted : deny;
    if (!head_read(table, &head) || !node_read(table, head.root, 0, ROUTE_ROOT, &root))
        return deny;
    if (w.method == 0 && further_method(table, &head, method, &w.method) != FOUND)
        return deny;
    w.or_method = w.method == ROUTE_HEAD ? ROUTE_GET : w.method;
    if (route_directory_find(table, &head, w.method, path, &match))
        return match;
    switch (find(&w, &root, path, 0, &match)) {
    case FOUND:
        return match;
    case NOTHING:
        return unlisted;
    case BROKEN:
        return deny;
    }
    return deny;
}

static bool whole(const struct walk *w, const struct node *node, unsigned depth, size_t *sum);

static bool child_is_whole(const struct walk *w, const struct node *parent, uint32_t at,
                           enum route_kind kind, unsigned depth, size_t *sum)
{
    struct node node;

    return depth <= ROUTE_SEGMENTS_MAX && node_read(w->table, at, parent->is.at, kind, &node) &&
           whole(w, &node, depth, sum);
}

/* Adds the bytes of a node and of all below it to *sum; false when something is not whole. */
static bool whole(const struct walk *w, const struct node *node, unsigned depth, size_t *sum)
{
    struct route_child child, before = {0};

    *sum += node->children - node->is.at + node->is.n_children * sizeof child;
    if (*sum > w->table.n)
        return false;
    if (node->is.parameter != 0 &&
        !child_is_whole(w, node, node->is.parameter, ROUTE_PARAMETER, depth + 1, sum))
        return false;
    for (uint32_t i = 0; i < node->is.n_children; i++) {
        if (!child_whole(w, node, i, &child) || child.hash < before.hash ||
            !child_is_whole(w, node, child.at, ROUTE_LITERAL, depth + 1, sum))
            return false;
        before = child;
    }
    return true;
}

enum kw_err route_table_check(struct str table)
{
    const struct walk w = {.table = table};
    struct route_head head;
    struct node root;

    if (table.n == 0)
        return KW_OK;
    if (!head_read(table, &head) || !node_read(table, head.root, 0, ROUTE_ROOT, &root))
        return KW_EDAMAGED;
    size_t n = head.n_more * (size_t)ROUTE_METHOD_MAX, sum;
    if (!inside(table, sizeof head, n) || head.more_crc != words_crc32c(table.p + sizeof head, n))
        return KW_EDAMAGED;
    if (!route_directory_check(table, &head, &sum))
        return KW_EDAMAGED;
    sum += sizeof head + n;
    return whole(&w, &root, 0, &sum) && sum == table.n ? KW_OK : KW_EDAMAGED;
}
