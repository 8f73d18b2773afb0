/* talk.c - see talk.h. */
#include "cli/talk.h"

#include "cli/output.h"
#include "cli/where.h"

static enum exit_status exit_of_call(enum kw_err err)
{
    if (err == KW_EPERM)
        return EXIT_PERMISSION;
    return err == KW_EINVAL ? EXIT_NO_INPUT : EXIT_UNAVAILABLE;
}

enum exit_status talk_raw(const struct command *self, const struct args *args,
                          const struct client_request *request, struct client_answer *out)
{
    AUTO(where_deinit) struct where where = {.place = {NULL}};
    char why[CLIENT_WHY_MAX] = "";

    enum exit_status status = where_read(self, args, &where);
    if (status != EXIT_DONE)
        return status;
    enum kw_err err = client_call(&where.place, request, out, why);
    if (err == KW_OK)
        return EXIT_DONE;
    return exit_say(exit_of_call(err), self->name, "%s", why);
}

static bool has_option(const struct command *self, struct str name)
{
    for (const struct option *o = self->options; o != NULL && o->name != NULL; o++)
        if (str_eq(str_from(o->name), name))
            return true;
    return false;
}

/* What a member of the body is called on the command line: an option of the command, or an operand. */
static const char *word_of(const struct command *self, const char *field)
{
    static const struct {
        const char *field, *word;
    } names[] = {
        {"permissions", "permission"},
        {"from", "since"},
        {"allowIp", "allow-ip"},
        {"rotationDays", "rotation-days"},
        {"email", "EMAIL"},
        {"scopes", "scope"},
        {"url", "to"},
        {"events", "event"},
        {"event", "EVENT"},
        {"usedAfter", "used-after"},
        {"usedBefore", "unused-since"},
        {"dueBefore", "due-before"},
        {"expiresBefore", "expires-before"},
        {"createdBy", "created-by"},
        {"createdAfter", "created-after"},
        {"createdBefore", "created-before"},
        {"usedFrom", "used-from"},
        {"id", "ID"},
        {"method", "METHOD"},
        {"path", "PATH"},
    };
    struct str name = str_from(field), index;

    str_cut(name, '[', &name, &index);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(name, str_from(names[i].field)) &&
            (has_option(self, str_from(names[i].word)) || !has_option(self, name)))
            return names[i].word;
    return field;
}

static enum exit_status say_field(const struct command *self, enum exit_status status,
                                  const char *field, const char *message)
{
    struct str word = str_from(word_of(self, field)), name = word, index;

    str_cut(word, '[', &name, &index);
    return exit_say(status, self->name, "%s%.*s: %s", has_option(self, name) ? "--" : "",
                    (int)word.n, word.p, message);
}

enum exit_status talk_problem(const struct command *self, const struct args *args,
                              const struct client_answer *answer)
{
    enum exit_status status = exit_of_http(answer->status);
    const char *field = output_string(answer->body, "field");
    const char *message = output_string(answer->body, "message");

    if (args_has(args, "json")) {
        json_dumpf(answer->body, stderr, JSON_INDENT(2));
        fputc('\n', stderr);
        return status;
    }
    if (answer->status == 401)
        return exit_say(status, self->name, "%s", where_stranger(args));
    if (message[0] == '\0')
        return exit_say(status, self->name, "keyward serve answers with HTTP status %d",
                        answer->status);
    if (field[0] == '\0')
        return exit_say(status, self->name, "%s", message);
    return say_field(self, status, field, message);
}

enum exit_status talk(const struct command *self, const struct args *args,
                      const struct client_request *request, struct client_answer *out)
{
    struct client_answer answer = {0};

    enum exit_status status = talk_raw(self, args, request, &answer);
    if (status != EXIT_DONE)
        return status;
    if (answer.status >= 400) {
        status = talk_problem(self, args, &answer);
        client_answer_deinit(&answer);
        return status;
    }
    *out = answer;
    return EXIT_DONE;
}

static enum exit_status add_page(const struct command *self, const struct args *args,
                                 const char *path, json_t *all, const char *name, struct buf *next)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    const struct client_request r = {.method = "GET", .path = path};

    enum exit_status status = talk(self, args, &r, &answer);
    if (status != EXIT_DONE)
        return status;
    if (json_array_extend(all, json_object_get(answer.body, name)) != 0)
        return exit_say(EXIT_UNAVAILABLE, self->name, "the answer holds no list of %s", name);
    buf_printf(next, "%s", output_string(answer.body, "next"));
    return EXIT_DONE;
}

enum exit_status talk_pages(const struct command *self, const struct args *args, struct buf *path,
                            const char *name, json_t **out)
{
    json_t *all = json_array();
    size_t n = path->n;
    bool more = true;
    enum exit_status status = EXIT_DONE;

    while (more && status == EXIT_DONE) {
        AUTO(buf_deinit) struct buf next = BUF_MAX(256);
        buf_add(path, "", 1);
        status = path->failed ? exit_say(EXIT_DATA, self->name, "the filters are too long")
                              : add_page(self, args, path->p, all, name, &next);
        path->n = n;
        more = next.n > 0;
        if (more)
            client_add_query(path, "cursor", buf_view(&next));
    }
    if (status == EXIT_DONE)
        *out = json_pack("{s:O}", name, all);
    json_decref(all);
    return status;
}
