/* cmd_backup.c - keyward backup. */
#include "cli/output.h"
#include "cli/place.h"
#include "client/client.h"
#include "server/backup.h"

/* So that the copy has what was decided until now. Without a keyward serve, or without the right to ask it, it has what is
 * on the record. */
static void drain(const struct config *config)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    char why[CLIENT_WHY_MAX] = "";
    struct config_paths paths;

    config_paths_of(config, &paths);
    const struct client_place place = {.socket = paths.admin_socket};
    const struct client_request r = {.method = "POST", .path = "/v1/drain"};
    ignore(client_call(&place, &r, &answer, why));
}

static enum exit_status tell(const struct backup_report *r, const char *dir, bool with_keys)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);

    buf_printf(&text,
               "%s holds the database with its first %llu changes or more, and %u days of the "
               "record.\n",
               dir, (unsigned long long)r->changes, r->days);
    buf_printf(&text,
               with_keys ? "It holds master.key and audit.key, too: whoever has this copy can make "
                           "keys. Lock it up.\n"
                         : "The folder of the keys is not in it: without a copy of master.key and "
                           "audit.key,\nkept elsewhere, this one cannot be restored.\n");
    return output_text(&text);
}

static enum exit_status tell_json(const struct backup_report *r, const char *dir, bool with_keys)
{
    json_t *answer =
        json_pack("{s:s, s:I, s:i, s:I, s:b}", "dir", dir, "changes", (json_int_t)r->changes,
                  "days", (int)r->days, "recordBytes", (json_int_t)r->bytes, "withKeys", with_keys);
    enum exit_status status = output_json(answer);

    json_decref(answer);
    return status;
}

static enum exit_status run(const struct command *self, const struct args *args)
{
    const char *dir = args->operands[0];
    bool with_keys = args_has(args, "with-keys");
    struct backup_report report;
    struct config config;
    char why[BACKUP_WHY_MAX] = "";

    enum exit_status status = place_read(self, args, &config);
    if (status != EXIT_DONE)
        return status;
    drain(&config);
    enum kw_err err = backup_make(&config, place_file(args), dir, with_keys, &report, why);
    if (err != KW_OK)
        return exit_say(exit_of(err), self->name, "%s", why[0] == '\0' ? kw_strerror(err) : why);
    return args_has(args, "json") ? tell_json(&report, dir, with_keys)
                                  : tell(&report, dir, with_keys);
}

static const struct option options[] = {
    {"with-keys", NULL, false, "the keys that seal and sign, too"},
    PLACE_OPTION,
    {"json", NULL, false, "answer in JSON"},
    {NULL},
};

const struct command cmd_backup = {
    .name = "backup",
    .operands = "DIR",
    .n_operands = 1,
    .summary = "copy database and record to a new folder, while serve runs",
    .about =
        "The copy is one moment of the database, and the record up to it. `keyward restore` puts "
        "it back.\nRefuses a folder that is there already.",
    .options = options,
    .run = run,
};
