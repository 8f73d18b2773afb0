/* log.c - see log.h. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const prefix[] = {
    [LOG_ERROR] = "keyward: error: ", [LOG_WARN] = "keyward: warning: ", [LOG_INFO] = "keyward: "};

void log_line(enum log_level level, const char *format, ...)
{
    char line[1024];
    int start = snprintf(line, sizeof line, "%s", prefix[level]);
    va_list args;

    va_start(args, format);
    int n = vsnprintf(line + start, sizeof line - 1 - (size_t)start, format, args);
    va_end(args);
    if (n < 0)
        return;
    size_t len = strlen(line);
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
            line[i] = '?';
    line[len++] = '\n';
    ssize_t done = write(STDERR_FILENO, line, len);
    (void)done; /* nobody is left to tell */
}
