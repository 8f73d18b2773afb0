/* store_err.h - errors of the store, as one who uses the outbox hands them on. */
#ifndef ALERTING_STORE_ERR_H
#define ALERTING_STORE_ERR_H

#include <keyward/keyward.h>

/* What is wrong with keyward.db is no fault of the outbox, which is moved aside where it is damaged. */
static inline enum kw_err store_err(enum kw_err err)
{
    return err == KW_EDAMAGED || err == KW_EFORMAT || err == KW_EIO ? KW_EUNAVAILABLE : err;
}

#endif
