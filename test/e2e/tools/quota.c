/* quota.c - asks for many decisions on one key from many threads, and says how many were allowed: a verifier for the
 * end-to-end tests.
 *
 *     quota RUN_DIR THREADS ATTEMPTS <KEY       each thread makes so many attempts
 *
 * Prints "allowed N, over N, other N". */
#include <keyward/keyward.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/str.h"

enum { THREADS_MAX = 256, KEY_ROOM = 128 };

struct asking {
    struct kw_engine *engine;
    struct kw_str key;
    uint64_t attempts;
};

struct counts {
    uint64_t allowed, over, other;
};

struct asker {
    pthread_t thread;
    const struct asking *asking;
    struct counts counts;
};

static void *ask(void *arg)
{
    struct asker *a = arg;
    struct kw_request request = {
        .method = {"GET", 3},
        .target = {"/pay/x", 6},
        .keys = &a->asking->key,
        .n_keys = 1,
        .source = {[10] = 0xff, 0xff, 127, 0, 0, 1},
        .environment = KW_SANDBOX,
        .flags = KW_REQ_LOOPBACK,
    };
    struct kw_decision d;

    for (uint64_t i = 0; i < a->asking->attempts; i++) {
        bool decided = kw_authorize(a->asking->engine, &request, &d) == KW_OK;
        bool allowed = decided && d.verdict == KW_ALLOW;
        a->counts.allowed += allowed;
        a->counts.over += !allowed && d.reason == KW_WHY_QUOTA_EXCEEDED;
        a->counts.other += !allowed && d.reason != KW_WHY_QUOTA_EXCEEDED;
    }
    return NULL;
}

static int run(const struct asking *asking, uint64_t n)
{
    static struct asker askers[THREADS_MAX];
    struct counts sum = {0};

    for (uint64_t i = 0; i < n; i++) {
        askers[i].asking = asking;
        if (pthread_create(&askers[i].thread, NULL, ask, &askers[i]) != 0)
            return 1;
    }
    for (uint64_t i = 0; i < n; i++) {
        pthread_join(askers[i].thread, NULL);
        sum.allowed += askers[i].counts.allowed;
        sum.over += askers[i].counts.over;
        sum.other += askers[i].counts.other;
    }
    printf("allowed %llu, over %llu, other %llu\n", (unsigned long long)sum.allowed,
           (unsigned long long)sum.over, (unsigned long long)sum.other);
    return 0;
}

/* Waits for free rings, as kw_open asks for: whoever else has just begun may have taken the spare ones, and serve makes
 * more within a second. */
static enum kw_err open_engine(const char *run_dir, struct kw_engine **out)
{
    const struct timespec pause = {.tv_nsec = 100000000};
    enum kw_err err = kw_open(run_dir, out);

    for (int i = 0; i < 50 && err == KW_EFULL; i++) {
        nanosleep(&pause, NULL);
        err = kw_open(run_dir, out);
    }
    return err;
}

int main(int argc, char **argv)
{
    char key[KEY_ROOM];
    struct asking asking = {0};
    uint64_t threads;

    if (argc != 4 || str_u64(str_from(argv[2]), THREADS_MAX, &threads) != KW_OK ||
        str_u64(str_from(argv[3]), 1000000, &asking.attempts) != KW_OK ||
        fgets(key, sizeof key, stdin) == NULL) {
        fprintf(stderr, "usage: quota RUN_DIR THREADS ATTEMPTS <KEY\n");
        return 64;
    }
    asking.key = (struct kw_str){key, strcspn(key, "\n")};
    enum kw_err err = open_engine(argv[1], &asking.engine);
    if (err != KW_OK) {
        fprintf(stderr, "quota: %s: %s\n", argv[1], kw_strerror(err));
        return 1;
    }
    int status = run(&asking, threads);
    kw_close(asking.engine);
    return status;
}
