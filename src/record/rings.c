/* rings.c - see rings.h. */
#include "record/rings.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"

enum kw_err rings_init(struct rings *r, const char *run_dir, const struct batch_head *last)
{
    *r = (struct rings){.run_dir = run_dir};
    r->files = calloc(BATCH_RINGS_MAX, sizeof *r->files);
    if (r->files == NULL)
        return KW_ENOMEM;
    for (; r->n < last->n_rings; r->n++) {
        const struct ring_mark *mark = &last->rings[r->n];
        r->files[r->n] =
            (struct ring_file){.fd = -1, .number = mark->number, .done = *mark, .next = *mark};
    }
    return KW_OK;
}

void rings_deinit(struct rings *r)
{
    for (uint32_t i = 0; i < r->n; i++)
        ring_file_close(&r->files[i]);
    free(r->files);
    *r = (struct rings){0};
}

void rings_drop(struct rings *r, uint32_t i)
{
    ring_file_close(&r->files[i]);
    r->files[i] = r->files[--r->n];
}

/* The open file of a number. */
static struct ring_file *current(struct rings *r, uint32_t number)
{
    for (uint32_t i = 0; i < r->n; i++)
        if (r->files[i].number == number && r->files[i].fd >= 0 && !r->files[i].gone)
            return &r->files[i];
    return NULL;
}

/* Whether an opened file is the one that a mark speaks of. One whose header cannot be read is known by its number, one
 * that was given up by itself: its header may say anything by now. */
static bool is_that(const struct ring_mark *mark, const struct ring_file *f, bool header_holds)
{
    if (mark->number != f->number)
        return false;
    return !header_holds || mark->ring_id == f->next.ring_id ||
           (mark->given_up && mark->ino == f->ino);
}

/* What the record knows of a file that has just been opened. */
static struct ring_file *known(struct rings *r, const struct ring_file *f, bool header_holds)
{
    for (uint32_t i = 0; i < r->n; i++) {
        struct ring_file *k = &r->files[i];
        if (k->fd < 0 && is_that(&k->done, f, header_holds))
            return k;
    }
    return NULL;
}

/* Two files with one id: a verifier has copied another's header into its own. */
static bool id_in_use(const struct rings *r, const struct ring_file *f)
{
    for (uint32_t i = 0; i < r->n; i++)
        if (r->files[i].next.ring_id == f->next.ring_id &&
            (r->files[i].fd >= 0 || r->files[i].number != f->number))
            return true;
    return false;
}

/* Takes over a file that has just been opened; err is what opening it said. */
static void admit(struct rings *r, struct ring_file *f, enum kw_err err)
{
    struct ring_file *k = known(r, f, err == KW_OK);

    if (err == KW_OK && id_in_use(r, f))
        err = KW_EDAMAGED;
    if (k == NULL && err == KW_OK)
        err = ring_file_begin(f);
    if (k != NULL && err == KW_OK)
        err = ring_file_go_on(f, &k->done);
    if (k != NULL && (err != KW_OK || k->done.given_up)) {
        f->next = k->done;
        f->next.ino = f->ino;
        f->done = f->next;
    }
    if (k == NULL && err != KW_OK)
        f->next.ring_id = f->done.ring_id = 0;
    if (err != KW_OK || f->next.given_up) {
        memset(f->n_slots, 0, sizeof f->n_slots); /* nothing in it is to be read */
        ring_file_damage(f);
    }
    if (k == NULL)
        k = &r->files[r->n++];
    *k = *f;
}

static enum kw_err look_at(struct rings *r, uint32_t number)
{
    char path[PATH_MAX];
    struct stat st;
    struct ring_file *have = current(r, number), f;

    if (snprintf(path, sizeof path, RING_PATH, r->run_dir, number) >= (int)sizeof path)
        return KW_ERANGE;
    if (have != NULL && stat(path, &st) == 0 && st.st_dev == have->dev && st.st_ino == have->ino)
        return KW_OK;
    if (r->n == BATCH_RINGS_MAX)
        return KW_EFULL;
    if (have != NULL)
        have->gone = true;
    f.fd = -1;
    enum kw_err err = ring_file_open(r->run_dir, number, &f);
    if (f.fd < 0)
        return err;
    admit(r, &f, err);
    return KW_OK;
}

static bool number_of(const char *name, uint32_t *out)
{
    char again[16];
    uint64_t n;
    struct str digits = str_from(name);

    while (digits.n > 1 && digits.p[0] == '0')
        digits = (struct str){digits.p + 1, digits.n - 1};
    if (str_u64(digits, RING_PAIRS_MAX - 1, &n) != KW_OK)
        return false;
    snprintf(again, sizeof again, "%03u", (unsigned)n);
    *out = (uint32_t)n;
    return strcmp(name, again) == 0;
}

/* What is known and was not found: a file that is open is read to its end; one that never was is
 * lost. */
static void let_go(struct rings *r, const bool *seen)
{
    for (uint32_t i = r->n; i-- > 0;) {
        struct ring_file *f = &r->files[i];
        if (f->fd >= 0 && !seen[f->number])
            f->gone = true;
        if (f->fd >= 0 || (seen[f->number] && current(r, f->number) == NULL))
            continue; /* the latter: could not be opened, for a reason that may pass */
        if (f->done.next[0] + f->done.next[1] > 0 && !f->done.given_up)
            r->n_vanished++;
        rings_drop(r, i);
    }
}

static void closedir_p(DIR **dir)
{
    if (*dir != NULL)
        closedir(*dir);
}

enum kw_err rings_scan(struct rings *r)
{
    char path[PATH_MAX];
    bool seen[RING_PAIRS_MAX] = {false};
    enum kw_err first = KW_OK;
    const struct dirent *entry;
    uint32_t number;

    if (snprintf(path, sizeof path, "%s/rings", r->run_dir) >= (int)sizeof path)
        return KW_ERANGE;
    AUTO(closedir_p) DIR *dir = opendir(path);
    if (dir == NULL)
        return file_err(errno);
    while ((entry = readdir(dir)) != NULL) {
        if (!number_of(entry->d_name, &number))
            continue;
        seen[number] = true;
        enum kw_err err = look_at(r, number);
        if (first == KW_OK && err != KW_ENOTFOUND)
            first = err;
    }
    let_go(r, seen);
    return first;
}
