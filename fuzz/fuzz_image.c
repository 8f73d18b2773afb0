/* fuzz_image.c - the image of a row that is taken is the same bytes when it is made again, of every kind of row. */
#include "fuzz.h"
#include "store/image.h"

#define MUST_COME_BACK(type, name)                             \
    static bool is_##name(struct str image, struct buf *again) \
    {                                                          \
        struct type row = {.version = 77};                     \
                                                               \
        enum kw_err err = image_read_##name(image, &row);      \
        if (err != KW_OK) {                                    \
            MUST(err == KW_EDAMAGED || err == KW_EFORMAT);     \
            MUST(row.version == 77);                           \
            return false;                                      \
        }                                                      \
        buf_clear(again);                                      \
        MUST(image_of_##name(&row, again) == KW_OK);           \
        MUST(str_eq(buf_view(again), image));                  \
        return true;                                           \
    }

MUST_COME_BACK(grant, key)
MUST_COME_BACK(account, account)
MUST_COME_BACK(environment, environment)
MUST_COME_BACK(token, token)
MUST_COME_BACK(family, family)

/* No image is that of two rows. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const struct str image = {(const char *)data, n};
    struct buf again = BUF_MAX(16384);

    int kinds = is_key(image, &again) + is_account(image, &again) + is_environment(image, &again) +
                is_token(image, &again) + is_family(image, &again);
    MUST(kinds <= 1);
    buf_deinit(&again);
    return 0;
}
