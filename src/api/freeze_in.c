/* freeze_in.c - see freeze_in.h. */
#include "api/freeze_in.h"

#include <stdio.h>

static enum kw_err read_why(struct call *c, struct str *out)
{
    TRY(json_in_text(c->body, "reason", &c->problem, out));
    enum kw_err err = out->p == NULL ? KW_OK : freeze_why_check(*out);
    if (err == KW_ERANGE)
        return problem_field(&c->problem, "range", "reason", "A reason has %d bytes at most",
                             FREEZE_WHY_MAX);
    if (err != KW_OK)
        return problem_field(&c->problem, "syntax", "reason",
                             "A reason is text without line breaks and other control characters");
    return KW_OK;
}

enum kw_err freeze_in(struct call *c, struct freeze_asked *out)
{
    static const char *const members[] = {"frozen", "reason", NULL};
    struct freeze_asked asked = {.frozen = FREEZE_ALL};
    struct str frozen;

    TRY(json_in_only(c->body, members, &c->problem));
    TRY(json_in_required(c->body, "frozen", &c->problem, &frozen));
    if (freeze_parse(frozen, &asked.frozen) != KW_OK)
        return problem_field(&c->problem, "syntax", "frozen",
                             "It is \"nothing\", \"transact\" or \"all\"");
    TRY(read_why(c, &asked.why));
    *out = asked;
    return KW_OK;
}

static bool is_operator(const struct call *c)
{
    return call_account(c).p == NULL;
}

/* Of what an operator froze an account may freeze more, and nothing less; his words stay otherwise. */
static enum kw_err may_apply(struct call *c, const struct freeze_asked *asked, enum freeze frozen,
                             const struct freeze_note *note)
{
    bool is_more = asked->frozen != frozen && !freeze_is_less(asked->frozen, frozen);

    if (frozen == FREEZE_NOTHING || !note->by_operator || is_operator(c) || is_more)
        return KW_OK;
    return problem_say(&c->problem, 403, "rank",
                       "Who runs this installation froze it: only they can thaw it");
}

/* A freeze that could not be saved yet is not in the store: then it is sync who knows, and refuses to thaw. */
static bool may_be_in_force(const struct call *c)
{
    struct sync_stats stats;

    sync_stats(c->server->sync, &stats);
    return stats.n_unsaved > 0;
}

enum kw_err freeze_apply(struct call *c, const struct freeze_asked *asked, enum freeze *frozen,
                         struct freeze_note *note, bool *is_new)
{
    struct freeze_note said = {.since_ms = c->now_ms, .by_operator = is_operator(c)};
    bool says_why = asked->why.n > 0 && !str_eq(asked->why, str_from(note->why));

    *is_new = asked->frozen != *frozen || (says_why && *frozen != FREEZE_NOTHING) ||
              (asked->frozen == FREEZE_NOTHING && may_be_in_force(c));
    if (!*is_new)
        return KW_OK;
    TRY(may_apply(c, asked, *frozen, note));
    said.by_operator |= *frozen != FREEZE_NOTHING && note->by_operator;
    snprintf(said.by, sizeof said.by, "%s", c->caller.actor);
    snprintf(said.why, sizeof said.why, "%.*s", (int)asked->why.n,
             asked->why.p == NULL ? "" : asked->why.p);
    *frozen = asked->frozen;
    *note = said;
    return KW_OK;
}
