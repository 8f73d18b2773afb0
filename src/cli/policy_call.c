/* policy_call.c - see policy_call.h. */
#include "cli/policy_call.h"

#include <stdio.h>

#include "cli/output.h"

enum exit_status policy_call_file(const struct command *self, const char *path, struct buf *text,
                                  json_t **lists)
{
    char why[POLICY_FILE_WHY_MAX] = "";

    enum kw_err err = policy_file_read(path, text, lists, why);
    if (err == KW_ENOTFOUND || err == KW_EPERM || err == KW_EIO)
        return exit_say(EXIT_NO_INPUT, self->name, "%s", why);
    return err == KW_OK ? EXIT_DONE : exit_say(EXIT_DATA, self->name, "%s", why);
}

unsigned policy_call_number(const char *text)
{
    uint64_t n;

    return str_u64(str_from(text), INT32_MAX, &n) == KW_OK ? (unsigned)n : 0;
}

enum exit_status policy_call_version(const struct command *self, const struct args *args,
                                     const char *version, struct client_answer *out)
{
    struct client_request r = {.method = "GET", .path = "/v1/policy"};
    char path[64];

    if (version != NULL) {
        unsigned n = policy_call_number(version);
        if (n == 0)
            return exit_say(EXIT_DATA, self->name,
                            "--version: it is a number; `keyward policy history` shows them");
        snprintf(path, sizeof path, "/v1/policies/%u", n);
        r.path = path;
    }
    return talk(self, args, &r, out);
}

enum exit_status policy_call_problem(const struct command *self, const struct args *args,
                                     const struct client_answer *answer, const char *file,
                                     struct str text)
{
    unsigned line = text.n == 0 ? 0 : policy_file_line(text, output_string(answer->body, "field"));

    if (line == 0 || args_has(args, "json"))
        return talk_problem(self, args, answer);
    return exit_say(exit_of_http(answer->status), self->name, "%s: line %u: %s", file, line,
                    output_string(answer->body, "message"));
}
