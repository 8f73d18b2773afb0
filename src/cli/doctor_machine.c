/* doctor_machine.c - the clock, the disks and the shared memory that Keyward has to live with. */
#include <linux/magic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/vfs.h>

#include "base/clock.h"
#include "cli/doctor.h"
#include "record/verify.h"

enum { MIB = 1 << 20, LOW_MIB = 1024, EMPTY_MIB = 64, AHEAD_US = 5000000 };

static const int64_t long_ago_us = 1700000000LL * 1000000; /* 2023-11: this program is younger */

static void judge_clock(struct doctor *d)
{
    struct timex t = {.modes = 0};
    struct record_head head;
    bool is_synced = adjtimex(&t) != TIME_ERROR && (t.status & STA_UNSYNC) == 0;
    int64_t now_us = clock_wall_us();
    bool is_old = now_us < long_ago_us;

    if (is_old)
        finding_add(&d->findings, "clock", FINDING_FAIL, "Set it: keys expire by it",
                    "the clock of this machine is years behind");
    if (verify_head(d->paths.audit_dir, &head) == KW_OK && head.time_us > now_us + AHEAD_US)
        finding_add(&d->findings, "clock", FINDING_FAIL,
                    "Set the clock; keys that had expired by the record are valid again until then",
                    "the clock has gone back: the record's last batch is %lld s in the future",
                    (long long)((head.time_us - now_us) / 1000000));
    if (!is_synced)
        finding_add(&d->findings, "clock", FINDING_WARN, "Run chrony or systemd-timesyncd",
                    "the clock is not kept in step with others");
    else if (!is_old)
        finding_add(&d->findings, "clock", FINDING_OK, NULL, "the clock is kept in step with others");
}

/* Free space for others than root, in MiB; -1: cannot be looked at. */
static long long free_mib(const char *path)
{
    struct statvfs v;

    if (statvfs(path, &v) != 0)
        return -1;
    return (long long)((unsigned long long)v.f_bavail * v.f_frsize / MIB);
}

static void judge_disk(struct doctor *d, const char *path)
{
    long long mib = free_mib(path);
    enum finding_level level = mib < EMPTY_MIB ? FINDING_FAIL
                               : mib < LOW_MIB ? FINDING_WARN
                                               : FINDING_OK;

    if (mib < 0)
        return; /* that it is missing has been said */
    finding_add(&d->findings, "disk", level,
                level == FINDING_OK ? NULL : "Make room, or move old days of the record away",
                "%s has %lld MiB left", path, mib);
}

/* A larger keyring is made beside the old one. */
static void judge_shared(struct doctor *d)
{
    const char *run = d->config->run_dir;
    char keyring[CONFIG_PATH_MAX + 16];
    struct statfs fs;
    struct stat st;

    if (statfs(run, &fs) != 0)
        return;
    if (fs.f_type != TMPFS_MAGIC)
        finding_add(&d->findings, "shared", FINDING_WARN,
                    "Put run_dir on tmpfs: /run/keyward, or /dev/shm",
                    "%s is not on tmpfs: decisions may wait for its disk for some milliseconds", run);
    snprintf(keyring, sizeof keyring, "%s/keyring", run);
    long long needed = stat(keyring, &st) == 0 ? 2 * (long long)st.st_size / MIB + 1 : 1,
              mib = free_mib(run);
    if (mib >= 0 && mib < needed)
        finding_add(&d->findings, "shared", FINDING_FAIL,
                    "Give the file system more room: mount -o remount,size=…",
                    "%s has %lld MiB left; a larger keyring needs %lld", run, mib, needed);
    else if (fs.f_type == TMPFS_MAGIC)
        finding_add(&d->findings, "shared", FINDING_OK, NULL, "%s is on tmpfs, with %lld MiB left",
                    run, mib);
}

void doctor_machine(struct doctor *d)
{
    judge_clock(d);
    judge_disk(d, d->config->state_dir);
    judge_disk(d, d->paths.keys_dir);
    judge_shared(d);
}
