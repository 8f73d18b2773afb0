/* html.c - see html.h. */
#include "notify/html.h"

static const struct {
    char c;
    struct str escape;
} escapes[] = {
    {'&', STR_INIT("&amp;")},  {'<', STR_INIT("&lt;")},   {'>', STR_INIT("&gt;")},
    {'"', STR_INIT("&quot;")}, {'\'', STR_INIT("&#39;")},
};

static struct str written(const char *c)
{
    for (size_t i = 0; i < COUNT_OF(escapes); i++)
        if (escapes[i].c == *c)
            return escapes[i].escape;
    return (struct str){c, 1};
}

void html_text(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        buf_str(out, written(text.p + i));
}
