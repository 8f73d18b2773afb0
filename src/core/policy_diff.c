/* policy_diff.c - see policy_diff.h. Both lists are sorted alike, and then gone through side by side. */
#include "core/policy_diff.h"

#include <stdlib.h>

/* Behind the name of a parameter that begins at i. */
static size_t skip_name(struct str path, size_t i)
{
    while (i < path.n && path.p[i] != '}')
        i++;
    return i;
}

static int path_order(struct str a, struct str b)
{
    size_t i = 0, j = 0;

    for (; i < a.n && j < b.n; i++, j++) {
        if (a.p[i] != b.p[j])
            return (unsigned char)a.p[i] < (unsigned char)b.p[j] ? -1 : 1;
        if (a.p[i] != '{')
            continue;
        i = skip_name(a, i);
        j = skip_name(b, j);
    }
    return (i < a.n) - (j < b.n);
}

static int text_order(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n == 0 ? 0 : memcmp(a.p, b.p, n);

    return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

static int route_order(const void *left, const void *right)
{
    struct str a = ((const struct route *)left)->text, b = ((const struct route *)right)->text;
    struct str method_a = {NULL, 0}, method_b = {NULL, 0};

    (void)str_cut(a, ' ', &method_a, &a);
    (void)str_cut(b, ' ', &method_b, &b);
    int order = path_order(a, b);
    return order != 0 ? order : text_order(method_a, method_b);
}

static void add(struct policy_diff *d, struct str route, enum kw_class before, enum kw_class after)
{
    if (before != after)
        d->changes[d->n++] = (struct policy_change){route, before, after};
}

enum kw_err policy_diff(struct str before, struct str after, struct policy_diff *d)
{
    size_t n_before, n_after, i = 0, j = 0;

    TRY(policy_read(before, d->before, &n_before));
    TRY(policy_read(after, d->after, &n_after));
    qsort(d->before, n_before, sizeof d->before[0], route_order);
    qsort(d->after, n_after, sizeof d->after[0], route_order);
    d->n = 0;
    while (i < n_before || j < n_after) {
        const struct route *old = &d->before[i], *new = &d->after[j];
        int order = i == n_before ? 1 : j == n_after ? -1 : route_order(old, new);
        if (order <= 0)
            i++;
        if (order >= 0)
            j++;
        if (order < 0)
            add(d, old->text, old->c, KW_CLASS_UNLISTED);
        else
            add(d, new->text, order == 0 ? old->c : KW_CLASS_UNLISTED, new->c);
    }
    return KW_OK;
}
