/* permission.h - which permission opens which class of routes, and what they are called. */
#ifndef CORE_PERMISSION_H
#define CORE_PERMISSION_H

#include <keyward/keyward.h>

#include "base/str.h"

enum { PERMISSION_ALL = KW_READ_ONLY | KW_TRANSACTIONS | KW_ACCOUNT_MANAGEMENT | KW_FULL_ACCESS };

/* Whether a set of permissions opens a class. KW_CLASS_PUBLIC is open to all, KW_CLASS_DENY to
 * none, a route that the policy does not list (KW_CLASS_UNLISTED) to full access only. */
bool permission_opens(unsigned permissions, enum kw_class c);

/* Whether a set opens all that another does. */
bool permission_covers(unsigned set, unsigned other);

/* What two sets open both: what an access token may do is what it was made for and its key may still do. Empty only if one
 * of them is. */
unsigned permission_both(unsigned a, unsigned b);

/* "read_only" … "full_access". KW_ESYNTAX for anything else. */
enum kw_err permission_parse(struct str name, enum kw_permission *out);

/* "sandbox", "production". KW_ESYNTAX for anything else. */
enum kw_err environment_parse(struct str name, enum kw_environment *out);

/* "read", "transact", "manage", "public", "deny" ("unlisted" is a name but is not parsed).
 * KW_ESYNTAX. */
enum kw_err class_parse(struct str name, enum kw_class *out);
const char *class_name(enum kw_class c);

/* The title of the least permission that opens a class, for messages: "Read Only", "Transactions",
 * "Account Management", "Full Access". */
const char *class_permission_title(enum kw_class c);

#endif
