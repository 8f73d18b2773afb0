/* comment_in.c - see comment_in.h. */
#include "api/comment_in.h"

#include <stdio.h>

#include "base/utf8.h"

static enum kw_err check(struct problem *p, struct str comment)
{
    if (comment.n > COMMENT_MAX)
        return problem_field(p, "range", "comment", "It has %d bytes at most", COMMENT_MAX);
    if (comment.n > 0 && !utf8_printable(comment))
        return problem_field(p, "syntax", "comment",
                             "It is text without line breaks and other control characters");
    return KW_OK;
}

enum kw_err comment_in(struct call *c, bool is_needed, char out[COMMENT_MAX + 1])
{
    static const char *const names[] = {"comment", NULL};
    struct str comment = {NULL, 0};

    TRY(json_in_only(c->body, names, &c->problem));
    if (is_needed)
        TRY(json_in_required(c->body, "comment", &c->problem, &comment));
    else
        TRY(json_in_text(c->body, "comment", &c->problem, &comment));
    TRY(check(&c->problem, comment));
    if (is_needed && comment.n == 0)
        return problem_field(&c->problem, "missing", "comment", "It is empty");
    snprintf(out, COMMENT_MAX + 1, "%.*s", (int)comment.n, comment.p == NULL ? "" : comment.p);
    return KW_OK;
}
