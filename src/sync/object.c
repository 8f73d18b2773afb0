/* object.c - a key, an account, an environment or a family of tokens, as that which is changed; see state.h. */
#include "sync/state.h"

uint32_t object_slot(const struct object *o)
{
    switch (o->kind) {
    case KEYRING_EMPTY:
        break;
    case KEYRING_KEY:
        return o->key.slot;
    case KEYRING_ACCOUNT:
        return o->account.slot;
    case KEYRING_ENVIRONMENT:
        return o->environment.slot;
    case KEYRING_FAMILY:
        return o->family.slot;
    }
    return 0;
}

const char *object_kind(const struct object *o)
{
    static const char *const names[] = {[KEYRING_EMPTY] = "nothing",
                                        [KEYRING_KEY] = "key",
                                        [KEYRING_ACCOUNT] = "account",
                                        [KEYRING_ENVIRONMENT] = "environment",
                                        [KEYRING_FAMILY] = "tokens"};

    return names[o->kind];
}

const char *object_id(const struct object *o)
{
    switch (o->kind) {
    case KEYRING_EMPTY:
        break;
    case KEYRING_KEY:
        return o->key.id;
    case KEYRING_ACCOUNT:
        return o->account.id;
    case KEYRING_ENVIRONMENT:
        return kw_environment_name(o->environment.slot);
    case KEYRING_FAMILY:
        return o->family.id;
    }
    return "";
}

uint32_t *object_version(struct object *o)
{
    if (o->kind == KEYRING_ENVIRONMENT)
        return &o->environment.version;
    if (o->kind == KEYRING_FAMILY)
        return &o->family.version;
    return o->kind == KEYRING_KEY ? &o->key.version : &o->account.version;
}

bool object_narrows(const struct object *before, const struct object *after)
{
    switch (before->kind) {
    case KEYRING_EMPTY:
        break;
    case KEYRING_KEY:
        return grant_narrows(&before->key, &after->key);
    case KEYRING_ACCOUNT:
        return account_narrows(&before->account, &after->account);
    case KEYRING_ENVIRONMENT:
        return environment_narrows(&before->environment, &after->environment);
    case KEYRING_FAMILY:
        return family_narrows(&before->family, &after->family);
    }
    return false;
}

struct object object_narrower(const struct object *before, const struct object *after)
{
    struct object o = {.kind = before->kind};

    switch (o.kind) {
    case KEYRING_EMPTY:
        break;
    case KEYRING_KEY:
        o.key = grant_narrower(&before->key, &after->key);
        break;
    case KEYRING_ACCOUNT:
        o.account = account_narrower(&before->account, &after->account);
        break;
    case KEYRING_ENVIRONMENT:
        o.environment = environment_narrower(&before->environment, &after->environment);
        break;
    case KEYRING_FAMILY: /* it is one or the other */
        o.family = family_narrows(&before->family, &after->family) ? after->family : before->family;
        break;
    }
    return o;
}

static enum kw_err stored(struct sync *s, uint32_t slot, struct object *o)
{
    switch (o->kind) {
    case KEYRING_EMPTY:
        break;
    case KEYRING_KEY:
        return store_key_in_slot(s->store, slot, &o->key);
    case KEYRING_ACCOUNT:
        return store_account_in_slot(s->store, slot, &o->account);
    case KEYRING_ENVIRONMENT:
        return store_environment(s->store, slot, &o->environment);
    case KEYRING_FAMILY:
        return store_family_in_slot(s->store, slot, &o->family);
    }
    return KW_EINVAL;
}

enum kw_err object_stored(struct sync *s, enum keyring_kind kind, uint32_t slot, struct object *out)
{
    struct object o = {.kind = kind};

    TRY(stored(s, slot, &o));
    *out = o;
    return KW_OK;
}

enum kw_err object_put(struct keyring_writer *w, const struct object *o)
{
    switch (o->kind) {
    case KEYRING_EMPTY:
        break;
    case KEYRING_KEY:
        return keyring_put_key(w, &o->key);
    case KEYRING_ACCOUNT:
        return keyring_put_account(w, &o->account);
    case KEYRING_ENVIRONMENT:
        keyring_put_freeze(w, o->environment.slot, o->environment.frozen);
        return KW_OK;
    case KEYRING_FAMILY:
        return keyring_put_family(w, &o->family);
    }
    return KW_EINVAL;
}

static enum kw_err save(struct sync *s, struct str actor, struct object *o,
                        const struct sync_reply *reply)
{
    switch (o->kind) {
    case KEYRING_EMPTY:
        break;
    case KEYRING_KEY:
        return save_key(s, actor, &o->key, reply);
    case KEYRING_ACCOUNT:
        return save_account(s, actor, &o->account, reply);
    case KEYRING_ENVIRONMENT:
        return save_environment(s, actor, &o->environment);
    case KEYRING_FAMILY:
        return save_family(s, actor, &o->family);
    }
    return KW_EINVAL;
}

enum kw_err object_save(struct sync *s, struct str actor, struct object *o,
                        const struct sync_reply *reply)
{
    struct object next = *o;

    enum kw_err err = save(s, actor, &next, reply);
    if (err == KW_OK || err == KW_EUNSAVED)
        *o = next;
    return err;
}
