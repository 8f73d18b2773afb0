/* init.c - see init.h. */
#include "server/init.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hex.h"
#include "crypto/random.h"
#include "crypto/sign.h"
#include "store/store.h"

enum { MADE_MAX = 24, PATH_ROOM = CONFIG_PATH_MAX + 64, HEX_KEY = 2 * SECRET_LEN };

struct making {
    const struct config *config;
    struct config_paths paths;
    char *why;
    char made[MADE_MAX][PATH_ROOM]; /* to be removed, last first, when it fails */
    size_t n_made;
    struct init_link *setup;
};

static enum kw_err say(const struct making *m, enum kw_err err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum kw_err say(const struct making *m, enum kw_err err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(m->why, INIT_WHY_MAX, format, args);
    va_end(args);
    return err;
}

static void remember(struct making *m, const char *path)
{
    if (m->n_made < MADE_MAX)
        snprintf(m->made[m->n_made++], sizeof m->made[0], "%s", path);
}

static void undo(struct making *m)
{
    while (m->n_made > 0)
        remove(m->made[--m->n_made]); /* a folder that others use meanwhile stays */
}

/* ---- nothing of it may be there ---- */

static enum kw_err refuse_existing(const struct making *m, const char *config_file, bool with_config)
{
    const char *const paths[] = {m->paths.master_key, m->paths.audit_key,
                                 m->paths.head,       m->paths.audit_pub,
                                 m->paths.database,   with_config ? config_file : NULL};
    struct stat st;

    for (size_t i = 0; i < COUNT_OF(paths); i++)
        if (paths[i] != NULL && lstat(paths[i], &st) == 0)
            return say(
                m, KW_EEXISTS,
                "%s is there already; nothing was touched. An installation is made once: take "
                "another folder, or start this one with `keyward serve`",
                paths[i]);
    return KW_OK;
}

/* ---- made ---- */

/* The folder and those above it; the one asked for gets the mode. */
static enum kw_err make_dir(struct making *m, const char *path, mode_t mode)
{
    char part[CONFIG_PATH_MAX + 32];

    for (const char *end = path + 1; end != NULL;) {
        end = strchr(end + 1, '/');
        snprintf(part, sizeof part, "%.*s", end == NULL ? (int)strlen(path) : (int)(end - path),
                 path);
        if (mkdir(part, end == NULL ? mode : 0755) == 0)
            remember(m, part);
        else if (errno != EEXIST)
            return say(m, file_err(errno), "the folder %s cannot be made: %s", part,
                       kw_strerror(file_err(errno)));
    }
    return KW_OK;
}

static enum kw_err make_dirs(struct making *m)
{
    TRY(make_dir(m, m->config->etc_dir, 0755));
    TRY(make_dir(m, m->paths.keys_dir, 0700));
    TRY(make_dir(m, m->config->state_dir, 0700));
    TRY(make_dir(m, m->paths.audit_dir, 0700));
    return make_dir(m, m->config->run_dir, 0711);
}

static enum kw_err make_file(struct making *m, const char *path, struct str content, mode_t mode)
{
    remember(m, path);
    enum kw_err err = file_replace(path, content, mode);
    if (err != KW_OK)
        return say(m, err, "%s cannot be written: %s", path, kw_strerror(err));
    return KW_OK;
}

static enum kw_err make_key(struct making *m, const char *path, struct secret *out)
{
    AUTO(secret_text_wipe) struct secret_text hex = {.n = HEX_KEY + 1};

    if (random_bytes(out->b, sizeof out->b) != KW_OK)
        return say(m, KW_EIO, "the kernel gives no random numbers");
    hex_put(out->b, sizeof out->b, hex.p);
    hex.p[HEX_KEY] = '\n';
    return make_file(m, path, secret_text_view(&hex), 0600);
}

static enum kw_err make_public_key(struct making *m, const struct secret *seed)
{
    AUTO(signer_freep) struct signer *signer = NULL;
    uint8_t public_key[PUBLIC_KEY_LEN];
    char hex[2 * PUBLIC_KEY_LEN + 1]; /* a line */

    TRY(signer_new(seed, &signer));
    TRY(signer_public(signer, public_key));
    hex_put(public_key, sizeof public_key, hex);
    hex[sizeof hex - 1] = '\n';
    return make_file(m, m->paths.audit_pub, (struct str){hex, sizeof hex}, 0644);
}

static enum kw_err make_keys(struct making *m)
{
    AUTO(secret_wipe) struct secret master = {0}, audit = {0};

    TRY(make_key(m, m->paths.master_key, &master));
    TRY(make_key(m, m->paths.audit_key, &audit));
    return make_public_key(m, &audit);
}

/* Nobody yet: who it is, his link will say. */
static enum kw_err add_first_member(struct store *store, const char *actor, int64_t now_ms,
                                    struct init_link *setup)
{
    struct member m = {.account = INIT_ACCOUNT,
                       .role = ROLE_OWNER,
                       .is_operator = true,
                       .state = MEMBER_INVITED,
                       .created_ms = now_ms};

    snprintf(m.created_by, sizeof m.created_by, "%s", actor);
    TRY(random_base62(m.id, KW_KEY_ID_LEN));
    TRY(link_make(&m, LINK_SETUP, now_ms, LINK_INVITATION_MS, setup->text));
    setup->ends_ms = m.link_ends_ms;
    return store_put_member(store, &m);
}

static enum kw_err add_account(struct store *store, struct init_link *setup)
{
    struct account a = {
        .id = INIT_ACCOUNT, .name = "Main", .state = ACCOUNT_ACTIVE, .created_ms = clock_wall_ms()};
    char actor[24];
    int n = snprintf(actor, sizeof actor, "uid:%u", (unsigned)geteuid());

    TRY(store_begin(store, (struct str){actor, (size_t)n}, a.created_ms));
    TRY(store_put_account(store, &a));
    TRY(add_first_member(store, actor, a.created_ms, setup));
    return store_commit(store);
}

static enum kw_err make_store(struct making *m)
{
    const struct store_paths paths = {
        .database = m->paths.database, .master_key = m->paths.master_key, .head = m->paths.head};
    AUTO(store_closep) struct store *store = NULL;
    char because[256] = "", beside[PATH_ROOM];

    static const char *const suffixes[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
        snprintf(beside, sizeof beside, "%s%s", m->paths.database, suffixes[i]);
        remember(m, beside);
    }
    remember(m, m->paths.head);
    enum kw_err err = store_create(&paths, because);
    if (err == KW_OK)
        err = store_open(&paths, &store, because);
    if (err == KW_OK)
        err = add_account(store, m->setup);
    if (err != KW_OK)
        return say(m, err, "%s", because[0] == '\0' ? kw_strerror(err) : because);
    return KW_OK;
}

static enum kw_err make_all(struct making *m, const char *config_file, struct str config_text)
{
    TRY(make_dirs(m));
    TRY(make_keys(m));
    TRY(make_store(m));
    if (config_text.n == 0)
        return KW_OK;
    return make_file(m, config_file, config_text, 0644);
}

enum kw_err init_make(const struct config *config, const char *config_file, struct str config_text,
                      struct init_link *setup, char why[INIT_WHY_MAX])
{
    struct making m = {.config = config, .why = why, .setup = setup};

    config_paths_of(config, &m.paths);
    TRY(refuse_existing(&m, config_file, config_text.n > 0));
    enum kw_err err = make_all(&m, config_file, config_text);
    if (err != KW_OK)
        undo(&m);
    return err;
}
