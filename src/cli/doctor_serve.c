/* doctor_serve.c - keyward serve, asked over its socket; and what lies in shared memory. */
#include <errno.h>
#include <fcntl.h>
#include <keyward/version.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/doctor.h"
#include "cli/output.h"
#include "client/client.h"
#include "keyring/format.h"

enum {
    LATE_MS = 2000,
    COUNTED_LATE_MS = 10 * 60 * 1000, /* a long way is counted after an upgrade or a restore */
    TOLD_LATE_MS = 3600 * 1000,
    PATH_ROOM = CONFIG_PATH_MAX + 64
};

static const char start[] = "Start it: systemctl start keyward; its log says why it ended";

/* ---- counted, and told to others ---- */

static void judge_file(struct doctor *d, const json_t *file, const char *path)
{
    if (!json_is_true(json_object_get(file, "available")))
        finding_add(&d->findings, "watch", FINDING_WARN,
                    "Its log says why; look at the disk of the state folder, and whose the file is",
                    "keyward serve cannot use %s at the moment", path);
    if (json_is_true(json_object_get(file, "damaged")))
        finding_add(&d->findings, "watch", FINDING_WARN,
                    "Look at the disk, then delete it: nobody reads it any more",
                    "%s.damaged lies there: it did not hold, and was moved aside", path);
}

static void judge_waiting(struct doctor *d, const json_t *watch, const char *n, const char *oldest,
                          const char *what, const char *remedy)
{
    if (output_number(watch, oldest) > TOLD_LATE_MS)
        finding_add(&d->findings, "watch", FINDING_WARN, remedy,
                    "%lld %s wait, the oldest for %lld s", output_number(watch, n), what,
                    output_number(watch, oldest) / 1000);
}

static void judge_watch(struct doctor *d, const json_t *watch)
{
    if (!json_is_object(watch)) /* of an older keyward serve */
        return;
    judge_file(d, json_object_get(watch, "usage"), d->paths.usage);
    judge_file(d, json_object_get(watch, "outbox"), d->paths.outbox);
    if (output_number(watch, "usageLagMs") > COUNTED_LATE_MS)
        finding_add(&d->findings, "watch", FINDING_WARN, "Its log says why; look at the disk",
                    "usage is counted, and detectors look, %lld s behind the record",
                    output_number(watch, "usageLagMs") / 1000);
    judge_waiting(d, watch, "deliveriesWaiting", "oldestDeliveryMs", "deliveries to webhooks",
                  "`keyward webhooks list` says which fail");
    judge_waiting(d, watch, "lettersWaiting", "oldestLetterMs", "letters",
                  "Look at mail_server: the log says what it answers");
}

static void judge_health(struct doctor *d, const json_t *health)
{
    const char *version = output_string(health, "version");
    long long age_ms = output_number(health, "heartbeatAgeMs");

    finding_add(&d->findings, "serve", FINDING_OK, NULL,
                "keyward serve answers: version %s, process %lld", version,
                output_number(health, "pid"));
    if (strcmp(version, KEYWARD_VERSION) != 0)
        finding_add(&d->findings, "serve", FINDING_WARN, "Restart it: systemctl restart keyward",
                    "keyward serve is version %s, this program %s", version, KEYWARD_VERSION);
    if (age_ms > LATE_MS)
        finding_add(&d->findings, "serve", FINDING_FAIL,
                    "Look at its log and at the disk of the state folder; restart it",
                    "the last sign of life in the keyring is %lld ms old", age_ms);
    else
        finding_add(&d->findings, "serve", FINDING_OK, NULL, "its heart beat %lld ms ago", age_ms);
    judge_watch(d, json_object_get(health, "watch"));
}

static void ask(struct doctor *d)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    char why[CLIENT_WHY_MAX] = "";

    const struct client_place place = {.socket = d->paths.admin_socket};
    const struct client_request r = {.method = "GET", .path = "/v1/health"};
    enum kw_err err = client_call(&place, &r, &answer, why);
    if (err != KW_OK)
        finding_add(&d->findings, "serve", FINDING_FAIL, start, "keyward serve does not answer: %s",
                    why);
    else if (answer.status != 200)
        finding_add(&d->findings, "serve", FINDING_FAIL, "Look at its log",
                    "keyward serve answers with HTTP status %d", answer.status);
    else
        judge_health(d, answer.body);
}

/* ---- the keyring, as a file: it may be of any format ---- */

static void judge_clock(struct doctor *d, const struct keyring_header *h)
{
    int64_t wall_us = (int64_t)clock_boot_us() + h->wall_offset_us,
            off_ms = (clock_wall_us() - wall_us) / 1000;

    if (h->wall_check != ~h->wall_offset_us || off_ms > 1000 || off_ms < -1000)
        finding_add(&d->findings, "clock", FINDING_FAIL,
                    "See that keyward serve runs; keys expire by the time that it tells",
                    "verifiers are %lld ms off the clock of this machine", (long long)off_ms);
}

static void judge_keyring(struct doctor *d, const char *path, const struct keyring_header *h)
{
    uint8_t boot_id[16];

    if (memcmp(h->magic, KEYRING_MAGIC, sizeof KEYRING_MAGIC) != 0 || h->format != KEYRING_FORMAT) {
        finding_add(&d->findings, "versions", FINDING_FAIL,
                    "Restart keyward serve and nginx, both from the same version",
                    "%s is of format %u, this program knows %d", path, h->format, KEYRING_FORMAT);
        return;
    }
    if (keyring_boot_id(boot_id) == KW_OK && memcmp(boot_id, h->boot_id, sizeof boot_id) != 0) {
        finding_add(&d->findings, "serve", FINDING_FAIL, start,
                    "%s is of an earlier boot: everything is denied until keyward serve runs", path);
        return;
    }
    finding_add(&d->findings, "versions", FINDING_OK, NULL, "the keyring is of format %d",
                KEYRING_FORMAT);
    judge_clock(d, h);
}

void doctor_serve(struct doctor *d)
{
    char path[PATH_ROOM];
    struct keyring_header h;

    ask(d);
    snprintf(path, sizeof path, "%s/keyring", d->config->run_dir);
    AUTO(file_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT)
        finding_add(&d->findings, "serve", FINDING_FAIL, start,
                    "there is no keyring: everything is denied");
    else if (fd < 0)
        finding_add(&d->findings, "serve", FINDING_WARN, "Run this as root", "%s cannot be opened",
                    path);
    else if (file_pread(fd, &h, sizeof h, 0) != KW_OK)
        finding_add(&d->findings, "serve", FINDING_FAIL, start, "%s is cut short", path);
    else
        judge_keyring(d, path, &h);
}
