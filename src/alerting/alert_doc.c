/* alert_doc.c - see alert_doc.h. */
#include "alerting/alert_doc.h"

#include <stdio.h>

#include "base/hex.h"
#include "core/permission.h"
#include "json/document_out.h"

static const char *const deeds[N_ALERT_DEEDS] = {
#define X(symbol, word) [symbol] = word,
    ALERT_DEEDS(X)
#undef X
};

const char *alert_deed_word(enum alert_deed d)
{
    return (unsigned)d < N_ALERT_DEEDS ? deeds[d] : "";
}

/* ---- a finding becomes an alert ---- */

/* A subject is one account's, or nobody's; one that is empty is each account's, and the installation's, for whom the id is as it
 * always was. */
static void id_of(const struct finding *f, char out[KW_KEY_ID_LEN + 1])
{
    char text[FINDING_SUBJECT_MAX + KW_ACCOUNT_MAX + 64];
    const char *account = f->subject[0] == '\0' ? f->account : "";

    int n = snprintf(text, sizeof text, "%s\n%s\n%lld%s%s", detector_word(f->detector), f->subject,
                     (long long)f->began_us, account[0] == '\0' ? "" : "\n", account);
    document_id((struct str){text, (size_t)n}, out);
}

void alert_subject(const struct finding *f, char out[DOCUMENT_SUBJECT_MAX + 1])
{
    snprintf(out, DOCUMENT_SUBJECT_MAX + 1, "%s%s%s", detector_word(f->detector),
             f->subject[0] == '\0' ? "" : " ", f->subject);
}

void alert_of(const struct finding *f, enum severity severity, enum alert_action action,
              struct alert *out)
{
    *out = (struct alert){.finding = *f,
                          .severity = severity,
                          .action = action,
                          .times = 1,
                          .last_ms = f->found_us / 1000};
    struct document *d = &out->document;

    d->kind = DOCUMENT_ALERT;
    d->created_ms = f->found_us / 1000;
    id_of(f, d->id);
    memcpy(d->account, f->account, sizeof d->account);
    memcpy(d->key, f->key_id, sizeof d->key);
    alert_subject(f, d->subject);
    snprintf(d->state, sizeof d->state, "%s", alert_state_word(ALERT_OPEN));
}

/* ---- written ---- */

static json_t *evidence(const struct finding *f)
{
    json_t *all = json_object();

    for (size_t i = 0; all != NULL && i < f->n_facts; i++) {
        const struct fact *fact = &f->facts[i];
        json_t *value = fact->text[0] == '\0' ? json_integer(fact->number) : json_string(fact->text);
        if (json_object_set_new(all, fact->name, value) == 0)
            continue;
        json_decref(all);
        return NULL;
    }
    return all;
}

/* Strings that may be missing are null. */
static const char *or_null(const char *text)
{
    return text[0] == '\0' ? NULL : text;
}

json_t *alert_text(const struct alert *a)
{
    static const uint8_t none[FINDING_REQUEST_ID];
    const struct finding *f = &a->finding;
    char request[2 * FINDING_REQUEST_ID + 1] = "";

    if (memcmp(f->request_id, none, sizeof none) != 0)
        hex_put(f->request_id, sizeof none, request);
    return json_pack(
        "{s:s, s:s, s:s?, s:s?, s:I, s:I, s:s?, s:o, s:s, s:s, s:s, s:i, s:I, s:i, s:I, s:s?}",
        "detector", detector_word(f->detector), "severity", severity_word(a->severity), "subject",
        or_null(f->subject), "environment", or_null(kw_environment_name(f->environment)), "beganMs",
        (json_int_t)(f->began_us / 1000), "foundMs", (json_int_t)(f->found_us / 1000), "requestId",
        or_null(request), "evidence", evidence(f), "action", alert_action_word(a->action), "deed",
        deeds[a->deed], "took", alert_action_word(a->taken.action), "tookPermissions",
        (int)a->taken.permissions, "tookVersion", (json_int_t)a->taken.version, "times",
        (int)a->times, "lastMs", (json_int_t)a->last_ms, "note", or_null(a->note));
}

/* ---- read ---- */

static struct str text_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    return json_is_string(value) ? (struct str){json_string_value(value), json_string_length(value)}
                                 : (struct str){"", 0};
}

static int64_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static bool read_deed(struct str word, enum alert_deed *out)
{
    size_t i = STR_IN(word, deeds);

    if (i < N_ALERT_DEEDS)
        *out = (enum alert_deed)i;
    return i < N_ALERT_DEEDS;
}

static void read_evidence(const json_t *all, struct finding *f)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)all, name, value)
    {
        if (json_is_string(value))
            finding_text(f, name, (struct str){json_string_value(value), json_string_length(value)});
        else
            finding_number(f, name, json_integer_value(value));
    }
}

static void read_finding(const json_t *o, const struct document *d, struct finding *f)
{
    struct str subject = text_of(o, "subject"), request = text_of(o, "requestId");

    memcpy(f->account, d->account, sizeof f->account);
    memcpy(f->key_id, d->key, sizeof f->key_id);
    snprintf(f->subject, sizeof f->subject, "%.*s", (int)subject.n, subject.p);
    f->began_us = number_of(o, "beganMs") * 1000;
    f->found_us = number_of(o, "foundMs") * 1000;
    if (environment_parse(text_of(o, "environment"), &f->environment) != KW_OK)
        f->environment = KW_NO_ENVIRONMENT;
    if (hex_get(request, f->request_id, sizeof f->request_id) != KW_OK)
        memset(f->request_id, 0, sizeof f->request_id);
    read_evidence(json_object_get(o, "evidence"), f);
}

static bool read_words(const json_t *o, struct alert *a)
{
    return detector_parse(text_of(o, "detector"), &a->finding.detector) &&
           severity_parse(text_of(o, "severity"), &a->severity) &&
           alert_action_parse(text_of(o, "action"), &a->action) &&
           alert_action_parse(text_of(o, "took"), &a->taken.action) &&
           read_deed(text_of(o, "deed"), &a->deed);
}

static bool read_object(const json_t *o, const struct document *d, struct alert *a)
{
    struct str note = text_of(o, "note");
    int64_t permissions = number_of(o, "tookPermissions"), version = number_of(o, "tookVersion");

    if (!read_words(o, a) || permissions < 0 || permissions > PERMISSION_ALL || version < 0 ||
        version > UINT32_MAX)
        return false;
    a->taken.permissions = (unsigned)permissions;
    a->taken.version = (uint32_t)version;
    a->times = (uint32_t)number_of(o, "times");
    a->last_ms = number_of(o, "lastMs");
    snprintf(a->note, sizeof a->note, "%.*s", (int)note.n, note.p);
    read_finding(o, d, &a->finding);
    return true;
}

enum kw_err alert_read(const struct document *d, struct alert *out)
{
    struct alert a = {.document = *d};

    json_t *object = json_loadb(d->text.p, d->text.n, JSON_REJECT_DUPLICATES, NULL);
    bool is_one = d->kind == DOCUMENT_ALERT && object != NULL && read_object(object, d, &a);
    json_decref(object);
    if (!is_one)
        return KW_EDAMAGED;
    a.document.text = (struct str){NULL, 0};
    *out = a;
    return KW_OK;
}
