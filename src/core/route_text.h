/* route_text.h - one line of a route policy, read: "POST /wallet/payout/transfer"; for route_compile.c alone. */
#ifndef CORE_ROUTE_TEXT_H
#define CORE_ROUTE_TEXT_H

#include "core/route_table.h"

enum { ROUTE_WHY_MAX = 160 };

struct route_methods { /* those that a policy lists beyond the known ones */
    char names[ROUTE_MORE_METHODS_MAX][ROUTE_METHOD_MAX];
    uint16_t n;
};

struct route_text {  /* borrows */
    struct str path; /* without a last "**" */
    unsigned n_segments;
    bool below;      /* there was one */
    bool is_literal; /* no "{name}" in it either */
    uint16_t method;
    uint8_t c;
    uint32_t number; /* of the line, from 1 */
};

static inline bool route_is_parameter(struct str segment)
{
    return segment.n > 0 && segment.p[0] == '{';
}

/* KW_ESYNTAX, KW_ERANGE: why is a sentence for the author of the policy. A method that is new is added. */
enum kw_err route_text_read(const struct route *route, uint32_t number, struct route_methods *methods,
                            struct route_text *out, char why[ROUTE_WHY_MAX]) MUST_USE;

#endif
