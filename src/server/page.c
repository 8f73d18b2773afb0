/* page.c - see page.h. */
#include "server/page.h"

#include <stdio.h>

#include "base/hex.h"

enum {
    CURSOR_LEN = sizeof(uint32_t) + BOX_OVERHEAD,
    WHOSE_MAX = 64, /* the name of a list, and an account */
};

/* ---- cursors ---- */

/* What a cursor belongs to. */
static struct str whose(const struct page *page, char out[WHOSE_MAX])
{
    int n = snprintf(out, WHOSE_MAX, "%s %s", page->list, page->call->caller.account);

    return (struct str){out, (size_t)n};
}

static enum kw_err cursor_read(const struct page *page, struct str text, uint32_t *slot)
{
    uint8_t sealed[CURSOR_LEN];
    char room[WHOSE_MAX];

    TRY(hex_get(text, sealed, sizeof sealed));
    return box_open(page->call->server->people->cursors, whose(page, room),
                    (struct str){(const char *)sealed, sizeof sealed}, slot);
}

static enum kw_err cursor_out(const struct page *page, json_t **out)
{
    char text[2 * CURSOR_LEN], room[WHOSE_MAX];
    uint8_t sealed[CURSOR_LEN];

    TRY(box_seal(page->call->server->people->cursors, whose(page, room),
                 (struct str){(const char *)&page->last, sizeof page->last}, sealed));
    hex_put(sealed, sizeof sealed, text);
    *out = json_stringn(text, sizeof text);
    return KW_OK;
}

/* ---- pages ---- */

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

static enum kw_err read_cursor(struct call *c, struct page *page)
{
    struct str cursor = query_get(&c->query, "cursor");

    if (cursor.p == NULL)
        return KW_OK;
    enum kw_err err = cursor_read(page, cursor, &page->after);
    if (err == KW_ESYNTAX || err == KW_EDAMAGED)
        return problem_field(&c->problem, "syntax", "cursor",
                             "\"cursor\" is what \"next\" of a page of this list said");
    return err;
}

enum kw_err page_begin(struct call *call, const char *list, struct page *out)
{
    struct page page = {.call = call, .list = list};

    TRY(read_limit(call, &page));
    TRY(read_cursor(call, &page));
    page.items = json_array();
    if (page.items == NULL)
        return KW_ENOMEM;
    *out = page;
    return KW_OK;
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
    json_t *next = json_null();

    if (page->more)
        TRY(cursor_out(page, &next));
    return call_answer(page->call, 200,
                       json_pack("{s:o, s:o}", page->list, STEAL(page->items), "next", next));
}

void page_deinit(struct page *page)
{
    json_decref(page->items);
    page->items = NULL;
}
