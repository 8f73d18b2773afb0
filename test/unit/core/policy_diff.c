/* policy_diff.c - what one policy says otherwise than another, however both are written. */
#include "core/policy_diff.h"

#include <stdlib.h>

#include "suite.h"

static const struct compared {
    const char *why;
    const char *before, *after,
        *want; /* "route: before after\n" each, by the first letters of the classes */
} compared[] = {
    {"nothing changed", "read GET /a\n", "read GET /a\n", ""},
    {"the order of lines", "read GET /a\ndeny GET /b\n", "deny GET /b\nread GET /a\n", ""},
    {"another name of a parameter", "read GET /a/{x}/b\n", "read GET /a/{long}/b\n", ""},
    {"a parameter and a literal", "read GET /a/{x}\n", "read GET /a/x\n",
     "GET /a/x: unlisted read\nGET /a/{x}: read unlisted\n"},
    {"added", "", "read GET /a\n", "GET /a: unlisted read\n"},
    {"removed", "transact POST /a\n", "", "POST /a: transact unlisted\n"},
    {"another class", "read GET /a\n", "deny GET /a\n", "GET /a: read deny\n"},
    {"another method", "read GET /a\n", "read PUT /a\n",
     "GET /a: read unlisted\nPUT /a: unlisted read\n"},
    {"sorted by path, then by method", "", "read PUT /b\nread GET /b\nread POST /a\n",
     "POST /a: unlisted read\nGET /b: unlisted read\nPUT /b: unlisted read\n"},
    {"a path that begins as another", "read GET /a\n", "read GET /a/**\n",
     "GET /a: read unlisted\nGET /a/**: unlisted read\n"},
};

static const char *name_of(enum kw_class c)
{
    static const char *const names[] = {"unlisted", "read", "transact", "manage", "public", "deny"};

    return names[c];
}

static void two_policies_differ_by(void **state)
{
    const struct compared *row = *state;
    struct policy_diff *d = malloc(sizeof *d);
    struct buf text = BUF_MAX(1000);

    assert_non_null(d);
    assert_ok(policy_diff(str_from(row->before), str_from(row->after), d));
    for (size_t i = 0; i < d->n; i++) {
        buf_str(&text, d->changes[i].route);
        buf_printf(&text, ": %s %s\n", name_of(d->changes[i].before), name_of(d->changes[i].after));
    }
    assert_str(buf_view(&text), str_from(row->want));
    buf_deinit(&text);
    free(d);
}

static void what_is_no_document_is_refused(void **state)
{
    struct policy_diff *d = malloc(sizeof *d);

    (void)state;
    assert_non_null(d);
    assert_err(policy_diff(STR("read GET /a"), STR(""), d), KW_ESYNTAX);
    assert_err(policy_diff(STR(""), STR("reed GET /a\n"), d), KW_ESYNTAX);
    free(d);
}

int main(void)
{
    SUITE_ROWS(two_policies_differ_by, compared);
    SUITE_TEST(what_is_no_document_is_refused);
    return suite_run("core/policy_diff");
}
