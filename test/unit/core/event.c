/* event.c - one attempt as bytes: the same on the way back, and hostile bytes are refused or
 * harmless. */
#include "core/event.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "suite.h"

static char letters[256];

static struct str random_text(size_t max)
{
    return (struct str){letters, (size_t)random() % (max + 1)};
}

static void fill(void *out, size_t n)
{
    uint8_t *p = out;

    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)random();
}

static struct event random_event(void)
{
    struct event e = {
        .kind = (enum event_kind)(1 + random() % EVENT_WARNING),
        .reason = (enum kw_reason)(random() % KW_N_REASONS),
        .route_class = (enum kw_class)(random() % (KW_CLASS_DENY + 1)),
        .environment = (enum kw_environment)(random() % (KW_PRODUCTION + 1)),
        .credential = (enum credential_kind)(random() % (CREDENTIAL_TOKEN + 1)),
        .limited_by = (enum kw_limit_kind)(random() % (KW_LIMIT_QUOTA + 1)),
        .flags = (uint8_t)(random() & EVENT_FLAGS_ALL),
        .account = random_text(KW_ACCOUNT_MAX),
        .agent = random_text(EVENT_AGENT_MAX),
        .method = random_text(EVENT_METHOD_MAX),
        .path = random_text(EVENT_PATH_MAX),
    };

    fill(&e.status, sizeof e.status);
    fill(&e.count, sizeof e.count);
    fill(&e.time_us, sizeof e.time_us);
    fill(&e.ring, sizeof e.ring);
    fill(&e.position, sizeof e.position);
    fill(e.request_id, sizeof e.request_id);
    fill(e.key_id, sizeof e.key_id);
    if (e.credential == CREDENTIAL_TOKEN) {
        e.agent = random_text(EVENT_TOKEN_AGENT_MAX);
        fill(e.token_id, sizeof e.token_id);
    }
    fill(&e.generation, sizeof e.generation);
    fill(&e.key_version, sizeof e.key_version);
    fill(&e.policy_version, sizeof e.policy_version);
    fill(&e.source, sizeof e.source);
    fill(&e.route, sizeof e.route);
    fill(&e.latency_ns, sizeof e.latency_ns);
    return e;
}

static void same_numbers(const struct event *a, const struct event *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->reason, b->reason);
    assert_int_equal(a->route_class, b->route_class);
    assert_int_equal(a->environment, b->environment);
    assert_int_equal(a->credential, b->credential);
    assert_int_equal(a->limited_by, b->limited_by);
    assert_int_equal(a->flags, b->flags);
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->time_us, b->time_us);
    assert_int_equal(a->ring, b->ring);
    assert_int_equal(a->position, b->position);
    assert_int_equal(a->generation, b->generation);
    assert_int_equal(a->key_version, b->key_version);
    assert_int_equal(a->policy_version, b->policy_version);
    assert_int_equal(a->route, b->route);
    assert_int_equal(a->latency_ns, b->latency_ns);
}

static void same_event(const struct event *a, const struct event *b)
{
    same_numbers(a, b);
    assert_memory_equal(a->request_id, b->request_id, sizeof a->request_id);
    assert_memory_equal(a->key_id, b->key_id, sizeof a->key_id);
    assert_memory_equal(a->token_id, b->token_id, sizeof a->token_id);
    assert_memory_equal(&a->source, &b->source, sizeof a->source);
    assert_str(a->account, b->account);
    assert_str(a->agent, b->agent);
    assert_str(a->method, b->method);
    assert_str(a->path, b->path);
}

static void event_decode_gives_what_was_encoded(void **state)
{
    uint8_t bytes[EVENT_MAX];
    struct event back;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        struct event e = random_event();
        size_t n = event_encode(&e, bytes);
        assert_true(n <= EVENT_MAX);
        assert_ok(event_decode((struct str){(char *)bytes, n}, &back));
        same_event(&e, &back);
    }
}

static void the_longest_event_fits(void **state)
{
    uint8_t bytes[EVENT_MAX];
    struct event e = {.kind = EVENT_DECISION}, back;

    (void)state;
    e.account = e.agent = e.method = e.path = (struct str){letters, sizeof letters};
    size_t n = event_encode(&e, bytes);
    assert_true(n <= EVENT_MAX);
    assert_ok(event_decode((struct str){(char *)bytes, n}, &back));
    assert_int_equal(back.account.n, KW_ACCOUNT_MAX);
    assert_int_equal(back.agent.n, EVENT_AGENT_MAX);
    assert_int_equal(back.method.n, EVENT_METHOD_MAX);
    assert_int_equal(back.path.n, EVENT_PATH_MAX);
}

static void I1_a_long_text_is_cut_between_characters(void **state)
{
    static const struct str characters[] = {STR_INIT("a"), STR_INIT("\xc3\xa9"),
                                            STR_INIT("\xe2\x82\xac"), STR_INIT("\xf0\x9f\x94\x91")};
    uint8_t bytes[EVENT_MAX];
    struct event back;

    (void)state;
    for (size_t k = 0; k < COUNT_OF(characters); k++)
        for (size_t shift = 0; shift < 4; shift++) {
            char agent[400];
            size_t n = shift;
            memset(agent, 'a', shift);
            for (; n + 4 <= sizeof agent; n += characters[k].n)
                memcpy(agent + n, characters[k].p, characters[k].n);
            struct event e = {.kind = EVENT_DECISION, .agent = {agent, n}};
            assert_ok(event_decode((struct str){(char *)bytes, event_encode(&e, bytes)}, &back));
            assert_true(utf8_valid(back.agent));
            assert_true(back.agent.n + 3 >= EVENT_AGENT_MAX && back.agent.n <= EVENT_AGENT_MAX);
        }
}

static void X11_every_truncation_is_refused(void **state)
{
    uint8_t bytes[EVENT_MAX];
    struct event back = {.count = 77};

    (void)state;
    for (int round = 0; round < 100; round++) {
        struct event e = random_event();
        size_t whole = event_encode(&e, bytes);
        for (size_t n = 0; n < whole; n++)
            assert_err(event_decode((struct str){(char *)bytes, n}, &back), KW_EDAMAGED);
    }
    assert_int_equal(back.count, 77);
}

static void X11_bytes_left_over_are_refused(void **state)
{
    uint8_t bytes[EVENT_MAX + 8] = {0};
    struct event e = random_event(), back;

    (void)state;
    size_t n = event_encode(&e, bytes);
    for (size_t more = 1; more <= 8; more++)
        assert_err(event_decode((struct str){(char *)bytes, n + more}, &back), KW_EDAMAGED);
}

/* What is taken, says all that the bytes say, and within the bounds of the struct. */
static void refused_or_the_same_again(const uint8_t *bytes, size_t n)
{
    uint8_t again[EVENT_MAX];
    struct event back;

    enum kw_err err = event_decode((struct str){(const char *)bytes, n}, &back);
    if (err != KW_OK) {
        assert_true(err == KW_EDAMAGED || err == KW_EFORMAT);
        return;
    }
    assert_true(back.kind != EVENT_NONE && (unsigned)back.reason < KW_N_REASONS);
    assert_int_equal(event_encode(&back, again), n);
    assert_memory_equal(again, bytes, n);
}

static void X11_every_byte_changed_to_every_value_is_refused_or_the_same_again(void **state)
{
    uint8_t bytes[EVENT_MAX];

    (void)state;
    for (int round = 0; round < 20; round++) {
        struct event e = random_event();
        size_t n = event_encode(&e, bytes);
        for (size_t i = 0; i < n; i++)
            for (int change = 1; change < 256; change++) {
                bytes[i] ^= (uint8_t)change;
                refused_or_the_same_again(bytes, n);
                bytes[i] ^= (uint8_t)change;
            }
    }
}

static void X11_garbage_is_refused_or_the_same_again(void **state)
{
    uint8_t bytes[EVENT_MAX];

    (void)state;
    for (int round = 0; round < 200000; round++) {
        size_t n = (size_t)random() % sizeof bytes;
        fill(bytes, n);
        bytes[0] = 1; /* the version, or nothing would come far */
        refused_or_the_same_again(bytes, n);
    }
}

static void another_version_is_said_to_be_one(void **state)
{
    uint8_t bytes[EVENT_MAX];
    struct event e = random_event(), back;

    (void)state;
    e.credential = CREDENTIAL_KEY;
    size_t n = event_encode(&e, bytes);
    for (int version = 0; version < 256; version++) {
        bytes[0] = (uint8_t)version;
        assert_err(event_decode((struct str){(char *)bytes, n}, &back), version == 1   ? KW_OK
                                                                        : version == 2 ? KW_EDAMAGED
                                                                                       : KW_EFORMAT);
    }
}

static void a_tokens_id_takes_its_room_from_the_agent(void **state)
{
    uint8_t bytes[EVENT_MAX];
    struct event e = random_event(), back;

    (void)state;
    e.credential = CREDENTIAL_TOKEN;
    e.agent = STR("0123456789012345678901234567890123456789012345678901234567890123");
    memcpy(e.token_id, "3fR8wLz0YpQ6Hc", sizeof e.token_id);
    size_t n = event_encode(&e, bytes);
    assert_int_equal(bytes[0], 2);
    assert_ok(event_decode((struct str){(char *)bytes, n}, &back));
    assert_memory_equal(back.token_id, e.token_id, sizeof e.token_id);
    assert_int_equal(back.agent.n, EVENT_TOKEN_AGENT_MAX);
    bytes[0] = 1;
    assert_err(event_decode((struct str){(char *)bytes, n}, &back), KW_EDAMAGED);
}

/* What was written down keeps its meaning, whatever reasons come later. */
static void reasons_keep_their_numbers(void **state)
{
    (void)state;
    assert_int_equal(KW_WHY_UNAVAILABLE, 0);
    assert_int_equal(KW_WHY_PUBLIC, 5);
    assert_int_equal(KW_WHY_WRONG_SECRET, 10);
    assert_int_equal(KW_WHY_FROZEN, 17);
    assert_int_equal(KW_WHY_ALLOWED, 25);
    assert_int_equal(KW_WHY_UNTRUSTED_PEER, 26);
    assert_int_equal(KW_WHY_FORWARDED_AMBIGUOUS, 27);
}

static void an_empty_event_is_none(void **state)
{
    uint8_t bytes[EVENT_MAX];
    struct event e = {0}, back;

    (void)state;
    assert_err(event_decode((struct str){(char *)bytes, event_encode(&e, bytes)}, &back),
               KW_EDAMAGED);
}

int main(void)
{
    memset(letters, 'p', sizeof letters);
    srandom(1);
    SUITE_TEST(event_decode_gives_what_was_encoded);
    SUITE_TEST(the_longest_event_fits);
    SUITE_TEST(I1_a_long_text_is_cut_between_characters);
    SUITE_TEST(X11_every_truncation_is_refused);
    SUITE_TEST(X11_bytes_left_over_are_refused);
    SUITE_TEST(X11_every_byte_changed_to_every_value_is_refused_or_the_same_again);
    SUITE_TEST(X11_garbage_is_refused_or_the_same_again);
    SUITE_TEST(another_version_is_said_to_be_one);
    SUITE_TEST(a_tokens_id_takes_its_room_from_the_agent);
    SUITE_TEST(reasons_keep_their_numbers);
    SUITE_TEST(an_empty_event_is_none);
    return suite_run("core/event");
}
