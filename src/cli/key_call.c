/* key_call.c - see key_call.h. */
#include "cli/key_call.h"

#include "cli/key_show.h"
#include "cli/output.h"
#include "core/key.h"

enum exit_status key_call(const struct command *self, const struct args *args, const char *method,
                          const char *behind, const json_t *body, const char *if_match,
                          struct client_answer *out)
{
    const char *id = args->operands[0];
    char path[64];

    if (!key_id_ok(str_from(id)))
        return exit_say(EXIT_DATA, self->name,
                        "ID: it is 14 letters and digits; `keyward keys list` shows the ids");
    snprintf(path, sizeof path, "/v1/keys/%s%s", id, behind);
    const struct client_request r = {
        .method = method, .path = path, .body = body, .if_match = if_match};
    return talk(self, args, &r, out);
}

enum exit_status key_tell(const struct args *args, const struct client_answer *answer,
                          const char *sentence)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);

    if (args_has(args, "json"))
        return output_json(answer->body);
    if (sentence[0] != '\0')
        buf_printf(&text, "%s\n\n", sentence);
    key_show(answer->body, &text);
    return output_text(&text);
}
