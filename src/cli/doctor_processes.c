/* doctor_processes.c - who runs as the user of nginx's workers, and whether nginx runs the module that is installed. */
#include <dirent.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/file.h"
#include "cli/doctor.h"

enum { NAME_MAX_SHOWN = 16, PATH_ROOM = 64, NAMES_MAX = 200, MAPS_MAX = 4 << 20 };

static void closedir_p(DIR **dir)
{
    if (*dir != NULL)
        closedir(*dir);
}

/* The name of a process, as the kernel has it; empty when it has gone. */
static void name_of(const char *pid, char out[NAME_MAX_SHOWN + 1])
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(64);
    char path[PATH_ROOM];

    out[0] = '\0';
    snprintf(path, sizeof path, "/proc/%.12s/comm", pid);
    if (file_read(path, &text) != KW_OK)
        return;
    struct str name = str_trim(buf_view(&text));
    snprintf(out, NAME_MAX_SHOWN + 1, "%.*s", (int)name.n, name.p);
}

static bool maps_old_module(const char *pid)
{
    static const char old[] = "/ngx_http_keyward_module.so (deleted)";
    AUTO(buf_deinit) struct buf text = BUF_MAX(MAPS_MAX);
    char path[PATH_ROOM];

    snprintf(path, sizeof path, "/proc/%.12s/maps", pid);
    return file_read(path, &text) == KW_OK && memmem(text.p, text.n, old, sizeof old - 1) != NULL;
}

struct seen {
    char others[NAMES_MAX]; /* "php-fpm, cron" */
    bool old_module;
};

static void note_other(struct seen *s, const char *name)
{
    size_t n = strlen(s->others);

    if (strstr(s->others, name) == NULL)
        snprintf(s->others + n, sizeof s->others - n, "%s%s", n == 0 ? "" : ", ", name);
}

static void look_at(const char *pid, uid_t uid, struct seen *s)
{
    char path[PATH_ROOM], name[NAME_MAX_SHOWN + 1];
    struct stat st;

    snprintf(path, sizeof path, "/proc/%.12s", pid);
    if (stat(path, &st) != 0)
        return;
    name_of(pid, name);
    if (strcmp(name, "nginx") == 0)
        s->old_module |= maps_old_module(pid);
    else if (st.st_uid == uid && name[0] != '\0')
        note_other(s, name);
}

static void look_at_all(uid_t uid, struct seen *s)
{
    AUTO(closedir_p) DIR *dir = opendir("/proc");
    const struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
            look_at(entry->d_name, uid, s);
}

void doctor_processes(struct doctor *d, const char *nginx_user)
{
    struct seen s = {.old_module = false};
    const struct passwd *user = getpwnam(nginx_user);
    uid_t uid = user == NULL ? (uid_t)-1 : user->pw_uid;

    look_at_all(uid, &s);
    if (s.old_module)
        finding_add(
            &d->findings, "versions",
            FINDING_WARN, "Restart nginx, or upgrade it in place with USR2; a reload keeps the module that is loaded",
            "nginx still runs the module that was installed before");
    if (uid == 0)
        finding_add(&d->findings, "nginx", FINDING_FAIL, "user www-data; in nginx.conf",
                    "nginx's workers run as root");
    else if (s.others[0] != '\0')
        finding_add(
            &d->findings, "nginx", FINDING_WARN,
            "Give them users of their own: they may read the keyring and write to limits and rings",
            "others run as %s, the user of nginx's workers: %s", nginx_user, s.others);
}
