/* scene.h - one key and one request to it in a small world: a test changes one of them, then asks. */
#ifndef TEST_ENGINE_SCENE_H
#define TEST_ENGINE_SCENE_H

#include "engine/world.h"
#include "suite.h"

struct scene { /* one key, one request */
    struct world world;
    struct kw_engine *engine;
    struct grant grant;
    struct account account;
    struct world_text text;
    struct world_ask ask;
    struct kw_str two[2], cookie;
};

void open_scene(struct scene *s); /* an active read_only key, and GET on a read route with it */
void publish(struct scene *s);    /* what the test has changed, and opens the engine */
void close_scene(struct scene *s);

void target(struct scene *s, const char *method, const char *path);

/* The i-th of the strings of a request becomes this one; borrows it. */
enum { SCENE_STRINGS = 7 };
void put_string(struct kw_request *r, int i, const struct kw_str *s);

void unknown_id(struct scene *s);   /* the key's text becomes that of another id, whole in form */
void wrong_secret(struct scene *s); /* … of the same id with another secret */

/* A decision about a caller who has proved nothing holds nothing of any key. */
void assert_tells_nothing(const struct kw_decision *d);

/* The attempt is in the ring where it belongs, with this reason, and without the secret. */
void assert_recorded(const struct scene *s, const struct kw_decision *d);

#endif
