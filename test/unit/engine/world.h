/* world.h - a small state for one test, as serve would share it, and requests to it. */
#ifndef TEST_ENGINE_WORLD_H
#define TEST_ENGINE_WORLD_H

#include "core/event.h"
#include "core/key.h"
#include "folder.h"
#include "keyring/write.h"
#include "sync/shared.h"

/* The moment at which the tests decide, by both clocks. */
#define WORLD_BOOT_US UINT64_C(1000000000)
#define WORLD_WALL_MS INT64_C(1750000000000)

/* The policy that every world begins with:
 *   read GET /me · transact POST /pay · manage PUT /keys · public GET /health · deny GET /admin */
struct world {
    struct folder folder;
    struct keyring_writer *writer;
    struct rings rings;
    struct limits_file limits;
    uint32_t room, area, n_keys, policy_version;
    uint64_t generation;
};

struct world_sizes {
    uint32_t keys;
    uint32_t ring_slots[2];
    uint32_t area; /* bytes of the heap, and of each area for the policy; 0: 64 KiB */
};

void world_make(struct world *w); /* room for 100 keys, rings of 64 and 64; an account "acme" in slot 1 */
void world_make_of(struct world *w, const struct world_sizes *sizes);
void world_clear(struct world *w);

/* Makes a new keyring with the same account and policy, and no keys, in the place of the one there is.
 * Announced: the rings name it, and the old one is retired, as serve does it. */
void world_replace_keyring(struct world *w, bool announced);

/* The account "acme", active and without rules. */
struct account world_account(void);

/* A new key, active, of acme, sandbox, full access, without limits; not put yet. Its n-th secret is
 * what world_text(g, n, text) prints. */
struct grant world_grant(struct world *w);
void world_put(struct world *w, const struct grant *g);
void world_old_secret(struct grant *g, int64_t ends_ms); /* secret 2 becomes the old one */

struct world_text {
    char p[KEY_MAX];
    size_t n;
};
struct world_text world_text(const struct grant *g, int secret);

struct kw_engine *world_open(const struct world *w); /* which has to succeed */

/* A request that any key of world_grant may make: GET /me over TLS from 192.0.2.1. */
struct world_ask {
    struct kw_request request;
    struct kw_str key;
};
void world_ask(struct world_ask *ask, const struct world_text *text);
void world_from(struct kw_request *r, const char *address);

/* The decision at WORLD_BOOT_US, or later. */
struct kw_decision world_decide(struct kw_engine *e, const struct kw_request *r);
struct kw_decision world_decide_at(struct kw_engine *e, const struct kw_request *r, uint64_t boot_us);

/* Finds the event of a request id in ring files. The event borrows from bytes. */
struct world_event {
    struct event event;
    int ring; /* RING_PROVED, RING_UNPROVED */
    uint8_t bytes[EVENT_MAX];
};
bool world_event(const struct world *w, const char *request_id, struct world_event *out);

/* Attempts of a reason that were counted because their ring was full, in all files. */
uint64_t world_counted(const struct world *w, int ring, enum kw_reason why);

/* Moves the tails of all rings to their heads, as the recorder does. */
void world_drain(const struct world *w);

/* Cuts a file of the world to n bytes. */
void world_cut(const struct world *w, const char *name, long n);

#endif
