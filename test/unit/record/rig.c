/* rig.c - see rig.h. */
#include "rig.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

void rig_init(struct rig *r)
{
    const struct secret seed = {{1, 2, 3}};
    char rings[PATH_MAX];

    folder_make(&r->folder);
    snprintf(r->audit, sizeof r->audit, "%s", folder_file(&r->folder, "audit"));
    snprintf(r->run, sizeof r->run, "%s", folder_file(&r->folder, "run"));
    snprintf(rings, sizeof rings, "%s", folder_file(&r->folder, "run/rings"));
    assert_int_equal(mkdir(r->audit, 0700), 0);
    assert_int_equal(mkdir(r->run, 0700), 0);
    assert_int_equal(mkdir(rings, 0700), 0);
    assert_ok(signer_new(&seed, &r->signer));
    assert_ok(signer_public(r->signer, r->public_key));
}

void rig_deinit(struct rig *r)
{
    signer_free(r->signer);
    folder_remove(&r->folder);
}

/* ---- the verifier ---- */

static void ring_path(const struct rig *r, uint32_t number, char out[PATH_MAX])
{
    if (snprintf(out, PATH_MAX, RING_PATH, r->run, number) >= PATH_MAX)
        abort();
}

void played_make(const struct rig *r, uint32_t number, uint64_t ring_id, uint32_t n_proved,
                 uint32_t n_unproved)
{
    char path[PATH_MAX];
    struct ring_header h = {.magic = RING_MAGIC,
                            .format = RING_FORMAT,
                            .n_slots = {n_proved, n_unproved},
                            .ring_id = ring_id};
    const char *fresh = folder_file(&r->folder, "run/fresh");

    h.file_size = ring_file_size(h.n_slots);
    ring_path(r, number, path);
    int fd = open(fresh, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(posix_fallocate(fd, 0, (off_t)h.file_size), 0);
    assert_ok(file_pwrite(fd, &h, sizeof h, 0));
    close(fd);
    assert_int_equal(rename(fresh, path), 0);
}

void played_open(const struct rig *r, uint32_t number, struct played *p)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    char path[PATH_MAX];
    struct stat st;

    ring_path(r, number, path);
    p->fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(p->fd >= 0);
    assert_int_equal(fcntl(p->fd, F_OFD_SETLK, &lock), 0);
    assert_int_equal(fstat(p->fd, &st), 0);
    p->size = (size_t)st.st_size;
    p->map = mmap(NULL, p->size, PROT_READ | PROT_WRITE, MAP_SHARED, p->fd, 0);
    assert_true(p->map != MAP_FAILED);
    memcpy(p->n_slots, played_header(p)->n_slots, sizeof p->n_slots);
    p->ring_id = played_header(p)->ring_id;
}

void played_die(struct played *p)
{
    munmap(p->map, p->size);
    file_closep(&p->fd);
}

struct ring_header *played_header(const struct played *p)
{
    return (struct ring_header *)(void *)p->map;
}

struct ring_slot *played_slot(const struct played *p, int ring, uint64_t position)
{
    return (struct ring_slot *)(void *)(p->map + ring_slot_offset(p->n_slots, ring, position));
}

uint64_t played_reserve(struct played *p, int ring)
{
    struct ring_header *h = played_header(p);

    assert_true(h->head[ring] - h->tail[ring] < p->n_slots[ring]);
    return atomic_fetch_add(&h->head[ring], 1);
}

void played_commit(struct played *p, int ring, uint64_t position, const struct event *e)
{
    struct ring_slot *slot = played_slot(p, ring, position);
    struct event mine = *e;

    mine.ring = p->ring_id;
    mine.position = position;
    slot->len = (uint16_t)event_encode(&mine, slot->event);
    uint8_t *word = p->map + ring_commit_offset(p->n_slots, ring, position);
    atomic_store((_Atomic uint64_t *)(void *)word, position + 1);
}

uint64_t played_decide(struct played *p, int ring, const struct event *e)
{
    uint64_t position = played_reserve(p, ring);

    played_commit(p, ring, position, e);
    return position;
}

/* ---- events ---- */

struct event rig_event(int64_t time_us, const char key_id[15])
{
    struct event e = {.kind = EVENT_DECISION,
                      .count = 1,
                      .time_us = time_us,
                      .credential = CREDENTIAL_KEY,
                      .generation = 1,
                      .key_version = 3,
                      .policy_version = 2,
                      .account = STR("acme"),
                      .environment = KW_PRODUCTION,
                      .source = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1}},
                      .agent = STR("curl/7.88.1"),
                      .method = STR("GET"),
                      .path = STR("/wallet/me"),
                      .route = 5,
                      .route_class = KW_CLASS_READ,
                      .reason = KW_WHY_ALLOWED,
                      .status = 200,
                      .flags = EVENT_PROVED | EVENT_TLS,
                      .latency_ns = 411};

    memcpy(e.key_id, key_id, sizeof e.key_id);
    memcpy(e.request_id, &time_us, sizeof time_us);
    e.request_id[15] = 1;
    return e;
}

struct event rig_stranger(int64_t time_us, uint32_t ipv4)
{
    struct event e = rig_event(time_us, "7Q2mK4T9xJ1aBd");

    e.account = (struct str){0};
    e.reason = KW_WHY_WRONG_SECRET;
    e.status = 401;
    e.flags = EVENT_TLS;
    e.source = (struct address){{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}};
    for (int i = 0; i < 4; i++)
        e.source.b[12 + i] = (uint8_t)(ipv4 >> (24 - 8 * i));
    return e;
}

/* ---- the record ---- */

static enum kw_err keep(void *ctx, const struct record_entry *e)
{
    struct rig_entries *all = ctx;

    assert_true(all->n < RIG_ENTRIES);
    all->e[all->n] = *e;
    memset(all->agent[all->n], 0, sizeof all->agent[0]);
    if (e->kind == RECORD_EVENT && e->event.agent.n > 0)
        memcpy(all->agent[all->n], e->event.agent.p, e->event.agent.n);
    all->n++;
    return KW_OK;
}

void rig_read(const struct rig *r, struct rig_entries *out)
{
    struct record_query everything = {.oldest_first = true};

    out->n = 0;
    assert_ok(search_run(r->audit, &everything, keep, out));
}

void rig_assert_whole(const struct rig *r)
{
    struct verify_report report;

    enum kw_err err = verify_folder(r->audit, r->public_key, NULL, &report);
    if (err == KW_ENOTFOUND)
        return; /* nothing is on it yet */
    assert_ok(err);
    if (report.what != NULL)
        fail_msg("%s: batch %llu record %u: %s", report.file, (unsigned long long)report.batch,
                 report.record, report.what);
}

uint64_t rig_attempts(const struct rig_entries *all)
{
    uint64_t n = 0;

    for (size_t i = 0; i < all->n; i++)
        n += all->e[i].kind == RECORD_EVENT ? all->e[i].event.count : 0;
    return n;
}

struct recorder *rig_recorder(const struct rig *r)
{
    struct recorder_options o = {.audit_dir = r->audit, .run_dir = r->run, .signer = r->signer};
    struct recorder *recorder;

    assert_ok(recorder_open(&o, &recorder));
    return recorder;
}

void running_begin(struct running *r, uint32_t n_slots)
{
    rig_init(&r->rig);
    r->recorder = rig_recorder(&r->rig);
    played_make(&r->rig, 0, 42, n_slots, n_slots);
    played_open(&r->rig, 0, &r->p);
}

void running_end(struct running *r)
{
    rig_assert_whole(&r->rig);
    recorder_close(r->recorder);
    if (r->p.fd >= 0)
        played_die(&r->p);
    rig_deinit(&r->rig);
}

void played_at(struct played *p, int ring, int64_t time_us)
{
    struct event e = rig_event(time_us, "7Q2mK4T9xJ1aBd");

    played_decide(p, ring, &e);
}

void rig_drain(struct recorder *recorder, int64_t now_us, struct recorder_result *out)
{
    struct recorder_result ignored;

    assert_ok(recorder_drain(recorder, now_us, out == NULL ? &ignored : out));
}

void rig_write(const struct rig *r, uint32_t n_batches, uint32_t n_records)
{
    struct played p;
    struct recorder *recorder = rig_recorder(r);
    int64_t now = RIG_NOON;

    played_make(r, 0, 77, 4096, RIG_SLOTS);
    played_open(r, 0, &p);
    for (uint32_t b = 0; b < n_batches; b++, now += 1000000) {
        for (uint32_t i = 0; i < n_records; i++) {
            struct event e = rig_event(now + i, "7Q2mK4T9xJ1aBd");
            played_decide(&p, RING_PROVED, &e);
        }
        rig_drain(recorder, now, NULL);
    }
    played_die(&p);
    recorder_close(recorder);
}
