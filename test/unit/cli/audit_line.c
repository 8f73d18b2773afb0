/* audit_line.c - each kind of record as a line, and nothing of a stranger's that a terminal would obey. */
#include "cli/audit_line.h"

#include "suite.h"

static const struct case_ {
    const char *why, *record, *want;
} cases[] = {
    {"a decision",
     "{\"time\":\"2026-11-24T03:55:35.123Z\",\"kind\":\"decision\",\"status\":200,\"reason\":"
     "\"allowed\","
     "\"key_id\":\"7Q2mK4T9xJ1aBd\",\"source\":\"192.0.2.1\",\"method\":\"GET\",\"path\":\"/me\"}",
     "2026-11-24T03:55:35Z  200 allowed               7Q2mK4T9xJ1aBd  192.0.2.1        \"GET\" "
     "\"/me\"\n"},
    {"a stranger's",
     "{\"time\":\"2026-11-24T03:55:35.123Z\",\"kind\":\"decision\",\"status\":401,\"reason\":\"no_"
     "key\","
     "\"source\":\"::1\",\"method\":\"GET\",\"path\":\"/\\u001b[2J\\n\\u202e\\u0000x\"}",
     "2026-11-24T03:55:35Z  401 no_key                -               ::1              \"GET\" "
     "\"/\\u001b[2J\\u000a\\u202e\\u0000x\"\n"},
    {"a summary",
     "{\"time\":\"2026-11-24T03:55:35.123Z\",\"kind\":\"summary\",\"status\":401,\"reason\":\"no_"
     "key\","
     "\"source\":\"::1\",\"count\":7}",
     "2026-11-24T03:55:35Z  401 no_key                -               ::1              summary of "
     "7 "
     "attempts\n"},
    {"a change",
     "{\"time\":\"2026-11-24T03:55:35.123Z\",\"kind\":\"change\",\"change\":3,\"object_kind\":"
     "\"key\","
     "\"object_id\":\"7Q2mK4T9xJ1aBd\",\"version\":2,\"actor\":\"uid:0\",\"summary\":{\"name\":"
     "\"\xc3\xa9\"}}",
     "2026-11-24T03:55:35Z  change 3 by \"uid:0\": key 7Q2mK4T9xJ1aBd version 2 "
     "{\"name\":\"\xc3\xa9\"}\n"},
    {"a change whose summary is a text",
     "{\"time\":\"2026-11-24T03:55:35.123Z\",\"kind\":\"change\",\"change\":3,\"object_kind\":"
     "\"policy\","
     "\"version\":2,\"actor\":\"uid:0\",\"summary\":\"a\\u001bb\"}",
     "2026-11-24T03:55:35Z  change 3 by \"uid:0\": policy  version 2 \"a\\u001bb\"\n"},
    {"a sign-in",
     "{\"time\":\"2026-11-24T03:55:35.123Z\",\"kind\":\"sign_in\",\"what\":\"failed\",\"why\":"
     "\"locked\","
     "\"source\":\"::1\",\"email\":\"a@b.example\",\"count\":1}",
     "2026-11-24T03:55:35Z  sign-in failed             -               ::1              "
     "\"a@b.example\": locked\n"},
    {"many", "{\"time\":\"2026-11-24T03:55:35.123Z\",\"kind\":\"sign_in_summary\",\"what\":\"failed\",\"count\":9}",
     "2026-11-24T03:55:35Z  sign-in failed             -               -                summary of "
     "9\n"},
    {"a warning",
     "{\"time\":\"2026-11-24T03:55:35.123Z\",\"kind\":\"warning\",\"what\":\"old_secret_used\","
     "\"key_id\":\"7Q2mK4T9xJ1aBd\",\"generation\":2}",
     "2026-11-24T03:55:35Z  warning old_secret_used    7Q2mK4T9xJ1aBd  generation 2\n"},
};

static void a_record_is_one_line(void **state)
{
    const struct case_ *row = *state;
    json_t *record = json_loads(row->record, JSON_ALLOW_NUL, NULL);
    struct buf out = BUF_MAX(1000);

    audit_line(record, &out);
    json_decref(record);
    assert_str(buf_view(&out), str_from(row->want));
    buf_deinit(&out);
}

static void what_is_no_record_is_shown_as_dashes(void **state)
{
    struct buf out = BUF_MAX(1000);

    (void)state;
    audit_line(NULL, &out);
    assert_false(out.failed);
    assert_int_equal(out.p[out.n - 1], '\n');
    buf_deinit(&out);
}

int main(void)
{
    SUITE_ROWS(a_record_is_one_line, cases);
    SUITE_TEST(what_is_no_record_is_shown_as_dashes);
    return suite_run("cli/audit_line");
}
