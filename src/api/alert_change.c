/* alert_change.c - the calls that take an alert on: acknowledged, talked about, resolved, its action undone; and one to try it. */
#include <assert.h>
#include <stdio.h>

#include "api/alert_find.h"
#include "api/api.h"
#include "api/comment_in.h"
#include "api/key_one.h"
#include "api/key_right.h"
#include "jobs/document_put.h"

enum { MINUTE_MS = 60 * 1000 };

/* ---- saved ---- */

static enum kw_err put(struct call *c, struct alert *a)
{
    enum kw_err err = document_put(c->server->sync, call_actor(c), alert_text(a), &a->document);

    if (err == KW_ECONFLICT)
        return problem_say(&c->problem, 409, "conflict",
                           "Somebody else changed the alert meanwhile: read it again");
    return err == KW_EUNSAVED ? KW_OK : err;
}

static_assert((int)ALERT_NOTE_MAX == (int)COMMENT_MAX, "a comment is the note of a step");

/* ---- steps ---- */

/* States are gone through in their order; once more to the same is no step. */
static enum kw_err step(struct call *c, enum alert_state to)
{
    enum alert_state at;
    struct alert a = {.times = 0};

    TRY(call_no_parameters(c));
    TRY(alert_find(c, &a));
    TRY(comment_in(c, false, a.note));
    if (!alert_state_parse(str_from(a.document.state), &at))
        return KW_EDAMAGED;
    if (at > to)
        return problem_say(&c->problem, 409, "conflict", "The alert is %s already",
                           alert_state_word(at));
    if (at < to || a.note[0] != '\0') {
        snprintf(a.document.state, sizeof a.document.state, "%s", alert_state_word(to));
        TRY(put(c, &a));
        if (at == ALERT_OPEN)
            tally_alert_taken_on(c->server->tally, a.severity);
    }
    return alert_answer(c, &a);
}

enum kw_err alerts_acknowledge(struct call *c)
{
    return step(c, ALERT_ACKNOWLEDGED);
}

enum kw_err alerts_resolve(struct call *c)
{
    return step(c, ALERT_RESOLVED);
}

enum kw_err alerts_comment(struct call *c)
{
    struct alert a = {.times = 0};

    TRY(call_no_parameters(c));
    TRY(alert_find(c, &a));
    TRY(comment_in(c, true, a.note));
    TRY(put(c, &a));
    return alert_answer(c, &a);
}

/* ---- undone ---- */

/* It asks for what enabling the key, or giving it permissions, asks for. *saved is what became of that. */
static enum kw_err give_back(struct call *c, const struct alert *a, enum kw_err *saved)
{
    struct grant g;

    c->id = str_from(a->document.key);
    TRY(key_one_find(c, &g));
    TRY(key_right_touch(c, &g));
    const struct grant before = g;
    if (!alert_undo(&a->taken, &g))
        return problem_say(&c->problem, 409, "conflict",
                           "The key was changed since: look at it, and decide there");
    TRY(key_right_become(c, &before, &g));
    *saved = sync_change_key(c->server->sync, call_actor(c), &g);
    bool is_in_force = *saved == KW_OK || *saved == KW_EUNSAVED || *saved == KW_EUNAVAILABLE;
    return is_in_force ? KW_OK : key_one_changed(c, *saved);
}

enum kw_err alerts_undo(struct call *c)
{
    enum kw_err saved = KW_OK;
    struct alert a = {.times = 0};

    TRY(call_no_parameters(c));
    TRY(alert_find(c, &a));
    TRY(comment_in(c, false, a.note));
    if (a.deed != ALERT_DONE || a.taken.action == ALERT_NOTIFY)
        return problem_say(&c->problem, 409, "conflict",
                           a.deed == ALERT_UNDONE ? "It is undone already"
                                                  : "This alert took nothing from a key");
    TRY(give_back(c, &a, &saved));
    a.deed = ALERT_UNDONE;
    TRY(put(c, &a)); /* also of what is in force and not yet saved: sent again it would meet a changed key */
    TRY(key_one_changed(c, saved));
    return alert_answer(c, &a);
}

/* ---- tried ---- */

static enum kw_err refuse_another(struct call *c)
{
    c->retry_after_s = (unsigned)((MINUTE_MS - c->now_ms % MINUTE_MS + 999) / 1000);
    return problem_say(&c->problem, 409, "too_many_tests",
                       "You have raised one in this minute: raise another in %u s", c->retry_after_s);
}

/* An alert as any other, of the caller's account, so that he sees whether it arrives where it should. It begins with the minute, so that
 * there is one in each. */
enum kw_err alerts_test(struct call *c)
{
    struct finding f = {.detector = DETECT_TEST,
                        .began_us = (c->now_ms - c->now_ms % MINUTE_MS) * 1000,
                        .found_us = c->now_ms * 1000};
    struct alert a = {.times = 0};

    TRY(call_no_parameters(c));
    snprintf(f.account, sizeof f.account, "%s", c->caller.account);
    if (c->caller.member[0] == '\0')
        snprintf(f.subject, sizeof f.subject, "%s", c->caller.actor);
    else /* tokens are quickly made */
        snprintf(f.subject, sizeof f.subject, "member:%s", c->caller.member);
    memcpy(f.request_id, c->request_id, sizeof f.request_id);
    alert_of(&f, detector_severity(DETECT_TEST), ALERT_NOTIFY, &a);
    enum kw_err err = put(c, &a);
    if (err == KW_EEXISTS)
        return refuse_another(c);
    TRY(err);
    tally_alert(c->server->tally, a.finding.detector, a.severity);
    c->id = str_from(a.document.id);
    TRY(alert_answer(c, &a));
    snprintf(c->location, sizeof c->location, "/v1/alerts/%s", a.document.id);
    c->status = 201;
    return KW_OK;
}
