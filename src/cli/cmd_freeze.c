/* cmd_freeze.c - keyward freeze and unfreeze, of a key, an account, an environment or everything; freezes. */
#include <stdio.h>

#include "cli/confirm.h"
#include "cli/output.h"
#include "cli/table.h"
#include "cli/talk.h"
#include "core/grant.h"
#include "core/key.h"

/* ---- what it is about ---- */

enum { PATH_MAX_LEN = 96, COLUMNS = 6 };

static bool is_environment(const char *name)
{
    return strcmp(name, "sandbox") == 0 || strcmp(name, "production") == 0;
}

/* What the last word of the command's name is about, as the path of the call. */
static enum exit_status read_path(const struct command *self, const struct args *args,
                                  char path[PATH_MAX_LEN])
{
    const char *what = strrchr(self->name, ' ') + 1, *id = args->operands[0];

    if (strcmp(what, "everything") == 0) {
        snprintf(path, PATH_MAX_LEN, "/v1/freeze");
        return EXIT_DONE;
    }
    if (strcmp(what, "key") == 0 && !key_id_ok(str_from(id)))
        return exit_say(EXIT_DATA, self->name,
                        "ID: it is 14 letters and digits; `keyward keys list` shows the ids");
    if (strcmp(what, "account") == 0 && account_id_check(str_from(id)) != KW_OK)
        return exit_say(EXIT_DATA, self->name, "ID: `keyward accounts list` shows the ids");
    if (strcmp(what, "environment") == 0 && !is_environment(id))
        return exit_say(EXIT_DATA, self->name, "ENVIRONMENT: it is sandbox or production");
    snprintf(path, PATH_MAX_LEN, "/v1/%ss/%s/freeze", what, id);
    return EXIT_DONE;
}

static enum exit_status send(const struct command *self, const struct args *args,
                             const char *frozen, struct client_answer *answer)
{
    const char *reason = args_value(args, "reason");
    char path[PATH_MAX_LEN];

    enum exit_status status = read_path(self, args, path);
    if (status != EXIT_DONE)
        return status;
    json_t *body = json_pack("{s:s, s:s*}", "frozen", frozen, "reason", reason);
    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "--reason has to be UTF-8 text");
    const struct client_request r = {.method = "PUT", .path = path, .body = body};
    status = talk(self, args, &r, answer);
    json_decref(body);
    return status;
}

static enum exit_status tell(const struct args *args, const json_t *answer, const char *sentence)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);

    if (args_has(args, "json"))
        return output_json(answer);
    buf_printf(&text, "%s\n", sentence);
    return output_text(&text);
}

/* ---- frozen ---- */

/* What stops the business of everybody is asked about. */
static enum exit_status ask(const struct command *self, const struct args *args)
{
    const char *what = args->n_operands == 0 ? "sandbox and production" : args->operands[0];
    char question[200];

    snprintf(question, sizeof question, "Freeze %s of all keys of %.20s, of every account?",
             args_has(args, "transact") ? "what moves money" : "everything", what);
    return confirm(self, args, question);
}

static enum exit_status freeze(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    bool transact = args_has(args, "transact");

    enum exit_status status = send(self, args, transact ? "transact" : "all", &answer);
    if (status != EXIT_DONE)
        return status;
    return tell(
        args, answer.body,
        transact
            ? "Frozen: what moves money is refused from now on, and what the policy does not list; "
              "reading is not. `keyward freezes` shows it."
            : "Frozen: every request is refused from now on. `keyward freezes` shows it.");
}

static enum exit_status freeze_widely(const struct command *self, const struct args *args)
{
    enum exit_status status = ask(self, args);

    return status == EXIT_DONE ? freeze(self, args) : status;
}

static enum exit_status unfreeze(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};

    enum exit_status status = send(self, args, "nothing", &answer);
    if (status != EXIT_DONE)
        return status;
    return tell(
        args,
        answer.body, "Thawed: it is no longer held back by this freeze. What else is frozen: `keyward freezes`.");
}

/* ---- all that is ---- */

static enum kw_err add_row(struct table *t, const json_t *f)
{
    const char *const cells[] = {output_string(f, "what"),   output_string(f, "id"),
                                 output_string(f, "frozen"), output_string(f, "since"),
                                 output_string(f, "by"),     output_string(f, "reason")};

    return table_add(t, cells);
}

static enum kw_err print_rows(const json_t *list, struct buf *text)
{
    static const char *const headings[] = {"WHAT", "ID", "FROZEN", "SINCE", "BY", "REASON"};
    AUTO(table_deinit) struct table t = {.n_columns = COLUMNS};

    TRY(table_add(&t, headings));
    for (size_t i = 0; i < json_array_size(list); i++)
        TRY(add_row(&t, json_array_get(list, i)));
    table_print(&t, text);
    return KW_OK;
}

static enum exit_status show(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);

    enum exit_status status =
        talk(self, args, &(struct client_request){.method = "GET", .path = "/v1/freezes"}, &answer);
    if (status != EXIT_DONE)
        return status;
    if (args_has(args, "json"))
        return output_json(answer.body);
    const json_t *list = json_object_get(answer.body, "freezes");
    if (json_array_size(list) == 0)
        buf_printf(&text, "Nothing is frozen.\n");
    else if (print_rows(list, &text) != KW_OK)
        return exit_say(EXIT_IO, self->name, "%s", kw_strerror(KW_ENOMEM));
    if (json_is_true(json_object_get(answer.body, "more")))
        buf_printf(&text, "There are more than these.\n");
    return output_text(&text);
}

/* ---- the commands ---- */

#define FREEZE_OPTIONS                                                                           \
    {"transact", NULL, false, "only what moves money, and what the policy does not list"},       \
    {                                                                                            \
        "reason", "TEXT", false, "why: whoever it concerns reads it, and it stays on the record" \
    }

static const struct option freeze_options[] = {FREEZE_OPTIONS, TALK_OPTIONS, {NULL}};

static const struct option widely_options[] = {FREEZE_OPTIONS, CONFIRM_OPTION, TALK_OPTIONS, {NULL}};

static const struct option unfreeze_options[] = {
    {"reason", "TEXT", false, "why, for the record"},
    TALK_OPTIONS,
    {NULL},
};

static const struct option show_options[] = {TALK_OPTIONS, {NULL}};

static const char about[] =
    "When this returns, no decision on this machine that begins later allows what is frozen.\n"
    "The keys stay valid, and their users are told that it is for a time. `keyward unfreeze`\n"
    "undoes it.";

const struct command cmd_freeze_key = {
    .name = "freeze key",
    .operands = "ID",
    .n_operands = 1,
    .summary = "hold a key back for a time",
    .about = about,
    .options = freeze_options,
    .run = freeze,
};

const struct command cmd_freeze_account = {
    .name = "freeze account",
    .operands = "ID",
    .n_operands = 1,
    .summary = "hold all keys of an account back for a time",
    .about = about,
    .options = freeze_options,
    .run = freeze,
};

const struct command cmd_freeze_environment = {
    .name = "freeze environment",
    .operands = "ENVIRONMENT",
    .n_operands = 1,
    .summary = "hold all keys of sandbox or production back for a time",
    .about = about,
    .options = widely_options,
    .run = freeze_widely,
};

const struct command cmd_freeze_everything = {
    .name = "freeze everything",
    .operands = "",
    .summary = "hold all keys back for a time",
    .about = about,
    .options = widely_options,
    .run = freeze_widely,
};

const struct command cmd_unfreeze_key = {
    .name = "unfreeze key",
    .operands = "ID",
    .n_operands = 1,
    .summary = "let a frozen key through again",
    .options = unfreeze_options,
    .run = unfreeze,
};

const struct command cmd_unfreeze_account = {
    .name = "unfreeze account",
    .operands = "ID",
    .n_operands = 1,
    .summary = "let the keys of a frozen account through again",
    .options = unfreeze_options,
    .run = unfreeze,
};

const struct command cmd_unfreeze_environment = {
    .name = "unfreeze environment",
    .operands = "ENVIRONMENT",
    .n_operands = 1,
    .summary = "let the keys of a frozen environment through again",
    .options = unfreeze_options,
    .run = unfreeze,
};

const struct command cmd_unfreeze_everything = {
    .name = "unfreeze everything",
    .operands = "",
    .summary = "let the keys of both environments through again",
    .about = "Accounts and keys that are frozen for themselves stay so: `keyward freezes`.",
    .options = unfreeze_options,
    .run = unfreeze,
};

const struct command cmd_freezes = {
    .name = "freezes",
    .operands = "",
    .summary = "what is frozen at the moment, since when, by whom and why",
    .options = show_options,
    .run = show,
};
