/* head.c - see head.h. */
#include "store/head.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "base/hex.h"

enum { MAC_TEXT_LEN = 2 * DIGEST_LEN, HEAD_LINE_MAX = 20 + 1 + MAC_TEXT_LEN + 1 };

static enum kw_err parse(struct str text, struct link *out)
{
    struct str number, mac, nothing;
    struct link l;

    if (!str_cut(text, ' ', &number, &text) || !str_cut(text, '\n', &mac, &nothing))
        return KW_EDAMAGED;
    if (nothing.n != 0 || str_u64(number, INT64_MAX, &l.n) != KW_OK)
        return KW_EDAMAGED;
    if (hex_get(mac, l.mac.b, DIGEST_LEN) != KW_OK)
        return KW_EDAMAGED;
    *out = l;
    return KW_OK;
}

enum kw_err head_read(const char *path, struct link *out)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(HEAD_LINE_MAX);

    TRY(file_check_private(path, false));
    enum kw_err err = file_read(path, &text);
    if (err == KW_EFULL)
        return KW_EDAMAGED;
    TRY(err);
    return parse(buf_view(&text), out);
}

enum kw_err head_write(const char *path, const struct link *l)
{
    char line[HEAD_LINE_MAX + 1];

    size_t n = (size_t)snprintf(line, sizeof line, "%" PRIu64 " ", l->n);
    hex_put(l->mac.b, DIGEST_LEN, line + n);
    n += MAC_TEXT_LEN;
    line[n++] = '\n';
    return file_replace(path, (struct str){line, n}, 0600);
}
