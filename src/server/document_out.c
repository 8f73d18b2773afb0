/* document_out.c - see document_out.h. */
#include "server/document_out.h"

json_t *document_out(struct str text)
{
    json_t *object = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
    const char *name;
    json_t *value;
    void *next;

    if (object == NULL)
        return NULL;
    json_object_foreach_safe(object, next, name,
                             value) if (str_starts(str_from(name), STR("sealed")))
        json_object_del(object, name);
    return object;
}
