/* key_rotation.c - the calls that lead a key from one secret to the next, and tell who has not followed yet. */
#include <stdio.h>
#include <stdlib.h>

#include "api/api.h"
#include "api/key_one.h"
#include "api/key_right.h"
#include "api/replay.h"
#include "api/slowly.h"
#include "core/moment.h"
#include "core/rotation.h"
#include "jobs/counting.h"
#include "watch/stragglers.h"
#include "json/key_out.h"

/* ---- begun ---- */

/* Without its last use, which a rotation says nothing about. Takes the secret. */
static json_t *rotated_out(const struct call *c, const struct grant *g, json_t *secret)
{
    return json_out_with(key_out(g, c->server->config->brand, c->now_ms), "secret", secret);
}

static json_t *rotated_public(const struct call *c, const void *object)
{
    return rotated_out(c, object, json_null());
}

static enum kw_err read_overlap(struct call *c, uint32_t *overlap_s)
{
    static const char *const names[] = {"overlap", NULL};
    struct str text;

    *overlap_s = ROTATION_OVERLAP_S;
    TRY(json_in_only(c->body, names, &c->problem));
    TRY(json_in_text(c->body, "overlap", &c->problem, &text));
    if (text.p == NULL)
        return KW_OK;
    enum kw_err err = rotation_overlap_parse(text, overlap_s);
    if (err == KW_ERANGE)
        return problem_field(&c->problem, "range", "overlap",
                             "Both secrets work for 30 days at most");
    if (err != KW_OK)
        return problem_field(&c->problem, "syntax", "overlap",
                             "Write it as \"24h\", \"90m\", \"7d\", or \"0\" for none at all");
    return KW_OK;
}

static enum kw_err say_open(struct call *c, const struct grant *g)
{
    char ends[MOMENT_LEN + 1];

    moment_print(g->old_ends_ms, ends);
    return problem_say(
        &c->problem, 409, "rotation_open",
        "The rotation before is not over: both secrets work until %s. Complete it, which "
        "ends the old secret now, or cancel it, which ends the new one",
        ends);
}

static enum kw_err begin(struct call *c, uint32_t overlap_s, struct grant *g, struct secret_text *text)
{
    uint8_t digest[GRANT_DIGEST_LEN] = {0};

    TRY(key_one_find(c, g));
    TRY(key_one_may_change(c, g));
    const struct grant before = *g;
    TRY(key_one_secret(c, g, text, digest));
    enum kw_err err = rotation_begin(g, digest, overlap_s, c->now_ms);
    if (err == KW_ECONFLICT)
        return say_open(c, g);
    TRY(err);
    return key_right_become(c, &before, g);
}

/* A second rotation of two at once finds the first one open. */
static enum kw_err rotate(struct call *c, const struct replay *replay, uint32_t overlap_s,
                          struct grant *g, struct secret_text *text)
{
    enum kw_err err = KW_ECONFLICT;

    for (int i = 0; i < KEY_ONE_TRIES && err == KW_ECONFLICT; i++) {
        TRY(begin(c, overlap_s, g, text));
        err = replay_settle(
            c, replay, sync_rotate_key(c->server->sync, call_actor(c), g, replay_reply(replay)));
    }
    return err;
}

/* Of a rotation that is in force, and whose secret nobody was told: a third secret has to wait for the end of the overlap. */
static const char *way_out(const struct grant *g, int64_t now_ms)
{
    return rotation_is_open(g, now_ms)
               ? "cancel the rotation, which ends that secret, and rotate the key again"
               : "rotate the key again";
}

enum kw_err keys_rotate(struct call *c)
{
    AUTO(secret_text_wipe) struct secret_text text = {.n = 0};
    struct grant g = {.slot = 0};
    struct replay replay;
    uint32_t overlap_s;

    TRY(call_no_parameters(c));
    TRY(replay_begin(c, "/v1/keys/{id}/rotate", rotated_public, &replay));
    if (call_is_answered(c))
        return KW_OK;
    TRY(read_overlap(c, &overlap_s));
    enum kw_err err = rotate(c, &replay, overlap_s, &g, &text);
    if (call_is_answered(c))
        return KW_OK;
    TRY(call_saved_new(c, err, "rotation of key", g.id, way_out(&g, c->now_ms)));
    TRY(key_one_changed(c, err));
    snprintf(c->location, sizeof c->location, "/v1/keys/%s", g.id);
    key_one_tag(c, &g);
    return call_answer(c, 201, rotated_out(c, &g, json_stringn(text.p, text.n)));
}

/* ---- ended ---- */

typedef enum kw_err rotation_end(struct grant *g, int64_t now_ms);

static enum kw_err try_end(struct call *c, rotation_end *end, struct grant *g)
{
    TRY(key_one_find(c, g));
    TRY(key_one_may_change(c, g));
    const struct grant before = *g;
    enum kw_err err = end(g, c->now_ms);
    if (err == KW_ENOTFOUND || err == KW_ECONFLICT)
        return problem_say(
            &c->problem, 409, "no_rotation",
            "No rotation of this key is open: there is nothing to complete or cancel");
    TRY(err);
    if (g->old_ends_ms == before.old_ends_ms) /* over already */
        return KW_OK;
    TRY(key_right_become(c, &before, g));
    return sync_change_key(c->server->sync, call_actor(c), g);
}

static enum kw_err end_rotation(struct call *c, rotation_end *end)
{
    enum kw_err err = KW_ECONFLICT;
    struct grant g = {.slot = 0};

    TRY(call_no_parameters(c));
    for (int i = 0; i < KEY_ONE_TRIES && err == KW_ECONFLICT; i++)
        err = try_end(c, end, &g);
    TRY(key_one_changed(c, err));
    return key_one_answer(c, &g);
}

enum kw_err keys_rotation_complete(struct call *c)
{
    return end_rotation(c, rotation_complete);
}

enum kw_err keys_rotation_cancel(struct call *c)
{
    return end_rotation(c, rotation_cancel);
}

/* ---- watched ---- */

static json_t *users_out(const struct stragglers *s)
{
    json_t *list = json_array();

    for (size_t i = 0; i < s->n; i++) {
        const struct straggler *u = &s->at[i];
        json_out_append(&list,
                        json_pack("{s:s, s:s, s:I, s:I, s:o, s:o}", "source", u->source, "agent",
                                  u->agent, "allowed", (json_int_t)u->allowed, "denied",
                                  (json_int_t)u->denied, "firstAt", json_out_moment(u->first_ms),
                                  "lastAt", json_out_moment(u->last_ms)));
    }
    return list;
}

static json_t *rotation_out(const struct call *c, const struct grant *g, const struct stragglers *s,
                            int64_t counted_ms)
{
    json_t *out = json_pack(
        "{s:s, s:s, s:i, s:o, s:s, s:I, s:o, s:b, s:o, s:o}", "key", g->id, "stage",
        rotation_stage_name(rotation_stage(g, c->now_ms)), "rotationDays", (int)g->rotation_days,
        "due", json_out_moment(grant_rotation_due(g->secret_since_ms, g->rotation_days)),
        "onOverdue", overdue_name(g->overdue), "generation", (json_int_t)g->generation,
        "secretSince", json_out_moment(g->secret_since_ms), "isOpen",
        rotation_is_open(g, c->now_ms), "oldSecretEnds", json_out_moment(rotation_old_ends(g)),
        "recordedUntil", json_out_moment(counted_ms < 1 ? 1 : counted_ms));

    return json_out_with(out, "oldSecretUsers", users_out(s));
}

static enum kw_err watch(struct call *c)
{
    struct grant g = {.slot = 0};
    struct stragglers *users = calloc(1, sizeof *users);

    if (users == NULL)
        return KW_ENOMEM;
    enum kw_err err = key_one_find(c, &g);
    if (err == KW_OK) {
        int64_t counted_ms = counting_until_ms(c->server->counting, c->now_ms);
        err = counting_answer(
            c->server->counting,
            stragglers_ask(counting_file(c->server->counting), str_from(g.id), g.generation, users),
            &counted_ms);
        if (err == KW_OK)
            err = call_answer(c, 200, rotation_out(c, &g, users, counted_ms));
    }
    free(users);
    return err;
}

enum kw_err keys_rotation_get(struct call *c)
{
    TRY(call_no_parameters(c));
    return slowly(c, watch);
}
