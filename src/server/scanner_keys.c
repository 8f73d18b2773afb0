/* scanner_keys.c - see scanner_keys.h. */
#include "server/scanner_keys.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/file.h"
#include "json/json_in.h"

enum { FILE_MAX = 256 * 1024 };

static void json_freep(json_t **value)
{
    json_decref(*value);
}

static enum kw_err read_file(const char *path, json_t **out)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(FILE_MAX);
    struct problem p = {.status = 0};

    TRY(file_check_private(path, false));
    TRY(file_read(path, &text));
    enum kw_err err = json_in_object(buf_view(&text), &p, out);
    return err == KW_EINVAL ? KW_EFORMAT : err;
}

static struct str member(const json_t *key, const char *name)
{
    return json_in_str(json_object_get(key, name));
}

static enum kw_err check_all(const json_t *keys)
{
    size_t n = json_array_size(keys);

    if (n == 0 || n > SCANNER_KEYS_MAX)
        return KW_EFORMAT;
    for (size_t i = 0; i < n; i++) {
        struct str id = member(json_array_get(keys, i), "key_identifier");
        if (id.n == 0 || id.n > SCANNER_KEY_ID_MAX)
            return KW_EFORMAT;
        TRY(ecdsa_check_key(member(json_array_get(keys, i), "key")));
    }
    return KW_OK;
}

enum kw_err scanner_keys_check(const char *path, char why[SCANNER_WHY_MAX])
{
    AUTO(json_freep) json_t *file = NULL;

    enum kw_err err = read_file(path, &file);
    if (err == KW_OK)
        err = check_all(json_object_get(file, "public_keys"));
    if (err == KW_EFORMAT)
        snprintf(why, SCANNER_WHY_MAX,
                 "%.120s is not a list of public_keys on P-256, as GitHub gives it", path);
    else if (err != KW_OK)
        snprintf(why, SCANNER_WHY_MAX, "%.120s cannot be read: %s", path, kw_strerror(err));
    return err;
}

static const json_t *find(const json_t *keys, struct str id)
{
    for (size_t i = 0; i < json_array_size(keys); i++)
        if (str_eq(member(json_array_get(keys, i), "key_identifier"), id))
            return json_array_get(keys, i);
    return NULL;
}

enum kw_err scanner_keys_verify(const char *path, struct str id, struct str message,
                                struct str signature)
{
    AUTO(json_freep) json_t *file = NULL;

    if (id.n == 0)
        return KW_EDAMAGED;
    TRY(read_file(path, &file));
    const json_t *key = find(json_object_get(file, "public_keys"), id);
    if (key == NULL)
        return KW_EDAMAGED;
    return ecdsa_check(member(key, "key"), message, signature);
}
