/* outbox_kit.h - an outbox in a folder of its own, and what its tests do with it. */
#ifndef TEST_NOTIFY_OUTBOX_KIT_H
#define TEST_NOTIFY_OUTBOX_KIT_H

#include "folder.h"
#include "notify/outbox.h"
#include "suite.h"

#define NOON    INT64_C(1764500000000)
#define LETTERS UINT32_MAX /* in place of a webhook */

enum { A = 1, B = 2, MINUTE = 60000 };

struct kit {
    struct folder folder;
    char path[PATH_MAX];
    struct outbox *o;
};
void kit_open(struct kit *k);
void kit_close(struct kit *k);

/* A new key of acme's, with KIT_BODY. */
#define KIT_BODY STR("{\"a\":1}")
struct outbox_event kit_event(const char *id);
void kit_put(struct kit *k, const char *id, uint32_t webhook, int64_t now_ms);

struct outbox_delivery kit_next(struct kit *k, uint32_t webhook);
bool kit_none_waits(struct kit *k, uint32_t webhook);
struct outbox_delivery kit_numbered(struct kit *k, uint64_t no);

/* Writes a try of a delivery down, which was answered with 500. */
struct outbox_health kit_tried(struct kit *k, uint64_t no, int64_t time_ms, enum outbox_state state,
                               int64_t next_ms);

/* How many deliveries of a webhook are listed; the first number of an SQL text, from the side. */
unsigned kit_count(struct kit *k, uint32_t webhook);
int kit_asked(const struct kit *k, const char *text);

#endif
