/* whole.h - whether what a caller hands us can be looked at: bytes for every length, and no length beyond reason. */
#ifndef ENGINE_WHOLE_H
#define ENGINE_WHOLE_H

#include <keyward/keyward.h>

/* A length with bytes, of at most KW_STR_MAX. */
bool str_is_whole(struct kw_str s);

/* Not NULL, and every string and list in it whole. Nothing is read but the lists themselves. */
bool request_is_whole(const struct kw_request *r);

#endif
