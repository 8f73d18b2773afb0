/* sender.c - what is due is begun, one at a time for each; what fails is tried again, given up, and in the end turned off. */
#include "alerting/sender.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "alerting/webhook_doc.h"
#include "base/clock.h"
#include "suite.h"
#include "sync/house.h"

enum { N_WAITS = 2 };

/* ---- what the tests set ---- */

static struct {
    bool disk_is_full;
    int64_t ahead_us; /* of the wall clock is the one that is believed */
    enum kw_err err;  /* of what is begun */
    int64_t time_s;   /* of what was begun last */
} set;

bool __real_sync_disk_is_full(struct sync *s);
bool __wrap_sync_disk_is_full(struct sync *s);
int64_t __real_sync_now_us(const struct sync *s);
int64_t __wrap_sync_now_us(const struct sync *s);
enum kw_err __real_webhook_posts_begin(struct webhook_posts *p, const struct webhook_post *post,
                                       char why[EGRESS_WHY_MAX]);
enum kw_err __wrap_webhook_posts_begin(struct webhook_posts *p, const struct webhook_post *post,
                                       char why[EGRESS_WHY_MAX]);

bool __wrap_sync_disk_is_full(struct sync *s)
{
    return set.disk_is_full || __real_sync_disk_is_full(s);
}

int64_t __wrap_sync_now_us(const struct sync *s)
{
    return __real_sync_now_us(s) + set.ahead_us;
}

enum kw_err __wrap_webhook_posts_begin(struct webhook_posts *p, const struct webhook_post *post,
                                       char why[EGRESS_WHY_MAX])
{
    set.time_s = post->time_s;
    return set.err != KW_OK ? set.err : __real_webhook_posts_begin(p, post, why);
}

/* ---- the scene ---- */

struct scene {
    struct house house;
    struct config_webhooks config;
    struct outbox_shelf shelf;
    struct receivers receivers;
    struct sender sender;
    struct tally tally;
    int fd; /* somebody who takes connections, and says nothing */
    unsigned port;
};

static void listen_here(struct scene *s)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;

    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(s->fd, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(s->fd, WEBHOOK_POSTS_MAX), 0);
    assert_int_equal(getsockname(s->fd, (struct sockaddr *)&a, &n), 0);
    s->port = ntohs(a.sin_port);
}

static void begin(struct scene *s)
{
    char why[256];

    set.disk_is_full = false;
    set.ahead_us = 0;
    set.err = KW_OK;
    *s = (struct scene){.config = {.waits_s = {60, 300}, .n_waits = N_WAITS, .off_after_s = 3600}};
    house_make(&s->house);
    listen_here(s);
    s->config.rules = (struct egress_rules){.n_nets = 1, .ports = {(uint16_t)s->port}, .n_ports = 1};
    assert_ok(egress_net_parse(STR("127.0.0.1"), &s->config.rules.nets[0]));
    pthread_mutex_init(&s->shelf.lock, NULL);
    assert_ok(outbox_open(folder_file(&s->house.room.folder, "outbox.db"), &s->shelf.outbox));
    const struct sender_options o = {.config = &s->config,
                                     .sync = s->house.sync,
                                     .tally = &s->tally,
                                     .shelf = &s->shelf,
                                     .receivers = &s->receivers,
                                     .master_key = s->house.room.master_key};
    assert_ok(sender_open(&o, &s->sender, why));
}

static void end(struct scene *s)
{
    sender_close(&s->sender);
    receivers_deinit(&s->receivers);
    outbox_close(s->shelf.outbox);
    pthread_mutex_destroy(&s->shelf.lock);
    close(s->fd);
    house_clear(&s->house);
}

/* A webhook of acme that leads to an address, in the store and among the receivers. */
static struct webhook add_of(struct scene *s, const char *account, unsigned number,
                             const char *address)
{
    const struct secret secret = {{1}};
    struct webhook w = {.events = WEBHOOK_EVERY_EVENT, .state = WEBHOOK_ACTIVE};

    snprintf(w.account, sizeof w.account, "%s", account);
    snprintf(w.id, sizeof w.id, "%010uAbCd", number);
    snprintf(w.url, sizeof w.url, "https://%s:%u/in", address, s->port);
    assert_ok(webhook_hide(s->sender.box, w.id, &secret, w.secret));
    assert_ok(webhook_put(s->house.sync, STR("uid:0"), &w));
    assert_ok(receivers_load(&s->receivers, s->house.sync));
    return w;
}

static struct webhook add(struct scene *s, unsigned number, const char *address)
{
    return add_of(s, "acme", number, address);
}

static void put(struct scene *s, const struct webhook *w, const char *id)
{
    const struct outbox_event e = {
        .id = str_from(id), .type = STR("key.created"), .account = STR("acme"), .body = STR("{}")};

    assert_ok(outbox_begin(s->shelf.outbox));
    assert_ok(outbox_put(s->shelf.outbox, &e, w->slot, 1));
    assert_ok(outbox_commit(s->shelf.outbox));
    receivers_find(&s->receivers, w->slot)->is_known = false;
}

static enum kw_err take(void *ctx, const struct outbox_delivery *d)
{
    *(struct outbox_delivery *)ctx = *d;
    return KW_OK;
}

static struct outbox_delivery only_one(struct scene *s, const struct webhook *w)
{
    struct outbox_delivery d = {.no = 0};

    assert_ok(outbox_list(s->shelf.outbox, w->slot, 0, 1, take, &d));
    return d;
}

static size_t n_busy(const struct scene *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->receivers.n; i++)
        n += s->receivers.list[i].is_busy;
    return n;
}

static struct webhook stored(struct scene *s, const char *id)
{
    struct webhook w = {.slot = 0};

    assert_ok(webhook_find(sync_lock(s->house.sync), str_from(id), NULL, &w));
    sync_unlock(s->house.sync);
    return w;
}

static void one_is_on_its_way_to_a_receiver(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    struct webhook w = add(&s, 1, "127.0.0.1");
    put(&s, &w, "evt_1");
    put(&s, &w, "evt_2");
    assert_ok(sender_send(&s.sender));
    assert_ok(sender_send(&s.sender));
    sender_wait(&s.sender, 10);
    assert_int_equal(n_busy(&s), 1);
    assert_int_equal(only_one(&s, &w).state, OUTBOX_PENDING);
    end(&s);
}

static void H2_what_is_refused_when_it_is_called_is_tried_again_later(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    struct webhook w = add(&s, 1, "10.0.0.1");
    put(&s, &w, "evt_1");
    int64_t before_ms = sync_now_us(s.house.sync) / 1000;
    assert_ok(sender_send(&s.sender));
    assert_ok(sender_send(&s.sender)); /* not due: nothing happens */
    struct outbox_delivery d = only_one(&s, &w);
    assert_int_equal(n_busy(&s), 0);
    assert_int_equal(d.tries, 1);
    assert_int_equal(d.state, OUTBOX_PENDING);
    assert_true(d.next_ms >= before_ms + 60000);
    end(&s);
}

static void what_fails_as_often_as_it_may_is_given_up(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    s.config.waits_s[0] = s.config.waits_s[1] = 0;
    struct webhook w = add(&s, 1, "10.0.0.1");
    put(&s, &w, "evt_1");
    for (unsigned i = 0; i <= N_WAITS; i++) {
        assert_int_equal(only_one(&s, &w).tries, i);
        assert_int_equal(only_one(&s, &w).state, OUTBOX_PENDING);
        assert_ok(sender_send(&s.sender));
    }
    assert_int_equal(only_one(&s, &w).state, OUTBOX_FAILED);
    assert_int_equal(tally_read(&s.tally.deliveries[OUTBOX_PENDING]), N_WAITS);
    assert_int_equal(tally_read(&s.tally.deliveries[OUTBOX_FAILED]), 1);
    assert_int_equal(stored(&s, w.id).state, WEBHOOK_ACTIVE);
    assert_int_equal(tally_read(&s.tally.webhooks_off[WEBHOOK_FAILING]), 0);
    end(&s);
}

static void a_webhook_to_which_nothing_arrives_is_turned_off(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    s.config.off_after_s = 0;
    s.config.waits_s[0] = s.config.waits_s[1] = 0;
    struct webhook w = add(&s, 1, "10.0.0.1");
    put(&s, &w, "evt_1");
    for (unsigned i = 0; i < N_WAITS; i++) {
        assert_ok(sender_send(&s.sender));
        assert_int_equal(stored(&s, w.id).state, WEBHOOK_ACTIVE); /* it is tried again */
    }
    assert_ok(sender_send(&s.sender));
    struct webhook off = stored(&s, w.id);
    assert_int_equal(off.state, WEBHOOK_DISABLED);
    assert_int_equal(off.why, WEBHOOK_FAILING);
    assert_int_equal(tally_read(&s.tally.webhooks_off[WEBHOOK_FAILING]), 1);
    assert_true(off.off_ms > 0);
    assert_int_equal(off.version, w.version + 1);
    end(&s);
}

static void wait_for_all(struct scene *s)
{
    for (int i = 0; i < 200 && n_busy(s) > 0; i++)
        sender_wait(&s->sender, 50);
    assert_int_equal(n_busy(s), 0);
}

static void a_webhook_that_was_moved_is_not_turned_off_for_what_was_before(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    s.config.off_after_s = 0;
    s.config.n_waits = 0;
    struct webhook w = add(&s, 1, "127.0.0.1");
    put(&s, &w, "evt_1");
    assert_ok(sender_send(&s.sender));
    snprintf(w.url, sizeof w.url, "https://elsewhere.example.com/in");
    assert_ok(webhook_put(s.house.sync, STR("uid:0"), &w));
    assert_ok(receivers_load(&s.receivers, s.house.sync));
    assert_int_equal(shutdown(s.fd, SHUT_RDWR), 0);
    wait_for_all(&s);
    assert_int_equal(only_one(&s, &w).state, OUTBOX_FAILED);
    assert_int_equal(stored(&s, w.id).state, WEBHOOK_ACTIVE);
    end(&s);
}

static void X3_a_full_disk_is_left_to_others(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    struct webhook w = add(&s, 1, "127.0.0.1"), other = add(&s, 2, "127.0.0.1");
    put(&s, &w, "evt_1");
    assert_ok(sender_send(&s.sender));
    assert_int_equal(n_busy(&s), 1);
    set.disk_is_full = true;
    put(&s, &other, "evt_2");
    assert_ok(sender_send(&s.sender));
    assert_int_equal(n_busy(&s), 1);
    assert_int_equal(shutdown(s.fd, SHUT_RDWR), 0);
    wait_for_all(&s);
    assert_int_equal(only_one(&s, &w).tries, 0); /* nothing was written down */
    set.disk_is_full = false;
    assert_ok(sender_send(&s.sender));
    assert_true(receivers_find(&s.receivers, other.slot)->is_busy || only_one(&s, &other).tries == 1);
    end(&s);
}

static void what_we_lack_ourselves_is_no_failure_of_the_receiver(void **state)
{
    static const enum kw_err ours[] = {KW_EFULL, KW_ENOMEM, KW_EUNAVAILABLE};
    struct scene s;

    (void)state;
    begin(&s);
    struct webhook w = add(&s, 1, "10.0.0.1");
    put(&s, &w, "evt_1");
    for (size_t i = 0; i < COUNT_OF(ours); i++) {
        set.err = ours[i];
        assert_ok(sender_send(&s.sender));
        assert_int_equal(n_busy(&s), 0);
        assert_int_equal(only_one(&s, &w).tries, 0);
        set.ahead_us += INT64_C(2000000); /* it pauses for a second */
    }
    set.err = KW_OK;
    assert_ok(sender_send(&s.sender));
    assert_int_equal(only_one(&s, &w).tries, 1);
    end(&s);
}

static void what_seems_to_wait_longer_than_is_ever_waited_is_due(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    struct webhook w = add(&s, 1, "10.0.0.1");
    put(&s, &w, "evt_1");
    set.ahead_us = INT64_C(86400) * 1000000; /* the clock was a day ahead, and is set back */
    assert_ok(sender_send(&s.sender));
    assert_int_equal(only_one(&s, &w).tries, 1);
    set.ahead_us = 0;
    receivers_find(&s.receivers, w.slot)->is_known = false;
    assert_ok(sender_send(&s.sender));
    assert_int_equal(only_one(&s, &w).tries, 2);
    end(&s);
}

static void the_time_of_a_delivery_is_that_of_the_wall_clock(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    struct webhook w = add(&s, 1, "127.0.0.1");
    put(&s, &w, "evt_1");
    set.ahead_us = INT64_C(3600) * 1000000;
    assert_ok(sender_send(&s.sender));
    assert_in_range(set.time_s, clock_wall_ms() / 1000 - 5, clock_wall_ms() / 1000);
    end(&s);
}

static void X19_an_account_has_eight_places(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    for (unsigned i = 0; i < 20; i++) {
        struct webhook w = add(&s, i, "127.0.0.1");
        put(&s, &w, "evt_1");
    }
    assert_ok(sender_send(&s.sender));
    assert_ok(sender_send(&s.sender));
    assert_int_equal(n_busy(&s), 8);
    struct webhook other = add_of(&s, "shop", 100, "127.0.0.1");
    put(&s, &other, "evt_1");
    assert_ok(sender_send(&s.sender));
    assert_true(receivers_find(&s.receivers, other.slot)->is_busy);
    end(&s);
}

static void X19_those_that_fail_leave_half_of_the_room_to_others(void **state)
{
    char account[16];
    struct scene s;

    (void)state;
    begin(&s);
    for (unsigned i = 0; i < WEBHOOK_POSTS_MAX; i++) {
        snprintf(account, sizeof account, "acme%u", i);
        struct webhook w = add_of(&s, account, i, "127.0.0.1");
        put(&s, &w, "evt_1");
    }
    for (size_t i = 0; i < s.receivers.n; i++)
        s.receivers.list[i].is_failing = true;
    assert_ok(sender_send(&s.sender));
    assert_int_equal(n_busy(&s), WEBHOOK_POSTS_MAX / 2);
    struct webhook alive = add(&s, 1000, "127.0.0.1");
    put(&s, &alive, "evt_1");
    assert_ok(sender_send(&s.sender));
    assert_int_equal(n_busy(&s), WEBHOOK_POSTS_MAX / 2 + 1);
    assert_true(receivers_find(&s.receivers, alive.slot)->is_busy);
    end(&s);
}

int main(void)
{
    SUITE_TEST(one_is_on_its_way_to_a_receiver);
    SUITE_TEST(H2_what_is_refused_when_it_is_called_is_tried_again_later);
    SUITE_TEST(what_fails_as_often_as_it_may_is_given_up);
    SUITE_TEST(a_webhook_to_which_nothing_arrives_is_turned_off);
    SUITE_TEST(a_webhook_that_was_moved_is_not_turned_off_for_what_was_before);
    SUITE_TEST(X3_a_full_disk_is_left_to_others);
    SUITE_TEST(what_we_lack_ourselves_is_no_failure_of_the_receiver);
    SUITE_TEST(what_seems_to_wait_longer_than_is_ever_waited_is_due);
    SUITE_TEST(the_time_of_a_delivery_is_that_of_the_wall_clock);
    SUITE_TEST(X19_an_account_has_eight_places);
    SUITE_TEST(X19_those_that_fail_leave_half_of_the_room_to_others);
    return suite_run("alerting/sender");
}
