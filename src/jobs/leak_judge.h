/* leak_judge.h - whether a report shows a key that works, and what is done then. */
#ifndef JOBS_LEAK_JUDGE_H
#define JOBS_LEAK_JUDGE_H

#include "jobs/leak_desk.h"

/* Looks at one report, acts, and puts it on the record: the desk's thread alone. What goes wrong is logged and on the record. */
void leak_judge(const struct leak_desk_options *o, const struct leak_report *r);

#endif
