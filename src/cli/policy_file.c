/* policy_file.c - see policy_file.h. */
#include "cli/policy_file.h"

#include <stdio.h>
#include <stdlib.h>

#include "api/policy_doc.h"
#include "base/file.h"
#include "config/yaml_in.h"
#include "json/json_out.h"

struct list {
    char **texts;
    unsigned texts_count;
};

struct file {
    struct list read, transact, manage, public, deny;
};

static const cyaml_schema_value_t text_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, CYAML_UNLIMITED)};

#define LIST(member)                                                                           \
    CYAML_FIELD_SEQUENCE_COUNT(#member, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file, \
                               member.texts, member.texts_count, &text_schema, 0, CYAML_UNLIMITED)

/* libcyaml's flags are an enum and meant to be combined. */
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wassign-enum"
#endif
static const cyaml_schema_field_t fields[] = {LIST(read),   LIST(transact), LIST(manage),
                                              LIST(public), LIST(deny),     CYAML_FIELD_END};
#ifdef __clang__
#pragma clang diagnostic pop
#endif
#undef LIST

static const cyaml_schema_value_t schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, fields)};

static json_t *list_out(const struct list *l)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < l->texts_count; i++)
        json_out_append(&list, json_string(l->texts[i]));
    return list;
}

static json_t *lists_out(const struct file *f)
{
    static const struct file empty;

    if (f == NULL)
        f = &empty;
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "read", list_out(&f->read), "transact",
                     list_out(&f->transact), "manage", list_out(&f->manage), "public",
                     list_out(&f->public), "deny", list_out(&f->deny));
}

enum kw_err policy_file_read(const char *path, struct buf *text, json_t **out,
                             char why[POLICY_FILE_WHY_MAX])
{
    char yaml_why[YAML_WHY_MAX] = "";
    void *loaded = NULL;

    enum kw_err err = file_read(path, text);
    if (err == KW_OK)
        err = yaml_in_load(buf_view(text), policy_list_names, &schema, &loaded, yaml_why);
    json_t *lists = err == KW_OK ? lists_out(loaded) : NULL;
    yaml_in_free(&schema, loaded);
    if (err == KW_OK && lists == NULL)
        err = KW_ENOMEM;
    if (err != KW_OK) {
        snprintf(why, POLICY_FILE_WHY_MAX, "%.120s: %s", path,
                 yaml_why[0] == '\0' ? kw_strerror(err) : yaml_why);
        return err;
    }
    *out = lists;
    return KW_OK;
}

unsigned policy_file_line(struct str text, const char *field)
{
    struct str name, rest, index, behind;
    char key[16];
    uint64_t item;

    if (!str_cut(str_from(field), '[', &name, &rest) || !str_cut(rest, ']', &index, &behind))
        return 0;
    if (str_u64(index, UINT32_MAX, &item) != KW_OK || name.n >= sizeof key)
        return 0;
    snprintf(key, sizeof key, "%.*s", (int)name.n, name.p);
    return yaml_in_line_of(text, key, (size_t)item);
}

/* Whether a text needs no quotes in YAML. */
static bool is_plain(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    return text[0] != '\0' && strchr(letters, text[0]) != NULL &&
           text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                             "/{}*._-~ ")] == '\0' &&
           text[strlen(text) - 1] != ' ';
}

static void print_text(const json_t *text, struct buf *out)
{
    if (is_plain(json_string_value(text))) {
        buf_printf(out, "  - %s\n", json_string_value(text));
        return;
    }
    char *quoted = json_dumps(text, JSON_ENCODE_ANY); /* a JSON string is one of YAML's, too */
    buf_printf(out, "  - %s\n", quoted == NULL ? "" : quoted);
    out->failed = out->failed || quoted == NULL;
    free(quoted);
}

void policy_file_print(const json_t *lists, struct buf *out)
{
    for (size_t i = 0; policy_list_names[i] != NULL; i++) {
        const json_t *list = json_object_get(lists, policy_list_names[i]);
        if (json_array_size(list) == 0)
            continue;
        buf_printf(out, "%s:\n", policy_list_names[i]);
        for (size_t j = 0; j < json_array_size(list); j++)
            print_text(json_array_get(list, j), out);
    }
}
