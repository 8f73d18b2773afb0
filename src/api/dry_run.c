/* dry_run.c - see dry_run.h. The newest attempts come first, so of each caller the newest are told. */
#include "api/dry_run.h"

static struct dry_caller *caller_of(struct dry_callers *all, const struct event *e)
{
    for (uint32_t i = 0; i < all->n; i++)
        if (memcmp(all->at[i].key_id, e->key_id, KW_KEY_ID_LEN) == 0)
            return &all->at[i];
    if (all->n == DRY_CALLERS_MAX)
        return NULL;
    memcpy(all->at[all->n].key_id, e->key_id, KW_KEY_ID_LEN);
    return &all->at[all->n++];
}

static bool is_route(const struct dry_route *r, const struct event *e)
{
    return str_eq((struct str){r->method, r->method_n}, e->method) &&
           str_eq((struct str){r->path, r->path_n}, e->path);
}

static struct dry_route *route_of(struct dry_caller *c, const struct event *e)
{
    for (uint32_t i = 0; i < c->n_routes; i++)
        if (is_route(&c->routes[i], e))
            return &c->routes[i];
    if (c->n_routes == DRY_ROUTES_MAX)
        return NULL;
    struct dry_route *r = &c->routes[c->n_routes++];
    memcpy(r->method, e->method.p, e->method.n); /* hindsight.h: both are whole */
    memcpy(r->path, e->path.p, e->path.n);
    r->method_n = (uint8_t)e->method.n;
    r->path_n = (uint8_t)e->path.n;
    return r;
}

static void add_source(struct dry_caller *c, const struct address *source)
{
    for (uint32_t i = 0; i < c->n_sources; i++)
        if (memcmp(&c->sources[i], source, sizeof *source) == 0)
            return;
    if (c->n_sources < DRY_SOURCES_MAX)
        c->sources[c->n_sources++] = *source;
}

static void add_to(struct dry_callers *all, const struct event *e)
{
    struct dry_caller *c = caller_of(all, e);

    all->requests++;
    if (c == NULL) {
        all->other_requests++;
        return;
    }
    struct dry_route *r = route_of(c, e);
    c->requests++;
    add_source(c, &e->source);
    if (r == NULL)
        c->other_requests++;
    else
        r->requests++;
}

void dry_run_add(struct dry_run *d, const struct event *e, enum hindsight found)
{
    d->requests += e->count;
    d->verdicts[found] += e->count;
    if (found == HINDSIGHT_REFUSED)
        add_to(&d->refused, e);
    if (found == HINDSIGHT_ALLOWED)
        add_to(&d->allowed, e);
}
