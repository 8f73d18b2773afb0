/* log.h - one line per thing that an operator should know, to standard error. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO };

/* Writes "keyward: warning: …\n" in one write, cut at 1,000 bytes, control characters replaced.
 * Thread-safe. There is no way to print a secret: struct secret and struct digest have no printer,
 * and errors name ids only. */
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)  log_line(LOG_WARN, __VA_ARGS__)
#define log_info(...)  log_line(LOG_INFO, __VA_ARGS__)

#endif
