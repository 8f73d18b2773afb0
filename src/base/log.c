/* log.c - see log.h. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/quote.h"

enum { MESSAGE_MAX = 1024, QUOTED_MAX = 2048, VALUE_MAX = 256, LINE_MAX = 6144, FIELDS_MAX = 8 };

static enum log_format chosen = LOG_TEXT;

static const char *const prefix[] = {
    [LOG_ERROR] = "keyward: error: ", [LOG_WARN] = "keyward: warning: ", [LOG_INFO] = "keyward: "};
static const char *const level_name[] = {
    [LOG_ERROR] = "error", [LOG_WARN] = "warning", [LOG_INFO] = "info"};

void log_set_format(enum log_format format)
{
    chosen = format;
}

static size_t put_text(enum log_level level, const char *message, char line[LINE_MAX])
{
    size_t n = (size_t)snprintf(line, MESSAGE_MAX, "%s%s", prefix[level], message);

    if (n >= MESSAGE_MAX)
        n = MESSAGE_MAX - 1;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
            line[i] = '?';
    return n;
}

static void put_time(char out[32])
{
    int64_t now_us = clock_wall_us();
    time_t now_s = (time_t)(now_us / 1000000);
    struct tm tm;

    if (gmtime_r(&now_s, &tm) == NULL)
        tm = (struct tm){.tm_year = 70, .tm_mday = 1};
    size_t n = strftime(out, 24, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(out + n, 32 - n, ".%03dZ", (int)(now_us / 1000 % 1000));
}

/* LINE_MAX holds a message and all fields at their longest. */
static size_t put_json(enum log_level level, const struct log_field *fields, const char *message,
                       char line[LINE_MAX])
{
    char now[32], quoted[QUOTED_MAX];

    put_time(now);
    quote_json(str_from(message), quoted, sizeof quoted);
    size_t n = (size_t)snprintf(line, LINE_MAX, "{\"time\":\"%s\",\"level\":\"%s\",\"message\":%s",
                                now, level_name[level], quoted);
    for (int i = 0; fields != NULL && fields[i].name != NULL && i < FIELDS_MAX; i++) {
        quote_json(str_from(fields[i].value), quoted, VALUE_MAX);
        n += (size_t)snprintf(line + n, LINE_MAX - n, ",\"%.24s\":%s", fields[i].name, quoted);
    }
    line[n++] = '}';
    return n;
}

void log_about(enum log_level level, const struct log_field *fields, const char *format, ...)
{
    char message[MESSAGE_MAX], line[LINE_MAX];
    va_list args;

    va_start(args, format);
    int length = vsnprintf(message, sizeof message - 24, format, args); /* and its prefix */
    va_end(args);
    if (length < 0)
        return;
    size_t n = chosen == LOG_JSON ? put_json(level, fields, message, line)
                                  : put_text(level, message, line);
    line[n++] = '\n';
    ssize_t done = write(STDERR_FILENO, line, n);
    (void)done; /* nobody is left to tell */
}
