/* rank.c - see rank.h. */
#include "api/rank.h"

static bool is_above(const struct caller *by, enum role role, bool is_operator)
{
    return !by->is_operator && (role > by->role || is_operator);
}

enum kw_err rank_covers(struct call *c, enum role role, bool is_operator)
{
    const struct caller *by = &c->caller;
    unsigned more = role_scopes(role, is_operator) & ~by->scopes;

    if (is_above(by, role, is_operator))
        return problem_say(
            &c->problem, 403, "rank",
            "Only %s may do this: nobody gives what he has not, or touches who is above him",
            is_operator ? "an operator" : "an owner");
    if (by->kind == CALLER_TOKEN && more != 0)
        return problem_say(
            &c->problem, 403, "rank",
            "This token gives nobody, and takes from nobody, a scope that it has not: %s "
            "is missing",
            scope_word((enum scope)(more & -more)));
    return KW_OK;
}
