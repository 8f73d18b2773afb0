/* policy_doc.h - the route policy as a JSON object of five lists, and as the table that decides. */
#ifndef SERVER_POLICY_DOC_H
#define SERVER_POLICY_DOC_H

#include "core/route.h"
#include "server/json_in.h"

enum { POLICY_LISTS = 5 };

/* "read", "transact", "manage", "public", "deny", NULL: the order in which lines are numbered. */
extern const char *const policy_list_names[POLICY_LISTS + 1];

/* Compiles the lists into table, which has a maximum of ROUTE_TABLE_MAX; what is wrong is said with its list and index as
 * the field ("transact[3]"). n_routes is how many lines there are. */
enum kw_err policy_doc_compile(const json_t *lists, struct problem *p, struct buf *table,
                               size_t *n_routes) MUST_USE;

/* The text of a line by its number, from 1. Empty: there is none. */
struct str policy_doc_line(const json_t *lists, uint32_t number);

#endif
