/* config_record.h - what keyward.yaml says about how long the record is kept. */
#ifndef CONFIG_CONFIG_RECORD_H
#define CONFIG_CONFIG_RECORD_H

#include "base/str.h"

/*     record_days: 400     whole days of the record that are kept besides today's, 1 at least; 0: for ever */
enum { RECORD_DAYS_DEFAULT = 400, RECORD_DAYS_MAX = 36500, RECORD_DAYS_TEXT = 8 };

/* The setting's text, NULL where it is not said. KW_ESYNTAX, KW_ERANGE: why, of at least 128 bytes, is a sentence. */
enum kw_err config_record_days(const char *text, uint32_t *out, char *why) MUST_USE;

#endif
