/* decider.h - the engine with which `keyward serve` decides for backends that ask it: a verifier like any other, which
 * happens to live in the same process. */
#ifndef JOBS_DECIDER_H
#define JOBS_DECIDER_H

#include <keyward/keyward.h>

#include "base/macro.h"

struct decider;

/* Opens nothing yet: rings are claimed when somebody first asks. KW_ENOMEM. */
enum kw_err decider_new(const char *run_dir, struct decider **out) MUST_USE;
void decider_free(struct decider *d); /* no call may be under way; takes NULL */

/* The engine, which lives until decider_free; any thread. While it cannot be opened, the errors of kw_open: not tried
 * again within a second. */
enum kw_err decider_engine(struct decider *d, struct kw_engine **out) MUST_USE;

#endif
