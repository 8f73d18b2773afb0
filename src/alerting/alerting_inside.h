/* alerting_inside.h - the parts of alerting; for alerting*.c only. */
#ifndef ALERTING_ALERTING_INSIDE_H
#define ALERTING_ALERTING_INSIDE_H

#include "alerting/alerting.h"

/* KW_EUNSAVED is in the database, and head is written soon. */
static inline bool alerting_is_saved(enum kw_err err)
{
    return err == KW_OK || err == KW_EUNSAVED;
}

/* Errors of store_document. */
enum kw_err alerting_find(struct alerting *a, const char *id, struct alert *out) MUST_USE;

/* ---- the newest alert of a subject ---- */

struct alerting_latest {
    struct alert alert;
    bool is_there, is_resolved;
    int64_t resolved_ms;
    int64_t touched_ms; /* of one that is not resolved: when somebody else than us did something with it last; 0: never */
};

enum kw_err alerting_find_latest(struct alerting *a, const struct alert *alert,
                                 struct alerting_latest *l) MUST_USE;

/* What was found before an alert was resolved is over with it: it may come again, when the record is counted anew. */
bool alerting_is_over(const struct alerting_latest *l, const struct finding *f);

/* ---- the deed ---- */

/* What would be taken now; or what was taken for it already (ALERT_DONE), where that could not be saved. Nothing of a key that there
 * is not. */
void alerting_look(struct alerting *a, struct alert *alert);

/* The same, of what may have been found before: nothing where somebody has looked at it since (since_ms), or changed the key
 * since, which may have been to give back what was taken. */
void alerting_look_again(struct alerting *a, struct alert *alert, int64_t since_ms);

/* Does it, and notes in the alert what became of it. is_resumed: it was being done before. */
void alerting_act(struct alerting *a, struct alert *alert, bool is_resumed);

/* Where it is being done: does it, and saves the alert. */
enum kw_err alerting_go_on(struct alerting *a, struct alert *alert, bool is_resumed) MUST_USE;

/* ---- strangers ---- */

bool alerting_is_strangers(const struct finding *f);

/* Whether one more is to be raised. Of the first that is too much, the finding becomes one about many. */
bool alerting_admit_stranger(struct alerting *a, struct finding *f);

/* An alert of it is there. */
void alerting_count_stranger(struct alerting *a, const struct finding *f);

#endif
