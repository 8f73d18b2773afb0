/* page.c - see page.h. */
#include "server/page.h"

#include <stdio.h>

enum kw_err page_begin(const struct query *q, struct problem *p, struct page *out)
{
    struct str limit = query_get(q, "limit"), cursor = query_get(q, "cursor");
    uint64_t n = PAGE_DEFAULT, after = 0;

    if (limit.p != NULL && (str_u64(limit, PAGE_MAX, &n) != KW_OK || n == 0))
        return problem_field(p, "range", "limit", "\"limit\" is a number from 1 to %d", PAGE_MAX);
    if (cursor.p != NULL && str_u64(cursor, UINT32_MAX, &after) != KW_OK)
        return problem_field(p, "syntax", "cursor", "\"cursor\" is what \"next\" of a page said");
    *out = (struct page){.limit = (uint32_t)n, .after = (uint32_t)after, .items = json_array()};
    return out->items == NULL ? KW_ENOMEM : KW_OK;
}

enum kw_err page_add(struct page *page, uint32_t slot, json_t *item)
{
    if (item == NULL)
        return KW_ENOMEM;
    if (json_array_size(page->items) == page->limit) {
        json_decref(item);
        page->more = true;
        return KW_EFULL;
    }
    page->last = slot;
    return json_array_append_new(page->items, item) == 0 ? KW_OK : KW_ENOMEM;
}

json_t *page_answer(struct page *page, const char *name)
{
    json_t *next = page->more ? json_sprintf("%u", page->last) : json_null();

    return json_pack("{s:o, s:o}", name, STEAL(page->items), "next", next);
}

void page_deinit(struct page *page)
{
    json_decref(page->items);
    page->items = NULL;
}
