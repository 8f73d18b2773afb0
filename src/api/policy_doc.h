/* policy_doc.h - the route policy as a JSON object of five lists, to and from the document that the
 * store keeps. */
#ifndef API_POLICY_DOC_H
#define API_POLICY_DOC_H

#include "core/policy.h"
#include "json/json_in.h"

enum { POLICY_LISTS = 5 };

/* "read", "transact", "manage", "public", "deny", NULL: the order in which lines are numbered. */
extern const char *const policy_list_names[POLICY_LISTS + 1];

/* Compiles the lists into table (with a max of ROUTE_TABLE_MAX) and writes them into document. What
 * is wrong is said with its list and index as the field ("transact[3]"). n_routes is how many lines
 * there are. */
enum kw_err policy_doc_read(const json_t *lists, struct problem *p, struct buf *table,
                            struct buf *document, size_t *n_routes) MUST_USE;

/* The same of the member "policy" of a body, which has to be an object. */
enum kw_err policy_doc_of(const json_t *lists, struct problem *p, struct buf *table,
                          struct buf *document, size_t *n_routes) MUST_USE;

/* The object of a document; the caller owns it. KW_EDAMAGED: not a document. KW_ENOMEM. */
enum kw_err policy_doc_lists(struct str document, json_t **out) MUST_USE;

#endif
