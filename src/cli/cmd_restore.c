/* cmd_restore.c - keyward restore. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/output.h"
#include "cli/place.h"
#include "server/restore.h"

static bool is_confirmed(const struct restore_report *r)
{
    char line[16] = "";

    fprintf(stderr,
            "%llu changes were acknowledged after the copy was made. They are given up: keys that "
            "were\nrevoked in them are valid again. Restore all the same? [y/N] ",
            (unsigned long long)r->lost);
    return fgets(line, sizeof line, stdin) != NULL && (line[0] == 'y' || line[0] == 'Y');
}

static enum exit_status tell(const struct restore_report *r)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);

    buf_printf(&text,
               "Every seal, every change and every batch of the record holds: %llu changes, %llu "
               "batches.\n",
               (unsigned long long)r->changes, (unsigned long long)r->batches);
    if (r->lost > 0)
        buf_printf(
            &text,
            "%llu changes that were acknowledged after the copy was made are not in it. Keys "
            "revoked,\ndisabled or narrowed in them are as they were before: look through "
            "them.\n",
            (unsigned long long)r->lost);
    buf_printf(&text,
               r->restored ? "Restored; start keyward serve.\n" : "Nothing was put in place.\n");
    return output_text(&text);
}

static enum exit_status tell_json(const struct restore_report *r)
{
    json_t *answer =
        json_pack("{s:I, s:I, s:I, s:b}", "changes", (json_int_t)r->changes, "lost",
                  (json_int_t)r->lost, "batches", (json_int_t)r->batches, "restored", r->restored);
    enum exit_status status = output_json(answer);

    json_decref(answer);
    return status;
}

static enum exit_status restore(const struct command *self, const struct args *args,
                                const struct config *config, struct restore_report *report)
{
    struct restore_options o = {.dir = args->operands[0],
                                .only_check = args_has(args, "check"),
                                .accept_loss = args_has(args, "yes")};
    char why[BACKUP_WHY_MAX] = "";

    enum kw_err err = restore_make(config, &o, report, why);
    if (err == KW_ECONFLICT && isatty(STDIN_FILENO)) {
        if (!is_confirmed(report))
            return exit_say(EXIT_REFUSED, self->name, "nothing was done");
        o.accept_loss = true;
        err = restore_make(config, &o, report, why);
    }
    if (err == KW_ECONFLICT)
        return exit_say(EXIT_REFUSED, self->name, "%s; give --yes to accept that", why);
    if (err != KW_OK)
        return exit_say(err == KW_EINVAL ? EXIT_NO_INPUT : exit_of(err), self->name, "%s",
                        why[0] == '\0' ? kw_strerror(err) : why);
    return EXIT_DONE;
}

static enum exit_status run(const struct command *self, const struct args *args)
{
    AUTO(file_closep) int lock = -1;
    struct restore_report report = {0};
    struct config config;
    struct config_paths paths;

    enum exit_status status = place_read(self, args, &config);
    if (status != EXIT_DONE)
        return status;
    config_paths_of(&config, &paths);
    if (mkdir(config.state_dir, 0700) != 0 && errno != EEXIST)
        return exit_say(EXIT_CANNOT_CREATE, self->name, "the folder %s cannot be made: %s",
                        config.state_dir, kw_strerror(file_err(errno)));
    if (!args_has(args, "check"))
        status = place_lock(self, paths.lock, &lock);
    if (status == EXIT_DONE)
        status = restore(self, args, &config, &report);
    if (status != EXIT_DONE)
        return status;
    return args_has(args, "json") ? tell_json(&report) : tell(&report);
}

static const struct option options[] = {
    {"check", NULL, false, "verify the copy, and put nothing in place"},
    {"yes", NULL, false, "give up changes that were acknowledged after the copy was made"},
    PLACE_OPTION,
    {"json", NULL, false, "answer in JSON"},
    {NULL},
};

const struct command cmd_restore = {
    .name = "restore",
    .operands = "DIR",
    .n_operands = 1,
    .summary = "put an installation back from a copy",
    .about =
        "Verifies the whole copy, then puts it into a state folder without database and record. "
        "The keys\n"
        "are those of the installation; where it has none, those of the copy.",
    .options = options,
    .run = run,
};
