/* audit.h - what the audit commands share: where the record is, and what is asked of it. */
#ifndef CLI_AUDIT_H
#define CLI_AUDIT_H

#include "cli/talk.h"
#include "record/search.h"

enum { AUDIT_PATH_MAX = 600 };

struct audit_place {
    char dir[AUDIT_PATH_MAX], public_key[AUDIT_PATH_MAX];
};

/* Has keyward serve drain its rings, so that whatever was decided before is on the record, and learns where that is. */
enum exit_status audit_drain(const struct command *self, const struct args *args,
                             struct audit_place *out);

/* What the query options share. */
#define AUDIT_QUERY_OPTIONS                                                                     \
    {"key", "ID", false, "of this key"}, {"account", "ID", false, "of this account"},           \
        {"source", "ADDRESS", false, "from this address"},                                      \
        {"reason", "REASON", false, "with this reason: allowed, wrong_secret, …"},              \
        {"request", "ID", false, "with this request id"},                                       \
        {"verdict", "VERDICT", false, "attempts that came out so: allow or deny"},              \
        {"environment", "NAME", false, "attempts at sandbox or production"},                    \
        {"browser", NULL, false, "attempts from a browser"},                                    \
        {"member", "ID", false, "sign-ins of this member, changes by and to him"},              \
        {"since", "TIME", false, "not before: 2026-11-24, 2026-11-24T03:00:00Z, 90m, 12h, 7d"}, \
        {"until", "TIME", false, "before"}, {"events", NULL, false, "attempts only"},           \
        {"changes", NULL, false, "changes only"},                                               \
        {"sign-ins", NULL, false, "sign-ins of members only"},                                  \
        {"leaks", NULL, false, "reports of leaked keys only"},                                  \
        {"spends", NULL, false, "what keys reserved and spent only"},                           \
        {"reads", NULL, false, "who read the record only"},                                     \
    {                                                                                           \
        "warnings", NULL, false, "warnings of rotations and old secrets only"                   \
    }

struct audit_query { /* `query` borrows from the rest, and from the arguments */
    struct record_query query;
    struct address source;
    enum kw_reason reason;
    uint8_t request_id[EVENT_REQUEST_ID];
};

/* On anything but EXIT_DONE it has been said to standard error, naming the option. */
enum exit_status audit_query_read(const struct command *self, const struct args *args,
                                  struct audit_query *out);

/* Prints records to standard output as they come: a line of JSON each, or a line for people. */
struct audit_printer {
    bool as_json;
    uint64_t n;
    struct buf line;
};
enum kw_err audit_print(void *printer, const struct record_entry *e);

/* The same for a record that is a line of JSON already, with its line feed. KW_EFORMAT: it is none. */
enum kw_err audit_print_line(struct audit_printer *p, struct str line);
void audit_printer_deinit(struct audit_printer *p); /* for AUTO */

/* Says what a search that failed found; EXIT_DONE for KW_OK. */
enum exit_status audit_exit(const struct command *self, const char *dir, enum kw_err err);

#endif
