/* master.c - see master.h, and store_make_master_key in store.h. */
#include "store/master.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hex.h"
#include "crypto/random.h"
#include "store/store.h"

enum { TEXT_LEN = 2 * SECRET_LEN };

static void text_wipe(struct buf *b)
{
    if (b->p != NULL)
        explicit_bzero(b->p, b->cap);
    buf_deinit(b);
}

static enum kw_err parse(struct str text, struct secret *out)
{
    if (text.n == TEXT_LEN + 1 && text.p[TEXT_LEN] == '\n')
        text.n = TEXT_LEN;
    return hex_get(text, out->b, SECRET_LEN) == KW_OK ? KW_OK : KW_EFORMAT;
}

static enum kw_err read_master(const char *path, struct secret *out, char why[WHY_MAX])
{
    AUTO(text_wipe) struct buf text = BUF_MAX(TEXT_LEN + 1);

    enum kw_err err = file_check_private(path, true);
    if (err == KW_EPERM)
        return because(why, err,
                       "%s must belong to this user, and be closed to all others: mode 0600", path);
    if (err == KW_OK)
        err = file_read(path, &text);
    if (err == KW_OK || err == KW_EFULL)
        err = err == KW_OK ? parse(buf_view(&text), out) : KW_EFORMAT;
    if (err == KW_ENOTFOUND)
        return because(why, err,
                       "%s does not exist; without the master key nothing can be verified: "
                       "put it back from a backup, or make everything anew with `keyward init`",
                       path);
    if (err == KW_EFORMAT)
        return because(why, err, "%s is not a master key: it has to hold 64 hexadecimal digits",
                       path);
    if (err != KW_OK)
        return because(why, err, "%s cannot be read: %s", path, kw_strerror(err));
    return KW_OK;
}

static enum kw_err sealer_for(const struct secret *master, struct str purpose, struct sealer **out)
{
    AUTO(secret_wipe) struct secret key = {0};

    TRY(seal_subkey(master, purpose, &key));
    return sealer_new(&key, out);
}

enum kw_err seals_open(const char *master_key, struct seals *out, char why[WHY_MAX])
{
    AUTO(secret_wipe) struct secret master = {0};
    AUTO(seals_closep) struct seals s = {0};

    TRY(read_master(master_key, &master, why));
    TRY(sealer_for(&master, STR("keyward row seal v1"), &s.row));
    TRY(sealer_for(&master, STR("keyward change log v1"), &s.log));
    *out = s;
    s.row = s.log = NULL;
    return KW_OK;
}

enum kw_err store_open_box(const char *master_key, struct str purpose, struct box **out,
                           char why[256])
{
    AUTO(secret_wipe) struct secret master = {0}, key = {0};

    TRY(read_master(master_key, &master, why));
    TRY(seal_subkey(&master, purpose, &key));
    return box_new(&key, out);
}

enum kw_err store_open_sealer(const char *master_key, struct str purpose, struct sealer **out,
                              char why[256])
{
    AUTO(secret_wipe) struct secret master = {0};

    TRY(read_master(master_key, &master, why));
    return sealer_for(&master, purpose, out);
}

void seals_close(struct seals *s)
{
    sealer_free(s->row);
    sealer_free(s->log);
    *s = (struct seals){0};
}

void seals_closep(struct seals *s)
{
    seals_close(s);
}

static enum kw_err write_new(int fd, const char *path, struct str text)
{
    TRY(file_pwrite(fd, text.p, text.n, 0));
    if (fsync(fd) != 0)
        return KW_EIO;
    return file_sync_folder(path);
}

enum kw_err store_make_master_key(const char *path, char why[256])
{
    AUTO(secret_wipe) struct secret master = {0};
    char text[TEXT_LEN + 1];

    TRY(random_bytes(master.b, SECRET_LEN));
    hex_put(master.b, SECRET_LEN, text);
    text[TEXT_LEN] = '\n';
    AUTO(file_closep) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    enum kw_err err = fd < 0 ? file_err(errno) : write_new(fd, path, (struct str){text, sizeof text});
    explicit_bzero(text, sizeof text);
    if (err == KW_EEXISTS)
        return because(why, err, "%s exists already: it was left as it is", path);
    if (fd >= 0 && err != KW_OK)
        unlink(path);
    if (err != KW_OK)
        return because(why, err, "%s cannot be made: %s", path, kw_strerror(err));
    return KW_OK;
}
