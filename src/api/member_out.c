/* member_out.c - see member_out.h. */
#include "api/member_out.h"

#include <stdio.h>

#include "config/link.h"
#include "server/last_use.h"

static const char *state_name(enum member_state state)
{
    switch (state) {
    case MEMBER_REMOVED:
        return "removed";
    case MEMBER_ACTIVE:
        return "active";
    case MEMBER_INVITED:
        return "invited";
    }
    return "removed";
}

json_t *member_out(const struct member *m)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:b, s:s, s:o, s:i, s:o, s:s}", "id",
                     m->id, "email", m->email, "name", m->name, "account", m->account, "role",
                     role_name(m->role), "operator", m->is_operator, "state", state_name(m->state),
                     "totp", m->has_totp, "link", link_name(m->link), "linkEndsAt",
                     json_out_moment(m->link_ends_ms), "version", (int)m->version, "createdAt",
                     json_out_moment(m->created_ms), "createdBy", m->created_by);
}

enum kw_err member_answer(struct call *c, const struct member *m)
{
    struct last_use use;

    TRY(last_use_ask(c->server, USE_MEMBER, m->slot, str_from(m->id), &use));
    snprintf(c->etag, sizeof c->etag, "\"%u\"", m->version);
    return call_answer(c, 200, last_use_out(&use, member_out(m)));
}
