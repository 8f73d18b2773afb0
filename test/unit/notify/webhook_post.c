/* webhook_post.c - nobody is connected to who may not be, whatever a name leads to; and whoever does not answer is given up. What
 * is said over TLS is shown end to end (test/e2e/webhooks.test.mjs). */
#include "notify/webhook_post.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "suite.h"

enum { WAIT_MS = 20, TRIES = 500, PATIENCE_MS = 300 };

static struct webhook_result last;
static unsigned n_done;

static void note(void *ctx, const struct webhook_result *r)
{
    last = *r;
    n_done++;
    if (ctx != NULL)
        ++*(unsigned *)ctx;
}

/* A socket that listens, and its port; nobody accepts. */
static int listen_at(const char *address, unsigned *port)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t n = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(inet_pton(AF_INET, address, &a.sin_addr), 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(fd, 8), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
    *port = ntohs(a.sin_port);
    return fd;
}

static bool was_called(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    return poll(&p, 1, 0) == 1;
}

static struct egress_rules allow(const char *net, unsigned port)
{
    struct egress_rules r = {.ports = {(uint16_t)port}, .n_ports = 1};

    if (net != NULL) {
        r.n_nets = 1;
        assert_ok(egress_net_parse(str_from(net), &r.nets[0]));
    }
    return r;
}

/* What any name leads to: addresses with a comma between each two; NULL: nobody knows, for a long time. */
static const char *led_to;

static void lead(const char *host, struct lookup_found *out)
{
    struct str rest = str_from(led_to), one;

    assert_string_equal(host, "hooks.example.com");
    if (led_to == NULL)
        usleep(3 * PATIENCE_MS * 1000);
    for (bool more = led_to != NULL; more; out->n++) {
        more = str_cut(rest, ',', &one, &rest);
        assert_ok(address_parse(more ? one : rest, &out->list[out->n]));
    }
    out->err = out->n == 0 ? KW_ENOTFOUND : KW_OK;
}

static struct webhook_posts *posts_of(const struct egress_rules *rules)
{
    struct webhook_posts *p = NULL;
    const struct webhook_posts_options o = {
        .rules = rules, .ca_file = "", .agent = "test", .timeout_ms = PATIENCE_MS, .ask = lead};

    assert_ok(webhook_posts_new(&o, &p));
    n_done = 0;
    last = (struct webhook_result){.status = 7};
    return p;
}

static enum kw_err begin(struct webhook_posts *p, const char *url, void *ctx)
{
    static const struct webhook_signatures none = {.standard = "v1,AAAA", .monei = "00"};
    char why[EGRESS_WHY_MAX] = "";
    const struct webhook_post post = {
        .url = url, .id = "evt_1", .signatures = &none, .body = STR("{}"), .ctx = ctx};

    return webhook_posts_begin(p, &post, why);
}

static void wait_for(struct webhook_posts *p, unsigned n)
{
    for (int i = 0; i < TRIES && n_done < n; i++)
        webhook_posts_wait(p, WAIT_MS, note);
    assert_int_equal(n_done, n);
}

/* What a name leads to is connected to, or not. */
static const struct lead {
    const char *why, *allowed, *addresses, *want;
} leads[] = {
    {"rebinding: a public name leads here", NULL, "127.0.0.1", "loopback"},
    {"mapped", NULL, "::ffff:127.0.0.1", "loopback"},
    {"::1", NULL, "::1", "loopback"},
    {"private", NULL, "10.0.0.1", "private"},
    {"metadata, though its network is allowed", "127.0.0.0/8", "169.254.169.254", "link-local"},
    {"a refused one, and one that is permitted behind it", "127.0.0.1/32", "127.0.0.2,127.0.0.1",
     "loopback"},
    {"a permitted one, and a refused one behind it", "127.0.0.1/32", "127.0.0.1,127.0.0.2",
     "loopback"},
    {"a public one, and a private one behind it", NULL, "93.184.216.34,10.0.0.1", "private"},
    {"NAT64", NULL, "64:ff9b::7f00:1", "disguise"},
    {"multicast", NULL, "224.0.0.1", "multicast"},
};

static void H3_connected_is_what_was_judged(void **state)
{
    const struct lead *row = *state;
    char url[80];
    unsigned port;
    AUTO(file_closep) int fd = listen_at("127.0.0.1", &port);
    struct egress_rules rules = allow(row->allowed, port);

    snprintf(url, sizeof url, "https://hooks.example.com:%u/in", port);
    led_to = row->addresses;
    AUTO(webhook_posts_freep) struct webhook_posts *p = posts_of(&rules);
    assert_ok(begin(p, url, NULL));
    wait_for(p, 1);
    assert_false(last.is_delivered);
    assert_int_equal(last.status, 0);
    assert_non_null(strstr(last.error, row->want));
    assert_false(was_called(fd));
}

static void what_a_name_leads_to_is_connected_if_it_is_permitted(void **state)
{
    unsigned port;
    AUTO(file_closep) int fd = listen_at("127.0.0.1", &port);
    struct egress_rules rules = allow("127.0.0.0/30", port);
    AUTO(webhook_posts_freep) struct webhook_posts *p = posts_of(&rules);
    char url[80];

    (void)state;
    led_to = "127.0.0.1,127.0.0.2";
    snprintf(url, sizeof url, "https://hooks.example.com:%u/in", port);
    assert_ok(begin(p, url, NULL));
    wait_for(p, 1);
    assert_true(was_called(fd));
    assert_non_null(strstr(last.error, "in time")); /* nobody speaks TLS there */
}

static void H8_a_name_that_is_not_found_in_time_is_given_up(void **state)
{
    struct egress_rules rules = allow(NULL, 443);
    AUTO(webhook_posts_freep) struct webhook_posts *p = posts_of(&rules);

    (void)state;
    led_to = NULL;
    assert_ok(begin(p, "https://hooks.example.com/in", NULL));
    wait_for(p, 1);
    assert_non_null(strstr(last.error, "not found in time"));
    assert_in_range(last.took_ms, PATIENCE_MS, 3 * PATIENCE_MS);
    usleep(3 * PATIENCE_MS * 1000); /* its thread ends, and leaves nothing open */
}

static void H2_url_is_judged_again_when_it_is_called(void **state)
{
    unsigned port;
    AUTO(file_closep) int fd = listen_at("127.0.0.1", &port);
    struct egress_rules rules = allow(NULL, port);
    AUTO(webhook_posts_freep) struct webhook_posts *p = posts_of(&rules);
    char url[80];

    (void)state;
    snprintf(url, sizeof url, "https://127.0.0.1:%u/", port);
    assert_err(begin(p, url, NULL), KW_EINVAL);
    snprintf(url, sizeof url, "http://hooks.example.com:%u/", port);
    assert_err(begin(p, url, NULL), KW_EINVAL);
    assert_false(was_called(fd));
}

static void H8_who_does_not_answer_is_given_up_and_holds_up_nobody(void **state)
{
    unsigned port, n = 0;
    AUTO(file_closep) int fd = listen_at("127.0.0.1", &port);
    struct egress_rules rules = allow("127.0.0.1/32", port);
    AUTO(webhook_posts_freep) struct webhook_posts *p = posts_of(&rules);
    char url[80];

    (void)state;
    snprintf(url, sizeof url, "https://127.0.0.1:%u/", port);
    uint64_t begun_us = clock_boot_us();
    for (int i = 0; i < 6; i++)
        assert_ok(begin(p, url, &n));
    wait_for(p, 6);
    uint64_t took_ms = (clock_boot_us() - begun_us) / 1000;
    assert_int_equal(n, 6);
    assert_true(was_called(fd));
    assert_false(last.is_delivered);
    assert_non_null(strstr(last.error, "in time"));
    assert_in_range(took_ms, PATIENCE_MS - 10,
                    4 * PATIENCE_MS); /* all at once, not one behind the other */
}

static void no_more_than_64_are_on_their_way(void **state)
{
    unsigned port;
    AUTO(file_closep) int fd = listen_at("127.0.0.1", &port);
    struct egress_rules rules = allow("127.0.0.1/32", port);
    AUTO(webhook_posts_freep) struct webhook_posts *p = posts_of(&rules);
    char url[80];

    (void)state;
    assert_true(fd >= 0);
    snprintf(url, sizeof url, "https://127.0.0.1:%u/", port);
    for (int i = 0; i < WEBHOOK_POSTS_MAX; i++)
        assert_ok(begin(p, url, NULL));
    assert_err(begin(p, url, NULL), KW_EFULL);
    webhook_posts_wait(p, 1, note); /* and all is broken off */
}

static void a_wait_is_woken(void **state)
{
    struct egress_rules rules = allow(NULL, 443);
    AUTO(webhook_posts_freep) struct webhook_posts *p = posts_of(&rules);
    uint64_t begun_us = clock_boot_us();

    (void)state;
    webhook_posts_wake(p);
    webhook_posts_wait(p, 60000, note);
    assert_true(clock_boot_us() - begun_us < 10000000);
}

int main(void)
{
    SUITE_ROWS(H3_connected_is_what_was_judged, leads);
    SUITE_TEST(what_a_name_leads_to_is_connected_if_it_is_permitted);
    SUITE_TEST(H8_a_name_that_is_not_found_in_time_is_given_up);
    SUITE_TEST(H2_url_is_judged_again_when_it_is_called);
    SUITE_TEST(H8_who_does_not_answer_is_given_up_and_holds_up_nobody);
    SUITE_TEST(no_more_than_64_are_on_their_way);
    SUITE_TEST(a_wait_is_woken);
    return suite_run("notify/webhook_post");
}
