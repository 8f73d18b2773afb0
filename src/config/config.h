/* config.h - keyward.yaml: where things lie, and what keys are called here. */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/buf.h"
#include "base/log.h"
#include "config/config_record.h"
#include "config/config_webhooks.h"
#include "config/public_url.h"
#include "core/key.h"
#include "core/leak_action.h"
#include "core/limit.h"
#include "notify/smtp.h"

enum { CONFIG_PROBE_MAX = 255, CONFIG_LIMIT_MAX = 47 };
enum { CONFIG_PATH_MAX = 512, CONFIG_GROUP_MAX = 32, CONFIG_USERS_MAX = 16, CONFIG_WHY_MAX = 400 };

#define CONFIG_DEFAULT_FILE   "/etc/keyward/keyward.yaml"
#define CONFIG_DEFAULT_SOCKET "/run/keyward/admin.sock"
#define CONFIG_DEFAULT_PROBE  "/api/v1/user/me"
#define CONFIG_DEFAULT_RATE   "600/min"

/*     etc_dir: /etc/keyward         keys/master.key, keys/audit.key, keys/head, audit.pub
 *     state_dir: /var/lib/keyward   keyward.db, usage.db, outbox.db, audit/, lock,
 *                                   boot, reserve, clock
 *     run_dir: /run/keyward         keyring, limits, rings/, admin.sock, http.sock; on tmpfs
 *     brand: mk                     the first letters of every key
 *     verify_group: …               may read the keyring, write limits and rings, and use
 *                                   http.sock: the user of nginx
 *     admin_group: …                may use admin.sock, besides root and the user of keyward serve
 *     ring_slots: [16384, 4096]     proved and unproved attempts that fit a verifier's ring; powers
 *                                   of two
 *     log_format: text             or json: one object a line
 *     authorize_users: []           whose programs may ask for decisions on http.sock, 16 at most; they
 *                                   need verify_group to open it. Never the user of nginx, by whom
 *                                   the world would ask
 *     public_url: https://…         where people reach the dashboard: one-time links begin with it
 *     sandbox_url: https://…        where clients reach the gateway of the sandbox, and
 *     production_url: https://…     that of production; both as public_url
 *     probe_path: /api/v1/user/me   a path behind them, to try a key with GET
 *     default_rate: 600/min         the limits of new keys for which neither they nor their account say any;
 *     default_quota: none           none is no limit
 *     mail_server: smtps://…        mails links: smtps://host[:465], or smtp://host[:587] with STARTTLS; needs
 *                                   public_url and mail_from, an address
 *     mail_user: …                  with mail_password_file: how it logs in there
 *     mail_ca_file: …               who signed the certificate of mail_server: he alone is believed then
 *
 *     leak_action: freeze_transact  what is done to a key that is reported as leaked, with its secret: notify (it is told of,
 *                                   and works on), freeze_transact, freeze_all, disable or revoke
 *     leak_github_keys: …           a file of the public keys by which GitHub signs what its secret scanning found
 *     location_country_file: …      countries of addresses, in MaxMind's format; read again when it has changed
 *     location_network_file: …      networks (AS numbers), likewise; docs/detectors.md says where such files come from
 *     webhook_…                     see config_webhooks.h
 *     record_days: 400              see config_record.h
 *
 * All are optional. A path that does not begin with '/' is relative to the folder of the file. */
enum { LOCATION_FILES = 2 };

struct config {
    char etc_dir[CONFIG_PATH_MAX], state_dir[CONFIG_PATH_MAX], run_dir[CONFIG_PATH_MAX];
    char brand[KEY_BRAND_MAX + 1];
    char verify_group[CONFIG_GROUP_MAX + 1], admin_group[CONFIG_GROUP_MAX + 1]; /* empty: none */
    uint32_t ring_slots[2]; /* 0: the defaults */
    char authorize_users[CONFIG_USERS_MAX][CONFIG_GROUP_MAX + 1];
    size_t n_authorize_users;
    enum log_format log_format;
    char public_url[PUBLIC_URL_MAX + 1];                                      /* empty: not told */
    char sandbox_url[PUBLIC_URL_MAX + 1], production_url[PUBLIC_URL_MAX + 1]; /* the same */
    char probe_path[CONFIG_PROBE_MAX + 1];
    struct rate default_rate; /* of new keys whose account does not say */
    struct quota default_quota;
    struct smtp_server mail; /* url empty: none */
    enum leak_action leak_action;
    char leak_github_keys[CONFIG_PATH_MAX];               /* empty: none */
    char location_files[LOCATION_FILES][CONFIG_PATH_MAX]; /* countries, networks; empty: none */
    struct config_webhooks webhooks;
    uint32_t record_days; /* 0: for ever */
};

/* "text" or "json"; KW_ESYNTAX. */
enum kw_err config_log_format(const char *word, enum log_format *out) MUST_USE;

/* Reads the file at a path. Refused: what yaml.h refuses, a value out of its bounds, a file that
 * others may write. why is a sentence with file, line and remedy. KW_ENOTFOUND, KW_EPERM,
 * KW_ESYNTAX, KW_ERANGE, KW_EFULL (too long), KW_ENOMEM, KW_EIO. */
enum kw_err config_load(const char *path, struct config *out, char why[CONFIG_WHY_MAX]) MUST_USE;

/* The same from a text, whose paths are relative to a folder. */
enum kw_err config_read(struct str text, const char *folder, struct config *out,
                        char why[CONFIG_WHY_MAX]) MUST_USE;

/* ---- what lies where ---- */

struct config_paths {
    char master_key[CONFIG_PATH_MAX + 32], audit_key[CONFIG_PATH_MAX + 32];
    char head[CONFIG_PATH_MAX + 32], audit_pub[CONFIG_PATH_MAX + 32];
    char keys_dir[CONFIG_PATH_MAX + 32], audit_dir[CONFIG_PATH_MAX + 32];
    char usage[CONFIG_PATH_MAX + 32], outbox[CONFIG_PATH_MAX + 32];
    char database[CONFIG_PATH_MAX + 32], lock[CONFIG_PATH_MAX + 32], boot[CONFIG_PATH_MAX + 32];
    char reserve[CONFIG_PATH_MAX + 32], clock[CONFIG_PATH_MAX + 32];
    char admin_socket[CONFIG_PATH_MAX + 32], http_socket[CONFIG_PATH_MAX + 32];
};
void config_paths_of(const struct config *c, struct config_paths *out);

#endif
