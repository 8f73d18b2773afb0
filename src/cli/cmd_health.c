/* cmd_health.c - keyward health. */
#include "cli/output.h"
#include "cli/talk.h"

static const char *state_of(const json_t *file)
{
    if (!json_is_true(json_object_get(file, "available")))
        return "cannot be used";
    return json_is_true(json_object_get(file, "damaged")) ? "in order, beside a damaged one"
                                                          : "in order";
}

static void print_watch(const json_t *w, struct buf *out)
{
    buf_printf(out, "%-11s%s, %lld ms behind the record\n", "Usage",
               state_of(json_object_get(w, "usage")), output_number(w, "usageLagMs"));
    buf_printf(
        out, "%-11s%s; %lld deliveries wait, the oldest for %lld s, and %lld letters, for %lld s\n",
        "Outbox", state_of(json_object_get(w, "outbox")), output_number(w, "deliveriesWaiting"),
        output_number(w, "oldestDeliveryMs") / 1000, output_number(w, "lettersWaiting"),
        output_number(w, "oldestLetterMs") / 1000);
}

static void print(const json_t *h, struct buf *out)
{
    const json_t *keyring = json_object_get(h, "keyring");

    buf_printf(out, "%-11s%s\n", "Status", output_string(h, "status"));
    if (!json_is_object(keyring)) /* asked at its address, it tells everybody this and no more */
        return;
    buf_printf(out, "%-11s%s, process %lld, since %s\n", "Version", output_string(h, "version"),
               output_number(h, "pid"), output_string(h, "startedAt"));
    buf_printf(out, "%-11s%lld in %lld accounts\n", "Keys", output_number(h, "keys"),
               output_number(h, "accounts"));
    buf_printf(out, "%-11sversion %lld\n", "Policy", output_number(h, "policyVersion"));
    buf_printf(out, "%-11s%lld changes\n", "Log", output_number(h, "changeSeq"));
    buf_printf(out, "%-11s%s at start, %lld keys in %lld µs\n", "Keyring",
               output_string(keyring, "start"), output_number(keyring, "keys"),
               output_number(keyring, "tookUs"));
    buf_printf(out, "%-11s%lld ms ago\n", "Heartbeat", output_number(h, "heartbeatAgeMs"));
    if (json_is_object(json_object_get(h, "watch"))) /* not of an older one */
        print_watch(json_object_get(h, "watch"), out);
}

static enum exit_status run(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    const struct client_request r = {.method = "GET", .path = "/v1/health"};

    enum exit_status status = talk(self, args, &r, &answer);
    if (status != EXIT_DONE)
        return status;
    print(answer.body, &text);
    status = args_has(args, "json") ? output_json(answer.body) : output_text(&text);
    bool is_well = strcmp(output_string(answer.body, "status"), "ok") == 0;
    return status == EXIT_DONE && !is_well ? EXIT_REFUSED : status;
}

static const struct option options[] = {TALK_OPTIONS, {NULL}};

const struct command cmd_health = {
    .name = "health",
    .operands = "",
    .summary = "how keyward serve is doing",
    .about = "Ends with status 0 when all is well, 1 when the heartbeat is late, 69 when nobody "
             "answers.",
    .options = options,
    .run = run,
};
