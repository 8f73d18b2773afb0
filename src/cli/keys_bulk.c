/* keys_bulk.c - see keys_bulk.h. */
#include "cli/keys_bulk.h"

#include <stdio.h>

#include "cli/output.h"

enum { NUMBER_MAX = 24 };

struct counts {
    long long matched, changed, left;
};

/* One call: with expect < 0 it only counts. *answer is the caller's. */
static enum exit_status call(const struct command *self, const struct args *args,
                             const struct bulk *bulk, long long expect, struct client_answer *answer)
{
    json_t *filter = key_filter_json(args);
    json_t *body = json_pack("{s:o, s:s*}", "filter", filter, "expires", bulk->expires);

    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "the values have to be UTF-8 text");
    if (expect < 0)
        json_object_set_new(body, "dryRun", json_true());
    else
        json_object_set_new(body, "expect", json_integer(expect));
    const struct client_request r = {.method = "POST", .path = bulk->path, .body = body};
    enum exit_status status = talk(self, args, &r, answer);
    json_decref(body);
    return status;
}

static struct counts counts_of(const json_t *answer)
{
    return (struct counts){output_number(answer, "matched"), output_number(answer, "changed"),
                           output_number(answer, "left")};
}

/* To standard error, where the question is: what is meant. */
static void show_first(const json_t *answer)
{
    const json_t *keys = json_object_get(answer, "keys");
    size_t n = json_array_size(keys);

    for (size_t i = 0; i < n; i++) {
        const json_t *key = json_array_get(keys, i);
        fprintf(stderr, "  %s  %s, %s, %s, by %s\n", output_string(key, "id"),
                output_string(key, "name"), output_string(key, "account"),
                output_string(key, "environment"), output_string(key, "createdBy"));
    }
    if (n < (size_t)output_number(answer, "matched"))
        fprintf(stderr, "  … and %lld more\n", output_number(answer, "matched") - (long long)n);
}

static enum exit_status ask(const struct command *self, const struct args *args,
                            const struct bulk *bulk, const json_t *answer)
{
    const char *expect = args_value(args, "expect");
    char matched[NUMBER_MAX], question[200];

    snprintf(matched, sizeof matched, "%lld", output_number(answer, "matched"));
    if (expect != NULL && strcmp(expect, matched) != 0)
        return exit_say(EXIT_REFUSED, self->name, "%s keys match, not %.20s: nothing was done",
                        matched, expect);
    if (expect != NULL)
        return EXIT_DONE;
    if (!args_has(args, "yes"))
        show_first(answer);
    snprintf(question, sizeof question, "%s these %s keys? %s", bulk->verb, matched, bulk->final);
    return confirm(self, args, question);
}

/* A call does some of them: what is left is counted anew by the next one, which stops where somebody made another. */
static enum exit_status do_all(const struct command *self, const struct args *args,
                               const struct bulk *bulk, struct counts *sum)
{
    enum exit_status status = EXIT_DONE;

    while (sum->left > 0 && status == EXIT_DONE) {
        AUTO(client_answer_deinit) struct client_answer answer = {0};
        status = call(self, args, bulk, sum->left, &answer);
        if (status != EXIT_DONE)
            break;
        const struct counts one = counts_of(answer.body);
        sum->changed += one.changed;
        sum->left = one.left;
    }
    return status;
}

enum exit_status keys_bulk(const struct command *self, const struct args *args,
                           const struct bulk *bulk)
{
    AUTO(client_answer_deinit) struct client_answer counted = {0};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);

    enum exit_status status = call(self, args, bulk, -1, &counted);
    if (status == EXIT_DONE && output_number(counted.body, "matched") > 0)
        status = ask(self, args, bulk, counted.body);
    if (status != EXIT_DONE)
        return status;
    struct counts sum = counts_of(counted.body);
    status = do_all(self, args, bulk, &sum);
    if (status == EXIT_DONE && args_has(args, "json"))
        buf_printf(&text, "{\"matched\":%lld,\"changed\":%lld}\n", sum.matched, sum.changed);
    else
        buf_printf(&text, sum.matched == 0 ? "No key matches.\n" : "%lld of %lld keys %s.\n",
                   sum.changed, sum.matched, bulk->done);
    enum exit_status printed = output_text(&text);
    return status != EXIT_DONE ? status : printed;
}
