/* key_filter.h - which keys a command is about: its options, and what the API calls them. */
#ifndef CLI_KEY_FILTER_H
#define CLI_KEY_FILTER_H

#include <jansson.h>

#include "base/buf.h"
#include "cli/options.h"

#define KEY_FILTER_OPTIONS                                                                   \
    {"account", "ID", false, "of this account"},                                             \
        {"environment", "NAME", false, "sandbox or production"},                             \
        {"state", "STATE", false, "active, disabled, expired or revoked"},                   \
        {"permission", "NAME", false, "that hold this permission"},                          \
        {"name", "TEXT", false, "whose name holds this text"},                               \
        {"search", "TEXT", false, "whose name holds this text, or whose id begins with it"}, \
        {"created-by", "ACTOR", false, "made by member:ID, token:ID or uid:N"},              \
        {"created-after", "WHEN", false,                                                     \
         "made then or later: 2026-11-24, 2026-11-24T03:00:00Z, 90m, 12h or 7d"},            \
        {"created-before", "WHEN", false, "made before then; the same forms"},               \
        {"used-from", "NETWORK", false, "last used from there: 203.0.113.7 or 10.8.0.0/16"}, \
        {"used-after", "WHEN", false, "last used then or later; the same forms"},            \
        {"unused-since", "WHEN", false, "last used before then, or never; the same forms"},  \
        {"due-before", "WHEN", false,                                                        \
         "whose rotation is due before then: 2026-11-24, or 30d from now"},                  \
    {                                                                                        \
        "expires-before", "WHEN", false, "that are to end before then; the same forms"       \
    }

bool key_filter_given(const struct args *args);

/* As parameters behind a path that has some, and as the object that a call takes. NULL: not UTF-8. */
void key_filter_query(const struct args *args, struct buf *path);
json_t *key_filter_json(const struct args *args);

#endif
