/* leaks.c - the call by which anybody reports keys that he has found where none belongs. Whatever the text is, the answer is the
 * same, and is given before anybody has looked. */
#include "api/api.h"
#include "api/leak_in.h"

/* One of "key" and "keys". */
static enum kw_err read_keys(struct call *c, struct str *key, const json_t **keys)
{
    struct problem *p = &c->problem;

    TRY(json_in_text(c->body, "key", p, key));
    TRY(json_in_list(c->body, "keys", LEAK_REPORT_KEYS_MAX, p, keys));
    if ((key->p == NULL) == (*keys == NULL))
        return problem_field(p, "missing", "key", "Send one key as \"key\", or several as \"keys\"");
    if (*keys != NULL && json_array_size(*keys) == 0)
        return problem_field(p, "range", "keys", "\"keys\" is empty");
    return KW_OK;
}

static enum kw_err may_report(struct call *c)
{
    uint32_t wait_s = 0;

    if (!c->is_public || leak_desk_may(c->server->leaks, &c->source, c->now_ms, &wait_s))
        return KW_OK;
    c->retry_after_s = wait_s;
    return problem_say(&c->problem, 429, "too_many_reports",
                       "Too many reports came from there: send this one again in %u s, or several "
                       "keys in one report",
                       wait_s);
}

static enum kw_err take(struct call *c, struct leak_batch *b)
{
    struct str key, url, note;
    const json_t *keys = NULL;

    TRY(read_keys(c, &key, &keys));
    TRY(json_in_text(c->body, "url", &c->problem, &url));
    TRY(json_in_text(c->body, "note", &c->problem, &note));
    TRY(may_report(c));
    TRY(leak_batch_init(b, keys == NULL ? 1 : json_array_size(keys)));
    if (keys == NULL)
        leak_batch_add(b, c, LEAK_BY_ANYBODY, key, url, note);
    for (size_t i = 0; i < json_array_size(keys); i++)
        leak_batch_add(b, c, LEAK_BY_ANYBODY, json_in_item(keys, i), url, note);
    return leak_batch_send(b, c);
}

enum kw_err leaks_post(struct call *c)
{
    static const char *const names[] = {"key", "keys", "url", "note", NULL};
    AUTO(leak_batch_deinit) struct leak_batch batch = {.n = 0};

    TRY(call_no_parameters(c));
    TRY(json_in_only(c->body, names, &c->problem));
    return take(c, &batch);
}
