/* house.c - see house.h. */
#include "sync/house.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/digest.h"
#include "engine/ring.h"
#include "suite.h"

const char *house_file(const struct house *h, const char *name)
{
    static char path[2 * PATH_MAX];

    snprintf(path, sizeof path, "%s/%s", h->run, name);
    return path;
}

void house_open(struct house *h)
{
    struct sync_options options = {.run_dir = h->run,
                                   .boot_file = h->boot_file,
                                   .reserve_file = h->reserve_file[0] == '\0' ? NULL : h->reserve_file,
                                   .brand = STR("mk"),
                                   .ring_slots = {4096, 64}};

    assert_ok(sync_open(room_open(&h->room), &options, &h->sync, h->room.why));
}

void house_shut(struct house *h)
{
    sync_close(h->sync);
    h->sync = NULL;
}

void house_make(struct house *h)
{
    struct account acme = {.id = "acme", .name = "Acme", .state = ACCOUNT_ACTIVE};

    *h = (struct house){0};
    room_make(&h->room);
    snprintf(h->run, sizeof h->run, "%s", folder_file(&h->room.folder, "run"));
    snprintf(h->boot_file, sizeof h->boot_file, "%s", folder_file(&h->room.folder, "boot"));
    assert_int_equal(mkdir(h->run, 0711), 0);
    house_open(h);
    assert_ok(sync_put_account(h->sync, STR("uid:0"), &acme, NULL));
    assert_ok(kw_open(h->run, &h->engine));
}

void house_clear(struct house *h)
{
    kw_close(h->engine);
    house_shut(h);
    room_clear(&h->room);
}

void house_grant(unsigned number, char out[KEY_MAX], struct grant *g)
{
    struct digest d;
    char secret[KEY_SECRET_LEN];

    *g = (struct grant){.account = "acme",
                        .name = "A key",
                        .environment = KW_SANDBOX,
                        .permissions = KW_FULL_ACCESS,
                        .state = KEY_ACTIVE,
                        .created_by = "uid:0",
                        .generation = 1};
    memset(secret, 's', sizeof secret);
    snprintf(g->id, sizeof g->id, "%010uAbCd", number);
    size_t n =
        key_print(STR("mk"), KW_SANDBOX, str_from(g->id), (struct str){secret, sizeof secret}, out);
    digest_of((struct str){out, n}, &d);
    memcpy(g->digest, d.b, sizeof g->digest);
}

enum kw_err house_create(struct house *h, unsigned number, char out[KEY_MAX], struct grant *g)
{
    house_grant(number, out, g);
    return sync_create_key(h->sync, STR("uid:0"), g, NULL);
}

struct grant house_key(struct house *h, unsigned number, char out[KEY_MAX])
{
    struct grant g;

    assert_ok(house_create(h, number, out, &g));
    return g;
}

enum kw_err house_change(struct house *h, struct grant *g)
{
    return sync_change_key(h->sync, STR("uid:0"), g);
}

/* What the recorder does: an engine that opens a new keyring claims a drained ring. */
void house_drain(const struct house *h)
{
    char name[16];

    for (unsigned i = 0; i < RING_PAIRS_MAX; i++) {
        struct ring_header head;
        snprintf(name, sizeof name, "rings/%03u", i);
        int fd = open(house_file(h, name), O_RDWR | O_CLOEXEC);
        if (fd < 0)
            return;
        assert_int_equal(pread(fd, &head, sizeof head, 0), sizeof head);
        const uint64_t heads[2] = {head.head[0], head.head[1]};
        assert_int_equal(pwrite(fd, heads, sizeof heads, offsetof(struct ring_header, tail)),
                         sizeof heads);
        close(fd);
    }
}

static enum kw_reason reason_of(const struct house *h, struct kw_request r)
{
    struct kw_decision d;

    r.method = (struct kw_str){"GET", 3};
    r.target = (struct kw_str){"/x", 2};
    r.environment = KW_SANDBOX;
    r.flags = KW_REQ_TLS;
    house_drain(h);
    assert_ok(kw_authorize(h->engine, &r, &d));
    return d.reason;
}

enum kw_reason house_ask(const struct house *h, const char text[KEY_MAX])
{
    struct kw_str key = {text, sizeof "mk" - 1 + KEY_TAIL_LEN};

    return reason_of(h, (struct kw_request){.keys = &key, .n_keys = 1});
}

enum kw_reason house_ask_token(const struct house *h, struct str token)
{
    struct kw_str bearer = {token.p, token.n};

    return reason_of(h, (struct kw_request){.bearers = &bearer, .n_bearers = 1});
}

void house_disk_full(bool full)
{
    struct rlimit limit;

    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = full ? 0 : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

sqlite3 *house_lock_database(struct house *h)
{
    sqlite3 *conn;

    assert_int_equal(sqlite3_open(h->room.database, &conn), SQLITE_OK);
    assert_int_equal(sqlite3_exec(conn, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    return conn;
}

void house_block_keyrings(const struct house *h, bool blocked)
{
    unlink(house_file(h, "keyring.new"));
    if (blocked)
        assert_int_equal(mkdir(house_file(h, "keyring.new"), 0700), 0);
    else
        rmdir(house_file(h, "keyring.new"));
}
