/* page.h - a list that is handed out in pages: how many, and from where on. */
#ifndef SERVER_PAGE_H
#define SERVER_PAGE_H

#include "server/json_out.h"
#include "server/query.h"

enum { PAGE_DEFAULT = 100, PAGE_MAX = 1000 };

struct page {
    uint32_t limit, after; /* after: the slot of the last object of the page before; 0: none */
    uint32_t last;         /* slot of the last object taken */
    bool more;             /* there are more than were taken */
    json_t *items;         /* owned until page_answer */
};

/* Reads "limit" and "cursor" of the query. */
enum kw_err page_begin(const struct query *q, struct problem *p, struct page *out) MUST_USE;

/* Takes an object (and with it the reference; NULL is KW_ENOMEM). KW_EFULL: the page is full, this
 * one was not taken, and no more need to be offered. */
enum kw_err page_add(struct page *page, uint32_t slot, json_t *item) MUST_USE;

/* {"keys":[…],"next":"7"}; next is null on the last page. NULL: out of memory. */
json_t *page_answer(struct page *page, const char *name);
void page_deinit(struct page *page);

#endif
