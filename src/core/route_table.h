/* route_table.h - the bytes of a compiled route policy: a tree of path segments, every piece under
 * a CRC-32C of its own.
 *
 *     head | names of further methods | root node | its children | node | its children | ... | directory
 *
 * A node is its struct, its lines (first those of the paths that end here, then those of "**"
 * below it) and its segment, filled up with zeros to a multiple of eight bytes. Its literal
 * children follow: sorted by hash, so that one is found, or shown to be missing, by looking at
 * neighbours; each entry's CRC covers where it stands, so that no piece can be taken for another.
 * The directory is a shortcut for paths without parameter or "**", which are most of what is asked for: such a
 * line is the most specific there can be, so whoever finds a path in it, with its method, need not walk the tree.
 * It never says that there is no line, so a damaged entry is passed over.
 *
 * Whoever comes to a piece checks it first: a damaged one is an answer of "deny", because what it
 * said might have been stricter than what is left without it. */
#ifndef CORE_ROUTE_TABLE_H
#define CORE_ROUTE_TABLE_H

#include "core/route.h"

enum { ROUTE_MAGIC = 0x7472776b, ROUTE_FORMAT = 2 }; /* "kwrt" */

enum { ROUTE_MORE_METHODS_MAX = 64 };

enum route_kind { ROUTE_LITERAL = 0, ROUTE_PARAMETER = 1, ROUTE_ROOT = 2 };

struct route_head {
    uint32_t crc; /* of the rest of this struct; in the other structs as well */
    uint32_t magic;
    uint16_t format, n_more;
    uint32_t size;      /* of the whole table */
    uint32_t root;      /* offset, as all places here are */
    uint32_t more_crc;  /* of the names of further methods, ROUTE_METHOD_MAX bytes each, filled up
                          with zeros */
    uint32_t directory; /* entries of struct route_entry, a power of two of them; linear probing */
    uint32_t n_entries;
    uint32_t zero;
};

struct route_node {
    uint32_t crc; /* of the rest of the node: struct, lines and segment */
    uint32_t at, parent;
    uint32_t parameter; /* the child that stands for any segment; 0: none */
    uint32_t n_children;
    uint16_t n_here, n_below;
    uint16_t segment_n;
    uint8_t kind, zero;
};

struct route_line {
    uint16_t method; /* from 1: the known methods, then the further ones */
    uint8_t c, zero;
    uint32_t number;
};

struct route_child {
    uint32_t hash; /* of the segment */
    uint32_t at;
    uint32_t crc; /* of struct route_child_place */
};

struct route_child_place {
    uint32_t parent, index, hash, at;
};

struct route_entry {
    uint32_t crc;  /* 0, like all else: free */
    uint32_t hash; /* of the path, so that crc covers the path too */
    uint32_t path;
    uint32_t number;
    uint16_t path_n, method;
    uint8_t c, zero[3];
};

/* The entry of a path and method; false: look into the tree. */
bool route_directory_find(struct str table, const struct route_head *head, uint16_t method,
                          struct str path, struct route_match *out);

/* Whether every entry is whole. The bytes of the directory and its paths, for whoever adds them up. */
bool route_directory_check(struct str table, const struct route_head *head, size_t *bytes);

/* Paths lie at multiples of a word, filled up with zeros. */
static inline size_t route_padded(size_t n)
{
    return (n + 3) & ~(size_t)3;
}

/* Where a search begins. */
uint32_t route_entry_hash(struct str path);
static inline uint32_t route_entry_slot(uint32_t hash, uint16_t method, uint32_t n_entries)
{
    return (hash ^ method * 0x9e3779b9u) & (n_entries - 1);
}
uint32_t route_entry_crc(const struct route_entry *e);

/* The number of a method that is known without being listed; 0: it is not. */
uint16_t route_known_method(struct str method);
enum { ROUTE_GET = 1, ROUTE_HEAD = 2, ROUTE_N_KNOWN = 7 };

uint32_t route_hash(struct str segment);
uint32_t route_child_crc(uint32_t parent, uint32_t index, const struct route_child *child);

static inline uint32_t route_node_size(const struct route_node *node)
{
    return (uint32_t)(sizeof *node +
                      (node->n_here + (uint32_t)node->n_below) * sizeof(struct route_line) +
                      ((node->segment_n + 7u) & ~7u));
}

/* Takes "/segment" from the front of *rest. False when nothing is left. */
static inline bool route_segment(struct str *rest, struct str *segment)
{
    size_t n = 1;

    if (rest->n == 0)
        return false;
    while (n < rest->n && rest->p[n] != '/')
        n++;
    *segment = (struct str){rest->p + 1, n - 1};
    *rest = (struct str){rest->p + n, rest->n - n};
    return true;
}

#endif
