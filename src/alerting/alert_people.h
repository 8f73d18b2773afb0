/* alert_people.h - who is told of alerts. */
#ifndef ALERTING_ALERT_PEOPLE_H
#define ALERTING_ALERT_PEOPLE_H

#include "store/store.h"

/* Under the lock of sync: the active admins and owners of an account who have an address; of no account ("") the operators. At most
 * `limit`, stops and returns the error of each. One whose row does not hold is left out; the log says so once. */
enum kw_err alert_people(struct store *s, struct str account, uint32_t limit, store_member_fn *each,
                         void *ctx) MUST_USE;

#endif
