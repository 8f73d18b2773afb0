/* onemap.c - see onemap.h. */
#include "engine/onemap.h"

#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void *__real_mmap64(void *at, size_t n, int prot, int flags, int fd, off_t offset);
int __real_munmap(void *at, size_t n);
void *__wrap_mmap64(void *at, size_t n, int prot, int flags, int fd, off_t offset);
int __wrap_munmap(void *at, size_t n);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct mapping {
    void *at; /* NULL: free */
    dev_t device;
    ino_t inode;
    unsigned users;
} mappings[64];
static size_t n_joined;

size_t onemap_joined(void)
{
    return n_joined;
}

static struct mapping *find_file(const struct stat *st)
{
    for (size_t i = 0; i < sizeof mappings / sizeof mappings[0]; i++)
        if (mappings[i].at != NULL && mappings[i].device == st->st_dev &&
            mappings[i].inode == st->st_ino)
            return &mappings[i];
    return NULL;
}

static struct mapping *find_address(const void *at)
{
    for (size_t i = 0; i < sizeof mappings / sizeof mappings[0]; i++)
        if (mappings[i].at == at)
            return &mappings[i];
    return NULL;
}

static void *map_file(size_t n, int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return MAP_FAILED;
    struct mapping *m = find_file(&st);
    if (m != NULL) {
        m->users++;
        n_joined++;
        return m->at;
    }
    m = find_address(NULL);
    void *at = __real_mmap64(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (m != NULL && at != MAP_FAILED)
        *m = (struct mapping){at, st.st_dev, st.st_ino, 1};
    return at;
}

/* By its name where files may be large. The reader's file is open for reading only: that the writer came first makes it writable. */
void *__wrap_mmap64(void *at, size_t n, int prot, int flags, int fd, off_t offset)
{
    if ((flags & MAP_SHARED) == 0)
        return __real_mmap64(at, n, prot, flags, fd, offset);
    pthread_mutex_lock(&lock);
    void *mapped = map_file(n, fd);
    pthread_mutex_unlock(&lock);
    return mapped;
}

int __wrap_munmap(void *at, size_t n)
{
    pthread_mutex_lock(&lock);
    struct mapping *m = find_address(at);
    int result = 0;
    if (m == NULL || --m->users == 0) {
        if (m != NULL)
            m->at = NULL;
        result = __real_munmap(at, n);
    }
    pthread_mutex_unlock(&lock);
    return result;
}
