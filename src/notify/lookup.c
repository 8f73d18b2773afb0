/* lookup.c - see lookup.h. */
#include "notify/lookup.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"

enum { STACK_BYTES = 512 << 10 };

struct lookup {
    atomic_int users;    /* who asked, and the thread: the last one frees it */
    atomic_bool is_over; /* release, acquire: found is whole */
    int wake_fd;         /* owns */
    pthread_t thread;    /* of whoever asked */
    lookup_ask *ask;
    struct lookup_found found;
    char host[LOOKUP_HOST_MAX + 1];
};

static atomic_int n_threads;

/* ---- asked ---- */

bool lookup_address(const struct sockaddr *a, struct address *out)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

    if (a->sa_family == AF_INET) {
        memcpy(out->b, mapped, sizeof mapped);
        memcpy(out->b + sizeof mapped, &((const struct sockaddr_in *)UNCONST(a))->sin_addr, 4);
        return true;
    }
    if (a->sa_family != AF_INET6)
        return false;
    memcpy(out->b, &((const struct sockaddr_in6 *)UNCONST(a))->sin6_addr, sizeof out->b);
    return true;
}

static void take_all(const struct addrinfo *list, struct lookup_found *out)
{
    out->err = KW_ENOTFOUND;
    for (const struct addrinfo *a = list; a != NULL; a = a->ai_next) {
        if (out->n == LOOKUP_ADDRESSES_MAX) {
            out->err = KW_ERANGE;
            return;
        }
        if (lookup_address(a->ai_addr, &out->list[out->n])) {
            out->n++;
            out->err = KW_OK;
        }
    }
}

static void ask_system(const char *host, struct lookup_found *out)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    struct addrinfo *list = NULL;

    if (getaddrinfo(host, NULL, &hints, &list) != 0) {
        out->err = KW_ENOTFOUND;
        return;
    }
    take_all(list, out);
    freeaddrinfo(list);
}

/* ---- the thread ---- */

static void let_go(struct lookup *l)
{
    if (atomic_fetch_sub(&l->users, 1) != 1)
        return;
    file_closep(&l->wake_fd);
    free(l);
}

static void *run(void *arg)
{
    struct lookup *l = arg;

    l->ask(l->host, &l->found);
    atomic_store_explicit(&l->is_over, true, memory_order_release);
    ssize_t n = l->wake_fd < 0 ? 0 : write(l->wake_fd, &(uint64_t){1}, sizeof(uint64_t));
    (void)n; /* can only fail when it is awake anyway */
    let_go(l);
    atomic_fetch_sub(&n_threads, 1);
    return NULL;
}

static enum kw_err start(struct lookup *l)
{
    pthread_attr_t attr;

    if (pthread_attr_init(&attr) != 0)
        return KW_ENOMEM;
    bool ok = pthread_attr_setstacksize(&attr, STACK_BYTES) == 0 &&
              pthread_create(&l->thread, &attr, run, l) == 0;
    pthread_attr_destroy(&attr);
    return ok ? KW_OK : KW_EUNAVAILABLE;
}

/* ---- begun, and ended ---- */

static enum kw_err make(const char *host, lookup_ask *ask, int wake_fd, struct lookup **out)
{
    struct lookup *l = calloc(1, sizeof *l);

    if (l == NULL)
        return KW_ENOMEM;
    l->users = 2;
    l->ask = ask == NULL ? ask_system : ask;
    l->wake_fd = wake_fd < 0 ? -1 : fcntl(wake_fd, F_DUPFD_CLOEXEC, 0);
    snprintf(l->host, sizeof l->host, "%s", host);
    enum kw_err err = start(l);
    if (err != KW_OK) {
        file_closep(&l->wake_fd);
        free(l);
        return err;
    }
    *out = l;
    return KW_OK;
}

enum kw_err lookup_begin(const char *host, lookup_ask *ask, int wake_fd, struct lookup **out)
{
    if (strlen(host) > LOOKUP_HOST_MAX)
        return KW_EINVAL;
    if (atomic_fetch_add(&n_threads, 1) >= LOOKUP_THREADS_MAX) {
        atomic_fetch_sub(&n_threads, 1);
        return KW_EFULL;
    }
    enum kw_err err = make(host, ask, wake_fd, out);
    if (err != KW_OK)
        atomic_fetch_sub(&n_threads, 1);
    return err;
}

const struct lookup_found *lookup_result(const struct lookup *l)
{
    return atomic_load_explicit(&l->is_over, memory_order_acquire) ? &l->found : NULL;
}

/* A thread that has its answer is at its end; any other is left to itself. */
void lookup_free(struct lookup *l)
{
    if (l == NULL)
        return;
    if (lookup_result(l) != NULL)
        pthread_join(l->thread, NULL);
    else
        pthread_detach(l->thread);
    let_go(l);
}
