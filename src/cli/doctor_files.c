/* doctor_files.c - who may touch what; docs/architecture.md has the table that this follows. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "cli/doctor.h"

enum { PATH_ROOM = CONFIG_PATH_MAX + 64, REMEDY_MAX = FINDING_TEXT_MAX };

struct expected {
    const char *path;
    mode_t allowed;    /* no bit beyond these */
    bool may_be_roots; /* or keyward's */
    bool may_miss;     /* made by keyward serve */
};

static bool is_missing(struct doctor *d, const struct expected *e)
{
    bool is_absent = errno == ENOENT;

    if (is_absent && e->may_miss)
        return true;
    finding_add(&d->findings, "files", FINDING_FAIL,
                is_absent ? "Put it back from a copy; a new installation is made by `keyward init`"
                          : "Run this as root, or as the user of keyward serve",
                "%s %s", e->path, is_absent ? "is not there" : "cannot be looked at");
    return true;
}

static bool has_right_mode(struct doctor *d, const struct expected *e, const struct stat *st)
{
    unsigned mode = st->st_mode & 07777, excess = mode & ~(unsigned)e->allowed;
    char remedy[REMEDY_MAX];

    if (excess == 0)
        return true;
    snprintf(remedy, sizeof remedy, "chmod %04o %.250s", mode & (unsigned)e->allowed, e->path);
    finding_add(&d->findings, "files", FINDING_FAIL, remedy,
                "%s has mode %04o: more than the %04o that it may have", e->path, mode,
                (unsigned)e->allowed);
    return false;
}

static bool has_right_owner(struct doctor *d, const struct expected *e, const struct stat *st)
{
    char remedy[REMEDY_MAX];

    if (st->st_uid == d->owner || (e->may_be_roots && st->st_uid == 0))
        return true;
    snprintf(remedy, sizeof remedy, "chown %u %.250s", (unsigned)d->owner, e->path);
    finding_add(&d->findings, "files", FINDING_FAIL, remedy,
                "%s belongs to user %u; keyward serve is user %u", e->path, (unsigned)st->st_uid,
                (unsigned)d->owner);
    return false;
}

/* Whether there is nothing to say about it. */
static bool look_at(struct doctor *d, const struct expected *e)
{
    struct stat st;

    if (lstat(e->path, &st) != 0)
        return is_missing(d, e) && e->may_miss;
    bool owner = has_right_owner(d, e, &st);
    return has_right_mode(d, e, &st) && owner;
}

void doctor_files(struct doctor *d)
{
    const struct config *c = d->config;
    const struct config_paths *p = &d->paths;
    char keyring[PATH_ROOM], limits[PATH_ROOM];
    bool well = true;

    snprintf(keyring, sizeof keyring, "%s/keyring", c->run_dir);
    snprintf(limits, sizeof limits, "%s/limits", c->run_dir);
    const struct expected all[] = {
        {c->etc_dir, 0755, true, false},      {p->keys_dir, 0700, false, false},
        {p->master_key, 0600, false, false},  {p->audit_key, 0600, false, false},
        {p->head, 0600, false, false},        {p->audit_pub, 0644, true, false},
        {c->state_dir, 0700, false, false},   {p->database, 0600, false, false},
        {p->usage, 0600, false, true},        {p->audit_dir, 0700, false, true},
        {p->lock, 0600, false, true},         {c->run_dir, 0711, false, true},
        {keyring, 0640, false, true},         {limits, 0660, false, true},
        {p->admin_socket, 0660, false, true}, {p->http_socket, 0660, false, true},
    };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        well &= look_at(d, &all[i]);
    if (well)
        finding_add(
            &d->findings, "files", FINDING_OK, NULL,
            "%zu files and folders belong to whom they should, and nobody else may touch them",
            COUNT_OF(all));
    if (c->verify_group[0] == '\0')
        finding_add(
            &d->findings, "files", FINDING_WARN,
            "Set verify_group: keyward-verify, and make the user of nginx's workers a member",
            "verify_group is not set: only root and user %u can read the keyring",
            (unsigned)d->owner);
}
