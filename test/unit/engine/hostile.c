/* hostile.c - calls that are wrong in themselves: refused by every public function, unread, and survived. */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/scene.h"

/* ---- what is missing ---- */

static struct kw_decision denial(void)
{
    return (struct kw_decision){.status = 403, .reason = KW_WHY_PERMISSION_DENIED};
}

static bool open_nowhere(struct scene *s)
{
    struct kw_engine *e = s->engine;

    return kw_open(NULL, &e) == KW_EINVAL && e == s->engine;
}

static bool open_into_nothing(struct scene *s)
{
    return kw_open(s->world.folder.path, NULL) == KW_EINVAL;
}

static bool open_nothing(struct scene *s)
{
    (void)s;
    return kw_open(NULL, NULL) == KW_EINVAL;
}

static bool close_nothing(struct scene *s)
{
    (void)s;
    kw_close(NULL);
    return true;
}

static bool is_denied(enum kw_err err, const struct kw_decision *d)
{
    return err == KW_EINVAL && d->verdict == KW_DENY && d->reason == KW_WHY_UNAVAILABLE &&
           d->status == 503 && !d->proved && d->key_id[0] == '\0' && d->request_id[0] == '\0';
}

static bool authorize_without_engine(struct scene *s)
{
    struct kw_decision d, at;

    memset(&d, 0xff, sizeof d);
    memset(&at, 0xff, sizeof at);
    return is_denied(kw_authorize(NULL, &s->ask.request, &d), &d) &&
           is_denied(kw_authorize_at(NULL, &s->ask.request, WORLD_BOOT_US, &at), &at);
}

static bool authorize_without_request(struct scene *s)
{
    struct kw_decision d, at;

    memset(&d, 0xff, sizeof d);
    memset(&at, 0xff, sizeof at);
    return is_denied(kw_authorize(s->engine, NULL, &d), &d) &&
           is_denied(kw_authorize_at(s->engine, NULL, WORLD_BOOT_US, &at), &at);
}

static bool authorize_into_nothing(struct scene *s)
{
    return kw_authorize(s->engine, &s->ask.request, NULL) == KW_EINVAL &&
           kw_authorize_at(s->engine, &s->ask.request, WORLD_BOOT_US, NULL) == KW_EINVAL &&
           kw_authorize(NULL, NULL, NULL) == KW_EINVAL;
}

static bool body_of_nothing(struct scene *s)
{
    char body[KW_BODY_MAX];
    size_t n = kw_answer_body(NULL, &s->ask.request, body);

    return n == strlen(body) && strstr(body, "\"statusCode\":503") != NULL &&
           strstr(body, "\"code\":\"unavailable\"") != NULL;
}

static bool body_without_request(struct scene *s)
{
    struct kw_decision d = denial();
    char body[KW_BODY_MAX];

    (void)s;
    size_t n = kw_answer_body(&d, NULL, body);
    return n == strlen(body) && strstr(body, "this route") != NULL;
}

static bool body_into_nothing(struct scene *s)
{
    struct kw_decision d = denial();

    return kw_answer_body(&d, &s->ask.request, NULL) == 0;
}

static bool limits_of_nothing(struct scene *s)
{
    char a[KW_LIMIT_HEADER_MAX] = "x", b[KW_LIMIT_HEADER_MAX] = "x";

    (void)s;
    return kw_answer_old_secret_ends(NULL, a) == 0 && a[0] == '\0' &&
           kw_answer_ratelimit_policy(NULL, a) == 0 && a[0] == '\0' &&
           kw_answer_ratelimit(NULL, b) == 0 && b[0] == '\0' && kw_answer_nearest(NULL) == NULL;
}

static bool limits_into_nothing(struct scene *s)
{
    struct kw_decision d = {.rate = {600, 60, 1, 1}, .quota = {1, 1, 1, 1}};

    (void)s;
    return kw_answer_old_secret_ends(&d, NULL) == 0 && kw_answer_ratelimit_policy(&d, NULL) == 0 &&
           kw_answer_ratelimit(&d, NULL) == 0;
}

static bool permissions_into_nothing(struct scene *s)
{
    (void)s;
    return kw_permissions_text(KW_FULL_ACCESS, NULL) == 0;
}

static bool ours_without_engine(struct scene *s)
{
    return !kw_is_ours(NULL, s->ask.key) && !kw_is_ours(NULL, (struct kw_str){NULL, 0}) &&
           !kw_is_ours(s->engine, (struct kw_str){NULL, 0});
}

static bool redact_nothing(struct scene *s)
{
    char buf[8];

    return kw_redact(s->engine, (struct kw_str){NULL, 0}, buf, sizeof buf) == 0 &&
           kw_redact(NULL, (struct kw_str){NULL, 5}, buf, sizeof buf) == 0 &&
           kw_redact(s->engine, s->ask.key, NULL, 100) == 0 &&
           kw_redact(s->engine, s->ask.key, buf, 0) == 0;
}

static const struct missing {
    const char *why;
    bool (*is_refused)(struct scene *s);
} missing[] = {
    {"kw_open: folder", open_nowhere},
    {"kw_open: out", open_into_nothing},
    {"kw_open: both", open_nothing},
    {"kw_close", close_nothing},
    {"kw_authorize: engine", authorize_without_engine},
    {"kw_authorize: request", authorize_without_request},
    {"kw_authorize: out", authorize_into_nothing},
    {"kw_answer_body: decision", body_of_nothing},
    {"kw_answer_body: request", body_without_request},
    {"kw_answer_body: buf", body_into_nothing},
    {"kw_answer_ratelimit: decision", limits_of_nothing},
    {"kw_answer_ratelimit: buf", limits_into_nothing},
    {"kw_permissions_text: buf", permissions_into_nothing},
    {"kw_is_ours: engine, token", ours_without_engine},
    {"kw_redact: text, buf, no room", redact_nothing},
};

static void J5_what_is_missing_is_refused(void **state)
{
    const struct missing *row = *state;
    struct scene s;

    open_scene(&s);
    publish(&s);
    assert_true(row->is_refused(&s));
    assert_int_equal(world_decide(s.engine, &s.ask.request).verdict, KW_ALLOW);
    close_scene(&s);
}

/* ---- lengths beyond reason: of a page that nobody may read ---- */

static const size_t lengths[] = {KW_STR_MAX + 1, (size_t)1 << 32, SIZE_MAX / 2, SIZE_MAX - 1,
                                 SIZE_MAX};

static void assert_refused(struct scene *s, const struct kw_request *r)
{
    struct kw_decision d, denied = denial();
    char body[KW_BODY_MAX];

    memset(&d, 0xff, sizeof d);
    assert_true(is_denied(kw_authorize_at(s->engine, r, WORLD_BOOT_US, &d), &d));
    size_t n = kw_answer_body(&denied, r, body);
    assert_int_equal(n, strlen(body));
    assert_non_null(strstr(body, "this route"));
}

static void refuse_length(struct scene *s, const void *unreadable, size_t n)
{
    const struct kw_str text = {unreadable, n};
    char buf[16];

    for (int i = 0; i < SCENE_STRINGS; i++) {
        struct kw_request r = s->ask.request;
        put_string(&r, i, &text);
        assert_refused(s, &r);
    }
    assert_true(kw_is_ours(s->engine, text));
    assert_int_equal(kw_redact(s->engine, text, buf, sizeof buf), 0);
}

static void refuse_list(struct scene *s, const void *unreadable, size_t n)
{
    struct kw_request keys = s->ask.request, bearers = keys, cookies = keys;

    keys.keys = bearers.bearers = cookies.cookies = unreadable;
    keys.n_keys = bearers.n_bearers = cookies.n_cookies = n;
    assert_refused(s, &keys);
    assert_refused(s, &bearers);
    assert_refused(s, &cookies);
}

static void J5_a_length_beyond_reason_is_refused_unread(void **state)
{
    void *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct scene s;

    (void)state;
    assert_ptr_not_equal(page, MAP_FAILED);
    open_scene(&s);
    publish(&s);
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        refuse_length(&s, page, lengths[i]);
        refuse_list(&s, page, lengths[i]);
    }
    refuse_list(&s, page, KW_LIST_MAX + 1);
    assert_int_equal(world_decide(s.engine, &s.ask.request).verdict, KW_ALLOW);
    close_scene(&s);
    munmap(page, 4096);
}

/* The longest that is looked at. */
static void J5_the_longest_lists_and_strings_are_judged(void **state)
{
    struct kw_str *many = calloc(KW_LIST_MAX, sizeof *many);
    char *bytes = calloc(1, KW_STR_MAX);
    const struct kw_str longest = {bytes, KW_STR_MAX};
    struct scene s;

    (void)state;
    assert_true(many != NULL && bytes != NULL);
    open_scene(&s);
    publish(&s);
    struct kw_request r = s.ask.request;
    r.cookies = many;
    r.n_cookies = KW_LIST_MAX;
    assert_int_equal(world_decide(s.engine, &r).reason, KW_WHY_ALLOWED);
    r.keys = many;
    r.n_keys = KW_LIST_MAX;
    assert_int_equal(world_decide(s.engine, &r).reason, KW_WHY_AMBIGUOUS_CREDENTIALS);
    for (int i = 0; i < SCENE_STRINGS; i++) {
        struct kw_decision d;
        r = s.ask.request;
        put_string(&r, i, &longest);
        assert_ok(kw_authorize_at(s.engine, &r, WORLD_BOOT_US, &d));
    }
    close_scene(&s);
    free(bytes);
    free(many);
}

/* ---- folders that are none ---- */

static void a_fifo_for_a_keyring(const struct world *w)
{
    const char *path = folder_file(&w->folder, "keyring");

    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
}

static void a_folder_for_a_keyring(const struct world *w)
{
    const char *path = folder_file(&w->folder, "keyring");

    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void an_empty_keyring(const struct world *w)
{
    world_cut(w, "keyring", 0);
}

static void empty_limits(const struct world *w)
{
    world_cut(w, "limits", 0);
}

static void an_empty_ring(const struct world *w)
{
    for (int i = 0; i < 8; i++) {
        char name[32];
        snprintf(name, sizeof name, "rings/%03d", i);
        if (access(folder_file(&w->folder, name), F_OK) == 0)
            world_cut(w, name, 0);
    }
}

static const struct ruin {
    const char *why;
    void (*make)(const struct world *w);
} ruins[] = {
    {"a FIFO for a keyring", a_fifo_for_a_keyring},
    {"a folder", a_folder_for_a_keyring},
    {"an empty keyring", an_empty_keyring},
    {"empty limits", empty_limits},
    {"empty rings", an_empty_ring},
};

static void J5_a_state_that_is_none_is_not_opened(void **state)
{
    const struct ruin *row = *state;
    struct world w;

    world_make(&w);
    row->make(&w);
    struct kw_engine *e = NULL;
    assert_int_not_equal(kw_open(w.folder.path, &e), KW_OK);
    assert_null(e);
    if (strstr(row->why, "folder") != NULL)
        rmdir(folder_file(&w.folder, "keyring"));
    world_clear(&w);
}

static void J5_a_path_that_is_none_is_not_opened(void **state)
{
    static char endless[100000];
    struct kw_engine *e = NULL;

    (void)state;
    memset(endless, 'x', sizeof endless - 1);
    assert_err(kw_open("", &e), KW_EINVAL);
    assert_err(kw_open(endless, &e), KW_EINVAL);
    endless[PATH_MAX - 2] = '\0'; /* with a name behind it, too long */
    assert_err(kw_open(endless, &e), KW_EINVAL);
    assert_int_not_equal(kw_open("/dev/null", &e), KW_OK);
    assert_int_not_equal(kw_open("/nowhere/at/all", &e), KW_OK);
    assert_null(e);
}

/* ---- an engine for each thread ---- */

struct worker {
    struct scene *scene;
    struct kw_engine *engine;
    int n_allowed;
};

static void *decide_for_long(void *arg)
{
    struct worker *w = arg;
    struct kw_decision d;

    for (int i = 0; i < 50; i++) { /* the ring has room for 64 */
        kw_authorize_at(w->engine, &w->scene->ask.request, WORLD_BOOT_US, &d);
        w->n_allowed += d.verdict == KW_ALLOW;
        kw_authorize(w->engine, NULL, &d);
    }
    return NULL;
}

static void J5_threads_may_have_engines_of_their_own(void **state)
{
    pthread_t threads[2];
    struct worker workers[2];
    struct scene s;

    (void)state;
    open_scene(&s);
    publish(&s);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        assert_ok(rings_tend(&s.world.rings, s.world.generation));
        workers[i] = (struct worker){.scene = &s, .engine = world_open(&s.world)};
    }
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, decide_for_long, &workers[i]), 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(workers[i].n_allowed, 50);
        kw_close(workers[i].engine);
    }
    close_scene(&s);
}

int main(void)
{
    SUITE_ROWS(J5_what_is_missing_is_refused, missing);
    SUITE_TEST(J5_a_length_beyond_reason_is_refused_unread);
    SUITE_TEST(J5_the_longest_lists_and_strings_are_judged);
    SUITE_ROWS(J5_a_state_that_is_none_is_not_opened, ruins);
    SUITE_TEST(J5_a_path_that_is_none_is_not_opened);
    SUITE_TEST(J5_threads_may_have_engines_of_their_own);
    return suite_run("engine/hostile");
}
