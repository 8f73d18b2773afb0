/* router.c - see router.h. */
#include "server/router.h"

#include <stdio.h>

/* Takes the next segment, and the '/' behind it, off the front. */
static struct str next_segment(struct str *path)
{
    struct str segment = *path;

    if (!str_cut(*path, '/', &segment, path))
        *path = (struct str){NULL, 0};
    return segment;
}

static bool fits(struct str template, struct str path, struct str *id)
{
    while (template.p != NULL && path.p != NULL) {
        struct str want = next_segment(&template), got = next_segment(&path);
        if (str_eq(want, STR("{id}"))) {
            if (got.n == 0)
                return false;
            *id = got;
        } else if (!str_eq(want, got)) {
            return false;
        }
    }
    return template.p == NULL && path.p == NULL;
}

static void add_allowed(char allow[ROUTER_ALLOW_MAX], const char *method)
{
    size_t n = strlen(allow);

    snprintf(allow + n, ROUTER_ALLOW_MAX - n, "%s%s", n == 0 ? "" : ", ", method);
}

/* A path that a route names as it stands is that route's alone: what fits it only with an {id} is not asked. */
static bool is_named(struct str path)
{
    for (const struct api_route *r = api_routes; r->method != NULL; r++)
        if (str_eq(str_from(r->path), path))
            return true;
    return false;
}

static enum kw_err find_call(struct str method, struct str path, const struct api_route **route,
                             struct str *id, char allow[ROUTER_ALLOW_MAX])
{
    struct str stands_for_id;
    bool named = is_named(path);

    for (const struct api_route *r = api_routes; r->method != NULL; r++) {
        stands_for_id = (struct str){NULL, 0};
        if (!fits(str_from(r->path), path, &stands_for_id) ||
            (named && !str_eq(str_from(r->path), path)))
            continue;
        if (!str_eq(str_from(r->method), method)) {
            add_allowed(allow, r->method);
            continue;
        }
        *route = r;
        *id = stands_for_id;
        return KW_OK;
    }
    return allow[0] == '\0' ? KW_ENOTFOUND : KW_EINVAL;
}

/* What is sent for HEAD, the server below us leaves away. */
static enum kw_err find_page(struct str method, struct str path, const struct api_route **route,
                             struct str *id, char allow[ROUTER_ALLOW_MAX])
{
    struct str stands_for_id = {NULL, 0};
    const struct api_route *r = page_routes;

    while (r->method != NULL && !fits(str_from(r->path), path, &stands_for_id))
        r++;
    if (r->method == NULL)
        return KW_ENOTFOUND;
    if (!str_eq(method, STR("GET")) && !str_eq(method, STR("HEAD"))) {
        add_allowed(allow, "GET, HEAD");
        return KW_EINVAL;
    }
    *route = r;
    *id = stands_for_id;
    return KW_OK;
}

enum kw_err router_find(struct str method, struct str path, const struct api_route **route,
                        struct str *id, char allow[ROUTER_ALLOW_MAX])
{
    allow[0] = '\0';
    enum kw_err err = find_call(method, path, route, id, allow);
    return err == KW_ENOTFOUND ? find_page(method, path, route, id, allow) : err;
}
