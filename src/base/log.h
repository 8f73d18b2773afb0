/* log.h - one line per thing that an operator should know, to standard error. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO };

/* LOG_TEXT: "keyward: warning: …". LOG_JSON: {"time":"2026-11-24T12:00:00.000Z","level":"warning","message":"…",…}. */
enum log_format { LOG_TEXT, LOG_JSON };

/* To be called before there are threads. */
void log_set_format(enum log_format format);

/* What a line is about, for machines: in JSON a member each, behind the message, which says the same to people. The name is
 * a plain word; a value may be anything. */
struct log_field { /* a list ends with a name of NULL */
    const char *name, *value;
};

/* Writes a line in one write. A message is cut at 1,000 bytes, a value at 250; control characters are replaced, or escaped.
 * Thread-safe. There is no way to print a secret: struct secret and struct digest have no printer,
 * and errors name ids only. fields NULL: none. */
void log_about(enum log_level level, const struct log_field *fields, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define log_line(level, ...) log_about(level, NULL, __VA_ARGS__)
#define log_error(...)       log_line(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)        log_line(LOG_WARN, __VA_ARGS__)
#define log_info(...)        log_line(LOG_INFO, __VA_ARGS__)

#endif
