/* body.c - see body.h. */
#include "sandbox/body.h"

#include "base/utf8.h"
#include "sandbox/money.h"

#define DIGITS "0123456789"

static const char reference_chars[] =
    DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-";

static bool is_digits(struct str s, size_t least, size_t most)
{
    return s.n >= least && s.n <= most && str_only(s, DIGITS);
}

static bool is_phone(struct str s)
{
    if (s.n > 0 && s.p[0] == '+')
        s = (struct str){s.p + 1, s.n - 1};
    return is_digits(s, 7, 15);
}

static bool is_short(struct str s)
{
    return s.n >= 1 && s.n <= BODY_TEXT_MAX;
}

static bool is_right(enum field_kind kind, struct str s, int64_t *amount)
{
    switch (kind) {
    case FIELD_TEXT:
        return is_short(s) && utf8_printable(s);
    case FIELD_PIN:
        return is_digits(s, 4, 4);
    case FIELD_ACCOUNT:
        return is_digits(s, 10, 10);
    case FIELD_NIN:
        return is_digits(s, 11, 11);
    case FIELD_PHONE:
        return is_phone(s);
    case FIELD_REFERENCE:
        return is_short(s) && str_only(s, reference_chars);
    case FIELD_NAIRA:
        return str_eq(s, STR("NGN"));
    case FIELD_AMOUNT:
        return money_parse(s, amount) == KW_OK && *amount > 0;
    }
    return false;
}

static const char *const wants[] = {
    [FIELD_TEXT] = "text of 1 to 64 bytes without control characters",
    [FIELD_PIN] = "a string of four digits",
    [FIELD_ACCOUNT] = "a string of ten digits",
    [FIELD_NIN] = "a string of eleven digits",
    [FIELD_PHONE] = "a string of seven to fifteen digits, a + before them or not",
    [FIELD_REFERENCE] = "1 to 64 letters, digits, dots, underscores and hyphens",
    [FIELD_NAIRA] = "NGN",
    [FIELD_AMOUNT] = "a number of naira above 0 with at most two decimals",
};

static size_t string_end(struct str json,
                         size_t at) /* of the closing quote, from behind the opening one */
{
    while (json.p[at] != '"')
        at += json.p[at] == '\\' ? 2 : 1;
    return at;
}

static bool is_one_of(char c, const char *chars)
{
    return c != '\0' && strchr(chars, c) != NULL;
}

static struct str number_at(struct str json, size_t at)
{
    while (at < json.n && is_one_of(json.p[at], " \t\r\n"))
        at++;
    size_t end = at;
    while (end < json.n && is_one_of(json.p[end], DIGITS "+-.eE"))
        end++;
    return (struct str){json.p + at, end - at};
}

/* The number that a member of the outermost object holds, as it was written: jansson hands out a
 * double, and money never goes through one. The text has been found to be a JSON object, so every
 * string and the object end within it; a name with escapes is not found. */
static struct str number_text(struct str json, struct str name)
{
    struct str last = {NULL, 0};
    int depth = 0;

    for (size_t i = 0; i < json.n; i++) {
        char c = json.p[i];
        if (c == '"') {
            size_t end = string_end(json, i + 1);
            last = (struct str){json.p + i + 1, end - i - 1};
            i = end;
        } else if (c == ':' && depth == 1 && str_eq(last, name)) {
            return number_at(json, i + 1);
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return (struct str){NULL, 0};
}

static struct str value_text(struct str json, const struct field *field, const json_t *value)
{
    if (json_is_string(value))
        return (struct str){json_string_value(value), json_string_length(value)};
    if (field->kind == FIELD_AMOUNT && json_is_number(value))
        return number_text(json, str_from(field->name));
    return (struct str){NULL, 0};
}

static bool field_read(struct str json, const struct field *field, struct body *b, struct str *out,
                       struct answer *no)
{
    const json_t *value = json_object_get(b->root, field->name);

    if (value == NULL || json_is_null(value)) {
        if (field->required)
            answer_refuse(no, 400, "%s is missing: it must be %s", field->name, wants[field->kind]);
        return !field->required;
    }
    *out = value_text(json, field, value);
    if (is_right(field->kind, *out, &b->amount))
        return true;
    answer_refuse(no, 400, "%s must be %s", field->name, wants[field->kind]);
    return false;
}

static bool is_listed(const char *name, const struct field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(fields[i].name, name) == 0)
            return true;
    return false;
}

/* A reference under a misspelt name would be ignored, and a repeated payment would pay twice. */
static bool refuse_unlisted(json_t *root, const struct field *fields, size_t n, struct answer *no)
{
    const char *name;
    json_t *value;

    json_object_foreach(root, name, value)
    {
        if (is_listed(name, fields, n))
            continue;
        bool can_be_shown = is_short(str_from(name)) && utf8_printable(str_from(name));
        answer_refuse(no, 400, "%s is not known here", can_be_shown ? name : "A member of the body");
        return false;
    }
    return true;
}

static bool fields_read(struct str json, const struct field *fields, size_t n, struct body *b,
                        struct answer *no)
{
    if (!refuse_unlisted(b->root, fields, n, no))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!field_read(json, &fields[i], b, &b->text[i], no))
            return false;
    return true;
}

bool body_read(struct str text, const struct field *fields, size_t n_fields, struct body *out,
               struct answer *no)
{
    json_error_t error;

    if (text.n == 0) {
        answer_refuse(no, 400, "The body is missing: it must be a JSON object with %s",
                      fields[0].name);
        return false;
    }
    struct body b = {.root = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &error)};
    if (!json_is_object(b.root)) {
        body_deinit(&b);
        answer_refuse(no, 400, "The body must be one JSON object in which no member comes twice");
        return false;
    }
    if (!fields_read(text, fields, n_fields, &b, no)) {
        body_deinit(&b);
        return false;
    }
    *out = b;
    return true;
}

void body_deinit(struct body *b)
{
    json_decref(b->root);
    *b = (struct body){0};
}
