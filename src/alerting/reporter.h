/* reporter.h - the thread that writes each account's report of the week. */
#ifndef ALERTING_REPORTER_H
#define ALERTING_REPORTER_H

#include "alerting/report.h"
#include "alerting/webhooks.h"
#include "jobs/tally.h"

/* Looks every minute whether a week has ended whose reports are not there yet, and writes those of all accounts that were there
 * then. What cannot be written, or sent, keeps nothing from other accounts, and is tried
 * again a minute later; of an account whose row does not hold, at the next start. A report that is there is not written again, whatever was killed. Also writes one when somebody asks. */
struct reporter;

/* Borrows what `from` names, and the next two. has_mail: who answers for the account is written to, too. KW_ENOMEM,
 * KW_EUNAVAILABLE. */
enum kw_err reporter_start(const struct report_sources *from, struct webhooks *webhooks,
                           struct tally *tally, bool has_mail, struct reporter **out) MUST_USE;
void reporter_stop(struct reporter *r); /* takes NULL */

/* Writes a report that report_document or report_document_by_hand has made, of the seven days before its moment, as an actor; any thread,
 * which it keeps busy. KW_EEXISTS: there is one. Errors of report_gather and sync_put_document. */
enum kw_err reporter_write(const struct report_sources *from, struct str actor,
                           struct document *d) MUST_USE;

#endif
