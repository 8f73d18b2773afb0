/* nginx_conf.c - what `nginx -T` prints as a tree, and text that is none. */
#include "cli/nginx_conf.h"

#include <stdio.h>

#include "base/buf.h"
#include "suite.h"

static void add_block(const struct nginx_conf *c, int32_t block, struct buf *out);

static void add_directive(const struct nginx_conf *c, int32_t d, struct buf *out)
{
    for (size_t i = 0; i < c->directives[d].n_words; i++) {
        buf_printf(out, i == 0 ? "" : "|");
        buf_str(out, nginx_word(c, (size_t)d, i));
    }
    if (c->directives[d].is_block) {
        buf_str(out, STR("{"));
        add_block(c, d, out);
        buf_str(out, STR("}"));
    } else {
        buf_str(out, STR(";"));
    }
}

/* In the order of the text. */
static void add_block(const struct nginx_conf *c, int32_t block, struct buf *out)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->directives[i].parent == block)
            add_directive(c, (int32_t)i, out);
}

static const struct tree {
    const char *why;
    const char *text, *want;
} trees[] = {
    {"nothing", "", ""},
    {"a comment", "# user x;\n", ""},
    {"one", "user  www-data ;", "user|www-data;"},
    {"blocks", "http{server{listen 80;}}", "http{server{listen|80;}}"},
    {"an empty block", "events { }", "events{}"},
    {"quotes", "log_format a 'x \"$b\" ;{' \"c'\";", "log_format|a|x \"$b\" ;{|c';"},
    {"an escaped quote", "return 200 'a\\'b';", "return|200|a\\'b;"},
    {"a variable in braces", "set $a ${b}c;", "set|$a|${b}c;"},
    {"a brace that ends a word", "if ($a){x;}", "if|($a){x;}"},
    {"a hash in a word", "a b#c;", "a|b#c;"},
    {"a comment between words", "a # b;\n c;", "a|c;"},
    {"a foreign block", "a{content_by_lua_block { x = {1} -- ; }b;}", "a{content_by_lua_block{}b;}"},
    {"an included file", "# configuration file /e/nginx.conf:\nhttp { include s/*; }\n# configuration file /e/s/a:\nx 1;\n",
     "http{include|s/*;x|1;}"},
    {"an included file, by its whole name",
     "# configuration file /e/nginx.conf:\ninclude /f/b;\n# configuration file /f/b:\ny {\n}\n",
     "include|/f/b;y{}"},
    {"a file that nobody includes",
     "# configuration file /e/n:\na;\n# configuration file /e/m:\nb;\n", "a;"},
    {"a pattern stays in its folder",
     "# configuration file /e/n:\ninclude *.x;\n# configuration file /e/d/m.x:\nb;\n", "include|*.x;"},
};

static void nginx_conf_reads(void **state)
{
    const struct tree *row = *state;
    AUTO(nginx_conf_deinit) struct nginx_conf c = {.last = -1};
    AUTO(buf_deinit) struct buf text = BUF_MAX(4096);
    struct nginx_directive bad;

    assert_ok(nginx_conf_read(str_from(row->text), &c, &bad));
    add_block(&c, -1, &text);
    assert_str(buf_view(&text), str_from(row->want));
}

static const struct reject {
    const char *why;
    const char *text;
    enum kw_err want;
    uint32_t line;
} rejects[] = {
    {"no semicolon", "\n\nuser x", KW_ESYNTAX, 3},
    {"an open block", "a {\nb;\n", KW_ESYNTAX, 3},
    {"a block too many closed", "a;\n}", KW_ESYNTAX, 2},
    {"a semicolon alone", "a;\n;", KW_ESYNTAX, 2},
    {"a block without a name", "{ }", KW_ESYNTAX, 1},
    {"an open quote", "a 'b;\n", KW_ESYNTAX, 2},
    {"an open foreign block", "access_by_lua_block { {", KW_ESYNTAX, 1},
    {"a file that includes itself",
     "# configuration file /n:\ninclude m;\n# configuration file /m:\ninclude m;\n", KW_ERANGE, 1},
    {"blocks without end", "a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{", KW_ERANGE, 1},
};

static void nginx_conf_rejects(void **state)
{
    const struct reject *row = *state;
    struct nginx_conf c = {.n = 77};
    struct nginx_directive bad;

    assert_err(nginx_conf_read(str_from(row->text), &c, &bad), row->want);
    assert_int_equal(bad.line, row->line);
    assert_int_equal(c.n, 77);
}

/* A file that includes itself twice would be read 2^24 times. */
static void what_includes_itself_again_and_again_ends(void **state)
{
    struct nginx_conf c;
    struct nginx_directive bad;

    (void)state;
    assert_err(
        nginx_conf_read(STR("# configuration file /n:\ninclude m;\n# configuration file /m:\n"
                            "a {\n}\ninclude m;\ninclude m;\n"),
                        &c, &bad),
        KW_ERANGE);
    assert_str(bad.file, STR("/m"));
}

static int32_t find(const struct nginx_conf *c, const char *name)
{
    for (size_t i = 0; i < c->n; i++)
        if (nginx_is(c, i, name))
            return (int32_t)i;
    fail_msg("there is no %s", name);
    return -1;
}

static const struct effect {
    const char *why;
    const char *text, *want;
} effects[] = {
    {"its own", "x 1; b { x 2; here { x 3; } }", "3"},
    {"the nearest around it", "x 1; b { x 2; here { } }", "2"},
    {"the outermost", "b { here { } c { x 2; } } x 1;", "1"},
    {"one that stands behind it", "b { here { } x 2; }", "2"},
    {"the last of several", "here { x 1; x 2; }", "2"},
    {"none", "b { x 1; } here { y { x 2; } }", ""},
};

static void nginx_effective_is_the_nearest(void **state)
{
    const struct effect *row = *state;
    AUTO(nginx_conf_deinit) struct nginx_conf c = {.last = -1};
    struct nginx_directive bad;

    assert_ok(nginx_conf_read(str_from(row->text), &c, &bad));
    int32_t d = nginx_effective(&c, find(&c, "here"), "x");
    assert_int_equal(d >= 0, row->want[0] != '\0');
    if (d >= 0)
        assert_str(nginx_word(&c, (size_t)d, 1), str_from(row->want));
}

int main(void)
{
    SUITE_ROWS(nginx_conf_reads, trees);
    SUITE_ROWS(nginx_conf_rejects, rejects);
    SUITE_TEST(what_includes_itself_again_and_again_ends);
    SUITE_ROWS(nginx_effective_is_the_nearest, effects);
    return suite_run("cli/nginx_conf");
}
