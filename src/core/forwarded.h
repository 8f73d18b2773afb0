/* forwarded.h - whose address a chain of proxies tells; the rest is include/keyward/forwarded.h. */
#ifndef CORE_FORWARDED_H
#define CORE_FORWARDED_H

#include <keyward/forwarded.h>

#include "core/address.h"

/* One hop as proxies write it: an address, with a port or without, IPv6 also in brackets. KW_ESYNTAX. */
enum kw_err forwarded_hop_parse(struct str text, struct address *out);

bool forwarded_is_trusted(const struct kw_trust *trust, const struct address *a);

/* The client's address: from the right, the first hop of the list that is not trusted; the left-most where all are.
 * KW_ESYNTAX when a hop on the way is no address, or there is none. */
enum kw_err forwarded_client(const struct kw_trust *trust, struct str hops, struct address *out);

#endif
