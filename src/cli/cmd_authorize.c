/* cmd_authorize.c - keyward authorize: what would become of a request, decided for real and put on the record. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/key_file.h"
#include "cli/output.h"
#include "cli/talk.h"

enum { KEY_FILE_MAX = 4096 };

/* ---- the key, which never is an argument ---- */

/* From the file that was named, else from the environment; JSON null when there is none. */
static enum exit_status take_key(const struct command *self, const struct args *args, json_t **out)
{
    AUTO(key_file_wipe) struct buf text = BUF_MAX(KEY_FILE_MAX);
    const char *path = args_value(args, "key-file"), *set = getenv("MONEI_API_KEY");
    struct str key = str_from(set == NULL ? "" : set);

    if (path != NULL) {
        enum exit_status status = key_file_read(self, path, &text);
        if (status != EXIT_DONE)
            return status;
        key = str_trim(buf_view(&text));
    }
    *out = key.n == 0 ? json_null() : json_stringn(key.p, key.n);
    return *out != NULL ? EXIT_DONE : exit_say(EXIT_DATA, self->name, "the key is not text");
}

/* ---- the question ---- */

static const char *value_or(const struct args *args, const char *name, const char *otherwise)
{
    const char *value = args_value(args, name);

    return value == NULL ? otherwise : value;
}

/* Takes the key. NULL: an argument is not UTF-8. */
static json_t *question(const struct args *args, json_t *key)
{
    json_t *body =
        json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:s}", "method", args->operands[0], "path",
                  args->operands[1], "environment", value_or(args, "environment", "sandbox"),
                  "source", value_or(args, "source", "127.0.0.1"), "tls", !args_has(args, "no-tls"),
                  "browser", args_has(args, "browser"), "userAgent", "keyward authorize");

    if (json_is_null(key))
        json_decref(key);
    else if (json_object_set_new(body, "key", key) != 0) {
        json_decref(body);
        return NULL;
    }
    return body;
}

/* ---- the answer ---- */

static void print_limit(struct buf *out, const char *name, const json_t *limit)
{
    if (json_is_object(limit))
        buf_printf(out, "%-9s%lld of %lld left, full again in %lld s\n", name,
                   output_number(limit, "remaining"), output_number(limit, "limit"),
                   output_number(limit, "resetS"));
}

static void print(const json_t *a, struct buf *out)
{
    const json_t *key = json_object_get(a, "key");
    bool allowed = json_is_true(json_object_get(a, "allowed"));

    buf_printf(out, "%s: %lld %s\n", allowed ? "allow" : "deny", output_number(a, "status"),
               output_string(a, "code"));
    buf_printf(out, "%-9s%s\n", "Message", output_string(a, "message"));
    buf_printf(out, "%-9s%s\n", "Route", output_string(a, "class"));
    if (json_is_object(key)) {
        buf_printf(out, "%-9s%s of account %s, %s: ", "Key", output_string(key, "id"),
                   output_string(key, "account"), output_string(key, "environment"));
        output_list(out, json_object_get(key, "permissions"), "no permission");
        buf_printf(out, "\n");
        print_limit(out, "Rate", json_object_get(key, "rate"));
        print_limit(out, "Quota", json_object_get(key, "quota"));
    }
    buf_printf(out, "%-9s%s (keyward audit explain …)\n", "Request", output_string(a, "requestId"));
}

static enum exit_status run(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    json_t *key = NULL;

    enum exit_status status = take_key(self, args, &key);
    if (status != EXIT_DONE)
        return status;
    json_t *body = question(args, key);
    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "method and path have to be UTF-8 text");
    const struct client_request r = {.method = "POST", .path = "/v1/authorize", .body = body};
    status = talk(self, args, &r, &answer);
    json_decref(body);
    if (status != EXIT_DONE)
        return status;
    print(answer.body, &text);
    status = args_has(args, "json") ? output_json(answer.body) : output_text(&text);
    bool is_allowed = json_is_true(json_object_get(answer.body, "allowed"));
    return status == EXIT_DONE && !is_allowed ? EXIT_REFUSED : status;
}

static const struct option options[] = {
    {"environment", "NAME", false, "sandbox (otherwise) or production: the host that is asked"},
    {"source", "ADDRESS", false, "of the client; 127.0.0.1 otherwise"},
    {"no-tls", NULL, false, "the client did not come by TLS"},
    {"browser", NULL, false, "the client is a browser"},
    {"key-file", "FILE", false, "holds the key, and only its owner may read it; - is standard input"},
    TALK_OPTIONS,
    {NULL},
};

const struct command cmd_authorize = {
    .name = "authorize",
    .operands = "METHOD PATH",
    .n_operands = 2,
    .summary = "decide about a request, as the gateway would",
    .about =
        "It counts against the limits of the key, and stands on the record. The key comes from\n"
        "--key-file or the variable MONEI_API_KEY, never from an argument; without one the\n"
        "request has none. Ends with status 0 when it is allowed, 1 when it is not.",
    .options = options,
    .run = run,
};
