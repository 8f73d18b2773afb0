/* alerting_scene.h - a house with one key, in which findings are raised as alerts. */
#ifndef TEST_ALERTING_ALERTING_SCENE_H
#define TEST_ALERTING_ALERTING_SCENE_H

#include "alerting/alerting.h"
#include "suite.h"
#include "sync/house.h"

struct scene {
    struct house house;
    struct alerting alerting;
    struct tally tally;
    struct grant key;
    char text[KEY_MAX];
};

void scene_make(struct scene *s); /* house_clear at its end */

/* Of its key. */
struct finding scene_spike(const struct scene *s, int64_t began_us);

enum kw_err scene_raise(struct scene *s, const struct finding *f, enum alert_action action);

struct alert_list {
    struct alert newest;
    size_t n;
};

struct alert_list scene_alerts(struct scene *s);

/* As a member does; a new one with slot 0. */
void scene_set_state(struct scene *s, struct alert *a, const char *word);

struct grant scene_key_now(struct scene *s);
void scene_give_back(struct scene *s, const struct alert_taken *taken); /* by hand: no alert says so */

#endif
