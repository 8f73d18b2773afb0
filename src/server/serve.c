/* serve.c - see serve.h. Everything is opened in the order in which it is needed, and closed in the
 * opposite one. */
#include "server/serve.h"

#include <errno.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/notify.h"
#include "server/first_run.h"
#include "server/http.h"
#include "server/listen.h"
#include "server/lock.h"
#include "server/peer.h"
#include "server/scanner_keys.h"
#include "server/server.h"

struct way {          /* a socket; zero: not open yet */
    const char *made; /* its path; borrows */
    struct http *http;
};

struct serving { /* zero: nothing is open yet */
    const struct config *config;
    struct config_paths paths;
    int lock_fd;
    gid_t admin_group, verify_group;
    uid_t backends[CONFIG_USERS_MAX];
    struct server server;
    struct tally tally;
    struct people people;
    struct way in[2]; /* by door_kind */
};

static enum kw_err say(enum kw_err err, char *why, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum kw_err say(enum kw_err err, char *why, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(why, SERVE_WHY_MAX, format, args);
    va_end(args);
    return err;
}

/* ---- opened ---- */

static enum kw_err take_lock(struct serving *s, char *why)
{
    unsigned holder = 0;

    enum kw_err err = lock_take(s->paths.lock, &s->lock_fd, &holder);
    if (err == KW_EBUSY)
        return say(err, why, "another keyward serve, process %u, has the state folder %s", holder,
                   s->config->state_dir);
    if (err == KW_ENOTFOUND)
        return say(err, why, "there is no state folder %s: `keyward init` makes one",
                   s->config->state_dir);
    if (err != KW_OK)
        return say(err, why, "%s cannot be locked: %s", s->paths.lock, kw_strerror(err));
    return KW_OK;
}

static enum kw_err make_run_dir(const struct serving *s, char *why)
{
    const char *run = s->config->run_dir;
    struct statfs fs;

    if (mkdir(run, 0711) != 0 && errno != EEXIST)
        return say(file_err(errno), why, "the run folder %s cannot be made: %s", run,
                   kw_strerror(file_err(errno)));
    if (chmod(run, 0711) != 0 || statfs(run, &fs) != 0)
        return say(file_err(errno), why, "the run folder %s cannot be read", run);
    if (fs.f_type != TMPFS_MAGIC)
        log_warn(
            "run_dir %s is not on tmpfs: decisions may wait for its disk for some milliseconds", run);
    return KW_OK;
}

static enum kw_err find_group(const char *setting, const char *name, gid_t *out, char *why)
{
    *out = (gid_t)PEER_NO_GROUP;
    if (name[0] != '\0' && listen_group(name, out) != KW_OK)
        return say(KW_ENOTFOUND, why, "%s: there is no group \"%s\" on this machine", setting, name);
    return KW_OK;
}

static enum kw_err find_groups(struct serving *s, char *why)
{
    TRY(find_group("admin_group", s->config->admin_group, &s->admin_group, why));
    return find_group("verify_group", s->config->verify_group, &s->verify_group, why);
}

static enum kw_err find_users(struct serving *s, char *why)
{
    const struct config *c = s->config;

    for (size_t i = 0; i < c->n_authorize_users; i++)
        if (listen_user(c->authorize_users[i], &s->backends[i]) != KW_OK)
            return say(KW_ENOTFOUND, why, "authorize_users: there is no user \"%s\" on this machine",
                       c->authorize_users[i]);
    return KW_OK;
}

static enum kw_err open_sync(struct serving *s, char *why)
{
    const struct config *c = s->config;
    const struct store_paths paths = {
        .database = s->paths.database, .master_key = s->paths.master_key, .head = s->paths.head};
    const struct sync_options options = {
        .run_dir = c->run_dir,
        .boot_file = s->paths.boot,
        .clock_file = s->paths.clock,
        .known_us = recording_newest_us(s->paths.audit_dir),
        .reserve_file = s->paths.reserve,
        .brand = str_from(c->brand),
        .group = c->verify_group[0] == '\0' ? NULL : c->verify_group,
        .ring_slots = {c->ring_slots[0], c->ring_slots[1]},
    };
    AUTO(store_closep) struct store *store = NULL;
    char because[256] = "";

    enum kw_err err = store_open(&paths, &store, because);
    if (err == KW_EBUSY)
        err = KW_EUNAVAILABLE; /* a reader, who ends: to be tried again, unlike another serve */
    if (err == KW_OK)
        err = sync_open(STEAL(store), &options, &s->server.sync, because);
    if (err != KW_OK)
        return say(err, why, "%s", because[0] == '\0' ? kw_strerror(err) : because);
    return KW_OK;
}

static enum kw_err open_people(struct serving *s, char *why)
{
    char because[256] = "";

    enum kw_err err = people_open(s->paths.master_key, &s->people, because);
    if (err != KW_OK)
        return say(err, why, "%s", because);
    s->server.people = &s->people;
    err = uses_new(&s->server.uses);
    if (err == KW_OK)
        err = key_uses_new(&s->server.key_uses);
    if (err == KW_OK)
        err = worker_new(&s->server.worker);
    if (err == KW_OK)
        err = minter_new(s->server.sync, str_from(s->config->brand), s->paths.master_key,
                         &s->server.minter, because);
    if (err == KW_OK)
        err = spender_new(s->server.sync, &s->server.spender);
    if (err != KW_OK)
        return say(err, why, "%s", because[0] == '\0' ? kw_strerror(err) : because);
    return KW_OK;
}

static enum kw_err open_mailer(struct serving *s, char *why)
{
    const struct smtp_server *server = &s->config->mail;
    const struct mailer_options options = {.server = server};
    char because[SMTP_WHY_MAX] = "";

    if (server->url[0] == '\0')
        return KW_OK;
    enum kw_err err = smtp_check_password(server, because);
    if (err != KW_OK)
        return say(err, why, "mail_password_file: %s", because);
    err = mailer_new(&options, &s->server.mailer);
    if (err != KW_OK)
        return say(err, why, "what sends mail does not start: %s", kw_strerror(err));
    return KW_OK;
}

static enum kw_err open_leaks(struct serving *s, char *why)
{
    const struct config *c = s->config;
    const struct leak_desk_options options = {.sync = s->server.sync,
                                              .recording = s->server.recording,
                                              .brand = str_from(c->brand),
                                              .action = c->leak_action};
    char because[SCANNER_WHY_MAX] = "";

    enum kw_err err =
        c->leak_github_keys[0] == '\0' ? KW_OK : scanner_keys_check(c->leak_github_keys, because);
    if (err != KW_OK)
        return say(err, why, "leak_github_keys: %s", because);
    err = leak_desk_new(&options, &s->server.leaks);
    if (err != KW_OK)
        return say(err, why, "what takes reports of leaked keys does not start: %s",
                   kw_strerror(err));
    return KW_OK;
}

static enum kw_err open_webhooks(struct serving *s, char *why)
{
    const struct webhooks_options options = {.config = &s->config->webhooks,
                                             .sync = s->server.sync,
                                             .tally = &s->tally,
                                             .has_mail = s->server.mailer != NULL,
                                             .file = s->paths.outbox,
                                             .audit_dir = s->paths.audit_dir,
                                             .audit_pub = s->paths.audit_pub,
                                             .master_key = s->paths.master_key};
    char because[256] = "";

    enum kw_err err = webhooks_start(&options, &s->server.webhooks, because);
    if (err != KW_OK)
        return say(err, why, "what tells webhooks does not start: %s",
                   because[0] == '\0' ? kw_strerror(err) : because);
    if (s->server.mailer == NULL)
        return KW_OK;
    err = alert_mail_start(s->config, s->server.sync, s->server.webhooks, &s->tally,
                           &s->server.alert_mail);
    if (err != KW_OK)
        return say(err, why, "what mails alerts does not start: %s", kw_strerror(err));
    return KW_OK;
}

static enum kw_err open_way(struct serving *s, const char *path, gid_t group, enum door_kind kind,
                            char *why)
{
    AUTO(file_closep) int fd = -1;

    enum kw_err err = listen_unix(path, group, &fd);
    if (err != KW_OK)
        return say(err, why, "%s cannot be listened on: %s", path, kw_strerror(err));
    s->in[kind].made = path;
    const struct http_options options = {.server = &s->server,
                                         .fd = fd,
                                         .door = {.kind = kind,
                                                  .admin_group = s->admin_group,
                                                  .backends = s->backends,
                                                  .n_backends = s->config->n_authorize_users}};
    err = http_start(&options, &s->in[kind].http);
    if (err != KW_OK)
        return say(err, why, "the HTTP server does not start: %s", kw_strerror(err));
    fd = -1;
    return KW_OK;
}

static enum kw_err open_ways(struct serving *s, char *why)
{
    TRY(open_way(s, s->paths.http_socket, s->verify_group, DOOR_HTTP, why));
    return open_way(s, s->paths.admin_socket, s->admin_group, DOOR_ADMIN, why);
}

static bool ends(void *ctx)
{
    return worker_is_over(ctx);
}

static enum kw_err open_all(struct serving *s, char *why)
{
    TRY(take_lock(s, why));
    TRY(find_groups(s, why));
    TRY(find_users(s, why));
    TRY(make_run_dir(s, why));
    TRY(open_sync(s, why));
    TRY(open_people(s, why));
    TRY(open_mailer(s, why));
    enum kw_err err =
        heartbeat_start(s->server.sync, s->server.uses, s->server.key_uses, &s->server.heartbeat);
    if (err != KW_OK)
        return say(err, why, "the heartbeat does not start: %s", kw_strerror(err));
    char because[256] = "";
    err = recording_start(s->config, s->server.sync, &s->tally, s->server.key_uses,
                          &s->server.recording, because);
    if (err != KW_OK)
        return say(err, why, "%s: %s", because, kw_strerror(err));
    TRY(open_leaks(s, why));
    err = chosen_new(s->server.sync, &s->server.chosen);
    if (err != KW_OK)
        return say(err, why, "%s", kw_strerror(err));
    err = counting_start(s->config, s->server.sync, s->server.recording, s->server.chosen,
                         &s->server.counting);
    if (err != KW_OK)
        return say(err, why, "the counting of usage does not start: %s", kw_strerror(err));
    err = retaining_start(s->config, s->server.sync, s->server.recording, s->server.counting,
                          &s->server.retaining);
    if (err != KW_OK)
        return say(err, why, "what drops old days of the record does not start: %s",
                   kw_strerror(err));
    err = warner_start(s->server.sync, s->server.recording, s->server.counting, &s->server.warner);
    if (err != KW_OK)
        return say(err, why, "what warns of rotations does not start: %s", kw_strerror(err));
    err = alerter_start(s->config->state_dir, s->server.sync, s->server.recording,
                        s->server.counting, &s->tally, &s->server.alerter);
    if (err != KW_OK)
        return say(err, why, "what raises alerts does not start: %s", kw_strerror(err));
    TRY(open_webhooks(s, why));
    s->server.report_sources = (struct report_sources){.sync = s->server.sync,
                                                       .usage_file = s->paths.usage,
                                                       .audit_dir = s->paths.audit_dir,
                                                       .counting = s->server.counting,
                                                       .is_over = ends,
                                                       .is_over_ctx = s->server.worker};
    err = reporter_start(&s->server.report_sources, s->server.webhooks, &s->tally,
                         s->server.mailer != NULL, &s->server.reporter);
    if (err != KW_OK)
        return say(err, why, "what writes reports does not start: %s", kw_strerror(err));
    err = decider_new(s->config->run_dir, &s->server.decider);
    if (err != KW_OK)
        return say(err, why, "%s", kw_strerror(err));
    return open_ways(s, why);
}

/* ---- closed ---- */

static void save_uses(struct serving *s)
{
    if (s->server.sync == NULL)
        return;
    if (s->server.uses != NULL)
        uses_save(s->server.uses, s->server.sync);
    if (s->server.key_uses != NULL)
        key_uses_save(s->server.key_uses, s->server.sync);
}

static void close_all(struct serving *s)
{
    for (size_t i = 0; i < COUNT_OF(s->in); i++) {
        if (s->in[i].http != NULL)
            http_quiesce(s->in[i].http);
        if (s->in[i].made != NULL)
            unlink(s->in[i].made);
    }
    people_hush(&s->people); /* who waits is answered */
    if (s->server.worker != NULL)
        worker_stop(s->server.worker);
    minter_stop(s->server.minter);
    if (s->server.spender != NULL)
        spender_stop(s->server.spender);
    for (size_t i = 0; i < COUNT_OF(s->in); i++)
        http_stop(s->in[i].http);
    worker_free(s->server.worker);
    leak_desk_free(s->server.leaks); /* what was taken is looked at, and recorded */
    minter_free(s->server.minter);
    spender_free(s->server.spender);
    alerter_stop(s->server.alerter);
    warner_stop(s->server.warner);
    reporter_stop(s->server.reporter);
    alert_mail_stop(s->server.alert_mail);
    webhooks_stop(s->server.webhooks);
    mailer_free(s->server.mailer); /* what it is asked to write uses all below */
    retaining_stop(s->server.retaining);
    counting_stop(s->server.counting);
    chosen_free(s->server.chosen);
    decider_free(s->server.decider); /* gives its rings back; what is in them is recorded next */
    recording_stop(s->server.recording);
    heartbeat_stop(s->server.heartbeat);
    save_uses(s);
    uses_free(s->server.uses);
    key_uses_free(s->server.key_uses);
    people_close(&s->people);
    if (s->server.sync != NULL)
        sync_close(s->server.sync);
    file_closep(&s->lock_fd);
}

/* ---- in between ---- */

static void log_start(struct serving *s)
{
    struct sync_report r;

    sync_report(s->server.sync, &r);
    const char *keyring = r.rebuilt ? "rebuilt" : "adopted";
    const struct log_field fields[] = {{"version", KEYWARD_VERSION},
                                       {"socket", s->paths.admin_socket},
                                       {"keyring", keyring},
                                       {NULL, NULL}};
    log_about(LOG_INFO, fields, "version %s serves %s; keyring %s with %u keys in %llu ms",
              KEYWARD_VERSION, s->paths.admin_socket, keyring, r.n_keys,
              (unsigned long long)(r.took_us / 1000));
}

/* Blocked in every thread, so that sigwait alone takes them. A reader that has gone is no reason to
 * die. */
static sigset_t block_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, HEARTBEAT_STOPPED);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    return set;
}

static enum kw_err wait_for_end(const sigset_t *set, char *why)
{
    int number = 0;

    while (sigwait(set, &number) != 0)
        ;
    if (number == HEARTBEAT_STOPPED)
        return say(KW_EIO, why,
                   "the database failed and cannot be opened anew: ending; decisions go on by the "
                   "keyring, changes need another start");
    log_info("%s came: closing", number == SIGTERM ? "SIGTERM" : "SIGINT");
    return KW_OK;
}

enum kw_err serve_run(const struct config *config, char why[SERVE_WHY_MAX])
{
    struct serving s = {.config = config, .lock_fd = -1};
    sigset_t signals = block_signals();

    config_paths_of(config, &s.paths);
    s.server.config = config;
    s.server.tally = &s.tally;
    s.server.started_ms = clock_wall_ms();
    enum kw_err err = open_all(&s, why);
    if (err == KW_OK) {
        log_start(&s);
        first_run_tell(s.server.sync, s.server.started_ms);
        notify_send("READY=1\nSTATUS=serving");
        err = wait_for_end(&signals, why);
        notify_send("STOPPING=1\nSTATUS=closing");
    }
    close_all(&s);
    return err;
}
