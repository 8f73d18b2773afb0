/* alert_name.h - what people call the key, the member or the webhook that an alert is about. */
#ifndef ALERTING_ALERT_NAME_H
#define ALERTING_ALERT_NAME_H

#include "core/finding.h"
#include "sync/sync.h"

enum { ALERT_NAME_MAX = MEMBER_EMAIL_MAX };

/* Its name as it is now, for who may see the finding's account: of that account alone (of no account: of any). A member without a
 * name is called by his e-mail, a webhook by its host. Empty: it has none, is gone, or cannot be read. Takes sync's lock. */
void alert_name(struct sync *sync, const struct finding *f, char out[ALERT_NAME_MAX + 1]);

#endif
