/* member_call.h - a call about one member, who is named by his id or his e-mail address. */
#ifndef CLI_MEMBER_CALL_H
#define CLI_MEMBER_CALL_H

#include "cli/talk.h"
#include "core/member.h"

struct member_id {
    char text[KW_KEY_ID_LEN + 1];
};

/* The id that the first operand is, or whose address it is; an address is looked up, which needs members:read. On anything
 * but EXIT_DONE it has been said to standard error. */
enum exit_status member_id_find(const struct command *self, const struct args *args,
                                struct member_id *out);

/* Calls /v1/members/ID and `behind` ("", "/link"). */
enum exit_status member_call(const struct command *self, const struct args *args,
                             const struct member_id *id, const struct client_request *request,
                             const char *behind, struct client_answer *out);

/* Shows the member of an answer, behind a sentence ("": none); with --json the answer. */
enum exit_status member_tell(const struct args *args, const json_t *member, const char *sentence);

/* The same for an answer with a one-time link, which is shown this once: with what it is for, and until when. */
enum exit_status member_tell_link(const struct args *args, const json_t *member);

#endif
