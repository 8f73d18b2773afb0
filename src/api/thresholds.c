/* thresholds.c - the calls about what an account, or the installation, has chosen of the detectors: read, and replaced. */
#include <stdio.h>

#include "api/account_find.h"
#include "api/api.h"
#include "jobs/document_put.h"
#include "jobs/threshold_doc.h"
#include "json/document_out.h"

/* ---- told ---- */

static json_t *numbers_out(const struct thresholds *t, enum detector d)
{
    json_t *all = json_object();

    for (enum threshold i = 0; i < N_THRESHOLDS; i++) {
        if (threshold_detector(i) != d)
            continue;
        json_t *one = json_pack("{s:I, s:I, s:I, s:I, s:s}", "value", (json_int_t)t->of[i],
                                "default", (json_int_t)thresholds_default()->of[i], "least",
                                (json_int_t)threshold_least(i), "most",
                                (json_int_t)threshold_most(i), "what", threshold_what(i));
        all = json_out_with(all, threshold_name(i), one);
    }
    return all;
}

static json_t *detector_out(const struct thresholds *t, enum detector d)
{
    const struct detector_rule *rule = &t->rule[d];

    return json_pack("{s:s, s:s, s:b, s:s, s:s, s:s, s:b, s:b, s:o}", "detector", detector_word(d),
                     "title", detector_sentence(d), "off", rule->is_off, "severity",
                     severity_word(rule->severity), "defaultSeverity",
                     severity_word(detector_severity(d)), "action", alert_action_word(rule->action),
                     "mayAct", detector_may_act(d), "ofAccounts", detector_is_of_accounts(d),
                     "numbers", numbers_out(t, d));
}

static enum kw_err answer(struct call *c, const struct threshold_doc *t)
{
    json_t *list = json_array();
    const char *account = t->document.account;

    for (enum detector d = 0; d < N_DETECTORS; d++)
        if (d != DETECT_TEST)
            json_out_append(&list, detector_out(&t->chosen, d));
    snprintf(c->etag, sizeof c->etag, "\"%u\"", t->document.version);
    return call_answer(c, 200,
                       list == NULL ? NULL
                                    : json_pack("{s:s?, s:i, s:o}", "account",
                                                account[0] == '\0' ? NULL : account, "version",
                                                (int)t->document.version, "detectors", list));
}

static enum kw_err find(struct call *c, const char *account, struct threshold_doc *t)
{
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = threshold_doc_find(store, str_from(account), t);

    sync_unlock(c->server->sync);
    TRY(err);
    snprintf(t->document.account, sizeof t->document.account, "%s", account);
    return KW_OK;
}

/* ---- read ---- */

static enum kw_err refuse(struct call *c, const char *detector, const char *name, const char *why)
{
    char field[96];

    snprintf(field, sizeof field, "%s.%s", detector, name);
    return problem_field(&c->problem, "range", field, "%s", why);
}

static enum kw_err read_action(struct call *c, enum detector d, const json_t *value,
                               struct detector_rule *rule)
{
    if (!alert_action_parse(json_in_str(value), &rule->action))
        return refuse(c, detector_word(d), "action",
                      "It is \"notify\", \"read_only\" or \"disable\"");
    if (rule->action != ALERT_NOTIFY && !detector_may_act(d))
        return refuse(
            c, detector_word(d),
            "action", "It can only notify: it is about no one key, or can be brought about without the key's present secret");
    return KW_OK;
}

static enum kw_err read_number(struct call *c, enum detector d, const char *name,
                               const json_t *value, struct thresholds *t)
{
    char why[80];

    for (enum threshold i = 0; i < N_THRESHOLDS; i++) {
        if (threshold_detector(i) != d || strcmp(threshold_name(i), name) != 0)
            continue;
        json_int_t n = json_integer_value(value);
        snprintf(why, sizeof why, "It is a number from %u to %u", threshold_least(i),
                 threshold_most(i));
        if (!json_is_integer(value) || n < threshold_least(i) || n > threshold_most(i))
            return refuse(c, detector_word(d), name, why);
        t->of[i] = (uint32_t)n;
        return KW_OK;
    }
    return refuse(c, detector_word(d), name, "This detector has no such setting");
}

static enum kw_err read_member(struct call *c, enum detector d, const char *name,
                               const json_t *value, struct thresholds *t)
{
    struct detector_rule *rule = &t->rule[d];

    if (strcmp(name, "off") == 0) {
        rule->is_off = json_is_true(value);
        return json_is_boolean(value) ? KW_OK
                                      : refuse(c, detector_word(d), name, "It is true or false");
    }
    if (strcmp(name, "severity") == 0)
        return severity_parse(json_in_str(value), &rule->severity)
                   ? KW_OK
                   : refuse(c, detector_word(d), name,
                            "It is \"low\", \"medium\", \"high\" or \"critical\"");
    if (strcmp(name, "action") == 0)
        return read_action(c, d, value, rule);
    return read_number(c, d, name, value, t);
}

static enum kw_err read_detector(struct call *c, const char *account, const char *word,
                                 json_t *settings, struct thresholds *t)
{
    enum detector d;
    const char *name;
    json_t *value;

    if (!detector_parse(str_from(word), &d))
        return problem_field(&c->problem, "unknown_member", word,
                             "There is no such detector: docs/detectors.md lists them");
    if (account[0] != '\0' && !detector_is_of_accounts(d))
        return problem_field(&c->problem, "range", word,
                             "What it finds is of no account: the installation chooses, with PUT "
                             "/v1/thresholds. Leave it out");
    if (!json_is_object(settings))
        return problem_field(&c->problem, "wrong_type", word, "It is an object of settings");
    json_object_foreach(settings, name, value)
    {
        TRY(read_member(c, d, name, value, t));
    }
    return KW_OK;
}

/* All that is not named is as by default. */
static enum kw_err read_body(struct call *c, const char *account, struct thresholds *t)
{
    static const char *const names[] = {"detectors", NULL};
    const char *word;
    json_t *settings;

    TRY(json_in_only(c->body, names, &c->problem));
    json_t *all = json_object_get(c->body, "detectors");
    if (!json_is_object(all))
        return problem_field(&c->problem, all == NULL ? "missing" : "wrong_type", "detectors",
                             "It is an object of detectors");
    *t = *thresholds_default();
    json_object_foreach(all, word, settings)
    {
        TRY(read_detector(c, account, word, settings, t));
    }
    return KW_OK;
}

/* ---- saved ---- */

/* One of an account: two that are put at once have the same id. */
static void number(struct threshold_doc *t, int64_t now_ms)
{
    struct document *d = &t->document;

    if (d->slot != 0)
        return;
    d->kind = DOCUMENT_THRESHOLDS;
    d->created_ms = now_ms;
    snprintf(d->state, sizeof d->state, "active");
    threshold_doc_subject(str_from(d->account), d->subject);
    document_id(str_from(d->subject), d->id);
}

static enum kw_err put(struct call *c, struct threshold_doc *t)
{
    enum kw_err err =
        document_put(c->server->sync, call_actor(c), threshold_doc_text(&t->chosen), &t->document);

    if (err == KW_ECONFLICT || err == KW_EEXISTS)
        return problem_say(&c->problem, 409, "conflict",
                           "Somebody else changed them meanwhile: read them again");
    return err == KW_EUNSAVED ? KW_OK : err;
}

static enum kw_err replace(struct call *c, const char *account)
{
    struct threshold_doc t;

    TRY(call_no_parameters(c));
    TRY(find(c, account, &t));
    TRY(call_if_match(c, "list of thresholds", t.document.version));
    TRY(call_needs_step_up(c, "Changing what the watch looks for"));
    TRY(read_body(c, account, &t.chosen));
    number(&t, c->now_ms);
    TRY(put(c, &t));
    chosen_changed(c->server->chosen);
    return answer(c, &t);
}

/* ---- calls ---- */

enum kw_err thresholds_get(struct call *c)
{
    struct threshold_doc t;

    TRY(call_no_parameters(c));
    TRY(find(c, "", &t));
    return answer(c, &t);
}

enum kw_err thresholds_put(struct call *c)
{
    return replace(c, "");
}

enum kw_err accounts_thresholds_get(struct call *c)
{
    struct account a = {.slot = 0};
    struct threshold_doc t;

    TRY(call_no_parameters(c));
    TRY(account_find(c, &a));
    TRY(find(c, a.id, &t));
    return answer(c, &t);
}

enum kw_err accounts_thresholds_put(struct call *c)
{
    struct account a = {.slot = 0};

    TRY(account_find(c, &a));
    return replace(c, a.id);
}
