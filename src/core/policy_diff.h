/* policy_diff.h - what one route policy says otherwise than another, route by route. */
#ifndef CORE_POLICY_DIFF_H
#define CORE_POLICY_DIFF_H

#include "core/policy.h"

struct policy_change { /* borrows from the documents */
    struct str route;  /* as `after` writes it, or `before` where `after` lists it no more */
    enum kw_class before, after; /* KW_CLASS_UNLISTED: not listed there; never the same */
};

struct policy_diff { /* some 400 kB: not for the stack; what it holds is nobody's before policy_diff */
    struct route before[ROUTE_MAX], after[ROUTE_MAX];
    struct policy_change changes[2 * ROUTE_MAX];
    size_t n;
};

/* The routes that two documents do not put into the same class, in the order of their paths and then of their methods. An
 * empty document lists nothing. The order of lines says nothing, nor do the names of parameters: "/a/{x}" and "/a/{y}"
 * are one route. Errors as policy_read. */
enum kw_err policy_diff(struct str before, struct str after, struct policy_diff *d) MUST_USE;

#endif
