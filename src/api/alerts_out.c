/* alerts_out.c - see alerts_out.h. */
#include "api/alerts_out.h"

/* The document has what there is to tell; only what is for us alone is left out, and times are as everywhere. */
static json_t *content_out(const struct alert *a)
{
    json_t *o = alert_text(a);

    if (o == NULL)
        return NULL;
    json_object_del(o, "beganMs");
    json_object_del(o, "foundMs");
    json_object_del(o, "lastMs");
    json_object_del(o, "took");
    json_object_del(o, "tookPermissions");
    json_object_del(o, "tookVersion");
    json_object_del(o, "note");
    return o;
}

static json_t *or_null(const char *text)
{
    return text[0] == '\0' ? json_null() : json_string(text);
}

json_t *alert_out(const struct alert *a, const char *name)
{
    const struct document *d = &a->document;
    json_t *o = content_out(a);

    o = json_out_with(o, "id", json_string(d->id));
    o = json_out_with(o, "title", json_string(detector_sentence(a->finding.detector)));
    o = json_out_with(o, "advice", json_string(detector_advice(a->finding.detector)));
    o = json_out_with(o, "name", or_null(name));
    o = json_out_with(o, "account", or_null(d->account));
    o = json_out_with(o, "keyId", or_null(d->key));
    o = json_out_with(o, "state", json_string(d->state));
    o = json_out_with(o, "beganAt", json_out_moment(a->finding.began_us / 1000));
    o = json_out_with(o, "foundAt", json_out_moment(a->finding.found_us / 1000));
    o = json_out_with(o, "lastAt", json_out_moment(a->last_ms));
    return json_out_with(o, "version", json_integer(d->version));
}

json_t *alert_step_out(const struct document_step *step)
{
    json_t *note = json_null(), *deed = json_null();
    struct alert a;

    if (alert_read(&step->document, &a) == KW_OK) {
        note = or_null(a.note);
        deed = json_string(alert_deed_word(a.deed));
    }
    return json_pack("{s:o, s:s%, s:s, s:o, s:o}", "at", json_out_moment(step->time_ms), "by",
                     step->actor.p, step->actor.n, "state", step->document.state, "deed", deed,
                     "note", note);
}
