/* world.c - see world.h. */
#include "engine/world.h"

#include <stdio.h>
#include <unistd.h>

#include "base/hex.h"
#include "core/policy.h"
#include "crypto/digest.h"
#include "suite.h"

static const char policy[] = "read GET /me\n"
                             "transact POST /pay\n"
                             "manage PUT /keys\n"
                             "public GET /health\n"
                             "deny GET /admin\n";

static void put_policy(struct world *w)
{
    struct buf table = BUF_MAX(ROUTE_TABLE_MAX);

    assert_ok(policy_compile(str_from(policy), &table));
    assert_ok(keyring_put_policy(w->writer, ++w->policy_version, buf_view(&table)));
    buf_deinit(&table);
}

struct account world_account(void)
{
    return (struct account){
        .slot = 1, .version = 1, .id = "acme", .name = "Acme", .state = ACCOUNT_ACTIVE};
}

static void make_keyring(struct world *w)
{
    struct keyring_sizes sizes = {
        .records = w->room, .accounts = 4, .families = 256, .heap = w->area, .policy = w->area};
    struct keyring_marks marks = {
        .generation = ++w->generation, .hash_seed = 42, .nobody_digest = {1, 2, 3}};
    struct account acme = world_account();

    assert_ok(
        keyring_create(folder_file(&w->folder, "keyring"), STR("mk"), &sizes, &marks, &w->writer));
    assert_ok(keyring_put_account(w->writer, &acme));
    put_policy(w);
    keyring_beat(w->writer, WORLD_BOOT_US, WORLD_WALL_MS * 1000);
    assert_ok(keyring_publish(w->writer));
}

void world_make_of(struct world *w, const struct world_sizes *sizes)
{
    bool made;

    *w = (struct world){
        .generation = 76, .room = sizes->keys, .area = sizes->area == 0 ? 65536 : sizes->area};
    folder_make(&w->folder);
    make_keyring(w);
    w->rings = (struct rings){.run_dir = w->folder.path,
                              .group = (gid_t)-1,
                              .n_slots = {sizes->ring_slots[0], sizes->ring_slots[1]}};
    assert_ok(rings_open(&w->rings, &made));
    assert_ok(rings_tend(&w->rings, w->generation));
    assert_ok(limits_file_open(folder_file(&w->folder, "limits"), (gid_t)-1, sizes->keys + 1,
                               &w->limits, &made));
}

void world_make(struct world *w)
{
    world_make_of(w, &(struct world_sizes){100, {64, 64}});
}

void world_clear(struct world *w)
{
    limits_file_close(&w->limits);
    rings_close(&w->rings);
    keyring_writer_free(w->writer);
    folder_remove(&w->folder);
}

void world_replace_keyring(struct world *w, bool announced)
{
    struct keyring_writer *old = w->writer;

    make_keyring(w);
    if (announced) {
        assert_ok(rings_announce(&w->rings, w->generation));
        keyring_retire(old);
    }
    keyring_writer_free(old);
}

struct world_text world_text(const struct grant *g, int secret)
{
    struct world_text text;
    char digits[KEY_SECRET_LEN];

    memset(digits, 'a' + secret, sizeof digits);
    text.n = key_print(STR("mk"), g->environment, str_from(g->id),
                       (struct str){digits, sizeof digits}, text.p);
    return text;
}

static void digest_text(const struct grant *g, int secret, uint8_t out[GRANT_DIGEST_LEN])
{
    struct world_text text = world_text(g, secret);
    struct digest d;

    digest_of((struct str){text.p, text.n}, &d);
    memcpy(out, d.b, GRANT_DIGEST_LEN);
}

struct grant world_grant(struct world *w)
{
    struct grant g = {.slot = ++w->n_keys,
                      .version = 3,
                      .account = "acme",
                      .account_slot = 1,
                      .environment = KW_SANDBOX,
                      .permissions = KW_FULL_ACCESS,
                      .state = KEY_ACTIVE,
                      .generation = 5};

    snprintf(g.id, sizeof g.id, "%010uAbCd", w->n_keys);
    digest_text(&g, 1, g.digest);
    return g;
}

void world_old_secret(struct grant *g, int64_t ends_ms)
{
    digest_text(g, 2, g->old_digest);
    g->old_ends_ms = ends_ms;
}

void world_put(struct world *w, const struct grant *g)
{
    struct grant whole = *g;

    digest_text(g, 1, whole.digest); /* of its environment, which the test may have changed */
    if (whole.old_ends_ms != 0)
        digest_text(g, 2, whole.old_digest);
    assert_ok(keyring_put_key(w->writer, &whole));
}

struct kw_engine *world_open(const struct world *w)
{
    struct kw_engine *e = NULL;

    assert_ok(kw_open(w->folder.path, &e));
    return e;
}

void world_from(struct kw_request *r, const char *address)
{
    struct address a;

    assert_ok(address_parse(str_from(address), &a));
    memcpy(r->source, a.b, sizeof r->source);
}

void world_ask(struct world_ask *ask, const struct world_text *text)
{
    *ask = (struct world_ask){.key = {text->p, text->n},
                              .request = {.method = {"GET", 3},
                                          .target = {"/me", 3},
                                          .n_keys = 1,
                                          .environment = KW_SANDBOX,
                                          .flags = KW_REQ_TLS}};
    ask->request.keys = &ask->key;
    world_from(&ask->request, "192.0.2.1");
}

struct kw_decision world_decide_at(struct kw_engine *e, const struct kw_request *r, uint64_t boot_us)
{
    struct kw_decision d;

    memset(&d, 0xff, sizeof d);
    assert_ok(kw_authorize_at(e, r, boot_us, &d));
    assert_int_equal(d.verdict, d.reason == KW_WHY_ALLOWED || d.reason == KW_WHY_PUBLIC);
    assert_int_equal(d.status, kw_reason_status(d.reason));
    return d;
}

struct kw_decision world_decide(struct kw_engine *e, const struct kw_request *r)
{
    return world_decide_at(e, r, WORLD_BOOT_US);
}

static void read_at(int fd, void *out, size_t n, uint64_t at)
{
    assert_int_equal(pread(fd, out, n, (off_t)at), n);
}

static bool event_at(const struct world *w, int fd, int ring, uint64_t position,
                     struct world_event *out)
{
    const uint32_t *n_slots = w->rings.n_slots;
    struct ring_slot slot;
    uint64_t commit;

    read_at(fd, &commit, sizeof commit, ring_commit_offset(n_slots, ring, position));
    if (commit != position + 1)
        return false;
    read_at(fd, &slot, sizeof slot, ring_slot_offset(n_slots, ring, position));
    assert_in_range(slot.len, 1, EVENT_MAX);
    memcpy(out->bytes, slot.event, slot.len);
    out->ring = ring;
    assert_ok(event_decode((struct str){(const char *)out->bytes, slot.len}, &out->event));
    assert_int_equal(out->event.position, position);
    return true;
}

static bool find_in(const struct world *w, int fd, const uint8_t *id, struct world_event *out)
{
    struct ring_header h;

    read_at(fd, &h, sizeof h, 0);
    for (int ring = 0; ring < 2; ring++)
        for (uint64_t at = h.tail[ring]; at < h.head[ring]; at++)
            if (event_at(w, fd, ring, at, out) &&
                memcmp(out->event.request_id, id, EVENT_REQUEST_ID) == 0)
                return true;
    return false;
}

bool world_event(const struct world *w, const char *request_id, struct world_event *out)
{
    uint8_t id[EVENT_REQUEST_ID];

    assert_ok(hex_get(str_from(request_id), id, sizeof id));
    for (unsigned i = 0; i < w->rings.n; i++)
        if (find_in(w, w->rings.fds[i], id, out))
            return true;
    return false;
}

uint64_t world_counted(const struct world *w, int ring, enum kw_reason why)
{
    struct ring_header h;
    uint64_t n = 0;

    for (unsigned i = 0; i < w->rings.n; i++) {
        read_at(w->rings.fds[i], &h, sizeof h, 0);
        n += *ring_counted(&h, ring, why);
    }
    return n;
}

void world_drain(const struct world *w)
{
    struct ring_header h;

    for (unsigned i = 0; i < w->rings.n; i++) {
        read_at(w->rings.fds[i], &h, sizeof h, 0);
        const uint64_t heads[2] = {h.head[0], h.head[1]};
        assert_int_equal(
            pwrite(w->rings.fds[i], heads, sizeof heads, offsetof(struct ring_header, tail)),
            sizeof heads);
    }
}

void world_cut(const struct world *w, const char *name, long n)
{
    assert_int_equal(truncate(folder_file(&w->folder, name), n), 0);
}
