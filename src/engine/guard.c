/* guard.c - see guard.h. The handler may only use what is safe in a signal: atomics and mmap, which
 * is a bare system call on Linux. */
#include "engine/guard.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum { RANGES_MAX = 256 };

static struct range {
    _Atomic uintptr_t begin; /* 0: free; set last, cleared first */
    _Atomic size_t n;
    _Atomic(_Atomic int *) torn;
} ranges[RANGES_MAX];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct sigaction previous;
static bool installed;
static uintptr_t page_size;

static struct range *range_of(uintptr_t address)
{
    for (size_t i = 0; i < RANGES_MAX; i++) {
        uintptr_t begin = atomic_load(&ranges[i].begin);
        if (begin != 0 && address >= begin && address - begin < atomic_load(&ranges[i].n))
            return &ranges[i];
    }
    return NULL;
}

/* Not ours: as if this handler had never been there. */
static void hand_on(int signal, siginfo_t *info, void *context)
{
    if ((previous.sa_flags & SA_SIGINFO) != 0) {
        previous.sa_sigaction(signal, info, context);
    } else if (previous.sa_handler == SIG_DFL || previous.sa_handler == SIG_IGN) {
        sigaction(SIGBUS, &previous, NULL); /* the fault comes again, and ends the program */
    } else {
        previous.sa_handler(signal);
    }
}

/* The mark comes first: no thread may read the zeros and find nothing wrong. */
static void on_fault(int signal, siginfo_t *info, void *context)
{
    int saved = errno;
    uintptr_t address = (uintptr_t)info->si_addr;
    struct range *range = range_of(address);
    void *page = UNCONST(address & ~(page_size - 1)); /* NOLINT(performance-no-int-to-ptr) */

    if (range != NULL)
        atomic_store(atomic_load(&range->torn), 1);
    if (range == NULL || mmap(page, page_size, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
        hand_on(signal, info, context);
    errno = saved;
}

static void lock_ranges(void)
{
    pthread_mutex_lock(&lock);
}

static void unlock_ranges(void)
{
    pthread_mutex_unlock(&lock);
}

/* A child must not inherit the lock from a thread that it does not have. */
static enum kw_err install(void)
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};

    if (installed)
        return KW_OK;
    page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
    sigemptyset(&action.sa_mask);
    if (pthread_atfork(lock_ranges, unlock_ranges, unlock_ranges) != 0)
        return KW_ENOMEM;
    if (sigaction(SIGBUS, &action, &previous) != 0)
        return KW_EIO;
    installed = true;
    return KW_OK;
}

static enum kw_err add_locked(const void *begin, size_t n, _Atomic int *torn)
{
    TRY(install());
    for (size_t i = 0; i < RANGES_MAX; i++) {
        if (atomic_load(&ranges[i].begin) != 0)
            continue;
        atomic_store(&ranges[i].n, n);
        atomic_store(&ranges[i].torn, torn);
        atomic_store(&ranges[i].begin, (uintptr_t)begin);
        return KW_OK;
    }
    return KW_EFULL;
}

enum kw_err guard_add(const void *begin, size_t n, _Atomic int *torn)
{
    pthread_mutex_lock(&lock);
    enum kw_err err = add_locked(begin, n, torn);
    pthread_mutex_unlock(&lock);
    return err;
}

void guard_remove(const void *begin)
{
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < RANGES_MAX; i++)
        if (atomic_load(&ranges[i].begin) == (uintptr_t)begin)
            atomic_store(&ranges[i].begin, 0);
    pthread_mutex_unlock(&lock);
}
