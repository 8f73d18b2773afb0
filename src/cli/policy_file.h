/* policy_file.h - a route policy as a YAML file. */
#ifndef CLI_POLICY_FILE_H
#define CLI_POLICY_FILE_H

#include <jansson.h>

#include "base/buf.h"

/*     read:
 *       - GET /api/v1/wallet/me
 *     transact:
 *       - POST /api/v1/wallet/payout/{kind}
 *     manage: […]
 *     public: […]
 *     deny: […] */
enum { POLICY_FILE_WHY_MAX = 400, POLICY_FILE_MAX = 4 << 20 };

/* Reads a file into an object of five lists, which the caller owns, and keeps its text. why is a
 * sentence with file and line. KW_ENOTFOUND, KW_EPERM, KW_EIO: not read; KW_ESYNTAX, KW_EFULL (too
 * long), KW_ENOMEM. */
enum kw_err policy_file_read(const char *path, struct buf *text, json_t **out,
                             char why[POLICY_FILE_WHY_MAX]) MUST_USE;

/* The line of the file in which "transact[3]" stands; 0: not there. */
unsigned policy_file_line(struct str text, const char *field);

/* Appends the YAML of an object of five lists. */
void policy_file_print(const json_t *lists, struct buf *out);

#endif
