/* html.c - whatever a text holds, it is text in HTML. */
#include "notify/html.h"

#include "suite.h"

static const struct row {
    const char *why, *text, *want;
} rows[] = {
    {"a word", "Anna", "Anna"},
    {"an element", "<script>", "&lt;script&gt;"},
    {"the end of an attribute", "\" onclick='x'", "&quot; onclick=&#39;x&#39;"},
    {"what is written so already", "&lt;", "&amp;lt;"},
    {"UTF-8", "Zo\xc3\xab", "Zo\xc3\xab"},
};

static void F7_html_text_makes_no_markup(void **state)
{
    AUTO(buf_deinit) struct buf out = BUF_MAX(1000);
    const struct row *row = *state;

    html_text(&out, str_from(row->text));
    assert_str(buf_view(&out), str_from(row->want));
}

int main(void)
{
    SUITE_ROWS(F7_html_text_makes_no_markup, rows);
    return suite_run("notify/html");
}
