/* rig.h - a record and its rings in a folder of their own, and a verifier that is played by the test. */
#ifndef TEST_RECORD_RIG_H
#define TEST_RECORD_RIG_H

#include "folder.h"
#include "record/recorder.h"
#include "record/search.h"
#include "record/verify.h"
#include "suite.h"

enum { RIG_SLOTS = 64, RIG_ENTRIES = 20000 };

/* 2026-11-24T12:00:00Z, and the day it lies in. */
#define RIG_NOON ((int64_t)1795521600 * 1000000)
#define RIG_DAY  20781

struct rig {
    struct folder folder;
    char audit[PATH_MAX], run[PATH_MAX];
    struct signer *signer;
    uint8_t public_key[PUBLIC_KEY_LEN];
};

void rig_init(struct rig *r);
void rig_deinit(struct rig *r);

/* A verifier: its ring file is made (as `serve` would) and then claimed. */
struct played {
    int fd; /* -1: not alive */
    uint8_t *map;
    size_t size;
    uint32_t n_slots[2];
    uint64_t ring_id;
};

void played_make(const struct rig *r, uint32_t number, uint64_t ring_id, uint32_t n_proved,
                 uint32_t n_unproved);
void played_open(const struct rig *r, uint32_t number, struct played *p);
void played_die(struct played *p); /* lets go of lock and mapping, as a kill does */

struct ring_header *played_header(const struct played *p);
struct ring_slot *played_slot(const struct played *p, int ring, uint64_t position);

/* Reserves a position, or fails the test; fills and commits it; both. time_us is the event's, key its key id. */
uint64_t played_reserve(struct played *p, int ring);
void played_commit(struct played *p, int ring, uint64_t position, const struct event *e);
uint64_t played_decide(struct played *p, int ring, const struct event *e);

/* An event that is allowed, of a key, at a time; and one of a stranger. */
struct event rig_event(int64_t time_us, const char key_id[15]);
struct event rig_stranger(int64_t time_us, uint32_t ipv4);

/* Everything on the record, oldest first, copied. */
struct rig_entries {
    struct record_entry e[RIG_ENTRIES];
    char agent[RIG_ENTRIES][EVENT_AGENT_MAX + 1]; /* of each */
    size_t n;
};
void rig_read(const struct rig *r, struct rig_entries *out);

/* The signed record verifies from end to end. */
void rig_assert_whole(const struct rig *r);

/* What all entries stand for, gaps and summaries included. */
uint64_t rig_attempts(const struct rig_entries *all);

struct recorder *rig_recorder(const struct rig *r);

/* A record, its recorder, and one verifier: file 0, ring id 42. */
struct running {
    struct rig rig;
    struct recorder *recorder;
    struct played p;
};
void running_begin(struct running *r, uint32_t n_slots);
void running_end(struct running *r); /* and the record is whole */

/* An event that is allowed, at a time. */
void played_at(struct played *p, int ring, int64_t time_us);

void rig_drain(struct recorder *recorder, int64_t now_us,
               struct recorder_result *out); /* must succeed */

/* A record with so many batches of so many events, one batch a second from RIG_NOON on. */
void rig_write(const struct rig *r, uint32_t n_batches, uint32_t n_records);

#endif
