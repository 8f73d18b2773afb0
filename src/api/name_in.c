/* name_in.c - see name_in.h. */
#include "api/name_in.h"

#include <stdio.h>

static enum kw_err check(struct str name, struct problem *p)
{
    enum kw_err err = grant_name_check(name);

    if (err == KW_ERANGE)
        return problem_field(p, "range", "name", "A name has %d bytes at most", GRANT_NAME_MAX);
    if (err != KW_OK)
        return problem_field(p, "syntax", "name",
                             "A name is text without line breaks and other control characters, and "
                             "not empty");
    return KW_OK;
}

enum kw_err name_in(const json_t *body, struct problem *p, char out[GRANT_NAME_MAX + 1])
{
    struct str name;

    TRY(json_in_required(body, "name", p, &name));
    TRY(check(name, p));
    snprintf(out, GRANT_NAME_MAX + 1, "%.*s", (int)name.n, name.p);
    return KW_OK;
}

enum kw_err name_in_given(const json_t *body, struct problem *p, char out[GRANT_NAME_MAX + 1])
{
    return json_object_get(body, "name") == NULL ? KW_OK : name_in(body, p, out);
}
