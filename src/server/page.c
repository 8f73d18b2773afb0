/* page.c - see page.h. */
#include "server/page.h"

#include "server/cursor.h"

static enum kw_err read_limit(struct call *c, struct page *page)
{
    struct str limit = query_get(&c->query, "limit");
    uint64_t n = PAGE_DEFAULT;

    if (limit.p != NULL && (str_u64(limit, PAGE_MAX, &n) != KW_OK || n == 0))
        return problem_field(&c->problem, "range", "limit", "\"limit\" is a number from 1 to %d",
                             PAGE_MAX);
    page->limit = (uint32_t)n;
    return KW_OK;
}

enum kw_err page_begin_order(struct call *call, const char *list, const char *order, struct page *out)
{
    struct page page = {.call = call, .list = list, .order = order};

    TRY(read_limit(call, &page));
    TRY(cursor_read(call, order, &page.after, sizeof page.after));
    page.items = json_array();
    if (page.items == NULL)
        return KW_ENOMEM;
    *out = page;
    return KW_OK;
}

enum kw_err page_begin(struct call *call, const char *list, struct page *out)
{
    return page_begin_order(call, list, list, out);
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

void page_give_way(struct page *page, uint32_t slot)
{
    page->last = slot;
    page->more = true;
}

enum kw_err page_answer(struct page *page)
{
    char text[CURSOR_TEXT_MAX + 1];
    json_t *next = NULL;

    if (page->more) {
        TRY(cursor_seal(page->call, page->order, &page->last, sizeof page->last, text));
        next = json_string(text);
    }
    return call_answer(page->call, 200,
                       json_pack("{s:o, s:o}", page->list, STEAL(page->items), "next",
                                 page->more ? next : json_null()));
}

void page_deinit(struct page *page)
{
    json_decref(page->items);
    page->items = NULL;
}
