/* route_table.c - see route_table.h. */
#include "core/route_table.h"

#include <assert.h>

#include "base/crc32c.h"

static_assert(sizeof(struct route_head) == 36 && sizeof(struct route_node) == 28, "no padding");
static_assert(sizeof(struct route_line) == 8 && sizeof(struct route_child) == 12, "no padding");
static_assert(sizeof(struct route_entry) == 24, "no padding");

uint16_t route_known_method(struct str method)
{
    static const struct str known[ROUTE_N_KNOWN] = {
        STR_INIT("GET"),   STR_INIT("HEAD"),   STR_INIT("POST"),    STR_INIT("PUT"),
        STR_INIT("PATCH"), STR_INIT("DELETE"), STR_INIT("OPTIONS"),
    };

    for (size_t i = 0; i < ROUTE_N_KNOWN; i++)
        if (str_eq(method, known[i]))
            return (uint16_t)(i + 1);
    return 0;
}

uint32_t route_hash(struct str segment)
{
    return crc32c(segment.p, segment.n);
}

uint32_t route_child_crc(uint32_t parent, uint32_t index, const struct route_child *child)
{
    const struct route_child_place place = {parent, index, child->hash, child->at};

    return crc32c(&place, sizeof place);
}
