/* last_use.c - see last_use.h. */
#include "server/last_use.h"

static bool find_noted(const struct server *s, enum use_kind kind, uint32_t slot, struct str id,
                       struct last_use *out)
{
    if (kind == USE_KEY) /* of the record, which knows ids */
        return key_uses_find(s->key_uses, id, out);
    return uses_find(s->uses, kind, slot, out);
}

enum kw_err last_use_find(const struct server *s, struct store *store, enum use_kind kind,
                          uint32_t slot, struct str id, struct last_use *out)
{
    struct last_use noted = {.kind = kind}, saved = {.kind = kind};

    find_noted(s, kind, slot, id, &noted); /* first: what is saved in between is found in both */
    enum kw_err err = store_use(store, kind, slot, &saved);
    if (err != KW_OK && err != KW_ENOTFOUND)
        return err;
    *out = noted.at_ms > saved.at_ms ? noted : saved;
    return KW_OK;
}

enum kw_err last_use_ask(const struct server *s, enum use_kind kind, uint32_t slot, struct str id,
                         struct last_use *out)
{
    struct store *store = sync_lock(s->sync);
    enum kw_err err = last_use_find(s, store, kind, slot, id, out);
    sync_unlock(s->sync);
    return err;
}

json_t *last_use_out(const struct last_use *use, json_t *object)
{
    bool is_member = use->kind == USE_MEMBER;
    json_t *from = use->source[0] == '\0' ? json_null() : json_string(use->source);

    if (json_object_set_new(object, is_member ? "lastSignInAt" : "lastUsedAt",
                            json_out_moment(use->at_ms)) == 0 &&
        json_object_set(object, is_member ? "lastSignInFrom" : "lastUsedFrom", from) == 0) {
        json_decref(from);
        return object;
    }
    json_decref(from);
    json_decref(object);
    return NULL;
}
