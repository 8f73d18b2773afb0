/* locator.c - see locator.h. */
#include "watch/locator.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <maxminddb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "record/hash.h"

struct source {
    char path[PATH_MAX];
    struct stat seen; /* of the file that was tried last; zero: none was */
    MMDB_s db;
    bool is_open;
};

enum { REMEMBERED = 4096 };

struct remembered {
    struct address address; /* zeros: free */
    struct located at;
};

struct locator {
    struct source of[LOCATOR_FILES_MAX];
    struct remembered remembered[REMEMBERED]; /* by the hash of the address */
};

/* ---- read ---- */

/* libmaxminddb maps the file that it is given: it gets a copy, which nobody else can write to or cut. */
static enum kw_err copy(int from, off_t size, int *out)
{
    AUTO(file_closep) int to = memfd_create("location", MFD_CLOEXEC);
    off_t done = 0;

    if (to < 0)
        return KW_ENOMEM;
    while (done < size) {
        ssize_t n = sendfile(to, from, NULL, (size_t)(size - done));
        if (n <= 0)
            return KW_EIO;
        done += n;
    }
    *out = to;
    to = -1;
    return KW_OK;
}

static enum kw_err open_copy(int fd, off_t size, MMDB_s *out)
{
    AUTO(file_closep) int mine = -1;
    char path[40];

    TRY(copy(fd, size, &mine));
    snprintf(path, sizeof path, "/proc/self/fd/%d", mine);
    switch (MMDB_open(path, MMDB_MODE_MMAP, out)) { /* keeps its mapping, not the descriptor */
    case MMDB_SUCCESS:
        return KW_OK;
    case MMDB_OUT_OF_MEMORY_ERROR:
        return KW_ENOMEM;
    }
    return KW_EFORMAT;
}

static enum kw_err open_file(struct source *s, MMDB_s *out)
{
    AUTO(file_closep) int fd = open(s->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    int errnum = errno;
    if (fd < 0)
        return stat(s->path, &s->seen) == 0 ? file_err(errnum)
                                            : KW_ENOTFOUND; /* it was seen, and said of */
    if (fstat(fd, &s->seen) != 0)
        return file_err(errno);
    if (!S_ISREG(s->seen.st_mode) || s->seen.st_size > LOCATOR_FILE_MAX)
        return KW_EFORMAT;
    return open_copy(fd, s->seen.st_size, out);
}

static void close_source(struct source *s)
{
    if (s->is_open)
        MMDB_close(&s->db);
    s->is_open = false;
}

static void read_source(struct source *s)
{
    MMDB_s db = {.filename = NULL};

    enum kw_err err = open_file(s, &db);
    if (err != KW_OK) {
        log_warn("location file %s cannot be read, %s: %s", s->path,
                 s->is_open ? "what was read before stays" : "networks stand in for places",
                 kw_strerror(err));
        return;
    }
    close_source(s);
    s->db = db;
    s->is_open = true;
    log_info("location file %s is read: %s", s->path, db.metadata.database_type);
}

static void read_again(struct locator *l, int i)
{
    read_source(&l->of[i]);
    memset(l->remembered, 0, sizeof l->remembered);
}

/* A file that is replaced is another one; one that is written anew has another time or length. */
static bool has_changed(const struct source *s)
{
    struct stat now;

    if (stat(s->path, &now) != 0)
        return false;
    return now.st_ino != s->seen.st_ino || now.st_dev != s->seen.st_dev ||
           now.st_size != s->seen.st_size || now.st_mtim.tv_sec != s->seen.st_mtim.tv_sec ||
           now.st_mtim.tv_nsec != s->seen.st_mtim.tv_nsec;
}

void locator_refresh(struct locator *l)
{
    for (int i = 0; i < LOCATOR_FILES_MAX; i++)
        if (l->of[i].path[0] != '\0' && has_changed(&l->of[i]))
            read_again(l, i);
}

/* ---- asked ---- */

static bool text_at(MMDB_entry_s *entry, struct str *out, const char *const *path)
{
    MMDB_entry_data_s data;

    if (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS || !data.has_data ||
        data.type != MMDB_DATA_TYPE_UTF8_STRING)
        return false;
    *out = (struct str){data.utf8_string, data.data_size};
    return true;
}

/* As MaxMind's own files have it, and as those of others do. */
static void take_country(MMDB_entry_s *entry, struct located *out)
{
    static const char *const paths[][3] = {{"country", "iso_code", NULL}, {"country_code", NULL}};
    struct str code;

    for (size_t i = 0; i < COUNT_OF(paths); i++)
        if (text_at(entry, &code, paths[i]) && code.n == 2 &&
            str_only(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
            memcpy(out->country, code.p, 2);
}

static void take_network(MMDB_entry_s *entry, struct located *out)
{
    static const char *const path[] = {"autonomous_system_number", NULL};
    MMDB_entry_data_s data;

    if (MMDB_aget_value(entry, &data, path) == MMDB_SUCCESS && data.has_data &&
        data.type == MMDB_DATA_TYPE_UINT32)
        out->as_number = data.uint32;
}

static void ask(struct source *s, const struct sockaddr *sa, struct located *out)
{
    int error = MMDB_SUCCESS;

    MMDB_lookup_result_s found = MMDB_lookup_sockaddr(&s->db, sa, &error);
    if (error != MMDB_SUCCESS || !found.found_entry)
        return;
    take_country(&found.entry, out);
    take_network(&found.entry, out);
}

/* Addresses are IPv6 here, with IPv4 mapped; files hold IPv4 under ::/96, where no address of ours is. */
static void look_up(struct locator *l, const struct address *a, struct located *out)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    struct sockaddr_in four = {.sin_family = AF_INET};

    memcpy(&six.sin6_addr, a->b, sizeof six.sin6_addr);
    memcpy(&four.sin_addr, a->b + 12, sizeof four.sin_addr);
    const void *sa = IN6_IS_ADDR_V4MAPPED(&six.sin6_addr) ? (const void *)&four : (const void *)&six;
    for (int i = 0; i < LOCATOR_FILES_MAX; i++)
        if (l->of[i].is_open)
            ask(&l->of[i], sa, out);
}

bool locator_find(void *ctx, const struct address *a, struct located *out)
{
    static const uint8_t zeros[12];
    const struct str bytes = {(const char *)a->b, sizeof a->b};
    struct locator *l = ctx;
    struct remembered *r = &l->remembered[hash_bytes(bytes, 0) % REMEMBERED];

    *out = (struct located){.country = ""};
    if (memcmp(a->b, zeros, sizeof zeros) == 0)
        return false;
    if (memcmp(r->address.b, a->b, sizeof a->b) != 0) {
        *r = (struct remembered){.address = *a};
        look_up(l, a, &r->at);
    }
    *out = r->at;
    return out->country[0] != '\0' || out->as_number != 0;
}

bool locator_is_open(const struct locator *l)
{
    for (int i = 0; i < LOCATOR_FILES_MAX; i++)
        if (l->of[i].is_open)
            return true;
    return false;
}

bool locator_knows_countries(const struct locator *l)
{
    return l->of[0].is_open;
}

uint64_t locator_made_s(const struct locator *l)
{
    uint64_t oldest = UINT64_MAX;

    for (int i = 0; i < LOCATOR_FILES_MAX; i++)
        if (l->of[i].is_open && l->of[i].db.metadata.build_epoch < oldest)
            oldest = l->of[i].db.metadata.build_epoch;
    return oldest == UINT64_MAX ? 0 : oldest;
}

/* ---- made ---- */

enum kw_err locator_new(const char *const paths[LOCATOR_FILES_MAX], struct locator **out)
{
    struct locator *l = calloc(1, sizeof *l);

    if (l == NULL)
        return KW_ENOMEM;
    for (int i = 0; i < LOCATOR_FILES_MAX; i++) {
        snprintf(l->of[i].path, sizeof l->of[i].path, "%s", paths[i]);
        if (paths[i][0] != '\0')
            read_again(l, i);
    }
    *out = l;
    return KW_OK;
}

void locator_free(struct locator *l)
{
    if (l == NULL)
        return;
    for (int i = 0; i < LOCATOR_FILES_MAX; i++)
        close_source(&l->of[i]);
    free(l);
}
