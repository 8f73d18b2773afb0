/* credential.c - see credential.h. */
#include "engine/credential.h"

static bool goes_on_with(struct str rest, const char *mark)
{
    return str_starts(rest, str_from(mark));
}

bool credential_is_ours(struct str token, struct str brand)
{
    if (!str_starts(token, brand))
        return false;
    struct str rest = {token.p + brand.n, token.n - brand.n};
    return goes_on_with(rest, "_test_") || goes_on_with(rest, "_live_") ||
           goes_on_with(rest, "t_") || goes_on_with(rest, "r_");
}

struct str credential_brand(const struct kw_engine *engine, char copy[KEYRING_BRAND_MAX])
{
    struct view *v = engine == NULL ? NULL : view_enter_as_is(UNCONST(engine));

    if (v == NULL)
        return (struct str){0};
    struct str brand = keyring_brand(v->keyring);
    memcpy(copy, brand.p, brand.n);
    view_leave(v);
    return (struct str){copy, brand.n};
}

size_t credential_count(const struct kw_request *request, struct str brand, struct str *only,
                        bool *is_bearer)
{
    size_t n = request->n_keys;

    if (n > 0)
        *only = (struct str){request->keys[n - 1].p, request->keys[n - 1].n};
    for (size_t i = 0; i < request->n_bearers; i++) {
        struct str bearer = {request->bearers[i].p, request->bearers[i].n};
        if (!credential_is_ours(bearer, brand))
            continue;
        *only = bearer;
        *is_bearer = true;
        n++;
    }
    return n;
}
