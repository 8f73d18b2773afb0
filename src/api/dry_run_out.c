/* dry_run_out.c - what a dry run found, as JSON. */
#include <stdlib.h>

#include "api/dry_run.h"

struct names {
    dry_name *of;
    void *ctx;
};

static json_t *number(uint64_t n)
{
    return json_integer((json_int_t)n);
}

static int more_first(uint64_t a, uint64_t b)
{
    return a < b ? 1 : a > b ? -1 : 0;
}

static int caller_order(const void *a, const void *b)
{
    return more_first(((const struct dry_caller *)a)->requests,
                      ((const struct dry_caller *)b)->requests);
}

static int route_order(const void *a, const void *b)
{
    return more_first(((const struct dry_route *)a)->requests,
                      ((const struct dry_route *)b)->requests);
}

static json_t *routes_out(struct dry_caller *c)
{
    json_t *list = json_array();

    qsort(c->routes, c->n_routes, sizeof c->routes[0], route_order);
    for (uint32_t i = 0; i < c->n_routes; i++) {
        const struct dry_route *r = &c->routes[i];
        json_out_append(&list, json_pack("{s:s%, s:s%, s:o}", "method", r->method,
                                         (size_t)r->method_n, "path", r->path, (size_t)r->path_n,
                                         "requests", number(r->requests)));
    }
    return list;
}

static json_t *caller_out(struct dry_caller *c, const struct names *names)
{
    const char *key = c->key_id[0] == '\0' ? NULL : c->key_id, *name = NULL;

    if (key != NULL && !names->of(names->ctx, key, &name))
        name = NULL;
    return json_pack("{s:s?, s:s?, s:o, s:i, s:b, s:o, s:o}", "keyId", key, "keyName", name,
                     "requests", number(c->requests), "sources", (int)c->n_sources, "moreSources",
                     c->n_sources == DRY_SOURCES_MAX, "routes", routes_out(c), "otherRequests",
                     number(c->other_requests));
}

static json_t *callers_out(struct dry_callers *all, const struct names *names)
{
    json_t *list = json_array();

    qsort(all->at, all->n, sizeof all->at[0], caller_order);
    for (uint32_t i = 0; i < all->n; i++)
        json_out_append(&list, caller_out(&all->at[i], names));
    return json_pack("{s:o, s:o, s:o}", "requests", number(all->requests), "callers", list,
                     "otherRequests", number(all->other_requests));
}

static json_t *not_judged_out(const struct dry_run *d)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "cutPath", number(d->verdicts[HINDSIGHT_CUT]),
                     "noKeyAsked", number(d->verdicts[HINDSIGHT_NO_KEY]), "keyGone",
                     number(d->verdicts[HINDSIGHT_KEY_GONE]), "counted",
                     number(d->verdicts[HINDSIGHT_COUNTED]));
}

json_t *dry_run_out(struct dry_run *d, dry_name *name, void *ctx)
{
    const struct names names = {name, ctx};

    return json_pack("{s:o, s:o, s:o, s:o}", "requests", number(d->requests), "refused",
                     callers_out(&d->refused, &names), "allowed", callers_out(&d->allowed, &names),
                     "notJudged", not_judged_out(d));
}
