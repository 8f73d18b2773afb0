/* cmd_clock.c - keyward clock show, keyward clock accept. */
#include "cli/output.h"
#include "cli/talk.h"

enum { DAY_MS = 24 * 60 * 60 * 1000 };

static void print(const json_t *clock, struct buf *out)
{
    long long doubt_ms = output_number(clock, "doubtMs");
    bool jumped = json_is_true(json_object_get(clock, "jumped"));

    buf_printf(out, "%-12s%s\n", "Time", output_string(clock, "time"));
    buf_printf(out, "%-12s%+lld ms%s\n", "Wall clock", output_number(clock, "wallClockAheadMs"),
               jumped ? ", a jump: not believed until `keyward clock accept`" : "");
    if (doubt_ms > 0)
        buf_printf(
            out,
            "%-12s%lld days ahead of all that was known at the start: old days of the record "
            "stay so much longer, until `keyward clock accept`\n",
            "Doubt", doubt_ms / DAY_MS);
}

static enum exit_status call(const struct command *self, const struct args *args,
                             const struct client_request *r)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);

    enum exit_status status = talk(self, args, r, &answer);
    if (status != EXIT_DONE)
        return status;
    print(answer.body, &text);
    status = args_has(args, "json") ? output_json(answer.body) : output_text(&text);
    bool jumped = json_is_true(json_object_get(answer.body, "jumped"));
    return status == EXIT_DONE && jumped ? EXIT_REFUSED : status;
}

static enum exit_status run_show(const struct command *self, const struct args *args)
{
    return call(self, args, &(struct client_request){.method = "GET", .path = "/v1/clock"});
}

static enum exit_status run_accept(const struct command *self, const struct args *args)
{
    return call(self, args, &(struct client_request){.method = "POST", .path = "/v1/clock/accept"});
}

static const struct option options[] = {TALK_OPTIONS, {NULL}};

const struct command cmd_clock_show = {
    .name = "clock show",
    .operands = "",
    .summary = "tell the time that is trusted",
    .about = "Ends with status 1 while the wall clock has jumped and is not believed.",
    .options = options,
    .run = run_show,
};

const struct command cmd_clock_accept = {
    .name = "clock accept",
    .operands = "",
    .summary = "believe the wall clock after a jump",
    .about =
        "Look at it first (date). Set back, it lets keys live again that have expired since; set\n"
        "forward, it lets keys expire and begins the next quota window, and old days of the\n"
        "record go for good.",
    .options = options,
    .run = run_accept,
};
