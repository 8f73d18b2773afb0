/* thread_pool.c - one engine for all threads of a program.
 *
 *     ./thread_pool RUN-FOLDER THREADS    lines of METHOD TARGET KEY on standard input; one answer each, in any order
 *
 * Deciding takes no lock, so the threads only meet at the queue. kw_close comes when all of them have ended. */
#include <keyward/keyward.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS_MAX = 64, QUEUE_MAX = 128 };

static struct queue {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    char *lines[QUEUE_MAX];
    size_t first, n;
    bool is_over;
} queue = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void put(char *line) /* takes it */
{
    pthread_mutex_lock(&queue.lock);
    while (queue.n == QUEUE_MAX)
        pthread_cond_wait(&queue.changed, &queue.lock);
    queue.lines[(queue.first + queue.n++) % QUEUE_MAX] = line;
    pthread_cond_broadcast(&queue.changed);
    pthread_mutex_unlock(&queue.lock);
}

static void end(void)
{
    pthread_mutex_lock(&queue.lock);
    queue.is_over = true;
    pthread_cond_broadcast(&queue.changed);
    pthread_mutex_unlock(&queue.lock);
}

/* To be freed; NULL: there is nothing more to come. */
static char *take(void)
{
    char *line = NULL;

    pthread_mutex_lock(&queue.lock);
    while (queue.n == 0 && !queue.is_over)
        pthread_cond_wait(&queue.changed, &queue.lock);
    if (queue.n > 0) {
        line = queue.lines[queue.first];
        queue.first = (queue.first + 1) % QUEUE_MAX;
        queue.n--;
        pthread_cond_broadcast(&queue.changed);
    }
    pthread_mutex_unlock(&queue.lock);
    return line;
}

static struct kw_str word(char **rest)
{
    const char *text = strsep(rest, " ");

    return text == NULL ? (struct kw_str){NULL, 0} : (struct kw_str){text, strlen(text)};
}

static void decide(struct kw_engine *engine, char *line)
{
    struct kw_request request = {
        .source = {[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1}, /* 127.0.0.1 */
        .environment = KW_SANDBOX,
        .flags = KW_REQ_LOOPBACK,
    };
    struct kw_decision d;

    request.method = word(&line);
    request.target = word(&line);
    const struct kw_str key = word(&line);
    request.keys = &key;
    request.n_keys = key.n > 0;
    kw_authorize(engine, &request, &d);
    printf("%.*s %d %s\n", (int)request.target.n, request.target.n > 0 ? request.target.p : "",
           d.status, kw_reason_name(d.reason));
}

static void *work(void *engine)
{
    for (char *line; (line = take()) != NULL; free(line))
        decide(engine, line);
    return NULL;
}

static void read_all(void)
{
    char *line = NULL;
    size_t cap = 0;

    for (; getline(&line, &cap, stdin) > 0; line = NULL, cap = 0) {
        line[strcspn(line, "\n")] = '\0';
        put(line);
    }
    free(line);
    end();
}

/* 0: not one thread could be started. */
static size_t start(pthread_t *threads, size_t want, struct kw_engine *engine)
{
    size_t n = 0;

    while (n < want && pthread_create(&threads[n], NULL, work, engine) == 0)
        n++;
    return n;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS_MAX];
    struct kw_engine *engine;

    if (argc != 3) {
        fprintf(stderr, "usage: thread_pool RUN-FOLDER THREADS\n");
        return 64;
    }
    size_t want = strtoul(argv[2], NULL, 10);
    enum kw_err err = kw_open(argv[1], &engine);
    if (err != KW_OK) {
        fprintf(stderr, "thread_pool: %s: %s\n", argv[1], kw_strerror(err));
        return 75;
    }
    size_t n = start(threads, want < THREADS_MAX ? want : THREADS_MAX, engine);
    if (n > 0)
        read_all();
    for (size_t i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
    kw_close(engine);
    return n > 0 ? 0 : 71;
}
