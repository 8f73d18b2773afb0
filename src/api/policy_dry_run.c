/* policy_dry_run.c - the call that tries a route policy out against the record: who would have been refused, and who not. */
#include <stdio.h>
#include <stdlib.h>

#include "api/api.h"
#include "api/dry_run.h"
#include "api/policy_doc.h"
#include "api/read_log.h"
#include "api/slowly.h"
#include "base/clock.h"
#include "core/key.h"
#include "core/moment.h"
#include "record/asked.h"
#include "record/search.h"

/* The thread that searches is everybody's: it gives way after so long, and what it has seen by then is told. */
enum { DRY_RUN_US = 5 * 1000 * 1000, KNOWN_KEYS = 1024 /* a power of two */ };
enum { DAYS_DEFAULT = 7 };

struct known_key {
    char id[KW_KEY_ID_LEN];
    unsigned permissions;
};

struct trying {
    struct call *call;
    struct record_query query;
    struct search_place ended; /* batch 0: it was not */
    uint64_t until_boot_us;
    int64_t oldest_us; /* of what was looked at; 0: nothing was */
    struct buf table, document;
    struct hindsight_keys keys;
    struct known_key known[KNOWN_KEYS]; /* by a hash of the id; a later key takes the place of an earlier one */
    char name[GRANT_NAME_MAX + 1];
    struct dry_run found;
};

static void trying_freep(struct trying **t)
{
    if (*t == NULL)
        return;
    buf_deinit(&(*t)->table);
    buf_deinit(&(*t)->document);
    free(*t);
}

/* ---- what is asked ---- */

static enum kw_err read_time(struct call *c, const char *name, int64_t *out_us)
{
    struct str text;

    TRY(json_in_text(c->body, name, &c->problem, &text));
    if (text.p != NULL && asked_time(text, c->now_ms * 1000, out_us) != KW_OK)
        return problem_field(
            &c->problem, "syntax", name,
            "A time is written like 2026-11-24, 2026-11-24T03:00:00Z, 90m, 12h or 7d");
    return KW_OK;
}

static enum kw_err read_asked(struct call *c, struct trying *t)
{
    static const char *const members[] = {"policy", "from", "until", NULL};
    size_t n_routes;

    TRY(call_no_parameters(c));
    TRY(json_in_only(c->body, members, &c->problem));
    t->query.until_us = c->now_ms * 1000;
    t->query.from_us = t->query.until_us - INT64_C(86400000000) * DAYS_DEFAULT;
    TRY(read_time(c, "from", &t->query.from_us));
    TRY(read_time(c, "until", &t->query.until_us));
    if (t->query.from_us >= t->query.until_us)
        return problem_field(&c->problem, "range", "from", "\"from\" has to lie before \"until\"");
    return policy_doc_of(json_object_get(c->body, "policy"), &c->problem, &t->table, &t->document,
                         &n_routes);
}

/* ---- keys ---- */

static bool find_key(const struct call *c, struct str id, struct grant *out)
{
    const char *account = call_account(c).p;

    if (!key_id_ok(id))
        return false;
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_key(store, id, account, out);
    sync_unlock(c->server->sync);
    return err == KW_OK;
}

static struct known_key *place_of(struct trying *t, struct str id)
{
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (size_t i = 0; i < id.n; i++)
        hash = (hash ^ (unsigned char)id.p[i]) * 16777619u;
    return &t->known[hash % KNOWN_KEYS];
}

static unsigned permissions_of(void *ctx, struct str key_id)
{
    struct trying *t = ctx;
    struct known_key *known = place_of(t, key_id);
    struct grant g;

    if (memcmp(known->id, key_id.p, sizeof known->id) == 0)
        return known->permissions;
    memcpy(known->id, key_id.p, sizeof known->id);
    known->permissions = find_key(t->call, key_id, &g) ? g.permissions : 0;
    return known->permissions;
}

static bool name_of(void *ctx, const char *key_id, const char **name)
{
    struct trying *t = ctx;
    struct grant g;

    if (!find_key(t->call, str_from(key_id), &g))
        return false;
    snprintf(t->name, sizeof t->name, "%s", g.name);
    *name = t->name;
    return true;
}

/* ---- tried ---- */

static bool has_enough(void *ctx)
{
    const struct trying *t = ctx;

    return clock_boot_us() >= t->until_boot_us || worker_is_over(t->call->server->worker);
}

static enum kw_err take(void *ctx, const struct record_entry *e)
{
    struct trying *t = ctx;

    t->oldest_us = e->event.time_us;
    dry_run_add(&t->found, &e->event, hindsight_of(buf_view(&t->table), &e->event, &t->keys));
    return KW_OK;
}

/* "from=…&until=…" */
static enum kw_err log_tried(const struct trying *t)
{
    char from[MOMENT_LEN + 1], until[MOMENT_LEN + 1], asked[2 * MOMENT_LEN + 16];

    moment_print(t->query.from_us / 1000, from);
    moment_print(t->query.until_us / 1000, until);
    snprintf(asked, sizeof asked, "from=%s&until=%s", from, until);
    return read_log(t->call, READING_TRIED, asked);
}

static enum kw_err search(struct trying *t)
{
    struct config_paths paths;

    TRY(recording_drain(t->call->server->recording));
    config_paths_of(t->call->server->config, &paths);
    TRY(log_tried(t));
    t->until_boot_us = clock_boot_us() + DRY_RUN_US;
    t->query.account = call_account(t->call);
    t->query.kinds = SEARCH_EVENTS;
    t->query.enough = has_enough;
    t->query.ended = &t->ended;
    t->query.ctx = t;
    enum kw_err err = search_run(paths.audit_dir, &t->query, take, t);
    return err == KW_ENOTFOUND ? KW_OK : err; /* nothing is on the record yet */
}

static enum kw_err answer(struct trying *t)
{
    bool is_complete = t->ended.batch == 0;
    int64_t looked_us = is_complete         ? t->query.from_us
                        : t->oldest_us == 0 ? t->query.until_us
                                            : t->oldest_us;
    json_t *out = dry_run_out(&t->found, name_of, t);

    out = json_out_with(out, "from", json_out_moment(t->query.from_us / 1000));
    out = json_out_with(out, "until", json_out_moment(t->query.until_us / 1000));
    out = json_out_with(out, "lookedFrom", json_out_moment(looked_us / 1000));
    out = json_out_with(out, "complete", json_boolean(is_complete));
    return call_answer(t->call, 200, out);
}

static enum kw_err try_out(struct call *c)
{
    AUTO(trying_freep) struct trying *t = calloc(1, sizeof *t);

    if (t == NULL)
        return KW_ENOMEM;
    t->call = c;
    t->table = BUF_MAX(ROUTE_TABLE_MAX);
    t->document = BUF_MAX(POLICY_DOCUMENT_MAX);
    t->keys = (struct hindsight_keys){permissions_of, t};
    TRY(read_asked(c, t));
    TRY(search(t));
    return answer(t);
}

enum kw_err policy_dry_run(struct call *c)
{
    TRY(call_needs(c, SCOPE_EVENTS_READ));
    return slowly(c, try_out);
}
