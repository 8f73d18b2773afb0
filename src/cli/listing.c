/* listing.c - see listing.h. */
#include "cli/listing.h"

#include "cli/output.h"

static enum exit_status print(const struct listing *l, const json_t *objects)
{
    AUTO(table_deinit)
    struct table t = {.n_columns = l->n_columns, .has_whole_end = l->has_whole_end};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);

    enum kw_err err = table_add(&t, l->headings);
    for (size_t i = 0; i < json_array_size(objects) && err == KW_OK; i++)
        err = l->add_row(&t, json_array_get(objects, i));
    if (json_array_size(objects) == 0)
        buf_str(&text, str_from(l->empty));
    else
        table_print(&t, &text);
    text.failed = text.failed || err != KW_OK;
    return output_text(&text);
}

enum exit_status listing_show(const struct command *self, const struct args *args, struct buf *path,
                              const struct listing *l)
{
    json_t *all = NULL;

    enum exit_status status = talk_pages(self, args, path, l->name, &all);
    if (status != EXIT_DONE)
        return status;
    status = args_has(args, "json") ? output_json(all) : print(l, json_object_get(all, l->name));
    json_decref(all);
    return status;
}
