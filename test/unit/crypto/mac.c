/* mac.c - HMAC-SHA-256: vectors of RFC 4231, with a key that is longer than a block among them. */
#include "crypto/mac.h"

#include "base/hex.h"
#include "suite.h"

static const struct vector {
    const char *why, *key, *text, *mac;
} vectors[] = {
    {"RFC 4231 case 2", "Jefe", "what do ya want for nothing?",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {"RFC 4231 case 6", NULL, "Test Using Larger Than Block-Size Key - Hash Key First",
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
};

static void mac_is_HMAC_SHA_256(void **state)
{
    const struct vector *row = *state;
    char key[131], hex[2 * DIGEST_LEN];
    struct digest mac;

    memset(key, 0xaa, sizeof key);
    struct str k = row->key == NULL ? (struct str){key, sizeof key} : str_from(row->key);
    assert_ok(mac_of(k, str_from(row->text), &mac));
    hex_put(mac.b, DIGEST_LEN, hex);
    assert_memory_equal(hex, row->mac, sizeof hex);
}

int main(void)
{
    SUITE_ROWS(mac_is_HMAC_SHA_256, vectors);
    return suite_run("crypto/mac");
}
