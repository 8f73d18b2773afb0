/* cmd_init.c - keyward init. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "core/moment.h"
#include "server/init.h"
#include "json/json_out.h"

/* The settings that are addresses, and their options. */
static const struct {
    const char *option, *name, *about;
} url_settings[] = {
    {"public-url", "public_url", "where people reach the dashboard"},
    {"sandbox-url", "sandbox_url", "where clients reach the gateway of the sandbox"},
    {"production-url", "production_url", "where clients reach the gateway of production"},
};

/* Where the configuration is, or will be, and what it says. */
struct plan {
    char file[CONFIG_PATH_MAX + 32];
    struct buf text; /* empty: the file is there and stays as it is */
    struct config config;
    const char *brand;                        /* what the options say; NULL: nothing */
    const char *urls[COUNT_OF(url_settings)]; /* the same */
    struct init_link setup;
    char url[PUBLIC_LINK_MAX + 1]; /* of the same; empty: nobody told where the dashboard is */
};

static void plan_deinit(struct plan *p)
{
    buf_deinit(&p->text);
    explicit_bzero(&p->setup, sizeof p->setup);
    explicit_bzero(p->url, sizeof p->url);
}

static void write_urls(struct plan *p)
{
    for (size_t i = 0; i < COUNT_OF(url_settings); i++)
        if (p->urls[i] == NULL)
            buf_printf(&p->text, "# %s: https://…   # %s\n", url_settings[i].name,
                       url_settings[i].about);
        else
            buf_printf(&p->text, "%s: %s\n", url_settings[i].name, p->urls[i]);
}

static void write_text(struct plan *p, const char *state_dir, const char *run_dir)
{
    buf_printf(
        &p->text,
        "# keyward.yaml: where things lie, and what keys are called here; see keyward(1).\n"
        "# A path that does not begin with / is relative to the folder of this file.\n\n"
        "etc_dir: .\n"
        "state_dir: %s\n"
        "run_dir: %s\n"
        "brand: %s\n\n"
        "# verify_group: keyward-verify   # may read the keyring: the group of nginx's workers\n"
        "# admin_group: keyward-admin     # may use the admin socket\n",
        state_dir, run_dir, p->brand == NULL ? "mk" : p->brand);
    write_urls(p);
}

static enum kw_err absolute(const char *path, char out[CONFIG_PATH_MAX])
{
    char here[CONFIG_PATH_MAX] = "";
    int n;

    if (path[0] != '/' && getcwd(here, sizeof here) == NULL)
        return KW_ERANGE;
    n = path[0] == '/' ? snprintf(out, CONFIG_PATH_MAX, "%s", path)
                       : snprintf(out, CONFIG_PATH_MAX, "%s/%s", here, path);
    while (n > 1 && n < CONFIG_PATH_MAX && out[n - 1] == '/')
        out[--n] = '\0';
    return n < CONFIG_PATH_MAX ? KW_OK : KW_ERANGE;
}

static enum kw_err plan_dir(const char *dir, struct plan *p, char why[CONFIG_WHY_MAX])
{
    char folder[CONFIG_PATH_MAX];

    if (absolute(dir, folder) != KW_OK) {
        snprintf(why, CONFIG_WHY_MAX, "--dir: the path is too long");
        return KW_ERANGE;
    }
    snprintf(p->file, sizeof p->file, "%s/keyward.yaml", folder);
    write_text(p, "state", "run");
    return config_read(buf_view(&p->text), folder, &p->config, why);
}

/* What the file that is there says, these options cannot. */
static enum kw_err refuse_settings(const struct plan *p, char why[CONFIG_WHY_MAX])
{
    const char *option = p->brand == NULL ? NULL : "brand";

    for (size_t i = 0; i < COUNT_OF(url_settings) && option == NULL; i++)
        option = p->urls[i] == NULL ? NULL : url_settings[i].option;
    if (option == NULL)
        return KW_OK;
    snprintf(why, CONFIG_WHY_MAX, "--%s: %.200s is there: write it there", option, p->file);
    return KW_EINVAL;
}

static enum kw_err plan_file(const char *file, struct plan *p, char why[CONFIG_WHY_MAX])
{
    char path[CONFIG_PATH_MAX], *slash;
    struct stat st;

    if (absolute(file, path) != KW_OK) {
        snprintf(why, CONFIG_WHY_MAX, "--config: the path is too long");
        return KW_ERANGE;
    }
    snprintf(p->file, sizeof p->file, "%s", path);
    if (stat(path, &st) == 0) {
        TRY(refuse_settings(p, why));
        return config_load(path, &p->config, why);
    }
    write_text(p, "/var/lib/keyward", "/run/keyward");
    slash = strrchr(path, '/');
    *(slash == path ? slash + 1 : slash) = '\0';
    return config_read(buf_view(&p->text), path, &p->config, why);
}

static enum kw_err refuse(char why[CONFIG_WHY_MAX], const char *sentence)
{
    snprintf(why, CONFIG_WHY_MAX, "%s", sentence);
    return KW_EINVAL;
}

static enum kw_err read_urls(const struct args *args, struct plan *p, char why[CONFIG_WHY_MAX])
{
    for (size_t i = 0; i < COUNT_OF(url_settings); i++) {
        p->urls[i] = args_value(args, url_settings[i].option);
        if (p->urls[i] == NULL || public_url_check(str_from(p->urls[i])) == KW_OK)
            continue;
        snprintf(why, CONFIG_WHY_MAX,
                 "--%s: it is of the form https://keyward.example.com, lower case, with nothing "
                 "behind host and port",
                 url_settings[i].option);
        return KW_EINVAL;
    }
    return KW_OK;
}

static enum kw_err plan(const struct args *args, struct plan *p, char why[CONFIG_WHY_MAX])
{
    const char *dir = args_value(args, "dir"), *file = args_value(args, "config");

    p->brand = args_value(args, "brand");
    if (dir != NULL && file != NULL)
        return refuse(why, "--dir and --config exclude each other");
    if (p->brand != NULL && key_brand_check(str_from(p->brand)) != KW_OK)
        return refuse(why, "--brand: it is 2 to 8 of a-z and 0-9, a letter first, not t or r last");
    TRY(read_urls(args, p, why));
    if (dir != NULL)
        return plan_dir(dir, p, why);
    return plan_file(file == NULL ? CONFIG_DEFAULT_FILE : file, p, why);
}

static void tell_setup(const struct plan *p, struct buf *text)
{
    char ends[MOMENT_LEN + 1];

    moment_print(p->setup.ends_ms, ends);
    buf_printf(text, "\nThe first owner is whoever uses this, once, before %s:\n\n  %s\n", ends,
               p->url[0] == '\0' ? p->setup.text : p->url);
    if (p->url[0] == '\0')
        buf_printf(
            text,
            "      the text of a link: POST /v1/links/accept takes it, with e-mail, name and\n"
            "      password; where public_url is set, links are addresses of the dashboard\n");
}

static enum exit_status tell(const struct plan *p)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    struct config_paths paths;

    config_paths_of(&p->config, &paths);
    buf_printf(&text, "Made a new installation, with the account \"%s\":\n\n", INIT_ACCOUNT);
    buf_printf(&text, "  %s\n      the configuration\n", p->file);
    buf_printf(
        &text,
        "  %s\n      seals the database: keep a copy, but not where the database is copied to\n",
        paths.master_key);
    buf_printf(&text, "  %s\n      signs the record\n", paths.audit_key);
    buf_printf(&text, "  %s\n      verifies the record; may be given to anybody\n", paths.audit_pub);
    buf_printf(&text, "  %s\n      the end of the change log, beside the database on purpose\n",
               paths.head);
    buf_printf(&text, "  %s\n      the database\n\nNext:\n\n", paths.database);
    buf_printf(&text, "  keyward serve --config %s\n", p->file);
    if (strcmp(paths.admin_socket, CONFIG_DEFAULT_SOCKET) != 0)
        buf_printf(&text, "  export KEYWARD_SOCKET=%s\n", paths.admin_socket);
    buf_printf(&text, "  keyward keys create --name \"my first key\" --environment sandbox\n");
    tell_setup(p, &text);
    return output_text(&text);
}

static enum exit_status tell_json(const struct plan *p)
{
    struct config_paths paths;

    config_paths_of(&p->config, &paths);
    json_t *answer = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s?, s:o}", "config", p->file, "masterKey",
        paths.master_key, "auditKey", paths.audit_key, "publicKey", paths.audit_pub, "head",
        paths.head, "database", paths.database, "socket", paths.admin_socket, "account",
        INIT_ACCOUNT, "setupLink", p->setup.text, "setupUrl", p->url[0] == '\0' ? NULL : p->url,
        "setupEndsAt", json_out_moment(p->setup.ends_ms));
    enum exit_status status = output_json(answer);
    json_decref(answer);
    return status;
}

static enum exit_status run(const struct command *self, const struct args *args)
{
    AUTO(plan_deinit) struct plan p = {.text = BUF_MAX(16384)};
    char why[CONFIG_WHY_MAX] = "";

    enum kw_err err = plan(args, &p, why);
    if (err == KW_EINVAL)
        return exit_say(EXIT_USAGE, self->name, "%s", why);
    if (err != KW_OK)
        return exit_say(EXIT_CONFIG, self->name, "%s", why);
    err = init_make(&p.config, p.file, buf_view(&p.text), &p.setup, why);
    if (err != KW_OK)
        return exit_say(err == KW_ENOTFOUND ? EXIT_CANNOT_CREATE : exit_of(err), self->name, "%s",
                        why);
    public_url_link(p.config.public_url, p.setup.text, p.url);
    return args_has(args, "json") ? tell_json(&p) : tell(&p);
}

static const struct option options[] = {
    {"dir", "DIR", false, "make everything under this folder"},
    {"config", "FILE", false, "make what this file names; where there is none, it is written"},
    {"brand", "mk", false, "the first letters of every key"},
    {"public-url", "URL", false, "where people will reach the dashboard: https://…"},
    {"sandbox-url", "URL", false, "where clients will reach the gateway of the sandbox"},
    {"production-url", "URL", false, "the same of production"},
    {"json", NULL, false, "answer in JSON"},
    {NULL},
};

const struct command cmd_init = {
    .name = "init",
    .operands = "",
    .summary = "make a new installation",
    .about = "Makes the folders, the keys that seal and sign, the database and the account "
             "\"" INIT_ACCOUNT "\",\nand a link for its first owner.\nWithout --dir and --config "
             "that is " CONFIG_DEFAULT_FILE
             ", /var/lib/keyward and\n/run/keyward. Refuses when something of it is there already.",
    .options = options,
    .run = run,
};
