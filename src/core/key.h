/* key.h - the text of a key: what it looks like, taken apart, put together. */
#ifndef CORE_KEY_H
#define CORE_KEY_H

#include <keyward/keyward.h>

#include "base/str.h"

/* mk_live_7Q2mK4T9xJ1aBd_<43 base62: the secret><6 base62: CRC-32C of all before>
 * └┬┘└┬─┘ └────┬───────┘
 *  │  │        └ id: 14 base62, public, stable across rotations
 *  │  └ environment: test = sandbox, live = production; admin = no key, but a management token
 *  └ brand: 2 to 8 of [a-z0-9], first a letter, last not t or r (mkt_ and mkr_ are tokens) */
enum {
    KEY_BRAND_MIN = 2,
    KEY_BRAND_MAX = 8,
    KEY_SECRET_LEN = 43,
    KEY_CHECK_LEN = 6,
    KEY_TAIL_LEN = sizeof "_live_" - 1 + KW_KEY_ID_LEN + 1 + KEY_SECRET_LEN + KEY_CHECK_LEN,
    KEY_MAX = KEY_BRAND_MAX + KEY_TAIL_LEN,
    KEY_ADMIN_TAIL_LEN = KEY_TAIL_LEN + 1, /* of a management token: _admin_ */
    KEY_ADMIN_MAX = KEY_BRAND_MAX + KEY_ADMIN_TAIL_LEN,
    KEY_TOKEN_MAX = KEY_MAX + 1, /* of an access or refresh token: one letter more */
};

struct key { /* borrows from the text it was parsed from */
    enum kw_environment environment;
    struct str id;
};

/* KW_OK, or KW_ESYNTAX with a brand that may not be one. */
enum kw_err key_brand_check(struct str brand);

/* Whether an id has the form of one. */
bool key_id_ok(struct str id);

/* Takes apart a whole key. Exact: one length, one alphabet, the brand, and a checksum that holds.
 * KW_ESYNTAX for anything else; *out is then untouched. */
enum kw_err key_parse(struct str text, struct str brand, struct key *out);

/* Writes a key of the given brand, environment, id and secret (43 base62) into out, which has room
 * for KEY_MAX bytes; returns its length. The parts must be in form: this is called with parts that
 * Keyward made. */
size_t key_print(struct str brand, enum kw_environment environment, struct str id,
                 struct str secret, char out[KEY_MAX]);

/* The same for a management token, whose text has `admin` in the place of the environment. Neither is ever taken for the
 * other. */
enum kw_err key_parse_admin(struct str text, struct str brand, struct str *id);
size_t key_print_admin(struct str brand, struct str id, struct str secret, char out[KEY_ADMIN_MAX]);

/* The same for the tokens that a key is exchanged for (core/family.h): a key's text, but that the brand is followed by a
 * letter, which no brand ends with. */
enum key_letter { KEY_ACCESS = 't', KEY_REFRESH = 'r' };
enum kw_err key_parse_token(struct str text, struct str brand, enum key_letter letter,
                            struct key *out);
size_t key_print_token(struct str brand, enum key_letter letter, enum kw_environment environment,
                       struct str id, struct str secret, char out[KEY_TOKEN_MAX]);

#endif
