/* config_record.c - see config_record.h. */
#include "config/config_record.h"

#include <stdio.h>

enum kw_err config_record_days(const char *text, uint32_t *out, char *why)
{
    uint64_t days = RECORD_DAYS_DEFAULT;

    enum kw_err err = text == NULL ? KW_OK : str_u64(str_from(text), RECORD_DAYS_MAX, &days);
    if (err != KW_OK) {
        snprintf(why, 128, "record_days: \"%s\" is no number of days up to %d (0: for ever)", text,
                 RECORD_DAYS_MAX);
        return err;
    }
    *out = (uint32_t)days;
    return KW_OK;
}
