/* cmd_leaks.c - keyward leaks report: tells a keyward that keys were found where none belongs. */
#include <stdio.h>

#include "cli/key_file.h"
#include "cli/output.h"
#include "cli/talk.h"

enum { KEYS_MAX = 100, KEYS_FILE_MAX = 64 * 1024 };

/* One a line; empty lines are passed over. NULL: some is no text, or there is no memory. */
static json_t *keys_of(struct str text)
{
    json_t *list = json_array();
    struct str line;

    while (list != NULL && text.n > 0) {
        line = text;
        if (!str_cut(text, '\n', &line, &text))
            text = (struct str){NULL, 0};
        line = str_trim(line);
        if (line.n > 0 && json_array_append_new(list, json_stringn(line.p, line.n)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* Takes the keys. */
static json_t *body_of(const struct args *args, json_t *keys)
{
    json_t *body = json_pack("{s:o}", "keys", keys);
    static const struct {
        const char *option, *member;
    } texts[] = {{"found-at", "url"}, {"note", "note"}};

    for (size_t i = 0; body != NULL && i < COUNT_OF(texts); i++) {
        const char *value = args_value(args, texts[i].option);
        if (value != NULL && json_object_set_new(body, texts[i].member, json_string(value)) != 0) {
            json_decref(body);
            return NULL;
        }
    }
    return body;
}

static enum exit_status tell(const struct args *args, const json_t *answer, size_t n)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);

    if (args_has(args, "json"))
        return output_json(answer);
    buf_printf(&text,
               "Reported: %zu. A key that works is held back in a moment; `keyward audit search "
               "--leaks` says which.\n",
               n);
    return output_text(&text);
}

static enum exit_status send(const struct command *self, const struct args *args, json_t *keys)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    size_t n = json_array_size(keys);

    json_t *body = body_of(args, keys);
    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "--found-at and --note have to be UTF-8 text");
    const struct client_request r = {.method = "POST", .path = "/v1/leaks", .body = body};
    enum exit_status status = talk(self, args, &r, &answer);
    json_decref(body);
    return status == EXIT_DONE ? tell(args, answer.body, n) : status;
}

static enum exit_status run(const struct command *self, const struct args *args)
{
    AUTO(key_file_wipe) struct buf text = BUF_MAX(KEYS_FILE_MAX);
    const char *path = args_value(args, "key-file");

    enum exit_status status = key_file_read(self, path == NULL ? "-" : path, &text);
    if (status != EXIT_DONE)
        return status;
    json_t *keys = keys_of(buf_view(&text));
    if (keys == NULL)
        return exit_say(EXIT_DATA, self->name, "the keys are not text");
    if (json_array_size(keys) > 0 && json_array_size(keys) <= KEYS_MAX)
        return send(self, args, keys);
    size_t n = json_array_size(keys);
    json_decref(keys);
    return exit_say(EXIT_DATA, self->name, "%zu keys: report 1 to %d at once, one a line", n,
                    KEYS_MAX);
}

static const struct option options[] = {
    {"key-file", "FILE", false, "holds the keys, one a line; otherwise, and with -, standard input"},
    {"found-at", "URL", false, "where they were found"},
    {"note", "TEXT", false, "what else is known"},
    TALK_OPTIONS,
    {NULL},
};

const struct command cmd_leaks_report = {
    .name = "leaks report",
    .operands = "",
    .summary = "report keys that were found where none belongs",
    .about =
        "The texts come from a file that only its owner may read, or from standard input, never\n"
        "from an argument. The answer is the same whatever they are. A key that works is held\n"
        "back as the setting leak_action says: its transactions are frozen, unless told otherwise.",
    .options = options,
    .run = run,
};
