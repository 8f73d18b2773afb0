/* page.h - a list that is handed out in pages: how many, and from where on. */
#ifndef SERVER_PAGE_H
#define SERVER_PAGE_H

#include "server/call.h"

enum { PAGE_DEFAULT = 100, PAGE_MAX = 1000 };

struct page {
    struct call *call;     /* borrows */
    const char *list;      /* its name, "keys"; borrows */
    const char *order;     /* what its cursors are for: the list, or one order of it; borrows */
    uint32_t limit, after; /* after: the slot of the last object of the page before; 0: none */
    uint32_t last;         /* slot of the last object taken, or looked at */
    bool more;             /* there are more than were taken */
    json_t *items;         /* owned until page_answer */
};

/* Reads "limit" and "cursor" (see cursor.h) of the call's query. */
enum kw_err page_begin(struct call *call, const char *list, struct page *out) MUST_USE;

/* The same of a list that has several orders: a cursor goes on in that of its name ("keys newest") alone. */
enum kw_err page_begin_order(struct call *call, const char *list, const char *order,
                             struct page *out) MUST_USE;

/* Takes an object (and with it the reference; NULL is KW_ENOMEM). KW_EFULL: the page is full, this
 * one was not taken, and no more need to be offered. */
enum kw_err page_add(struct page *page, uint32_t slot, json_t *item) MUST_USE;

/* Ends the page before the list does: the next one goes on behind this slot. */
void page_give_way(struct page *page, uint32_t slot);

/* Answers {"keys":[…],"next":"…"}; next is null on the last page. KW_ENOMEM, KW_EIO. */
enum kw_err page_answer(struct page *page) MUST_USE;
void page_deinit(struct page *page);

#endif
