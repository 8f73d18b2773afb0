/* document_put.c - see document_put.h. */
#include "jobs/document_put.h"

#include <stdlib.h>

static enum kw_err put(struct sync *sync, struct str actor, json_t *content, struct document *d,
                       bool is_urgent, const struct sync_reply *reply)
{
    char *text = content == NULL ? NULL : json_dumps(content, JSON_COMPACT);

    json_decref(content);
    if (text == NULL)
        return KW_ENOMEM;
    d->text = str_from(text);
    enum kw_err err =
        is_urgent ? sync_put_urgent(sync, actor, d) : sync_put_replied(sync, actor, d, reply);
    d->text = (struct str){NULL, 0};
    free(text);
    return err;
}

enum kw_err document_put(struct sync *sync, struct str actor, json_t *content, struct document *d)
{
    return put(sync, actor, content, d, false, NULL);
}

enum kw_err document_put_replied(struct sync *sync, struct str actor, json_t *content,
                                 struct document *d, const struct sync_reply *reply)
{
    return put(sync, actor, content, d, false, reply);
}

enum kw_err document_put_urgent(struct sync *sync, struct str actor, json_t *content,
                                struct document *d)
{
    return put(sync, actor, content, d, true, NULL);
}
