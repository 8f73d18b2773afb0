/* failure.c - whoever gets no answer is told what to do, in words that fit what went wrong. */
#include "client/failure.h"

#include <errno.h>

#include "suite.h"

static const struct client_place here = {.socket = "/run/x.sock"};
static const struct client_place there = {.url = "https://keyward.example.com", .ca_file = "/ca.crt"};

static const struct case_ {
    const char *why;
    const struct client_place *place;
    struct failure failure;
    enum kw_err want;
    const char *says;
} cases[] = {
    {"no socket", &here, {CURLE_COULDNT_CONNECT, ENOENT, ""}, KW_ENOTFOUND, "start `keyward serve`"},
    {"not allowed", &here, {CURLE_COULDNT_CONNECT, EACCES, ""}, KW_EPERM, "admin_group"},
    {"nobody listens", &here, {CURLE_COULDNT_CONNECT, ECONNREFUSED, ""}, KW_EUNAVAILABLE, "nobody"},
    {"late", &here, {CURLE_OPERATION_TIMEDOUT, 0, ""}, KW_EUNAVAILABLE, "within"},
    {"cut", &here, {CURLE_RECV_ERROR, 0, ""}, KW_EIO, "failed"},
    {"no such host", &there, {CURLE_COULDNT_RESOLVE_HOST, 0, ""}, KW_EUNAVAILABLE, "is it right?"},
    {"no port", &there, {CURLE_COULDNT_CONNECT, 0, "refused"}, KW_EUNAVAILABLE, "host and port"},
    {"not trusted", &there, {CURLE_PEER_FAILED_VERIFICATION, 0, "self"}, KW_EUNAVAILABLE, "--ca-file"},
    {"no TLS", &there, {CURLE_SSL_CONNECT_ERROR, 0, "wrong version"}, KW_EUNAVAILABLE, "TLS 1.2"},
    {"no authorities", &there, {CURLE_SSL_CACERT_BADFILE, 0, ""}, KW_EINVAL, "--ca-file /ca.crt"},
    {"late there", &there, {CURLE_OPERATION_TIMEDOUT, 0, ""}, KW_EUNAVAILABLE, "did not answer"},
    {"cut there", &there, {CURLE_RECV_ERROR, 0, "reset by peer"}, KW_EIO, "reset by peer"},
};

static void a_call_without_an_answer_is_explained(void **state)
{
    const struct case_ *row = *state;
    char why[CLIENT_WHY_MAX] = "";

    assert_err(failure_explain(row->place, &row->failure, why), row->want);
    assert_non_null(strstr(why, row->says));
    if (row->place == &there && row->want != KW_EINVAL)
        assert_non_null(strstr(why, there.url));
}

static void an_answer_of_somebody_else_is_explained(void **state)
{
    char why[CLIENT_WHY_MAX] = "";

    (void)state;
    assert_err(failure_redirected(&there, 302, why), KW_EFORMAT);
    assert_non_null(strstr(why, "302"));
    assert_err(failure_not_json(&there, 502, why), KW_EFORMAT);
    assert_non_null(strstr(why, "502"));
    assert_err(failure_not_json(&here, 200, why), KW_EFORMAT);
    assert_non_null(strstr(why, "keyward serve"));
}

int main(void)
{
    SUITE_ROWS(a_call_without_an_answer_is_explained, cases);
    SUITE_TEST(an_answer_of_somebody_else_is_explained);
    return suite_run("client/failure");
}
