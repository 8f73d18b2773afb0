/* object.c - a key or an account, as that which is changed; see state.h. */
#include "sync/state.h"

uint32_t object_slot(const struct object *o)
{
    return o->kind == KEYRING_KEY ? o->key.slot : o->account.slot;
}

const char *object_id(const struct object *o)
{
    return o->kind == KEYRING_KEY ? o->key.id : o->account.id;
}

uint32_t *object_version(struct object *o)
{
    return o->kind == KEYRING_KEY ? &o->key.version : &o->account.version;
}

bool object_narrows(const struct object *before, const struct object *after)
{
    return before->kind == KEYRING_KEY ? grant_narrows(&before->key, &after->key)
                                       : account_narrows(&before->account, &after->account);
}

struct object object_narrower(const struct object *before, const struct object *after)
{
    struct object o = {.kind = before->kind};

    if (o.kind == KEYRING_KEY)
        o.key = grant_narrower(&before->key, &after->key);
    else
        o.account = account_narrower(&before->account, &after->account);
    return o;
}

enum kw_err object_stored(struct sync *s, enum keyring_kind kind, uint32_t slot, struct object *out)
{
    struct object o = {.kind = kind};

    if (kind == KEYRING_KEY)
        TRY(store_key_in_slot(s->store, slot, &o.key));
    else
        TRY(store_account_in_slot(s->store, slot, &o.account));
    *out = o;
    return KW_OK;
}

enum kw_err object_put(struct keyring_writer *w, const struct object *o)
{
    return o->kind == KEYRING_KEY ? keyring_put_key(w, &o->key) : keyring_put_account(w, &o->account);
}

enum kw_err object_save(struct sync *s, struct str actor, struct object *o,
                        const struct sync_reply *reply)
{
    struct object next = *o;

    enum kw_err err = next.kind == KEYRING_KEY ? save_key(s, actor, &next.key, reply)
                                               : save_account(s, actor, &next.account, reply);
    if (err == KW_OK || err == KW_EUNSAVED)
        *o = next;
    return err;
}
