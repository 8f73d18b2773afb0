/* cursor.c - see cursor.h. */
#include "server/cursor.h"

#include <stdio.h>

#include "base/hex.h"

enum { WHOSE_MAX = 64 }; /* the name of a list, and an account */

static struct str whose(const struct call *c, const char *list, char out[WHOSE_MAX])
{
    int n = snprintf(out, WHOSE_MAX, "%s %s", list, c->caller.account);

    return (struct str){out, (size_t)n};
}

enum kw_err cursor_seal(const struct call *c, const char *list, const void *place, size_t n,
                        char text[CURSOR_TEXT_MAX + 1])
{
    uint8_t sealed[CURSOR_PLACE_MAX + BOX_OVERHEAD];
    char room[WHOSE_MAX];

    TRY(box_seal(c->server->people->cursors, whose(c, list, room), (struct str){place, n}, sealed));
    hex_put(sealed, n + BOX_OVERHEAD, text);
    text[2 * (n + BOX_OVERHEAD)] = '\0';
    return KW_OK;
}

static enum kw_err open_text(const struct call *c, const char *list, struct str text, void *place,
                             size_t n)
{
    uint8_t sealed[CURSOR_PLACE_MAX + BOX_OVERHEAD];
    char room[WHOSE_MAX];

    TRY(hex_get(text, sealed, n + BOX_OVERHEAD));
    return box_open(c->server->people->cursors, whose(c, list, room),
                    (struct str){(const char *)sealed, n + BOX_OVERHEAD}, place);
}

enum kw_err cursor_read(struct call *c, const char *list, void *place, size_t n)
{
    struct str text = query_get(&c->query, "cursor");

    if (text.p == NULL)
        return KW_OK;
    enum kw_err err = open_text(c, list, text, place, n);
    if (err == KW_ESYNTAX || err == KW_EDAMAGED)
        return problem_field(&c->problem, "syntax", "cursor",
                             "\"cursor\" is what \"next\" of a page of this list said");
    return err;
}
