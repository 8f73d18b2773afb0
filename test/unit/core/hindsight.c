/* hindsight.c - what another policy says to an attempt on the record, and what it cannot say. */
#include "core/hindsight.h"

#include "core/policy.h"
#include "suite.h"

static const char policy[] =
    "read GET /read/{id}\ntransact POST /pay\nmanage PUT /name\npublic GET "
    "/open/**\ndeny GET /shut\n";

static unsigned held; /* what the key of an attempt may do; 0: not known */

static unsigned permissions(void *ctx, struct str key_id)
{
    (void)ctx;
    assert_int_equal(key_id.n, KW_KEY_ID_LEN);
    return held;
}

static const struct judged {
    const char *why;
    const char *method, *path;
    enum kw_reason reason;
    unsigned held;
    enum hindsight want;
} judged[] = {
    {"allowed, and still opened", "GET", "/read/1", KW_WHY_ALLOWED, KW_READ_ONLY, HINDSIGHT_SAME},
    {"allowed, and not opened", "POST", "/pay", KW_WHY_ALLOWED, KW_READ_ONLY, HINDSIGHT_REFUSED},
    {"allowed, now unlisted", "GET", "/gone", KW_WHY_ALLOWED, KW_TRANSACTIONS, HINDSIGHT_REFUSED},
    {"unlisted to full access", "GET", "/gone", KW_WHY_ALLOWED, KW_FULL_ACCESS, HINDSIGHT_SAME},
    {"allowed, now closed", "GET", "/shut", KW_WHY_ALLOWED, KW_FULL_ACCESS, HINDSIGHT_REFUSED},
    {"allowed, now public", "GET", "/open/x", KW_WHY_ALLOWED, KW_READ_ONLY, HINDSIGHT_SAME},
    {"judged decoded", "GET", "/re%61d/1", KW_WHY_ALLOWED, KW_READ_ONLY, HINDSIGHT_SAME},
    {"refused, now opened", "POST", "/pay", KW_WHY_PERMISSION_DENIED, KW_TRANSACTIONS,
     HINDSIGHT_ALLOWED},
    {"refused, and still not", "POST", "/pay", KW_WHY_PERMISSION_DENIED, KW_READ_ONLY, HINDSIGHT_SAME},
    {"closed, now public", "GET", "/open/x", KW_WHY_ROUTE_DENIED, 0, HINDSIGHT_ALLOWED},
    {"closed, now for a key", "GET", "/read/1", KW_WHY_ROUTE_DENIED, 0, HINDSIGHT_NO_KEY},
    {"public, now for a key", "GET", "/read/1", KW_WHY_PUBLIC, 0, HINDSIGHT_NO_KEY},
    {"public, now closed", "GET", "/shut", KW_WHY_PUBLIC, 0, HINDSIGHT_REFUSED},
    {"no key, now public", "GET", "/open/x", KW_WHY_MISSING_KEY, 0, HINDSIGHT_ALLOWED},
    {"no key", "GET", "/read/1", KW_WHY_MISSING_KEY, 0, HINDSIGHT_SAME},
    {"a wrong key", "GET", "/read/1", KW_WHY_WRONG_SECRET, 0, HINDSIGHT_SAME},
    {"a revoked key", "POST", "/pay", KW_WHY_KEY_REVOKED, KW_FULL_ACCESS, HINDSIGHT_SAME},
    {"another address", "POST", "/pay", KW_WHY_IP_NOT_ALLOWED, KW_FULL_ACCESS, HINDSIGHT_SAME},
    {"too many", "POST", "/pay", KW_WHY_RATE_LIMITED, KW_READ_ONLY, HINDSIGHT_SAME},
    {"before the policy", "GET", "/open/x", KW_WHY_TLS_REQUIRED, 0, HINDSIGHT_SAME},
    {"a key that is not known", "GET", "/read/1", KW_WHY_ALLOWED, 0, HINDSIGHT_KEY_GONE},
    {"redacted", "GET", "/read/mk_live_7Q2mK4T9xJ1aBd_\xe2\x80\xa6", KW_WHY_ALLOWED, KW_READ_ONLY,
     HINDSIGHT_CUT},
    {"a path that has no one reading", "GET", "//read", KW_WHY_ALLOWED, KW_READ_ONLY, HINDSIGHT_CUT},
};

static struct event attempt(const char *method, struct str path, enum kw_reason reason)
{
    return (struct event){.kind = EVENT_DECISION,
                          .count = 1,
                          .method = str_from(method),
                          .path = path,
                          .reason = reason,
                          .status = (uint16_t)kw_reason_status(reason)};
}

static enum hindsight judge(const struct event *e)
{
    const struct hindsight_keys keys = {permissions, NULL};
    struct buf table = BUF_MAX(ROUTE_TABLE_MAX);

    assert_ok(policy_compile(str_from(policy), &table));
    enum hindsight found = hindsight_of(buf_view(&table), e, &keys);
    buf_deinit(&table);
    return found;
}

static void an_attempt_is_judged(void **state)
{
    const struct judged *row = *state;
    struct event e = attempt(row->method, str_from(row->path), row->reason);

    held = row->held;
    assert_int_equal(judge(&e), row->want);
}

/* At the maximum, and so little below it that a character may have been left out. */
static void a_path_that_may_be_cut_is_not_judged(void **state)
{
    const struct str begins = STR("/read/");
    char path[EVENT_PATH_MAX];
    struct event e = attempt("GET", (struct str){path, sizeof path - 3}, KW_WHY_ALLOWED);

    (void)state;
    memset(path, 'a', sizeof path);
    memcpy(path, begins.p, begins.n);
    held = KW_READ_ONLY;
    assert_int_equal(judge(&e), HINDSIGHT_CUT);
    e.path.n = sizeof path;
    assert_int_equal(judge(&e), HINDSIGHT_CUT);
    e.path.n = sizeof path - 4;
    assert_int_equal(judge(&e), HINDSIGHT_SAME);
}

static void what_was_only_counted_is_not_judged(void **state)
{
    struct event e = attempt("", STR(""), KW_WHY_UNKNOWN_KEY);

    (void)state;
    e.kind = EVENT_SUMMARY;
    assert_int_equal(judge(&e), HINDSIGHT_COUNTED);
    e.kind = EVENT_GAP;
    assert_int_equal(judge(&e), HINDSIGHT_COUNTED);
}

int main(void)
{
    SUITE_ROWS(an_attempt_is_judged, judged);
    SUITE_TEST(a_path_that_may_be_cut_is_not_judged);
    SUITE_TEST(what_was_only_counted_is_not_judged);
    return suite_run("core/hindsight");
}
