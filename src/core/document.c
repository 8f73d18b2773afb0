/* document.c - see document.h. */
#include "core/document.h"

#include "base/utf8.h"
#include "core/key.h"

static const char *const words[N_DOCUMENT_KINDS] = {[DOCUMENT_NONE] = "",
#define X(symbol, word) [symbol] = word,
                                                    DOCUMENT_KINDS(X)
#undef X
};

const char *document_kind_word(enum document_kind kind)
{
    return (unsigned)kind < N_DOCUMENT_KINDS ? words[kind] : "";
}

static bool is_text(const char *array, size_t size)
{
    size_t n = strnlen(array, size);

    return n < size && utf8_printable((struct str){array, n});
}

static bool is_word(const char *state, size_t size)
{
    size_t n = strnlen(state, size);

    return n > 0 && n < size && str_only((struct str){state, n}, "abcdefghijklmnopqrstuvwxyz");
}

static bool is_id(const char id[KW_KEY_ID_LEN + 1])
{
    return strnlen(id, KW_KEY_ID_LEN + 1) == KW_KEY_ID_LEN && key_id_ok(str_from(id));
}

bool document_ok(const struct document *d)
{
    bool is_kind = d->kind > DOCUMENT_NONE && d->kind < N_DOCUMENT_KINDS;
    bool is_object = d->text.n >= 2 && d->text.n <= DOCUMENT_TEXT_MAX && d->text.p[0] == '{' &&
                     d->text.p[d->text.n - 1] == '}';

    return is_kind && is_object && is_id(d->id) && (d->key[0] == '\0' || is_id(d->key)) &&
           is_text(d->account, sizeof d->account) && is_text(d->subject, sizeof d->subject) &&
           is_word(d->state, sizeof d->state) && utf8_printable(d->text);
}
