/* call.c - see call.h. */
#include "server/call.h"

enum kw_err call_saved(struct call *call, enum kw_err err)
{
    if (err == KW_EUNSAVED)
        return problem_say(
            &call->problem, 507, "unsaved",
            "In force, not yet saved: look at the disks of the state folder and of the "
            "keys, then send the same again");
    return err;
}

enum kw_err call_no_parameters(struct call *call)
{
    static const char *const none[] = {NULL};

    return query_only(&call->query, none, &call->problem);
}
