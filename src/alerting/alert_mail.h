/* alert_mail.h - the thread that sends letters about alerts. */
#ifndef ALERTING_ALERT_MAIL_H
#define ALERTING_ALERT_MAIL_H

#include "alerting/alert_post.h"
#include "alerting/webhooks.h"

/* One after the other, from the outbox: what the mail server does not take now is tried again as often as a delivery to a webhook,
 * and then given up; the log says so. No letter is sent before it is written down what became of the one before, and none on a full disk.
 * What was handed to the mail server when the process was killed is sent again. */
struct alert_mail;

/* Borrows all of them, which must live longer; config has a mail server. KW_ENOMEM, KW_EUNAVAILABLE. */
enum kw_err alert_mail_start(const struct config *config, struct sync *sync,
                             struct webhooks *webhooks, struct tally *tally,
                             struct alert_mail **out) MUST_USE;
void alert_mail_stop(struct alert_mail *m); /* breaks off what is being sent; takes NULL */

#endif
