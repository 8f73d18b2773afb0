/* key.c - see key.h. */
#include "core/key.h"

#include "base/base62.h"
#include "base/crc32c.h"

static const struct str test_mark = {"_test_", 6}, live_mark = {"_live_", 6},
                        admin_mark = {"_admin_", 7};

enum kw_err key_brand_check(struct str brand)
{
    if (brand.n < KEY_BRAND_MIN || brand.n > KEY_BRAND_MAX)
        return KW_ESYNTAX;
    if (!str_only(brand, "abcdefghijklmnopqrstuvwxyz0123456789"))
        return KW_ESYNTAX;
    char first = brand.p[0], last = brand.p[brand.n - 1];
    if (first < 'a' || last == 't' || last == 'r')
        return KW_ESYNTAX;
    return KW_OK;
}

bool key_id_ok(struct str id)
{
    return id.n == KW_KEY_ID_LEN && base62_only(id);
}

static enum kw_err check_sum(struct str text)
{
    char want[KEY_CHECK_LEN];
    size_t n = text.n - KEY_CHECK_LEN;

    base62_put(crc32c(text.p, n), want, sizeof want);
    return memcmp(text.p + n, want, sizeof want) == 0 ? KW_OK : KW_ESYNTAX;
}

static enum kw_environment marked_environment(struct str mark)
{
    if (str_eq(mark, live_mark))
        return KW_PRODUCTION;
    if (str_eq(mark, test_mark))
        return KW_SANDBOX;
    return KW_NO_ENVIRONMENT;
}

/* Id, '_', secret and check, of which the first is given: 64 characters, looked through at once. */
static bool in_form(struct str id)
{
    char body[KW_KEY_ID_LEN + 1 + KEY_SECRET_LEN + KEY_CHECK_LEN];

    memcpy(body, id.p, sizeof body);
    if (body[KW_KEY_ID_LEN] != '_')
        return false;
    body[KW_KEY_ID_LEN] = '0';
    return base62_only((struct str){body, sizeof body});
}

/* Exact but for the mark, of which only the length is known: whether it is the right one is left to the caller. */
static enum kw_err take_apart(struct str text, struct str brand, size_t mark_len, struct str *mark,
                              struct str *id)
{
    struct str rest = text, head;

    if (text.n != brand.n + mark_len + KEY_TAIL_LEN - live_mark.n)
        return KW_ESYNTAX;
    if (!str_take(&rest, brand.n, &head) || !str_eq(head, brand))
        return KW_ESYNTAX;
    if (!str_take(&rest, mark_len, mark) || !str_take(&rest, KW_KEY_ID_LEN, id))
        return KW_ESYNTAX;
    return in_form(*id) ? check_sum(text) : KW_ESYNTAX;
}

enum kw_err key_parse(struct str text, struct str brand, struct key *out)
{
    struct str mark, id;

    TRY(take_apart(text, brand, live_mark.n, &mark, &id));
    enum kw_environment environment = marked_environment(mark);
    if (environment == KW_NO_ENVIRONMENT)
        return KW_ESYNTAX;
    *out = (struct key){.environment = environment, .id = id};
    return KW_OK;
}

enum kw_err key_parse_admin(struct str text, struct str brand, struct str *id)
{
    struct str mark, found;

    TRY(take_apart(text, brand, admin_mark.n, &mark, &found));
    if (!str_eq(mark, admin_mark))
        return KW_ESYNTAX;
    *id = found;
    return KW_OK;
}

static char *put(char *to, struct str s)
{
    memcpy(to, s.p, s.n);
    return to + s.n;
}

static size_t print(struct str brand, struct str mark, struct str id, struct str secret, char *out)
{
    char *end = put(out, brand);

    end = put(end, mark);
    end = put(end, id);
    end = put(end, STR("_"));
    end = put(end, secret);
    base62_put(crc32c(out, (size_t)(end - out)), end, KEY_CHECK_LEN);
    return (size_t)(end - out) + KEY_CHECK_LEN;
}

size_t key_print(struct str brand, enum kw_environment environment, struct str id,
                 struct str secret, char out[KEY_MAX])
{
    return print(brand, environment == KW_PRODUCTION ? live_mark : test_mark, id, secret, out);
}

size_t key_print_admin(struct str brand, struct str id, struct str secret, char out[KEY_ADMIN_MAX])
{
    return print(brand, admin_mark, id, secret, out);
}

static struct str with_letter(struct str brand, enum key_letter letter, char out[KEY_BRAND_MAX + 1])
{
    char *end = put(out, brand);

    *end = (char)letter;
    return (struct str){out, brand.n + 1};
}

enum kw_err key_parse_token(struct str text, struct str brand, enum key_letter letter, struct key *out)
{
    char mark[KEY_BRAND_MAX + 1];

    return key_parse(text, with_letter(brand, letter, mark), out);
}

size_t key_print_token(struct str brand, enum key_letter letter, enum kw_environment environment,
                       struct str id, struct str secret, char out[KEY_TOKEN_MAX])
{
    char mark[KEY_BRAND_MAX + 1];
    struct str marked = with_letter(brand, letter, mark);

    return print(marked, environment == KW_PRODUCTION ? live_mark : test_mark, id, secret, out);
}
