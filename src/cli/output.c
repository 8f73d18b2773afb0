/* output.c - see output.h. */
#include "cli/output.h"

#include <errno.h>
#include <unistd.h>

static enum kw_err write_all(const char *p, size_t n)
{
    while (n > 0) {
        ssize_t done = write(STDOUT_FILENO, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return KW_EIO;
        p += done;
        n -= (size_t)done;
    }
    return KW_OK;
}

enum exit_status output_text(struct buf *text)
{
    enum kw_err err = text->failed ? KW_ENOMEM : write_all(text->p, text->n);

    if (text->p != NULL)
        explicit_bzero(text->p, text->cap);
    if (err != KW_OK)
        return exit_say(EXIT_IO, "", "the answer cannot be written to standard output");
    return EXIT_DONE;
}

static int add_piece(const char *bytes, size_t n, void *ctx)
{
    struct buf *b = ctx;

    buf_add(b, bytes, n);
    return b->failed ? -1 : 0;
}

enum exit_status output_json(const json_t *value)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);

    buf_room(&text, 16384); /* so that a key's answer is not copied while it grows */
    if (json_dump_callback(value, add_piece, &text, JSON_INDENT(2)) != 0)
        text.failed = true;
    buf_add(&text, "\n", 1);
    return output_text(&text);
}

const char *output_string(const json_t *object, const char *member)
{
    const char *s = json_string_value(json_object_get(object, member));

    return s == NULL ? "" : s;
}

long long output_number(const json_t *object, const char *member)
{
    return json_integer_value(json_object_get(object, member));
}

void output_line(struct buf *to, const char *title, const char *value)
{
    buf_printf(to, "%-13s%s\n", title, value);
}

void output_list(struct buf *to, const json_t *list, const char *otherwise)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        buf_printf(to, "%s%s", i == 0 ? "" : ", ", json_string_value(json_array_get(list, i)));
    if (json_array_size(list) == 0)
        buf_printf(to, "%s", otherwise);
}

void output_day(const json_t *object, const char *member, char day[OUTPUT_DAY_LEN + 1])
{
    const char *moment = output_string(object, member);

    snprintf(day, OUTPUT_DAY_LEN + 1, "%s", moment[0] == '\0' ? "never" : moment);
}

void output_last(struct buf *to, const char *title, const json_t *object, const char *at,
                 const char *from)
{
    const char *moment = output_string(object, at), *place = output_string(object, from);

    if (moment[0] == '\0')
        output_line(to, title, "never");
    else if (place[0] == '\0')
        output_line(to, title, moment);
    else
        buf_printf(to, "%-13s%s from %s\n", title, moment, place);
}
