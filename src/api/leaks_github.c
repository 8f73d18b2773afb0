/* leaks_github.c - the call by which GitHub's secret scanning reports what it has found
 * (docs.github.com, "Secret scanning partner program"). It is believed by its signature over the body, and acted on as any report is. */
#include <stdio.h>

#include "api/api.h"
#include "api/leak_in.h"
#include "server/scanner_keys.h"

static void json_freep(json_t **value)
{
    json_decref(*value);
}

static enum kw_err check_signature(struct call *c)
{
    const struct call_signed *s = &c->signed_body;
    const char *file = c->server->config->leak_github_keys;

    if (file[0] == '\0')
        return problem_say(&c->problem, 404, "not_found",
                           "This installation takes no reports from GitHub: see leak_github_keys");
    enum kw_err err = scanner_keys_verify(file, s->key_id, s->bytes, s->signature);
    if (err == KW_EDAMAGED)
        return problem_say(&c->problem, 401, "bad_signature",
                           "The body is not signed by a key of leak_github_keys");
    return err;
}

static struct str member(const json_t *match, const char *name)
{
    return json_in_str(json_object_get(match, name));
}

/* What else GitHub may tell one day is passed over. */
static enum kw_err add(struct call *c, struct leak_batch *b, const json_t *match)
{
    struct str token = member(match, "token"), type = member(match, "type");
    struct str source = member(match, "source");
    char note[LEAK_NOTE_MAX + 1];

    if (token.p == NULL)
        return problem_say(&c->problem, 400, "missing", "A match has no \"token\"");
    snprintf(note, sizeof note, "%.*s%s%.*s", (int)type.n, type.n == 0 ? "" : type.p,
             type.n > 0 && source.n > 0 ? ", " : "", (int)source.n, source.n == 0 ? "" : source.p);
    leak_batch_add(b, c, LEAK_BY_GITHUB, token, member(match, "url"), str_from(note));
    return KW_OK;
}

enum kw_err leaks_github(struct call *c)
{
    AUTO(leak_batch_deinit) struct leak_batch batch = {.n = 0};
    AUTO(json_freep) json_t *matches = NULL;

    TRY(call_no_parameters(c));
    TRY(check_signature(c));
    TRY(json_in_array(c->signed_body.bytes, &c->problem, &matches));
    if (json_array_size(matches) > LEAK_DESK_ROOM)
        return problem_say(&c->problem, 413, "too_large", "A report has %d matches at most",
                           LEAK_DESK_ROOM);
    TRY(leak_batch_init(&batch, json_array_size(matches)));
    for (size_t i = 0; i < json_array_size(matches); i++)
        TRY(add(c, &batch, json_array_get(matches, i)));
    return leak_batch_send(&batch, c);
}
