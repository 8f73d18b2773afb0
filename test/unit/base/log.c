/* log.c - a line is one line, whatever is in it, in either form. */
#include "base/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "folder.h"
#include "suite.h"

/* What went to standard error since it was pointed here. */
struct caught {
    struct folder folder;
    int kept;
    char text[8192];
};

static void catch_begin(struct caught *c, enum log_format format)
{
    folder_make(&c->folder);
    c->kept = dup(STDERR_FILENO);
    int fd = open(folder_file(&c->folder, "log"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0 && dup2(fd, STDERR_FILENO) >= 0);
    close(fd);
    log_set_format(format);
}

static void catch_end(struct caught *c)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(sizeof c->text - 1);

    log_set_format(LOG_TEXT);
    assert_true(dup2(c->kept, STDERR_FILENO) >= 0);
    close(c->kept);
    assert_ok(file_read(folder_file(&c->folder, "log"), &text));
    snprintf(c->text, sizeof c->text, "%.*s", (int)text.n, text.p);
    folder_remove(&c->folder);
}

static const struct message {
    const char *why;
    const char *text, *as_text, *as_json;
} messages[] = {
    {"plain", "all is well", "keyward: all is well\n",
     "\"level\":\"info\",\"message\":\"all is well\"}\n"},
    {"a second line", "a\nkeyward: error: b", "keyward: a?keyward: error: b\n",
     "\"message\":\"a\\u000akeyward: error: b\"}\n"},
    {"quotes", "say \"x\\y\"", "keyward: say \"x\\y\"\n", "\"message\":\"say \\\"x\\\\y\\\"\"}\n"},
    {"an escape", "\x1b[2J", "keyward: ?[2J\n", "\"message\":\"\\u001b[2J\"}\n"},
};

static void I1_log_text_is_one_line(void **state)
{
    const struct message *row = *state;
    struct caught c;

    catch_begin(&c, LOG_TEXT);
    log_info("%s", row->text);
    catch_end(&c);
    assert_string_equal(c.text, row->as_text);
}

static void I1_log_json_is_one_object(void **state)
{
    const struct message *row = *state;
    struct caught c;

    catch_begin(&c, LOG_JSON);
    log_info("%s", row->text);
    catch_end(&c);
    assert_int_equal(strncmp(c.text, "{\"time\":\"20", 11), 0);
    assert_non_null(strstr(c.text, row->as_json));
    assert_ptr_equal(strchr(c.text, '\n'), c.text + strlen(c.text) - 1);
}

static void log_json_has_a_member_for_each_field(void **state)
{
    struct caught c;

    (void)state;
    catch_begin(&c, LOG_JSON);
    log_about(LOG_ERROR, (struct log_field[]){{"ring", "007"}, {"code", "a\"b"}, {NULL, NULL}},
              "gone");
    catch_end(&c);
    assert_non_null(
        strstr(c.text,
               "\"level\":\"error\",\"message\":\"gone\",\"ring\":\"007\",\"code\":\"a\\\"b\"}\n"));
}

static void log_text_leaves_fields_to_the_message(void **state)
{
    struct caught c;

    (void)state;
    catch_begin(&c, LOG_TEXT);
    log_about(LOG_WARN, (struct log_field[]){{"ring", "007"}, {NULL, NULL}}, "gone");
    catch_end(&c);
    assert_string_equal(c.text, "keyward: warning: gone\n");
}

static void log_cuts_what_is_too_long_and_closes_it(void **state)
{
    struct caught c;
    static char quotes[4000];

    (void)state;
    memset(quotes, '"', sizeof quotes - 1);
    const struct log_field many[] = {{"a", quotes}, {"b", quotes}, {"c", quotes}, {"d", quotes},
                                     {"e", quotes}, {"f", quotes}, {"g", quotes}, {"h", quotes},
                                     {"i", quotes}, {NULL, NULL}};
    catch_begin(&c, LOG_JSON);
    log_about(LOG_WARN, many, "%s", quotes);
    catch_end(&c);
    size_t n = strlen(c.text);
    assert_in_range(n, 3000, 5000);
    assert_string_equal(c.text + n - 3, "\"}\n");
    catch_begin(&c, LOG_TEXT);
    log_warn("%s", quotes);
    catch_end(&c);
    assert_in_range(strlen(c.text), 900, 1025);
}

int main(void)
{
    SUITE_ROWS(I1_log_text_is_one_line, messages);
    SUITE_ROWS(I1_log_json_is_one_object, messages);
    SUITE_TEST(log_json_has_a_member_for_each_field);
    SUITE_TEST(log_text_leaves_fields_to_the_message);
    SUITE_TEST(log_cuts_what_is_too_long_and_closes_it);
    return suite_run("base/log");
}
