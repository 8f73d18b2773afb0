/* answer.c - see answer.h. */
#include "sandbox/answer.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
    unsigned status;
    const char *phrase;
} phrases[] = {
    {400, "Bad Request"},          {404, "Not Found"},
    {405, "Method Not Allowed"},   {409, "Conflict"},
    {413, "Payload Too Large"},    {431, "Request Header Fields Too Large"},
    {507, "Insufficient Storage"},
};

static const char *phrase_of(unsigned status)
{
    for (size_t i = 0; i < COUNT_OF(phrases); i++)
        if (phrases[i].status == status)
            return phrases[i].phrase;
    return "Internal Server Error";
}

void answer_give(struct answer *a, const char *message, json_t *data)
{
    if (data == NULL) {
        answer_refuse(a, 500, "The sandbox is out of memory");
        return;
    }
    answer_deinit(a);
    a->status = 200;
    a->data = data;
    snprintf(a->message, sizeof a->message, "%s", message);
}

void answer_refuse(struct answer *a, unsigned status, const char *format, ...)
{
    va_list args;

    answer_deinit(a);
    a->status = status;
    va_start(args, format);
    vsnprintf(a->message, sizeof a->message, format, args);
    va_end(args);
}

char *answer_print(const struct answer *a)
{
    json_t *whole;

    if (a->status == 200)
        whole = json_pack("{s:i, s:s, s:O, s:{}}", "statusCode", 200, "message", a->message, "data",
                          a->data, "errors");
    else
        whole = json_pack("{s:i, s:s, s:s}", "statusCode", a->status == 0 ? 500 : (int)a->status,
                          "message", a->message, "error", phrase_of(a->status));
    char *text = json_dumps(whole, JSON_COMPACT);
    json_decref(whole);
    return text;
}

void answer_deinit(struct answer *a)
{
    json_decref(a->data);
    *a = (struct answer){0};
}
