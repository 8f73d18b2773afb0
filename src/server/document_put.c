/* document_put.c - see document_put.h. */
#include "server/document_put.h"

#include <stdlib.h>

typedef enum kw_err put_fn(struct sync *s, struct str actor, struct document *d);

static enum kw_err put(struct sync *sync, struct str actor, json_t *content, struct document *d,
                       put_fn *how)
{
    char *text = content == NULL ? NULL : json_dumps(content, JSON_COMPACT);

    json_decref(content);
    if (text == NULL)
        return KW_ENOMEM;
    d->text = str_from(text);
    enum kw_err err = how(sync, actor, d);
    d->text = (struct str){NULL, 0};
    free(text);
    return err;
}

enum kw_err document_put(struct sync *sync, struct str actor, json_t *content, struct document *d)
{
    return put(sync, actor, content, d, sync_put_document);
}

enum kw_err document_put_urgent(struct sync *sync, struct str actor, json_t *content,
                                struct document *d)
{
    return put(sync, actor, content, d, sync_put_urgent);
}
