/* scopes_out.c - see scopes_out.h. */
#include "api/scopes_out.h"

#include <stdio.h>

json_t *scopes_out(unsigned scopes)
{
    json_t *list = json_array();

    for (unsigned bit = 1; bit <= SCOPES_ALL; bit <<= 1)
        if ((scopes & bit) != 0)
            json_out_append(&list, json_string(scope_word((enum scope)bit)));
    return list;
}

enum kw_err scopes_in(const json_t *body, const char *name, struct problem *p, unsigned *out)
{
    char field[PROBLEM_FIELD_MAX];
    const json_t *list;
    unsigned set = 0, one;

    TRY(json_in_list(body, name, 32, p, &list));
    if (list == NULL || json_array_size(list) == 0)
        return problem_field(p, "missing", name, "At least one scope, \"keys:read\" for one");
    for (size_t i = 0; i < json_array_size(list); i++) {
        snprintf(field, sizeof field, "%s[%zu]", name, i);
        if (scope_parse(json_in_item(list, i), &one) != KW_OK)
            return problem_field(p, "syntax", field,
                                 "That is no scope; keys:read and events:read are");
        if ((set & one) != 0)
            return problem_field(p, "duplicate_member", field, "This scope is there already");
        set |= one;
    }
    *out = set;
    return KW_OK;
}
