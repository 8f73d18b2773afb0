/* cmd_audit_verify.c - keyward audit verify. */
#include <stdio.h>

#include "base/file.h"
#include "base/hex.h"
#include "cli/audit.h"
#include "cli/audit_far.h"
#include "cli/output.h"
#include "cli/where.h"
#include "record/verify.h"

static enum exit_status read_key(const struct command *self, const char *path,
                                 uint8_t key[PUBLIC_KEY_LEN])
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(256);

    enum kw_err err = file_read(path, &text);
    if (err != KW_OK)
        return exit_say(EXIT_NO_INPUT, self->name, "--key: %s: %s", path, kw_strerror(err));
    if (hex_get(str_trim(buf_view(&text)), key, PUBLIC_KEY_LEN) != KW_OK)
        return exit_say(EXIT_DATA, self->name, "--key: %s: a public key is 64 hexadecimal digits",
                        path);
    return EXIT_DONE;
}

/* Where the record and the key are: as told, or as keyward serve says. */
static enum exit_status find(const struct command *self, const struct args *args,
                             struct audit_place *out)
{
    const char *dir = args_value(args, "dir"), *key = args_value(args, "key");
    enum exit_status status = EXIT_DONE;

    if (dir != NULL && key == NULL)
        return exit_say(EXIT_USAGE, self->name,
                        "--dir needs --key: the public key that the record is checked with");
    if (dir == NULL)
        status = audit_drain(self, args, out);
    if (dir != NULL)
        snprintf(out->dir, sizeof out->dir, "%s", dir);
    if (key != NULL)
        snprintf(out->public_key, sizeof out->public_key, "%s", key);
    return status;
}

/* ---- against what was kept elsewhere ---- */

struct kept { /* one of them, or none */
    bool has_head, has_day;
    struct record_head head;
    int32_t day;
    struct digest hash;
};

static enum exit_status read_head(const struct command *self, const char *path, struct kept *out)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(RECORD_HEAD_TEXT);

    enum kw_err err = file_read(path, &text);
    if (err != KW_OK)
        return exit_say(EXIT_NO_INPUT, self->name, "--head: %s: %s", path, kw_strerror(err));
    if (record_head_parse(str_trim(buf_view(&text)), &out->head) != KW_OK)
        return exit_say(EXIT_DATA, self->name,
                        "--head: %s: it holds no line \"keyward-head 1 …\", as `keyward audit days "
                        "--json` gives as \"head\"",
                        path);
    out->has_head = true;
    return EXIT_DONE;
}

static enum exit_status read_kept(const struct command *self, const struct args *args,
                                  struct kept *out)
{
    const char *head = args_value(args, "head"), *day = args_value(args, "day");

    if (day != NULL && head == NULL)
        return exit_say(EXIT_USAGE, self->name, "--day goes with --head, the last hash of that day");
    if (day == NULL)
        return head == NULL ? EXIT_DONE : read_head(self, head, out);
    if (!day_parse(str_from(day), &out->day))
        return exit_say(EXIT_DATA, self->name, "--day: a day is written like 2026-11-24");
    if (hex_get(str_from(head), out->hash.b, DIGEST_LEN) != KW_OK)
        return exit_say(EXIT_DATA, self->name,
                        "--head: with --day it is a hash, %d hexadecimal digits", 2 * DIGEST_LEN);
    out->has_day = true;
    return EXIT_DONE;
}

static enum kw_err hold_against(const struct audit_place *place, const uint8_t key[PUBLIC_KEY_LEN],
                                const struct kept *kept, struct verify_report *out)
{
    if (kept->has_day)
        return verify_day(place->dir, key, kept->day, &kept->hash, out);
    return verify_folder(place->dir, key, kept->has_head ? &kept->head : NULL, out);
}

/* ---- told ---- */

/* From which day on the record is there, and why not from its beginning. */
static json_t *begin_json(const struct verify_report *r)
{
    char day[DAY_NAME_MAX], cut[DAY_NAME_MAX];

    day_name(r->first_day, "", day);
    day_name(r->cut.first_day, "", cut);
    if (r->batches == 0)
        return json_null();
    return json_pack("{s:s, s:I, s:o}", "day", day, "batch", (json_int_t)r->first_batch, "keptFrom",
                     r->has_cut ? json_string(cut) : json_null());
}

static enum exit_status tell_json(const struct verify_report *r)
{
    char hash[2 * DIGEST_LEN + 1] = "";

    hex_put(r->head.hash.b, DIGEST_LEN, hash);
    json_t *answer = json_pack("{s:b, s:I, s:I, s:I, s:I, s:s, s:o}", "holds", r->what == NULL,
                               "files", (json_int_t)r->files, "batches", (json_int_t)r->batches,
                               "records", (json_int_t)r->records, "lastBatch",
                               (json_int_t)r->head.batch, "lastHash", hash, "begin", begin_json(r));
    if (r->what != NULL && answer != NULL)
        json_object_set_new(answer, "firstBad",
                            json_pack("{s:s, s:s, s:I, s:I, s:I}", "what", r->what, "file", r->file,
                                      "offset", (json_int_t)r->offset, "batch",
                                      (json_int_t)r->batch, "record", (json_int_t)r->record));
    enum exit_status status = output_json(answer);
    json_decref(answer);
    return status != EXIT_DONE || r->what == NULL ? status : EXIT_REFUSED;
}

static enum exit_status tell(const struct command *self, const struct verify_report *r,
                             const char *dir)
{
    if (r->what != NULL)
        return exit_say(EXIT_REFUSED, self->name, "%s/%s: batch %llu at byte %llu, record %u: %s",
                        dir, r->file, (unsigned long long)r->batch, (unsigned long long)r->offset,
                        r->record, r->what);
    char day[DAY_NAME_MAX];
    day_name(r->first_day, "", day);
    printf("The record holds: %llu records in %llu batches of %u days; the last batch is %llu.\n",
           (unsigned long long)r->records, (unsigned long long)r->batches, r->files,
           (unsigned long long)r->head.batch);
    if (r->first_batch > 1)
        printf("It begins with %s, batch %llu: retention has dropped the days before.\n", day,
               (unsigned long long)r->first_batch);
    return fflush(stdout) == 0 ? EXIT_DONE : EXIT_IO;
}

static enum exit_status verify_far(const struct command *self, const struct args *args)
{
    if (args_has(args, "key"))
        return exit_say(EXIT_USAGE, self->name,
                        "--key goes with --dir; keyward serve at an address has its own");
    if (args_has(args, "head") || args_has(args, "day"))
        return exit_say(EXIT_USAGE, self->name,
                        "--head works on the machine of keyward serve, or with --dir, alone");
    return audit_far_verify(self, args);
}

static enum exit_status run(const struct command *self, const struct args *args)
{
    struct audit_place place = {.dir = ""};
    uint8_t key[PUBLIC_KEY_LEN];
    struct verify_report report;
    struct kept kept = {.has_head = false};

    if (where_is_url(args) && !args_has(args, "dir"))
        return verify_far(self, args);
    enum exit_status status = read_kept(self, args, &kept);
    if (status == EXIT_DONE)
        status = find(self, args, &place);
    if (status == EXIT_DONE)
        status = read_key(self, place.public_key, key);
    if (status != EXIT_DONE)
        return status;
    enum kw_err err = hold_against(&place, key, &kept, &report);
    if (err != KW_OK)
        return audit_exit(self, place.dir, err);
    return args_has(args, "json") ? tell_json(&report) : tell(self, &report, place.dir);
}

static const struct option options[] = {
    {"key", "FILE", false, "the public key, audit.pub (default: that of the running keyward serve)"},
    {"dir", "FOLDER", false, "a copy of the record, on any machine; needs --key"},
    {"head", "FILE", false, "a signed head that was kept elsewhere must be on the record"},
    {"day", "DAY", false, "then --head is the hash of that day, which was kept elsewhere"},
    TALK_OPTIONS,
    {NULL},
};

const struct command cmd_audit_verify = {
    .name = "audit verify",
    .operands = "",
    .summary = "check that nobody has changed the record",
    .about =
        "Every hash, every signature, every batch in its place. Ends with status 1 and names "
        "the first\n"
        "bad record when something is wrong. With --dir and --key it needs no keyward serve. With "
        "--url\nkeyward serve itself checks its newest day.",
    .options = options,
    .run = run,
};
