/* mime.c - what people wrote goes through mail unchanged, and nothing in it begins a line of its own. */
#include "notify/mime.h"

#include "suite.h"

static const struct row {
    const char *why, *text, *want;
} words[] =
    {
        {"nothing", "", ""},
        {"letters and blanks", "Anna Bell 2", "Anna Bell 2"},
        {"a point", "A. Bell", "=?utf-8?Q?A=2E_Bell?="},
        {"a blank at an end", "Anna ", "=?utf-8?Q?Anna_?="},
        {"two blanks", "a  b", "=?utf-8?Q?a__b?="},
        {"not ASCII", "J\xc3\xb6rg", "=?utf-8?Q?J=C3=B6rg?="},
        {"its own signs", "=?_", "=?utf-8?Q?=3D=3F=5F?="},
        {"quotes and brackets", "\"<a@b>", "=?utf-8?Q?=22=3Ca=40b=3E?="},
        {"the end of a line", "a\r\nBcc: b", "=?utf-8?Q?a=0D=0ABcc=3A_b?="},
        {"bytes that are no text", "a\xff", "=?utf-8?Q?a=FF?="},
},
  bodies[] = {
      {"nothing", "", ""},
      {"lines", "a\n\nb\n", "a\r\n\r\nb\r\n"},
      {"no end of a line", "a", "a\r\n"},
      {"a blank at the end", "a \nb", "a=20\r\nb\r\n"},
      {"a point first", ".\n.a.b", "=2E\r\n=2Ea.b\r\n"},
      {"an equals sign", "a=b", "a=3Db\r\n"},
      {"not ASCII", "\xc3\xb6", "=C3=B6\r\n"},
      {"a carriage return", "a\rb", "a=0Db\r\n"},
      {"a tab", "a\tb", "a=09b\r\n"},
};

static void mime_word_encodes(void **state)
{
    AUTO(buf_deinit) struct buf out = BUF_MAX(1000);
    const struct row *row = *state;

    mime_word(&out, str_from(row->text));
    assert_str(buf_view(&out), str_from(row->want));
}

static void mime_body_encodes(void **state)
{
    AUTO(buf_deinit) struct buf out = BUF_MAX(1000);
    const struct row *row = *state;

    mime_body(&out, str_from(row->text));
    assert_str(buf_view(&out), str_from(row->want));
}

/* Whatever the text is, a line has its end in time, and the next one of a header begins with a blank. */
static void check_lines(struct str out, bool is_header)
{
    struct str line;

    for (bool is_first = true; out.n > 0; is_first = false) {
        if (!str_cut(out, '\n', &line, &out)) {
            line = out;
            out = (struct str){NULL, 0};
        }
        assert_in_range(line.n, 1, 78);
        if (is_header && !is_first)
            assert_int_equal(line.p[0], ' ');
        for (size_t i = 0; i + 1 < line.n; i++)
            assert_in_range(line.p[i], ' ', '~');
    }
}

static void long_words_and_lines_are_broken_between_characters(void **state)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(1000), word = BUF_MAX(4000), body = BUF_MAX(4000);

    (void)state;
    for (int i = 0; i < 100; i++)
        buf_str(&text, STR("\xe5\x90\x8d"));
    mime_word(&word, buf_view(&text));
    check_lines(buf_view(&word), true);
    assert_null(memmem(word.p, word.n, "?=\r\n =?utf-8?Q?=90", 18)); /* torn */
    assert_non_null(memmem(word.p, word.n, "?=\r\n =?utf-8?Q?=E5", 18));
    mime_body(&body, buf_view(&text));
    check_lines(buf_view(&body), false);
}

int main(void)
{
    SUITE_ROWS(mime_word_encodes, words);
    SUITE_ROWS(mime_body_encodes, bodies);
    SUITE_TEST(long_words_and_lines_are_broken_between_characters);
    return suite_run("notify/mime");
}
