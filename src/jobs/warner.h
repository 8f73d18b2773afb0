/* warner.h - puts on the record what keys are to be warned of: rotations that come due, secrets used after their end. */
#ifndef JOBS_WARNER_H
#define JOBS_WARNER_H

#include "jobs/counting.h"

/* A thread of its own. It asks what was counted from the record, so the record itself says what was warned of: each warning is there once
 * for a key, a generation of its secret, and a stage, whatever is killed in between. While that count is behind, nobody is warned.
 * Secrets used after their end are looked for every 5 s, days that come near every minute. No decision knows of it. */
struct warner;

/* Borrows all of them, which must live longer. KW_ENOMEM, KW_EUNAVAILABLE. */
enum kw_err warner_start(struct sync *sync, struct recording *recording, struct counting *counting,
                         struct warner **out) MUST_USE;
void warner_stop(struct warner *w); /* takes NULL; what is not warned of yet is with the next start */

#endif
