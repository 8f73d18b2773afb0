/* asked.h - what people write when they ask the record: times, reasons, verdicts. */
#ifndef RECORD_ASKED_H
#define RECORD_ASKED_H

#include "record/search.h"

/* "2026-11-24", "2026-11-24T03:00:00Z", or "90m", "12h", "7d" for so long before now. KW_ESYNTAX, KW_ERANGE. */
enum kw_err asked_time(struct str text, int64_t now_us, int64_t *out_us) MUST_USE;

/* The same, but that "30d" is so long after now. */
enum kw_err asked_time_ahead(struct str text, int64_t now_us, int64_t *out_us) MUST_USE;

/* "wrong_secret". KW_ESYNTAX: there is no such reason. */
enum kw_err asked_reason(struct str text, enum kw_reason *out) MUST_USE;

/* "allow", "deny". KW_ESYNTAX. */
enum kw_err asked_verdict(struct str text, enum search_verdict *out) MUST_USE;

#endif
