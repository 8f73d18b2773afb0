/* config.c - see config.h. */
#include "config/config.h"

#include <assert.h>
#include <errno.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/un.h>

#include "base/file.h"
#include "config/yaml_in.h"
#include "core/path.h"

static_assert((int)SMTP_PATH_MAX == (int)CONFIG_PATH_MAX &&
                  (int)WEBHOOK_CA_FILE_MAX == (int)CONFIG_PATH_MAX &&
                  (int)WEBHOOK_CONFIG_WHY == (int)CONFIG_WHY_MAX,
              "take_path and take_webhooks fill them");

enum { FILE_MAX = 64 * 1024, RING_SLOTS_MIN = 64, RING_SLOTS_MAX = 1 << 20 };

struct raw {
    char *etc_dir, *state_dir, *run_dir, *brand, *verify_group, *admin_group, *log_format;
    char *public_url, *sandbox_url, *production_url, *probe_path, *mail_server, *mail_from,
        *mail_user, *mail_password_file, *mail_ca_file, *leak_action, *leak_github_keys,
        *location_country_file, *location_network_file, *default_rate, *default_quota;
    uint32_t *ring_slots;
    unsigned ring_slots_count;
    char **authorize_users;
    unsigned authorize_users_count;
    char **webhook_allow_private, **webhook_ports, **webhook_retries;
    unsigned webhook_allow_private_count, webhook_ports_count, webhook_retries_count;
    char *webhook_off_after, *webhook_ca_file, *record_days;
};

static const char *const names[] = {"etc_dir",
                                    "state_dir",
                                    "run_dir",
                                    "brand",
                                    "verify_group",
                                    "admin_group",
                                    "ring_slots",
                                    "log_format",
                                    "authorize_users",
                                    "public_url",
                                    "sandbox_url",
                                    "production_url",
                                    "probe_path",
                                    "mail_server",
                                    "mail_from",
                                    "mail_user",
                                    "mail_password_file",
                                    "mail_ca_file",
                                    "leak_action",
                                    "leak_github_keys",
                                    "location_country_file",
                                    "location_network_file",
                                    "default_rate",
                                    "default_quota",
                                    "webhook_allow_private",
                                    "webhook_ports",
                                    "webhook_retries",
                                    "webhook_off_after",
                                    "webhook_ca_file",
                                    "record_days",
                                    NULL};

static const cyaml_schema_value_t slots_schema = {CYAML_VALUE_UINT(CYAML_FLAG_DEFAULT, uint32_t)};
static const cyaml_schema_value_t user_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CONFIG_GROUP_MAX)};

static const cyaml_schema_value_t item_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, ADDRESS_TEXT_MAX + 4)};

#define TEXT(member, max)                                                                         \
    CYAML_FIELD_STRING_PTR(#member, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct raw, member, \
                           1, max)

#define ITEMS(member, max)                                                                      \
    CYAML_FIELD_SEQUENCE(#member, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct raw, member, \
                         &item_schema, 0, max)

static const cyaml_schema_field_t fields[] = {
    TEXT(etc_dir, CONFIG_PATH_MAX - 1),
    TEXT(state_dir, CONFIG_PATH_MAX - 1),
    TEXT(run_dir, CONFIG_PATH_MAX - 1),
    TEXT(brand, KEY_BRAND_MAX),
    TEXT(verify_group, CONFIG_GROUP_MAX),
    TEXT(admin_group, CONFIG_GROUP_MAX),
    TEXT(log_format, 8),
    TEXT(public_url, PUBLIC_URL_MAX),
    TEXT(sandbox_url, PUBLIC_URL_MAX),
    TEXT(production_url, PUBLIC_URL_MAX),
    TEXT(probe_path, CONFIG_PROBE_MAX),
    TEXT(mail_server, SMTP_URL_MAX),
    TEXT(mail_from, MEMBER_EMAIL_MAX),
    TEXT(mail_user, SMTP_USER_MAX),
    TEXT(mail_password_file, CONFIG_PATH_MAX - 1),
    TEXT(mail_ca_file, CONFIG_PATH_MAX - 1),
    TEXT(leak_action, 16),
    TEXT(leak_github_keys, CONFIG_PATH_MAX - 1),
    TEXT(location_country_file, CONFIG_PATH_MAX - 1),
    TEXT(location_network_file, CONFIG_PATH_MAX - 1),
    TEXT(default_rate, CONFIG_LIMIT_MAX),
    TEXT(default_quota, CONFIG_LIMIT_MAX),
    CYAML_FIELD_SEQUENCE("ring_slots", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct raw,
                         ring_slots, &slots_schema, 2, 2),
    CYAML_FIELD_SEQUENCE("authorize_users", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct raw,
                         authorize_users, &user_schema, 0, CONFIG_USERS_MAX),
    ITEMS(webhook_allow_private, EGRESS_NETS_MAX),
    ITEMS(webhook_ports, EGRESS_PORTS_MAX),
    ITEMS(webhook_retries, WEBHOOK_WAITS_MAX),
    TEXT(webhook_off_after, WEBHOOK_TIME_MAX),
    TEXT(webhook_ca_file, CONFIG_PATH_MAX - 1),
    TEXT(record_days, RECORD_DAYS_TEXT),
    CYAML_FIELD_END,
};
#undef TEXT
#undef ITEMS

static const cyaml_schema_value_t schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct raw, fields)};

static void raw_freep(struct raw **raw)
{
    yaml_in_free(&schema, *raw);
}

static enum kw_err say(enum kw_err err, char *why, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum kw_err say(enum kw_err err, char *why, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(why, CONFIG_WHY_MAX, format, args);
    va_end(args);
    return err;
}

static enum kw_err take_path(const char *given, const char *otherwise, const char *folder,
                             char out[CONFIG_PATH_MAX], char *why)
{
    const char *path = given == NULL ? otherwise : given;
    bool is_folder = strcmp(path, ".") == 0;
    int n = is_folder        ? snprintf(out, CONFIG_PATH_MAX, "%s", folder)
            : path[0] == '/' ? snprintf(out, CONFIG_PATH_MAX, "%s", path)
                             : snprintf(out, CONFIG_PATH_MAX, "%s/%s", folder, path);

    if (n >= CONFIG_PATH_MAX)
        return say(KW_ERANGE, why, "the path %.60s… is longer than %d bytes: use a shorter one",
                   path, CONFIG_PATH_MAX - 1);
    return KW_OK;
}

static enum kw_err take_brand(const char *given, struct config *out, char *why)
{
    const char *brand = given == NULL ? "mk" : given;

    if (key_brand_check(str_from(brand)) != KW_OK)
        return say(KW_ESYNTAX, why,
                   "brand: \"%s\" cannot begin a key; take 2 to 8 of a-z and 0-9, a letter first, "
                   "not t or r last",
                   brand);
    snprintf(out->brand, sizeof out->brand, "%s", brand);
    return KW_OK;
}

static enum kw_err take_slots(const struct raw *raw, struct config *out, char *why)
{
    for (unsigned i = 0; i < raw->ring_slots_count && i < 2; i++) {
        uint32_t n = raw->ring_slots[i];
        if (n < RING_SLOTS_MIN || n > RING_SLOTS_MAX || (n & (n - 1)) != 0)
            return say(KW_ERANGE, why, "ring_slots: %u is not a power of two from %d to %d", n,
                       RING_SLOTS_MIN, RING_SLOTS_MAX);
        out->ring_slots[i] = n;
    }
    return KW_OK;
}

static bool is_name(const char *text)
{
    return str_only(str_from(text),
                    "abcdefghijklmnopqrstuvwxyz0123456789_-ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

static enum kw_err take_group(const char *given, const char *name, char *out, char *why)
{
    if (given == NULL)
        return KW_OK;
    if (!is_name(given))
        return say(KW_ESYNTAX, why, "%s: \"%s\" is not the name of a group", name, given);
    snprintf(out, CONFIG_GROUP_MAX + 1, "%s", given);
    return KW_OK;
}

static enum kw_err take_users(const struct raw *raw, struct config *out, char *why)
{
    for (unsigned i = 0; i < raw->authorize_users_count && i < CONFIG_USERS_MAX; i++) {
        const char *user = raw->authorize_users[i];
        if (!is_name(user))
            return say(KW_ESYNTAX, why, "authorize_users: \"%s\" is not the name of a user", user);
        snprintf(out->authorize_users[i], CONFIG_GROUP_MAX + 1, "%s", user);
        out->n_authorize_users = i + 1;
    }
    return KW_OK;
}

enum kw_err config_log_format(const char *word, enum log_format *out)
{
    bool is_json = strcmp(word, "json") == 0;

    if (!is_json && strcmp(word, "text") != 0)
        return KW_ESYNTAX;
    *out = is_json ? LOG_JSON : LOG_TEXT;
    return KW_OK;
}

static enum kw_err take_log_format(const char *given, struct config *out, char *why)
{
    if (given != NULL && config_log_format(given, &out->log_format) != KW_OK)
        return say(KW_ESYNTAX, why, "log_format: \"%s\" is neither text nor json", given);
    return KW_OK;
}

static enum kw_err take_url(const char *given, const char *name, char out[PUBLIC_URL_MAX + 1],
                            char *why)
{
    if (given == NULL)
        return KW_OK;
    if (public_url_check(str_from(given)) != KW_OK)
        return say(KW_ESYNTAX, why,
                   "%s: \"%s\" is not of the form https://keyward.example.com: https (http on "
                   "this machine alone), lower case, and nothing behind host and port",
                   name, given);
    snprintf(out, PUBLIC_URL_MAX + 1, "%s", given);
    return KW_OK;
}

static enum kw_err take_urls(const struct raw *raw, struct config *out, char *why)
{
    TRY(take_url(raw->public_url, "public_url", out->public_url, why));
    TRY(take_url(raw->sandbox_url, "sandbox_url", out->sandbox_url, why));
    return take_url(raw->production_url, "production_url", out->production_url, why);
}

static enum kw_err take_probe(const char *given, struct config *out, char *why)
{
    const char *path = given == NULL ? CONFIG_DEFAULT_PROBE : given;
    char room[KW_PATH_MAX];
    struct str decoded;

    if (path_read(str_from(path), room, &decoded) != KW_OK)
        return say(
            KW_ESYNTAX, why,
            "probe_path: \"%s\" is not a path that a gateway lets through: it begins with /, "
            "and has no query",
            path);
    snprintf(out->probe_path, sizeof out->probe_path, "%s", path);
    return KW_OK;
}

static enum kw_err check_mail(const struct raw *raw, const struct config *c, char *why)
{
    if (smtp_url_check(str_from(raw->mail_server)) != KW_OK)
        return say(KW_ESYNTAX, why,
                   "mail_server: \"%.100s\" is neither smtps://host:465 nor smtp://host:587",
                   raw->mail_server);
    if (c->public_url[0] == '\0')
        return say(KW_ESYNTAX, why,
                   "mail_server: set public_url too: what is mailed is a link to it");
    if (raw->mail_from == NULL || member_email_check(str_from(raw->mail_from)) != KW_OK)
        return say(
            KW_ESYNTAX, why,
            "mail_from: who writes, as keyward@example.com, in lower case and without a name");
    if ((raw->mail_user == NULL) != (raw->mail_password_file == NULL))
        return say(KW_ESYNTAX, why, "mail_user, mail_password_file: set both, or neither");
    return KW_OK;
}

static enum kw_err take_mail(const struct raw *raw, const char *folder, struct config *out, char *why)
{
    struct smtp_server *s = &out->mail;

    if (raw->mail_server == NULL) {
        if (raw->mail_from != NULL || raw->mail_user != NULL || raw->mail_password_file != NULL ||
            raw->mail_ca_file != NULL)
            return say(KW_ESYNTAX, why, "mail_server: set it, or none of the mail_ settings");
        return KW_OK;
    }
    TRY(check_mail(raw, out, why));
    snprintf(s->url, sizeof s->url, "%s", raw->mail_server);
    snprintf(s->from, sizeof s->from, "%s", raw->mail_from);
    snprintf(s->user, sizeof s->user, "%s", raw->mail_user == NULL ? "" : raw->mail_user);
    if (raw->mail_password_file != NULL)
        TRY(take_path(raw->mail_password_file, "", folder, s->password_file, why));
    if (raw->mail_ca_file != NULL)
        TRY(take_path(raw->mail_ca_file, "", folder, s->ca_file, why));
    return KW_OK;
}

static enum kw_err take_leaks(const struct raw *raw, const char *folder, struct config *out, char *why)
{
    const char *action = raw->leak_action;

    out->leak_action = LEAK_FREEZE_TRANSACT;
    if (action != NULL && leak_action_parse(str_from(action), &out->leak_action) != KW_OK)
        return say(
            KW_ESYNTAX, why,
            "leak_action: \"%s\" is none of notify, freeze_transact, freeze_all, disable and "
            "revoke",
            action);
    if (raw->leak_github_keys == NULL)
        return KW_OK;
    return take_path(raw->leak_github_keys, "", folder, out->leak_github_keys, why);
}

/* A unix socket's address is short, and its limit tells nobody when it is hit. */
static enum kw_err check_socket_path(const struct config *c, char *why)
{
    struct sockaddr_un a;
    size_t longest = sizeof a.sun_path - sizeof "/admin.sock";

    if (strlen(c->run_dir) > longest)
        return say(KW_ERANGE, why,
                   "run_dir: %s is longer than the %zu bytes that a unix socket's path leaves it",
                   c->run_dir, longest);
    return KW_OK;
}

static enum kw_err take_location(const struct raw *raw, const char *folder, struct config *out,
                                 char *why)
{
    const char *const files[LOCATION_FILES] = {raw->location_country_file,
                                               raw->location_network_file};

    for (int i = 0; i < LOCATION_FILES; i++)
        if (files[i] != NULL)
            TRY(take_path(files[i], "", folder, out->location_files[i], why));
    return KW_OK;
}

static enum kw_err take_limits(const struct raw *raw, struct config *out, char *why)
{
    const char *rate = raw->default_rate == NULL ? CONFIG_DEFAULT_RATE : raw->default_rate;
    const char *quota = raw->default_quota == NULL ? "none" : raw->default_quota;

    if (rate_parse(str_from(rate), &out->default_rate) != KW_OK)
        return say(KW_ESYNTAX, why,
                   "default_rate: \"%s\" is not of the form 600/min, 10/s:20 or none", rate);
    if (quota_parse(str_from(quota), &out->default_quota) != KW_OK)
        return say(KW_ESYNTAX, why,
                   "default_quota: \"%s\" is not of the form 1000/day, 250000/month or none", quota);
    return KW_OK;
}

static enum kw_err take_webhooks(const struct raw *raw, const char *folder, struct config *out,
                                 char *why)
{
    const struct config_webhooks_raw r = {.nets = raw->webhook_allow_private,
                                          .n_nets = raw->webhook_allow_private_count,
                                          .ports = raw->webhook_ports,
                                          .n_ports = raw->webhook_ports_count,
                                          .waits = raw->webhook_retries,
                                          .n_waits = raw->webhook_retries_count,
                                          .off_after = raw->webhook_off_after};

    if (raw->webhook_ca_file != NULL)
        TRY(take_path(raw->webhook_ca_file, "", folder, out->webhooks.ca_file, why));
    return config_webhooks_read(&r, &out->webhooks, why);
}

static enum kw_err take(const struct raw *raw, const char *folder, struct config *out, char *why)
{
    struct config c = {0};

    TRY(take_path(raw->etc_dir, "/etc/keyward", folder, c.etc_dir, why));
    TRY(take_path(raw->state_dir, "/var/lib/keyward", folder, c.state_dir, why));
    TRY(take_path(raw->run_dir, "/run/keyward", folder, c.run_dir, why));
    TRY(take_brand(raw->brand, &c, why));
    TRY(take_group(raw->verify_group, "verify_group", c.verify_group, why));
    TRY(take_group(raw->admin_group, "admin_group", c.admin_group, why));
    TRY(take_slots(raw, &c, why));
    TRY(take_users(raw, &c, why));
    TRY(take_log_format(raw->log_format, &c, why));
    TRY(take_urls(raw, &c, why));
    TRY(take_probe(raw->probe_path, &c, why));
    TRY(take_limits(raw, &c, why));
    TRY(take_mail(raw, folder, &c, why));
    TRY(take_leaks(raw, folder, &c, why));
    TRY(take_location(raw, folder, &c, why));
    TRY(take_webhooks(raw, folder, &c, why));
    TRY(config_record_days(raw->record_days, &c.record_days, why));
    TRY(check_socket_path(&c, why));
    *out = c;
    return KW_OK;
}

enum kw_err config_read(struct str text, const char *folder, struct config *out,
                        char why[CONFIG_WHY_MAX])
{
    static const struct raw nothing;
    AUTO(raw_freep) struct raw *raw = NULL;
    char yaml_why[YAML_WHY_MAX] = "";
    void *loaded = NULL;

    enum kw_err err = yaml_in_load(text, names, &schema, &loaded, yaml_why);
    raw = loaded;
    if (err != KW_OK)
        return say(err, why, "%s", yaml_why[0] == '\0' ? kw_strerror(err) : yaml_why);
    return take(raw == NULL ? &nothing : raw, folder, out, why);
}

static enum kw_err read_file(const char *path, struct buf *text, char *why)
{
    enum kw_err err = file_check_private(path, false);

    if (err == KW_ENOTFOUND)
        return say(err, why, "there is no file %s: `keyward init` makes one", path);
    if (err == KW_EPERM)
        return say(err, why,
                   "%s may be written by others, or belongs to somebody else: chown it to root or "
                   "to this user, and chmod go-w it",
                   path);
    if (err == KW_OK)
        err = file_read(path, text);
    if (err != KW_OK)
        return say(err, why, "%s cannot be read: %s", path, kw_strerror(err));
    return KW_OK;
}

enum kw_err config_load(const char *path, struct config *out, char why[CONFIG_WHY_MAX])
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(FILE_MAX);
    char *absolute = realpath(path, NULL), copy[CONFIG_WHY_MAX], folder[CONFIG_PATH_MAX];

    if (absolute == NULL && errno == ENOMEM)
        return say(KW_ENOMEM, why, "%s cannot be read: %s", path, kw_strerror(KW_ENOMEM));
    snprintf(folder, sizeof folder, "%s", absolute == NULL ? "." : dirname(absolute));
    free(absolute);
    TRY(read_file(path, &text, why));
    enum kw_err err = config_read(buf_view(&text), folder, out, copy);
    if (err != KW_OK)
        return say(err, why, "%.100s: %.280s", path, copy);
    return KW_OK;
}

void config_paths_of(const struct config *c, struct config_paths *out)
{
    snprintf(out->keys_dir, sizeof out->keys_dir, "%s/keys", c->etc_dir);
    snprintf(out->master_key, sizeof out->master_key, "%s/keys/master.key", c->etc_dir);
    snprintf(out->audit_key, sizeof out->audit_key, "%s/keys/audit.key", c->etc_dir);
    snprintf(out->head, sizeof out->head, "%s/keys/head", c->etc_dir);
    snprintf(out->audit_pub, sizeof out->audit_pub, "%s/audit.pub", c->etc_dir);
    snprintf(out->audit_dir, sizeof out->audit_dir, "%s/audit", c->state_dir);
    snprintf(out->database, sizeof out->database, "%s/keyward.db", c->state_dir);
    snprintf(out->usage, sizeof out->usage, "%s/usage.db", c->state_dir);
    snprintf(out->outbox, sizeof out->outbox, "%s/outbox.db", c->state_dir);
    snprintf(out->lock, sizeof out->lock, "%s/lock", c->state_dir);
    snprintf(out->boot, sizeof out->boot, "%s/boot", c->state_dir);
    snprintf(out->reserve, sizeof out->reserve, "%s/reserve", c->state_dir);
    snprintf(out->clock, sizeof out->clock, "%s/clock", c->state_dir);
    snprintf(out->admin_socket, sizeof out->admin_socket, "%s/admin.sock", c->run_dir);
    snprintf(out->http_socket, sizeof out->http_socket, "%s/http.sock", c->run_dir);
}
