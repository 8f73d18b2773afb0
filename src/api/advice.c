/* advice.c - the calls that tell what a key could do without, and take it away. */
#include "api/advice_out.h"
#include "api/api.h"
#include "api/key_change.h"
#include "api/key_one.h"
#include "api/slowly.h"
#include "jobs/counting.h"

/* What is counted, after a moment of waiting for what is not. */
static enum kw_err read_counts(struct counting *counting, const struct grant *g, int64_t now_ms,
                               struct advice_read *out)
{
    AUTO(book_closep) struct book usage = {.prepared = {NULL}};
    int64_t counted_ms = counting_until_ms(counting, now_ms);

    advice_facts_none(now_ms, out);
    enum kw_err err = ask_open(counting_file(counting), &usage);
    if (err == KW_OK)
        err = advice_facts_read(&usage, g, now_ms, counted_ms, out);
    return counting_answer(counting, err, &counted_ms);
}

/* ---- told ---- */

static json_t *items_out(const struct advice_read *r, const struct grant *g)
{
    json_t *list = json_array();
    struct grant after = {.slot = 0};

    for (enum advice_kind k = 0; k < ADVICE_N_KINDS; k++)
        if (advice_facts_say(r, k, g, &after))
            json_out_append(&list, advice_item_out(r, k, g, &after));
    return list;
}

static json_t *day_out(int64_t ms)
{
    json_t *moment = json_out_moment(ms);
    const char *text = json_string_value(moment);
    json_t *day = text == NULL ? json_null() : json_stringn(text, sizeof "2026-01-31" - 1);

    json_decref(moment);
    return day;
}

static json_t *advice_out(const struct advice_read *r, const struct grant *g)
{
    const struct advice_facts *f = &r->facts;
    int64_t ready_ms = advice_ready_ms(f);

    return json_pack(
        "{s:s, s:o, s:o, s:o, s:I, s:o, s:o}", "key", g->id, "since", json_out_moment(f->since_ms),
        "recordedUntil", json_out_moment(r->counted_ms < 1 ? 1 : r->counted_ms), "readyAt",
        json_out_moment(ready_ms > f->now_ms ? ready_ms : 0), "requests", (json_int_t)f->requests,
        "lastUsedDay", day_out(f->last_used_ms), "items", items_out(r, g));
}

static enum kw_err tell(struct call *c)
{
    struct grant g = {.slot = 0};
    struct advice_read r;

    TRY(key_one_find(c, &g));
    TRY(read_counts(c->server->counting, &g, c->now_ms, &r));
    key_one_tag(c, &g);
    return call_answer(c, 200, advice_out(&r, &g));
}

enum kw_err keys_advice_get(struct call *c)
{
    TRY(call_no_parameters(c));
    return slowly(c, tell);
}

/* ---- applied ---- */

static enum kw_err read_kinds(struct call *c, bool kinds[ADVICE_N_KINDS])
{
    static const char *const names[] = {"kinds", NULL};
    const json_t *list = NULL;

    TRY(json_in_only(c->body, names, &c->problem));
    TRY(json_in_list(c->body, "kinds", ADVICE_N_KINDS, &c->problem, &list));
    if (json_array_size(list) == 0)
        return problem_field(&c->problem, "missing", "kinds", "Say which advice is to be applied");
    for (size_t i = 0; i < json_array_size(list); i++) {
        enum advice_kind k;
        if (advice_parse(json_in_item(list, i), &k) != KW_OK || kinds[k])
            return problem_field(&c->problem, "syntax", "kinds",
                                 "Each once: \"smaller_permissions\", \"addresses\", \"expiry\" or "
                                 "\"unused\"");
        kinds[k] = true;
    }
    return KW_OK;
}

static enum kw_err add_change(struct call *c, const struct advice_read *r, enum advice_kind kind,
                              const struct grant *g, json_t *body)
{
    struct grant after = {.slot = 0};

    if (!advice_facts_say(r, kind, g, &after))
        return problem_say(&c->problem, 409, "not_advised",
                           "\"%s\" is not advised (any more): read the advice again",
                           advice_word(kind));
    json_t *change = advice_change_out(kind, &after);
    int failed = json_object_update(body, change);
    json_decref(change);
    return failed == 0 ? KW_OK : KW_ENOMEM;
}

/* Leaves the body that PATCH would have. */
static enum kw_err find_changes(struct call *c)
{
    bool kinds[ADVICE_N_KINDS] = {false};
    struct grant g = {.slot = 0};
    struct advice_read r;

    TRY(key_one_find(c, &g));
    TRY(read_kinds(c, kinds));
    TRY(call_if_match(c, "key", g.version));
    TRY(read_counts(c->server->counting, &g, c->now_ms, &r));
    c->answer = json_object();
    for (enum advice_kind k = 0; k < ADVICE_N_KINDS; k++)
        if (kinds[k])
            TRY(add_change(c, &r, k, &g, c->answer));
    return KW_OK;
}

static enum kw_err apply(struct call *c)
{
    json_t *body = STEAL(c->answer);

    enum kw_err err = key_change(c, body);
    json_decref(body);
    return err;
}

enum kw_err keys_advice_apply(struct call *c)
{
    TRY(call_no_parameters(c));
    return slowly_then(c, find_changes, apply);
}
