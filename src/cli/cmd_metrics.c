/* cmd_metrics.c - keyward metrics. */
#include "cli/output.h"
#include "cli/talk.h"

static enum exit_status run(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    const struct client_request r = {.method = "GET", .path = "/metrics", .is_text = true};

    enum exit_status status = talk(self, args, &r, &answer);
    if (status != EXIT_DONE)
        return status;
    buf_add(&text, json_string_value(answer.body), json_string_length(answer.body));
    return output_text(&text);
}

static const struct option options[] = {
    {"socket", "PATH", false, "the socket of keyward serve"},
    {NULL},
};

const struct command cmd_metrics = {
    .name = "metrics",
    .operands = "",
    .summary = "numbers for Prometheus: decisions, rings, lags",
    .about = "Prints what GET /metrics answers, in Prometheus' text format 0.0.4: for a textfile "
             "collector, or\n"
             "for a look. docs/operations.md says what each number means.",
    .options = options,
    .run = run,
};
