/* alerting_scene.c - see alerting_scene.h. */
#include "alerting_scene.h"

#include <stdio.h>

void scene_make(struct scene *s)
{
    house_make(&s->house);
    s->key = house_key(&s->house, 1, s->text);
    memset(&s->tally, 0, sizeof s->tally);
    s->alerting = (struct alerting){.sync = s->house.sync, .tally = &s->tally};
}

struct finding scene_spike(const struct scene *s, int64_t began_us)
{
    struct finding f = {.detector = DETECT_USAGE_SPIKE,
                        .account = "acme",
                        .environment = KW_SANDBOX,
                        .began_us = began_us,
                        .found_us = began_us + 1000};

    memcpy(f.subject, s->key.id, sizeof s->key.id);
    memcpy(f.key_id, s->key.id, sizeof s->key.id);
    finding_number(&f, "requests", 4800);
    finding_text(&f, "country", STR("NG"));
    return f;
}

static enum kw_err take(void *ctx, const struct document *d)
{
    struct alert_list *l = ctx;

    if (l->n++ == 0)
        assert_ok(alert_read(d, &l->newest));
    return KW_OK;
}

struct alert_list scene_alerts(struct scene *s)
{
    const struct store_document_filter f = {.kind = DOCUMENT_ALERT};
    struct alert_list l = {.n = 0};

    struct store *store = sync_lock(s->house.sync);
    assert_ok(store_documents(store, &f, take, &l));
    sync_unlock(s->house.sync);
    return l;
}

enum kw_err scene_raise(struct scene *s, const struct finding *f, enum alert_action action)
{
    return alerting_raise(&s->alerting, f, SEVERITY_HIGH, action);
}

void scene_set_state(struct scene *s, struct alert *a, const char *word)
{
    char text[DOCUMENT_TEXT_MAX];
    json_t *object = alert_text(a);

    size_t n = json_dumpb(object, text, sizeof text, JSON_COMPACT);
    json_decref(object);
    a->document.text = (struct str){text, n};
    snprintf(a->document.state, sizeof a->document.state, "%s", word);
    assert_ok(sync_put_document(s->house.sync, STR("member:1"), &a->document));
}

struct grant scene_key_now(struct scene *s)
{
    struct grant g;

    struct store *store = sync_lock(s->house.sync);
    assert_ok(store_key(store, str_from(s->key.id), NULL, &g));
    sync_unlock(s->house.sync);
    return g;
}

void scene_give_back(struct scene *s, const struct alert_taken *taken)
{
    struct grant g = scene_key_now(s);

    assert_true(alert_undo(taken, &g));
    assert_ok(house_change(&s->house, &g));
}
