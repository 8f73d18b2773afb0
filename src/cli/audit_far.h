/* audit_far.h - the record of another machine, read over its management API. */
#ifndef CLI_AUDIT_FAR_H
#define CLI_AUDIT_FAR_H

#include "cli/commands.h"

/* Prints what matches the query options, at most n (0: all), newest first; with oldest_first those n in the order of the
 * record. */
enum exit_status audit_far_search(const struct command *self, const struct args *args, uint64_t n,
                                  bool oldest_first);

/* Tells how the decision of the request that is the first operand came about; a request id, checked. */
enum exit_status audit_far_explain(const struct command *self, const struct args *args);

/* Has keyward serve check the newest day of its record. EXIT_REFUSED when it does not hold. */
enum exit_status audit_far_verify(const struct command *self, const struct args *args);

#endif
