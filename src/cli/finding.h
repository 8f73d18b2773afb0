/* finding.h - what `keyward doctor` has found, one after the other. */
#ifndef CLI_FINDING_H
#define CLI_FINDING_H

#include "base/buf.h"

enum finding_level { FINDING_OK = 0, FINDING_WARN = 1, FINDING_FAIL = 2 };

enum { FINDING_TEXT_MAX = 320, FINDINGS_MAX = 512 };

struct finding {
    const char *check; /* constant: "files", "nginx" */
    enum finding_level level;
    char text[FINDING_TEXT_MAX];   /* what is */
    char remedy[FINDING_TEXT_MAX]; /* what to do; empty when all is well */
};

struct findings { /* zeroed memory is an empty list; owns */
    struct finding *list;
    size_t n, cap;
    bool failed; /* something could not be kept, for want of memory: the list is not to be believed */
};

/* Adds one; its texts are cut to fit, control characters replaced. The same one twice counts once. */
void finding_add(struct findings *f, const char *check, enum finding_level level,
                 const char *remedy, const char *format, ...) __attribute__((format(printf, 5, 6)));
void findings_deinit(struct findings *f); /* for AUTO */

enum finding_level findings_worst(const struct findings *f);
const char *finding_level_name(enum finding_level level); /* "ok", "warn", "fail" */

#endif
