/* cmd_keys_spend_set.c - keyward keys spend set, remove: the limits of one currency, put beside those of the others. */
#include "cli/confirm.h"
#include "cli/key_call.h"
#include "cli/output.h"
#include "cli/spend_show.h"

static const struct {
    const char *option, *member;
} amounts[] = {{"per-transaction", "perTransaction"},
               {"per-hour", "perHour"},
               {"per-day", "perDay"},
               {"per-month", "perMonth"}};

/* ---- the rules, with one of them changed ---- */

static bool is_of(const json_t *rule, const char *currency)
{
    return strcmp(output_string(rule, "currency"), currency) == 0;
}

/* What stays: the rules of all other currencies. */
static json_t *others(const json_t *answer, const char *currency)
{
    const json_t *rules = json_object_get(answer, "rules");
    json_t *list = json_array();

    for (size_t i = 0; i < json_array_size(rules); i++)
        if (!is_of(json_array_get(rules, i), currency))
            json_array_append(list, json_array_get(rules, i));
    return list;
}

/* As it was, or a new one. */
static json_t *rule_of(const json_t *answer, const char *currency)
{
    const json_t *rules = json_object_get(answer, "rules");

    for (size_t i = 0; i < json_array_size(rules); i++)
        if (is_of(json_array_get(rules, i), currency))
            return json_copy(json_array_get(rules, i));
    return json_pack("{s:s}", "currency", currency);
}

static void set_list(json_t *rule, const struct args *args, const char *option, const char *member)
{
    json_t *list = json_array();
    size_t at = 0;
    const char *first = args_value(args, option);

    bool clears = first != NULL && strcmp(first, "any") == 0;
    for (const char *v; !clears && (v = args_next(args, option, &at)) != NULL;)
        json_array_append_new(list, json_string(v));
    if (first != NULL)
        json_object_set(rule, member, list);
    json_decref(list);
}

static void set_rule(json_t *rule, const struct args *args)
{
    const char *decimals = args_value(args, "decimals");
    uint64_t n;

    for (size_t i = 0; i < COUNT_OF(amounts); i++) {
        const char *value = args_value(args, amounts[i].option);
        if (value != NULL)
            json_object_set_new(rule, amounts[i].member,
                                strcmp(value, "any") == 0 ? json_null() : json_string(value));
    }
    set_list(rule, args, "destination", "destinations");
    set_list(rule, args, "prefix", "prefixes");
    if (decimals != NULL)
        json_object_set_new(rule, "decimals",
                            str_u64(str_from(decimals), UINT32_MAX, &n) == KW_OK
                                ? json_integer((json_int_t)n)
                                : json_string(decimals));
}

/* ---- put back ---- */

static enum exit_status put(const struct command *self, const struct args *args,
                            const struct client_answer *before, json_t *rules)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    json_t *body = json_pack("{s:o}", "rules", rules);

    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "what is given has to be UTF-8 text");
    enum exit_status status =
        key_call(self, args, "PUT", "/spend-rules", body, before->etag, &answer);
    json_decref(body);
    if (status != EXIT_DONE)
        return status;
    return args_has(args, "json") ? output_json(answer.body) : spend_show(self, answer.body);
}

static enum exit_status read_before(const struct command *self, const struct args *args,
                                    struct client_answer *before)
{
    if (args_value(args, "currency") == NULL)
        return exit_say(EXIT_USAGE, self->name, "--currency NAME is needed, like NGN");
    return key_call(self, args, "GET", "/spend-rules", NULL, NULL, before);
}

static enum exit_status run_set(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer before = {0};
    const char *currency = args_value(args, "currency");

    enum exit_status status = read_before(self, args, &before);
    if (status != EXIT_DONE)
        return status;
    json_t *rules = others(before.body, currency), *rule = rule_of(before.body, currency);
    if (rule != NULL)
        set_rule(rule, args);
    json_array_append_new(rules, rule);
    return put(self, args, &before, rules);
}

static enum exit_status run_remove(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer before = {0};

    enum exit_status status = read_before(self, args, &before);
    if (status == EXIT_DONE)
        status = confirm(
            self, args,
            "Remove these limits? Without any, the key has no spend limits; with others, it "
            "spends none of this currency.");
    if (status != EXIT_DONE)
        return status;
    return put(self, args, &before, others(before.body, args_value(args, "currency")));
}

/* ---- the commands ---- */

static const struct option set_options[] = {
    {"currency", "NAME", false, "NGN, USD, USDT"},
    {"decimals", "N", false, "that amounts of it have, at most 18; those of ISO 4217 otherwise"},
    {"per-transaction", "AMOUNT", false, "the most at once: 1000.00, or any"},
    {"per-hour", "AMOUNT", false, "in an hour of UTC"},
    {"per-day", "AMOUNT", false, "in a day of UTC"},
    {"per-month", "AMOUNT", false, "in a month of UTC"},
    {"destination", "TEXT", true, "where it may go, exactly so; any"},
    {"prefix", "TEXT", true, "where it may go: whatever begins so; any"},
    TALK_OPTIONS,
    {NULL},
};

static const struct option remove_options[] = {
    {"currency", "NAME", false, "whose limits are removed"}, CONFIRM_OPTION, TALK_OPTIONS, {NULL}};

const struct command cmd_keys_spend_set = {
    .name = "keys spend set",
    .operands = "ID",
    .n_operands = 1,
    .summary = "limit what a key may spend of a currency",
    .about =
        "What is not given stays as it is. A key with limits for one currency spends no other.\n"
        "They hold for what a payment backend asks about: docs/spend.md.",
    .options = set_options,
    .run = run_set,
};

const struct command cmd_keys_spend_remove = {
    .name = "keys spend remove",
    .operands = "ID",
    .n_operands = 1,
    .summary = "remove the limits of a currency",
    .options = remove_options,
    .run = run_remove,
};
