/* document_out.c - see document_out.h. */
#include "json/document_out.h"

#include "base/base62.h"
#include "crypto/digest.h"

json_t *document_out(struct str text)
{
    json_t *object = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
    const char *name;
    json_t *value;
    void *next;

    if (object == NULL)
        return NULL;
    json_object_foreach_safe(object, next, name, value)
    {
        if (str_starts(str_from(name), STR("sealed")))
            json_object_del(object, name);
    }
    return object;
}

/* 14 characters out of 256 bits: two bytes each, whose bias of 1 in 1,000 nobody can make use of. */
void document_id(struct str text, char out[KW_KEY_ID_LEN + 1])
{
    struct digest d;

    digest_of(text, &d);
    for (size_t i = 0; i < KW_KEY_ID_LEN; i++)
        base62_put((uint32_t)(d.b[2 * i] << 8 | d.b[2 * i + 1]) % 62, out + i, 1);
    out[KW_KEY_ID_LEN] = '\0';
}
