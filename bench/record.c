/* record.c - how many events a second the recorder alone puts on the record: rings to disk, hashed, signed, synced.
 *
 *     bench-record POLICY_FILE FOLDER
 *
 * FOLDER is where the record is written; it should be on a disk. */
#include <keyward/keyward.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "crypto/random.h"
#include "crypto/sign.h"
#include "record/recorder.h"
#include "town.h"

enum { KEYS = 1000, FILLS = 40 };

static void decide(struct town *town, uint32_t n)
{
    struct kw_request request = town_request;
    struct kw_decision d;
    struct key_text text;
    struct kw_str key;

    request.keys = &key;
    for (uint32_t i = 0; i < n; i++) {
        key_text_of(i % KEYS, &text);
        key = (struct kw_str){text.p, text.n};
        must("decision", kw_authorize(town->engine, &request, &d));
    }
}

/* Drains all that is there; how many events, and how long it took. */
static uint64_t drain(struct recorder *recorder, double *seconds)
{
    struct recorder_result result = {.more = true};
    uint64_t records = 0, began = clock_boot_ns();

    while (result.more) {
        must("recorder", recorder_drain(recorder, clock_wall_us(), &result));
        records += result.records;
    }
    *seconds += (double)(clock_boot_ns() - began) / 1e9;
    return records;
}

static struct recorder *open_recorder(const struct town *town, const char *folder)
{
    static char audit[PATH_MAX];
    AUTO(secret_wipe) struct secret seed;
    struct signer *signer;
    struct recorder *recorder;

    snprintf(audit, sizeof audit, "%.4000s/audit", folder);
    if (mkdir(audit, 0700) != 0)
        must(audit, KW_EIO);
    must("signing key", random_bytes(&seed, sizeof seed));
    must("signing key", signer_new(&seed, &signer));
    struct recorder_options options = {.audit_dir = audit, .run_dir = town->folder, .signer = signer};
    must("recorder", recorder_open(&options, &recorder));
    return recorder;
}

int main(int argc, char **argv)
{
    struct town town;
    double seconds = 0, unused = 0;
    uint64_t records = 0;

    if (argc != 3) {
        fprintf(stderr, "usage: bench-record POLICY_FILE FOLDER\n");
        return 2;
    }
    town_make(&town, KEYS, argv[1]);
    struct recorder *recorder = open_recorder(&town, argv[2]);
    for (int i = 0; i < FILLS; i++) {
        decide(&town, RING_PROVED_SLOTS);
        records += drain(recorder, i == 0 ? &unused : &seconds);
        if (i == 0)
            records = 0; /* the files have just been made */
    }
    figure("record_rate", (double)records / seconds, "events/s");
    recorder_close(recorder);
    town_remove(&town);
    return 0;
}
