/* finding.c - see finding.h. */
#include "cli/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_there(const struct findings *f, const struct finding *one)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->list[i].level == one->level && strcmp(f->list[i].check, one->check) == 0 &&
            strcmp(f->list[i].text, one->text) == 0)
            return true;
    return false;
}

static void keep(struct findings *f, const struct finding *one)
{
    size_t cap = f->cap == 0 ? 32 : 2 * f->cap;

    if (is_there(f, one))
        return;
    if (f->n == f->cap) {
        struct finding *larger =
            f->cap >= FINDINGS_MAX ? NULL : realloc(f->list, cap * sizeof *larger);
        f->failed |= larger == NULL;
        if (larger == NULL)
            return;
        f->list = larger;
        f->cap = cap;
    }
    f->list[f->n++] = *one;
}

void finding_add(struct findings *f, const char *check, enum finding_level level,
                 const char *remedy, const char *format, ...)
{
    struct finding one = {.check = check, .level = level};
    va_list args;

    va_start(args, format);
    vsnprintf(one.text, sizeof one.text, format, args);
    va_end(args);
    snprintf(one.remedy, sizeof one.remedy, "%s", remedy == NULL ? "" : remedy);
    for (char *c = one.text; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?';
    keep(f, &one);
}

void findings_deinit(struct findings *f)
{
    free(f->list);
    *f = (struct findings){.n = 0};
}

enum finding_level findings_worst(const struct findings *f)
{
    enum finding_level worst = f->failed ? FINDING_FAIL : FINDING_OK;

    for (size_t i = 0; i < f->n; i++)
        if (f->list[i].level > worst)
            worst = f->list[i].level;
    return worst;
}

const char *finding_level_name(enum finding_level level)
{
    static const char *const names[] = {
        [FINDING_OK] = "ok", [FINDING_WARN] = "warn", [FINDING_FAIL] = "fail"};

    return names[level];
}
