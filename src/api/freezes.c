/* freezes.c - the calls that hold back a key, an account, an environment or everything for a time, and tell what is held back. */
#include "api/account_find.h"
#include "api/api.h"
#include "api/freeze_in.h"
#include "api/freezes_out.h"
#include "api/key_one.h"
#include "api/key_right.h"
#include "core/permission.h"

enum { FREEZES_MAX = 1000 };

/* ---- one key ---- */

/* Freezing narrows, and asks for no more than any change does; thawing asks for what enabling asks for. */
static enum kw_err try_key(struct call *c, const struct freeze_asked *asked, struct grant *g)
{
    bool is_new;

    TRY(key_one_find(c, g));
    TRY(key_one_may_change(c, g));
    const struct grant before = *g;
    TRY(freeze_apply(c, asked, &g->frozen, &g->freeze_note, &is_new));
    if (!is_new)
        return KW_OK;
    TRY(key_right_become(c, &before, g));
    return sync_change_key(c->server->sync, call_actor(c), g);
}

enum kw_err freezes_put_key(struct call *c)
{
    enum kw_err err = KW_ECONFLICT;
    struct grant g = {.slot = 0};
    struct freeze_asked asked;

    TRY(call_no_parameters(c));
    TRY(key_one_find(c, &g)); /* another account's is not there, whatever is asked */
    TRY(freeze_in(c, &asked));
    for (int i = 0; i < KEY_ONE_TRIES && err == KW_ECONFLICT; i++)
        err = try_key(c, &asked, &g);
    TRY(key_one_changed(c, err));
    return call_answer(c, 200, freeze_of_key(&g));
}

/* ---- an account ---- */

static enum kw_err changed(struct call *c, enum kw_err err)
{
    if (err == KW_ECONFLICT)
        return problem_say(
            &c->problem, 409, "conflict",
            "Somebody else changed it at every try, or a freeze of it is in force and not yet "
            "saved: try again");
    return call_saved(c, err);
}

static enum kw_err try_account(struct call *c, const struct freeze_asked *asked, struct account *a)
{
    bool is_new;

    TRY(account_find(c, a));
    enum freeze before = a->frozen;
    TRY(freeze_apply(c, asked, &a->frozen, &a->freeze_note, &is_new));
    if (!is_new)
        return KW_OK;
    if (freeze_is_less(a->frozen, before))
        TRY(call_needs_step_up(c, "Thawing an account"));
    return sync_put_account(c->server->sync, call_actor(c), a, NULL);
}

enum kw_err freezes_put_account(struct call *c)
{
    enum kw_err err = KW_ECONFLICT;
    struct account a = {.slot = 0};
    struct freeze_asked asked;

    TRY(call_no_parameters(c));
    TRY(account_find(c, &a));
    TRY(freeze_in(c, &asked));
    for (int i = 0; i < KEY_ONE_TRIES && err == KW_ECONFLICT; i++)
        err = try_account(c, &asked, &a);
    TRY(changed(c, err));
    return call_answer(c, 200, freeze_of_account(&a));
}

/* ---- an environment, or both ---- */

static enum kw_err find_environment(struct call *c, uint32_t slot, struct environment *e)
{
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_environment(store, slot, e);

    sync_unlock(c->server->sync);
    return err;
}

static enum kw_err try_environment(struct call *c, const struct freeze_asked *asked, uint32_t slot,
                                   struct environment *e)
{
    bool is_new;

    TRY(find_environment(c, slot, e));
    enum freeze before = e->frozen;
    TRY(freeze_apply(c, asked, &e->frozen, &e->freeze_note, &is_new));
    if (!is_new)
        return KW_OK;
    if (freeze_is_less(e->frozen, before))
        TRY(call_needs_step_up(c, "Thawing an environment"));
    return sync_put_environment(c->server->sync, call_actor(c), e);
}

static enum kw_err freeze_environment(struct call *c, const struct freeze_asked *asked,
                                      uint32_t slot, struct environment *e)
{
    enum kw_err err = KW_ECONFLICT;

    for (int i = 0; i < KEY_ONE_TRIES && err == KW_ECONFLICT; i++)
        err = try_environment(c, asked, slot, e);
    return err;
}

enum kw_err freezes_put_environment(struct call *c)
{
    enum kw_environment environment;
    struct freeze_asked asked;
    struct environment e;

    TRY(call_no_parameters(c));
    if (environment_parse(c->id, &environment) != KW_OK)
        return problem_say(&c->problem, 404, "not_found", "It is \"sandbox\" or \"production\"");
    TRY(freeze_in(c, &asked));
    TRY(changed(c, freeze_environment(c, &asked, environment, &e)));
    return call_answer(c, 200, freeze_of_environment(&e));
}

/* Takes the list, which may be NULL. */
static enum kw_err answer_list(struct call *c, json_t *list, bool more)
{
    return call_answer(c, 200,
                       list == NULL ? NULL : json_pack("{s:o, s:b}", "freezes", list, "more", more));
}

/* Production first, where the money is; the other is frozen whatever came of that. */
enum kw_err freezes_put_everything(struct call *c)
{
    struct freeze_asked asked;
    struct environment production, sandbox;

    TRY(call_no_parameters(c));
    TRY(freeze_in(c, &asked));
    enum kw_err first = freeze_environment(c, &asked, KW_PRODUCTION, &production);
    enum kw_err second = freeze_environment(c, &asked, KW_SANDBOX, &sandbox);
    TRY(changed(c, first));
    TRY(changed(c, second));
    json_t *list = json_array();
    json_out_append(&list, freeze_of_environment(&production));
    json_out_append(&list, freeze_of_environment(&sandbox));
    return answer_list(c, list, false);
}

/* ---- all that is ---- */

struct frozen {
    json_t *list; /* NULL: there was no memory for one of them */
    bool more;    /* than are told */
};

static enum kw_err add(struct frozen *f, json_t *(*out)(const void *object), const void *object)
{
    if (f->list == NULL)
        return KW_ENOMEM;
    f->more = json_array_size(f->list) >= FREEZES_MAX;
    if (f->more)
        return KW_EFULL;
    json_out_append(&f->list, out(object));
    return f->list == NULL ? KW_ENOMEM : KW_OK;
}

static json_t *key_out_of(const void *object)
{
    return freeze_of_key(object);
}

static json_t *account_out_of(const void *object)
{
    return freeze_of_account(object);
}

static json_t *environment_out_of(const void *object)
{
    return freeze_of_environment(object);
}

static enum kw_err take_key(void *ctx, const struct grant *g)
{
    return add(ctx, key_out_of, g);
}

static enum kw_err take_account(void *ctx, const struct account *a)
{
    return a->frozen == FREEZE_NOTHING ? KW_OK : add(ctx, account_out_of, a);
}

static enum kw_err look_at_environments(struct store *store, struct frozen *f)
{
    struct environment e;

    for (uint32_t slot = KW_PRODUCTION; slot >= KW_SANDBOX; slot--) {
        TRY(store_environment(store, slot, &e));
        if (e.frozen != FREEZE_NOTHING)
            TRY(add(f, environment_out_of, &e));
    }
    return KW_OK;
}

static enum kw_err look(struct store *store, struct str own, struct frozen *f)
{
    struct account a;

    TRY(look_at_environments(store, f));
    if (own.p == NULL) {
        TRY(store_frozen_accounts(store, FREEZES_MAX + 1, take_account, f));
    } else {
        TRY(store_account(store, own, &a));
        TRY(take_account(f, &a));
    }
    return store_frozen_keys(store, own, FREEZES_MAX + 1, take_key, f);
}

/* The widest first, so that what is left out where there are too many is the narrowest. */
enum kw_err freezes_list(struct call *c)
{
    struct frozen f = {.list = json_array()};

    TRY(call_no_parameters(c));
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = look(store, call_account(c), &f);
    sync_unlock(c->server->sync);
    if (err == KW_OK || err == KW_EFULL)
        return answer_list(c, f.list, f.more);
    json_decref(f.list);
    return err;
}
