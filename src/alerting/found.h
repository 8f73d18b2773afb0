/* found.h - what the detectors have found, handed out in its order; what is urgent also past one that cannot be saved. */
#ifndef ALERTING_FOUND_H
#define ALERTING_FOUND_H

#include "watch/findings.h"

struct found {                   /* zeros: the beginning */
    struct findings_place place; /* all before it is raised */
    struct findings_place ahead; /* and what is urgent, before this one */
};

/* is_ahead: one before it could not be raised. Then only what is urgent is to be, as well as can be; it comes again in its turn. */
typedef enum kw_err found_fn(void *ctx, const struct finding *f, bool is_ahead);

/* Hands out the next ones, some hundreds at most, until one cannot be raised, then once what is behind that. Whoever raises them knows
 * which he has raised. Errors of findings_after, or that of `each`; *is_ours tells which: false, of the file. */
enum kw_err found_take(struct found *p, const char *file, found_fn *each, void *ctx,
                       bool *is_ours) MUST_USE;

#endif
