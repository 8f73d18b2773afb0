/* town.c - see town.h. */
#include "town.h"

#include <keyward/keyward.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/policy_doc.h"
#include "base/clock.h"
#include "cli/policy_file.h"

const struct kw_request town_request = {
    .method = {"GET", 3},
    .target = {"/api/v1/transactions/user?page=1&limit=20", 41},
    .agent = {"monei-sdk/1.0.4 node/20.11.0 (linux)", 36},
    .source = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 203, 0, 113, 7},
    .environment = KW_SANDBOX,
    .flags = KW_REQ_TLS,
    .n_keys = 1,
};

static void make_folder(struct town *t)
{
    const char *tmp = getenv("TMPDIR");
    struct stat st;
    char rings[PATH_MAX];

    if (tmp == NULL)
        tmp = stat("/dev/shm", &st) == 0 ? "/dev/shm" : "/tmp";
    snprintf(t->folder, sizeof t->folder, "%s/keyward-bench-XXXXXX", tmp);
    if (mkdtemp(t->folder) == NULL)
        must(t->folder, KW_EIO);
    snprintf(rings, sizeof rings, "%.4000s/rings", t->folder);
    if (mkdir(rings, 0700) != 0)
        must(rings, KW_EIO);
}

static const char *in_town(const struct town *t, const char *name, char out[PATH_MAX])
{
    snprintf(out, PATH_MAX, "%.4000s/%s", t->folder, name);
    return out;
}

static void put_policy(struct town *t, const char *policy_file)
{
    struct buf text = BUF_MAX(POLICY_FILE_MAX), table = BUF_MAX(ROUTE_TABLE_MAX),
               document = BUF_MAX(POLICY_FILE_MAX);
    char why[POLICY_FILE_WHY_MAX];
    struct problem problem = {0};
    json_t *lists = NULL;
    size_t n;

    must(policy_file, policy_file_read(policy_file, &text, &lists, why));
    must(policy_file, policy_doc_read(lists, &problem, &table, &document, &n));
    must("policy", keyring_put_policy(t->writer, 1, buf_view(&table)));
    json_decref(lists);
    buf_deinit(&text);
    buf_deinit(&table);
    buf_deinit(&document);
}

static void put_keys(struct town *t)
{
    struct account account = {
        .slot = 1, .version = 1, .id = "main", .name = "Main", .state = ACCOUNT_ACTIVE};

    must("account", keyring_put_account(t->writer, &account));
    for (uint32_t i = 0; i < t->n_keys; i++) {
        struct grant g = key_grant_of(i, account.id, account.slot);
        g.slot = i + 1;
        g.version = 1;
        must("key", keyring_put_key(t->writer, &g));
    }
}

static void make_keyring(struct town *t, const char *policy_file)
{
    struct keyring_sizes sizes = {
        .records = t->n_keys, .accounts = 4, .heap = 65536, .policy = ROUTE_TABLE_MAX};
    struct keyring_marks marks = {.generation = 1, .hash_seed = 42, .nobody_digest = {1, 2, 3}};
    char path[PATH_MAX];

    must("keyring",
         keyring_create(in_town(t, "keyring", path), STR("mk"), &sizes, &marks, &t->writer));
    put_policy(t, policy_file);
    put_keys(t);
    keyring_beat(t->writer, clock_boot_us(), clock_wall_us());
    must("keyring", keyring_publish(t->writer));
}

void town_make(struct town *t, uint32_t n_keys, const char *policy_file)
{
    char path[PATH_MAX];
    bool made;

    *t = (struct town){.n_keys = n_keys};
    make_folder(t);
    make_keyring(t, policy_file);
    t->rings = (struct rings){.run_dir = t->folder,
                              .group = (gid_t)-1,
                              .n_slots = {RING_PROVED_SLOTS, RING_UNPROVED_SLOTS}};
    must("rings", rings_open(&t->rings, &made));
    must("rings", rings_tend(&t->rings, 1));
    must("limits",
         limits_file_open(in_town(t, "limits", path), (gid_t)-1, n_keys + 1, &t->limits, &made));
    must("engine", kw_open(t->folder, &t->engine));
}

void town_remove(struct town *t)
{
    char path[PATH_MAX];

    kw_close(t->engine);
    keyring_writer_free(t->writer);
    for (unsigned i = 0; i < t->rings.n; i++) {
        snprintf(path, sizeof path, RING_PATH, t->folder, i);
        unlink(path);
    }
    rings_close(&t->rings);
    limits_file_close(&t->limits);
    unlink(in_town(t, "keyring", path));
    unlink(in_town(t, "limits", path));
    rmdir(in_town(t, "rings", path));
    rmdir(t->folder);
}

void town_tend(const struct town *t)
{
    struct ring_header h;

    keyring_beat(t->writer, clock_boot_us(), clock_wall_us());
    for (unsigned i = 0; i < t->rings.n; i++) {
        if (pread(t->rings.fds[i], &h, sizeof h, 0) != sizeof h)
            must("ring", KW_EIO);
        const uint64_t heads[2] = {h.head[0], h.head[1]};
        if (pwrite(t->rings.fds[i], heads, sizeof heads, offsetof(struct ring_header, tail)) !=
            sizeof heads)
            must("ring", KW_EIO);
    }
}
