/* lookup.c - a name is looked up elsewhere, and whoever does not want to wait any longer need not. */
#include "notify/lookup.h"

#include <poll.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/file.h"
#include "suite.h"

enum { NAP_US = 1000, NAPS = 10000 };

static atomic_bool is_held; /* whoever is asked waits */
static atomic_int n_asked;

static void answer(const char *host, struct lookup_found *out)
{
    while (atomic_load(&is_held))
        usleep(NAP_US);
    atomic_fetch_add(&n_asked, 1);
    out->err = address_parse(str_from(host), &out->list[0]);
    out->n = out->err == KW_OK;
}

static const struct lookup_found *wait_for(const struct lookup *l)
{
    const struct lookup_found *found = lookup_result(l);

    for (int i = 0; i < NAPS && found == NULL; i++, found = lookup_result(l))
        usleep(NAP_US);
    assert_non_null(found);
    return found;
}

static void what_was_found_is_told(void **state)
{
    struct pollfd woken = {.fd = eventfd(0, EFD_CLOEXEC), .events = POLLIN};
    struct lookup *l = NULL;

    (void)state;
    assert_ok(lookup_begin("192.0.2.7", answer, woken.fd, &l));
    assert_int_equal(poll(&woken, 1, 10000), 1);
    assert_int_equal(wait_for(l)->n, 1);
    assert_ok(wait_for(l)->err);
    lookup_free(l);
    close(woken.fd);
}

static void the_machine_is_asked(void **state)
{
    struct lookup *l = NULL;

    (void)state;
    assert_ok(lookup_begin("127.0.0.1", NULL, -1, &l));
    assert_ok(wait_for(l)->err);
    assert_int_equal(wait_for(l)->n, 1);
    assert_int_equal(wait_for(l)->list[0].b[12], 127);
    lookup_free(l);
}

static void who_gives_up_leaves_nothing_behind_and_too_many_are_refused(void **state)
{
    struct lookup *all[LOOKUP_THREADS_MAX], *l = NULL;
    int before = atomic_load(&n_asked);

    (void)state;
    atomic_store(&is_held, true);
    for (int i = 0; i < LOOKUP_THREADS_MAX; i++)
        assert_ok(lookup_begin("192.0.2.7", answer, -1, &all[i]));
    assert_err(lookup_begin("192.0.2.7", answer, -1, &l), KW_EFULL);
    for (int i = 0; i < LOOKUP_THREADS_MAX; i++) {
        assert_null(lookup_result(all[i]));
        lookup_free(all[i]);
    }
    atomic_store(&is_held, false);
    for (int i = 0; i < NAPS && atomic_load(&n_asked) < before + LOOKUP_THREADS_MAX; i++)
        usleep(NAP_US);
    enum kw_err err = KW_EFULL;
    for (int i = 0; i < NAPS && err == KW_EFULL; i++, usleep(NAP_US)) /* there is room again */
        err = lookup_begin("192.0.2.7", answer, -1, &l);
    assert_ok(err);
    wait_for(l);
    lookup_free(l);
    lookup_free(NULL);
}

int main(void)
{
    SUITE_TEST(what_was_found_is_told);
    SUITE_TEST(the_machine_is_asked);
    SUITE_TEST(who_gives_up_leaves_nothing_behind_and_too_many_are_refused);
    return suite_run("notify/lookup");
}
