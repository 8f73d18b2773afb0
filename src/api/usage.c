/* usage.c - the call that tells how much was asked, allowed and refused: rolled up, never read from the record itself. */
#include <stdlib.h>

#include "api/api.h"
#include "api/slowly.h"
#include "api/times_in.h"
#include "api/usage_out.h"
#include "core/key.h"
#include "jobs/counting.h"

enum {
    DAY_MS = 24 * 60 * 60 * 1000,
    MINUTES_UP_TO_MS = 2 * 60 * 60 * 1000,
    HOURS_UP_TO_MS = 8 * DAY_MS,
};

struct asked {
    struct ask ask;
    int64_t from_ms, until_ms;        /* as asked, and then in whole steps */
    char account[KW_ACCOUNT_MAX + 1]; /* what the key must belong to; empty: any */
};

/* ---- which stretch of time ---- */

static bool is_kept(enum step s, int64_t from_ms, int64_t now_ms)
{
    return (int64_t)step_at(s, from_ms) + step_kept(s) >= (int64_t)step_at(s, now_ms);
}

/* So that a chart has neither too few buckets nor too many, and none that are not kept any more. */
static enum step usual_step(const struct asked *a, int64_t now_ms)
{
    int64_t ms = a->until_ms - a->from_ms;

    if (ms <= MINUTES_UP_TO_MS && is_kept(STEP_MINUTE, a->from_ms, now_ms))
        return STEP_MINUTE;
    return ms <= HOURS_UP_TO_MS && is_kept(STEP_HOUR, a->from_ms, now_ms) ? STEP_HOUR : STEP_DAY;
}

static enum kw_err read_step(struct call *c, struct asked *a)
{
    struct str step = query_get(&c->query, "step");
    enum step s = usual_step(a, c->now_ms);

    if (step.p != NULL && !step_parse(step, &s))
        return problem_field(&c->problem, "syntax", "step",
                             "\"step\" is \"minute\", \"hour\" or \"day\"");
    a->ask.step = s;
    if (is_kept(s, a->from_ms, c->now_ms))
        return KW_OK;
    if (s == STEP_DAY)
        return problem_field(&c->problem, "range", "from", "Usage is kept for %u days: begin later",
                             step_kept(s));
    return problem_field(
        &c->problem, "range", "step",
        "A count by the %s is kept for %lld days: ask for longer steps, or begin later",
        step_name(s), (long long)(step_kept(s) * step_ms(s) / DAY_MS));
}

static enum kw_err read_stretch(struct call *c, struct asked *a)
{
    int64_t from_us = INT64_MIN, until_us = c->now_ms * 1000;

    TRY(times_in(c, &from_us, &until_us));
    a->until_ms = until_us / 1000;
    a->from_ms = from_us == INT64_MIN ? a->until_ms - DAY_MS : from_us / 1000;
    if (a->from_ms >= a->until_ms)
        return problem_field(&c->problem, "range", "from", "\"from\" has to lie before \"until\"");
    TRY(read_step(c, a));
    const int64_t one_ms = step_ms(a->ask.step);
    uint32_t end = step_at(a->ask.step, a->until_ms + one_ms - 1);
    a->ask.first = step_at(a->ask.step, a->from_ms);
    a->ask.n = end - a->ask.first;
    if (a->ask.n == 0 || a->ask.n > ASK_BUCKETS_MAX)
        return problem_field(
            &c->problem, "range",
            "step", "%u buckets by the %s are too many, %d the most: ask for longer steps, or for less time",
            a->ask.n, step_name(a->ask.step), ASK_BUCKETS_MAX);
    a->from_ms = a->ask.first * one_ms;
    a->until_ms = end * one_ms;
    return KW_OK;
}

/* ---- whose ---- */

/* Another account's key is not there, and neither is one that is not of the account that was asked for. */
static enum kw_err find_key(struct call *c, const struct asked *a)
{
    struct grant g;

    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_key(store, a->ask.key_id, a->account[0] == '\0' ? NULL : a->account, &g);
    sync_unlock(c->server->sync);
    if (err == KW_ENOTFOUND)
        return problem_say(&c->problem, 404, "not_found", "There is no key %.*s",
                           (int)a->ask.key_id.n, a->ask.key_id.p);
    return err;
}

/* Zeros would say that it asked nothing. Who sees one account only gets them for every other: none is there for him. */
static enum kw_err find_account(struct call *c, struct str id)
{
    struct account account;

    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_account(store, id, &account);
    sync_unlock(c->server->sync);
    if (err == KW_ENOTFOUND)
        return problem_say(&c->problem, 404, "not_found", "There is no account of that id");
    return err;
}

static enum kw_err read_environment(struct call *c, struct asked *a)
{
    struct str environment = query_get(&c->query, "environment");

    if (environment.p == NULL)
        return KW_OK;
    if (str_eq(environment, str_from(kw_environment_name(KW_SANDBOX))))
        a->ask.environment = KW_SANDBOX;
    else if (str_eq(environment, str_from(kw_environment_name(KW_PRODUCTION))))
        a->ask.environment = KW_PRODUCTION;
    else
        return problem_field(&c->problem, "syntax", "environment",
                             "\"environment\" is \"sandbox\" or \"production\"");
    return KW_OK;
}

static enum kw_err read_who(struct call *c, struct asked *a)
{
    struct str account = query_get(&c->query, "account");

    a->ask.key_id = query_get(&c->query, "key");
    if (a->ask.key_id.p != NULL && !key_id_ok(a->ask.key_id))
        return problem_field(&c->problem, "syntax", "key", "A key is named by its id");
    if (account.p != NULL && account_id_check(account) != KW_OK)
        return problem_field(&c->problem, "syntax", "account", "An account is named by its id");
    a->ask.account = call_listed_account(c);
    if (a->ask.account.n > 0)
        memcpy(a->account, a->ask.account.p, a->ask.account.n);
    if (account.p != NULL && call_account(c).p == NULL)
        TRY(find_account(c, a->ask.account));
    TRY(read_environment(c, a));
    return a->ask.key_id.p == NULL ? KW_OK : find_key(c, a);
}

static enum kw_err read_asked(struct call *c, struct asked *a)
{
    static const char *const names[] = {"key",   "account", "environment", "from",
                                        "until", "step",    NULL};

    TRY(query_only(&c->query, names, &c->problem));
    TRY(read_stretch(c, a));
    return read_who(c, a);
}

static enum kw_err get(struct call *c)
{
    struct asked a = {.ask = {.n = 0}};
    struct ask_answer *answer = calloc(1, sizeof *answer);

    if (answer == NULL)
        return KW_ENOMEM;
    enum kw_err err = read_asked(c, &a);
    if (err == KW_OK) {
        int64_t recorded_ms = counting_until_ms(c->server->counting, c->now_ms);
        err = counting_answer(c->server->counting,
                              ask_usage(counting_file(c->server->counting), &a.ask, answer),
                              &recorded_ms);
        const struct usage_stretch stretch = {a.from_ms, a.until_ms, recorded_ms};
        if (err == KW_OK)
            err = call_answer(c, 200, usage_out(c->server, &a.ask, &stretch, answer));
    }
    free(answer);
    return err;
}

enum kw_err usage_get(struct call *c)
{
    return slowly(c, get);
}
