/* doctor_nginx.c - nginx beside this installation: its configuration, module, user and ports. */
#include <grp.h>
#include <keyward/version.h>
#include <pwd.h>
#include <stdio.h>

#include "base/file.h"
#include "cli/doctor.h"
#include "cli/nginx_check.h"
#include "engine/ring.h"
#include "engine/stamp.h"
#include "keyring/format.h"

enum {
    MODULE_MAX = 64 << 20,
    GROUPS_MAX = 256,
    NET_MAX = 16 << 20,
    USER_MAX = 64,
    PATH_ROOM = 1024
};

/* ---- the module ---- */

/* Debian's nginx looks below /usr/share/nginx. */
static enum kw_err read_module(struct str path, struct buf *out)
{
    char full[PATH_ROOM];
    const char *folder = path.n > 0 && path.p[0] == '/' ? "" : "/usr/share/nginx/";

    if (snprintf(full, sizeof full, "%s%.*s", folder, (int)path.n, path.p) >= (int)sizeof full)
        return KW_ERANGE;
    return file_read(full, out);
}

static bool find_stamp(const struct buf *module, struct engine_stamp *out)
{
    const char *found =
        module->n == 0 ? NULL
                       : memmem(module->p, module->n, ENGINE_STAMP_MAGIC, sizeof ENGINE_STAMP_MAGIC);

    if (found == NULL || (size_t)(module->p + module->n - found) < sizeof *out)
        return false;
    memcpy(out, found, sizeof *out);
    out->version[sizeof out->version - 1] = '\0';
    return true;
}

static void judge_module(struct doctor *d, struct str path)
{
    AUTO(buf_deinit) struct buf module = BUF_MAX(MODULE_MAX);
    struct engine_stamp stamp;
    int n = (int)path.n;

    if (read_module(path, &module) != KW_OK)
        finding_add(&d->findings, "versions", FINDING_WARN, "Name the module with its whole path",
                    "the module %.*s cannot be read", n, path.p);
    else if (!find_stamp(&module, &stamp))
        finding_add(&d->findings, "versions", FINDING_FAIL,
                    "Install the module of this version, and restart nginx",
                    "%.*s does not say which version it is", n, path.p);
    else if (stamp.keyring_format != KEYRING_FORMAT || stamp.ring_format != RING_FORMAT)
        finding_add(
            &d->findings, "versions", FINDING_FAIL, "Install module and program of one version",
            "the module %s has formats %u and %u for keyring and rings, this program %d and %d",
            stamp.version, stamp.keyring_format, stamp.ring_format, KEYRING_FORMAT, RING_FORMAT);
    else if (strcmp(stamp.version, KEYWARD_VERSION) != 0)
        finding_add(&d->findings, "versions", FINDING_WARN,
                    "Install module and program of one version",
                    "the module is version %s, this program %s; they understand each other",
                    stamp.version, KEYWARD_VERSION);
    else
        finding_add(&d->findings, "versions", FINDING_OK, NULL, "the module is of this version, %s",
                    KEYWARD_VERSION);
}

static void find_module(struct doctor *d, const struct nginx_conf *c)
{
    for (size_t i = 0; i < c->n; i++) {
        struct str path = nginx_word(c, i, 1);
        if (nginx_is(c, i, "load_module") && path.n > 0 &&
            memmem(path.p, path.n, "keyward", 7) != NULL)
            judge_module(d, path);
    }
}

/* ---- the user ---- */

static bool is_member(const struct passwd *user, gid_t group)
{
    gid_t groups[GROUPS_MAX];
    int n = GROUPS_MAX;

    if (getgrouplist(user->pw_name, user->pw_gid, groups, &n) < 0)
        return false;
    for (int i = 0; i < n; i++)
        if (groups[i] == group)
            return true;
    return false;
}

static void judge_user(struct doctor *d, const char *name)
{
    const char *verify = d->config->verify_group;
    const struct group *group = verify[0] == '\0' ? NULL : getgrnam(verify);
    const struct passwd *user = getpwnam(name);

    if (verify[0] != '\0' && group == NULL)
        finding_add(&d->findings, "nginx", FINDING_FAIL,
                    "Make it: systemd-sysusers, or groupadd --system", "there is no group %s",
                    verify);
    if (user == NULL)
        finding_add(&d->findings, "nginx", FINDING_FAIL, "Name another with `user` in nginx.conf",
                    "there is no user %s", name);
    if (group == NULL || user == NULL || user->pw_uid == 0)
        return;
    if (is_member(user, group->gr_gid))
        finding_add(&d->findings, "nginx", FINDING_OK, NULL, "nginx's workers, user %s, are in %s",
                    name, verify);
    else
        finding_add(&d->findings, "nginx", FINDING_FAIL,
                    "Add it to verify_group with usermod -aG, then restart nginx",
                    "nginx's workers, user %s, are not in %s: every request is answered with 503",
                    name, verify);
}

/* ---- ports ---- */

/* "443", "0.0.0.0:443", "[::]:443"; 80 where none is named; 0: a unix socket, or nonsense. */
static unsigned port_of(struct str listen)
{
    struct str port = listen;
    uint64_t n;

    if (str_starts(listen, STR("unix:")))
        return 0;
    for (size_t i = listen.n; i-- > 0 && listen.p[i] != ']';)
        if (listen.p[i] == ':') {
            port = (struct str){listen.p + i + 1, listen.n - i - 1};
            break;
        }
    if (str_u64(port, 65535, &n) == KW_OK)
        return (unsigned)n;
    return port.p == listen.p ? 80 : 0;
}

/* A line of /proc/net/tcp: "  0: 0100007F:1F90 00000000:0000 0A …"; 0A is LISTEN. */
static bool is_listening(const struct buf *net, unsigned port)
{
    struct str rest = buf_view(net), line;
    char wanted[16];

    snprintf(wanted, sizeof wanted, ":%04X ", port);
    while (str_cut(rest, '\n', &line, &rest)) {
        const char *local = memmem(line.p, line.n, wanted, 6);
        const char *state = memmem(line.p, line.n, ":0000 0A ", 9);
        if (local != NULL && state != NULL && local < state)
            return true;
    }
    return false;
}

static void judge_ports(struct doctor *d, const struct nginx_conf *c)
{
    AUTO(buf_deinit) struct buf net = BUF_MAX(NET_MAX);
    unsigned n = 0, missing = 0;

    if (file_read("/proc/net/tcp", &net) != KW_OK)
        return;
    ignore(file_read("/proc/net/tcp6", &net)); /* a machine without IPv6 has none */
    for (size_t i = 0; i < c->n; i++) {
        unsigned port = nginx_is(c, i, "listen") ? port_of(nginx_word(c, i, 1)) : 0;
        if (port == 0)
            continue;
        n++;
        missing += !is_listening(&net, port);
        if (!is_listening(&net, port))
            finding_add(&d->findings, "ports", FINDING_WARN,
                        "Start nginx, or reload it: nginx -s reload",
                        "the configuration listens on port %u, and nobody does", port);
    }
    if (n > 0 && missing == 0)
        finding_add(&d->findings, "ports", FINDING_OK, NULL,
                    "all %u addresses of nginx are listened on", n);
}

void doctor_nginx(struct doctor *d, struct str text)
{
    AUTO(nginx_conf_deinit) struct nginx_conf c = {.last = -1};
    struct nginx_directive bad;
    char user[USER_MAX];

    enum kw_err err = nginx_conf_read(text, &c, &bad);
    if (err != KW_OK) {
        finding_add(&d->findings, "nginx", FINDING_FAIL, "See what `nginx -t` says",
                    "the configuration cannot be read: %.*s line %u: %s", (int)bad.file.n,
                    bad.file.p == NULL ? "" : bad.file.p, bad.line, kw_strerror(err));
        return;
    }
    struct str name = nginx_user(&c);
    snprintf(user, sizeof user, "%.*s", (int)name.n, name.p == NULL ? "" : name.p);
    nginx_check(&c, d->config->run_dir, &d->findings);
    find_module(d, &c);
    judge_user(d, user);
    doctor_processes(d, user);
    judge_ports(d, &c);
}
