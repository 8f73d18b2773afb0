/* cmd_doctor.c - keyward doctor. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/doctor.h"
#include "cli/output.h"
#include "cli/place.h"

enum { CONF_MAX = 64 << 20 };

static void doctor_deinit(struct doctor *d)
{
    findings_deinit(&d->findings);
}

/* ---- told ---- */

static enum exit_status tell_json(const struct findings *f)
{
    json_t *list = json_array();

    for (size_t i = 0; i < f->n; i++) {
        const struct finding *one = &f->list[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "check", one->check, "status",
                                              finding_level_name(one->level), "message", one->text,
                                              "remedy", one->remedy));
    }
    json_t *answer =
        json_pack("{s:s, s:o}", "status", finding_level_name(findings_worst(f)), "checks", list);
    enum exit_status status = output_json(answer);
    json_decref(answer);
    return status;
}

static enum exit_status tell(const struct findings *f)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    unsigned counts[FINDING_FAIL + 1] = {0};

    for (size_t i = 0; i < f->n; i++) {
        const struct finding *one = &f->list[i];
        counts[one->level]++;
        buf_printf(&text, "%-5s %-9s %s\n", finding_level_name(one->level), one->check, one->text);
        if (one->remedy[0] != '\0')
            buf_printf(&text, "%-15s → %s\n", "", one->remedy);
    }
    buf_printf(&text, "%u ok, %u to look at, %u wrong\n", counts[FINDING_OK], counts[FINDING_WARN],
               counts[FINDING_FAIL]);
    return output_text(&text);
}

/* ---- asked ---- */

static enum exit_status read_nginx(const struct command *self, const struct args *args,
                                   struct buf *out)
{
    const char *file = args_value(args, "nginx-conf");

    enum kw_err err = file == NULL             ? doctor_run_nginx(out)
                      : strcmp(file, "-") == 0 ? doctor_read(STDIN_FILENO, out)
                                               : file_read(file, out);
    if (err == KW_OK)
        return EXIT_DONE;
    if (file != NULL)
        return exit_say(EXIT_NO_INPUT, self->name, "--nginx-conf: %s: %s", file, kw_strerror(err));
    return exit_say(EXIT_UNAVAILABLE, self->name, "`nginx -T` %s",
                    err == KW_ENOTFOUND ? "cannot be run: there is no nginx"
                                        : "does not succeed: run it to see why, as root");
}

static bool wants_nginx(const struct args *args)
{
    return args_has(args, "nginx") || args_value(args, "nginx-conf") != NULL;
}

static enum exit_status begin(const struct command *self, const struct args *args,
                              const struct config *config, struct doctor *d)
{
    struct stat st;

    if (args_has(args, "nginx") && args_value(args, "nginx-conf") != NULL)
        return exit_say(EXIT_USAGE, self->name, "--nginx and --nginx-conf exclude each other");
    d->config = config;
    config_paths_of(config, &d->paths);
    d->owner = stat(config->state_dir, &st) == 0 ? st.st_uid : 0;
    return EXIT_DONE;
}

static enum exit_status run(const struct command *self, const struct args *args)
{
    AUTO(doctor_deinit) struct doctor d = {.findings = {.n = 0}};
    AUTO(buf_deinit) struct buf nginx = BUF_MAX(CONF_MAX);
    struct config config;

    enum exit_status status = place_read_as_caller(self, args, &config);
    if (status == EXIT_DONE)
        status = begin(self, args, &config, &d);
    if (status == EXIT_DONE && wants_nginx(args))
        status = read_nginx(self, args, &nginx);
    if (status != EXIT_DONE)
        return status;
    doctor_files(&d);
    doctor_serve(&d);
    doctor_machine(&d);
    if (wants_nginx(args))
        doctor_nginx(&d, buf_view(&nginx));
    status = args_has(args, "json") ? tell_json(&d.findings) : tell(&d.findings);
    if (status != EXIT_DONE)
        return status;
    return findings_worst(&d.findings) == FINDING_FAIL ? EXIT_REFUSED : EXIT_DONE;
}

static const struct option options[] = {
    {"nginx", NULL, false, "look at nginx, too: runs `nginx -T`"},
    {"nginx-conf", "FILE", false, "look at nginx by what `nginx -T` printed; - is standard input"},
    PLACE_OPTION,
    {"json", NULL, false, "answer in JSON"},
    {NULL},
};

const struct command cmd_doctor = {
    .name = "doctor",
    .operands = "",
    .summary = "look for what is wrong with this installation",
    .about =
        "Permissions, keyward serve, versions, clock, disks, and with --nginx what in its "
        "configuration goes\n"
        "around Keyward or gives a key away. Ends with 0, or with 1 when something is wrong. Best "
        "run as root.",
    .options = options,
    .run = run,
};
