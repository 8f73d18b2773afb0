/* freezes_out.c - see freezes_out.h. */
#include "api/freezes_out.h"

static json_t *text_or_null(const char *text)
{
    return text[0] == '\0' ? json_null() : json_string(text);
}

/* Whose it is comes first; takes nothing. */
static json_t *told(const char *what, const char *id, enum freeze frozen, const struct freeze_note *n)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:b}", "what", what, "id", id, "frozen",
                     freeze_name(frozen), "reason", text_or_null(n->why), "since",
                     json_out_moment(n->since_ms), "by", text_or_null(n->by), "byOperator",
                     n->by_operator);
}

json_t *freeze_of_key(const struct grant *g)
{
    json_t *out = told("key", g->id, g->frozen, &g->freeze_note);

    out = json_out_with(out, "name", json_string(g->name));
    out = json_out_with(out, "account", json_string(g->account));
    return json_out_with(out, "environment", json_string(kw_environment_name(g->environment)));
}

json_t *freeze_of_account(const struct account *a)
{
    json_t *out = told("account", a->id, a->frozen, &a->freeze_note);

    out = json_out_with(out, "name", json_string(a->name));
    out = json_out_with(out, "account", json_string(a->id));
    return json_out_with(out, "environment", json_null());
}

json_t *freeze_of_environment(const struct environment *e)
{
    const char *id = kw_environment_name(e->slot);
    json_t *out = told("environment", id, e->frozen, &e->freeze_note);

    out = json_out_with(out, "name", json_null());
    out = json_out_with(out, "account", json_null());
    return json_out_with(out, "environment", json_string(id));
}
