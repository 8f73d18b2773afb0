/* member_call.c - see member_call.h. */
#include "cli/member_call.h"

#include <stdio.h>
#include <strings.h>

#include "cli/output.h"
#include "core/key.h"

/* ---- who ---- */

/* One who is there goes before one who was removed. NULL: nobody has it. */
static const json_t *by_email(const json_t *members, const char *email)
{
    const json_t *found = NULL;

    for (size_t i = 0; i < json_array_size(members); i++) {
        const json_t *m = json_array_get(members, i);
        if (strcasecmp(output_string(m, "email"), email) != 0)
            continue;
        if (strcmp(output_string(m, "state"), "removed") != 0)
            return m;
        found = m;
    }
    return found;
}

static enum exit_status look_up(const struct command *self, const struct args *args,
                                const char *email, struct member_id *out)
{
    AUTO(buf_deinit) struct buf path = BUF_MAX(256);
    json_t *all = NULL;

    buf_printf(&path, "/v1/members?limit=1000");
    enum exit_status status = talk_pages(self, args, &path, "members", &all);
    if (status != EXIT_DONE)
        return status;
    const json_t *m = by_email(json_object_get(all, "members"), email);
    snprintf(out->text, sizeof out->text, "%s", output_string(m, "id"));
    json_decref(all);
    if (out->text[0] != '\0')
        return EXIT_DONE;
    return exit_say(EXIT_REFUSED, self->name,
                    "nobody has the address %.254s; `keyward members list` shows everybody", email);
}

enum exit_status member_id_find(const struct command *self, const struct args *args,
                                struct member_id *out)
{
    const char *who = args->operands[0];

    if (strchr(who, '@') != NULL)
        return look_up(self, args, who, out);
    if (!key_id_ok(str_from(who)))
        return exit_say(EXIT_DATA, self->name,
                        "ID: it is 14 letters and digits, or an e-mail address; `keyward members "
                        "list` shows both");
    snprintf(out->text, sizeof out->text, "%s", who);
    return EXIT_DONE;
}

enum exit_status member_call(const struct command *self, const struct args *args,
                             const struct member_id *id, const struct client_request *request,
                             const char *behind, struct client_answer *out)
{
    struct client_request r = *request;
    char path[80];

    snprintf(path, sizeof path, "/v1/members/%s%s", id->text, behind);
    r.path = path;
    return talk(self, args, &r, out);
}

/* ---- shown ---- */

static void show(const json_t *m, struct buf *out)
{
    bool is_operator = json_is_true(json_object_get(m, "operator"));
    bool has_totp = json_is_true(json_object_get(m, "totp"));
    const char *ends = output_string(m, "linkEndsAt");

    output_line(out, "Id", output_string(m, "id"));
    output_line(out, "E-mail", output_string(m, "email"));
    output_line(out, "Name", output_string(m, "name"));
    output_line(out, "Account", output_string(m, "account"));
    buf_printf(out, "%-13s%s%s\n", "Role", output_string(m, "role"),
               is_operator ? ", and operator of the whole installation" : "");
    output_line(out, "State", output_string(m, "state"));
    output_line(out, "TOTP", has_totp ? "set up" : "not set up");
    if (ends[0] != '\0')
        buf_printf(out, "%-13s%s, until %s\n", "Open link", output_string(m, "link"), ends);
    output_last(out, "Last sign-in", m, "lastSignInAt", "lastSignInFrom");
    buf_printf(out, "%-13s%s by %s\n", "Created", output_string(m, "createdAt"),
               output_string(m, "createdBy"));
    buf_printf(out, "%-13s%lld\n", "Version", output_number(m, "version"));
}

enum exit_status member_tell(const struct args *args, const json_t *member, const char *sentence)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);

    if (args_has(args, "json"))
        return output_json(member);
    if (sentence[0] != '\0')
        buf_printf(&text, "%s\n\n", sentence);
    show(member, &text);
    return output_text(&text);
}

/* ---- a link ---- */

/* Where the address of the dashboard is known the link is whole. */
static void show_link(const json_t *m, struct buf *out)
{
    const char *url = output_string(m, "url");

    if (url[0] != '\0')
        buf_printf(out, "\n%s\n\n", url);
    else
        buf_printf(out, "\nhttps://<the dashboard>/accept#%s\n\n", output_string(m, "secret"));
}

static void show_purpose(const json_t *m, struct buf *out)
{
    const char *email = output_string(m, "email");
    const char *who = email[0] == '\0' ? "whoever sets this installation up" : email;
    bool is_reset = strcmp(output_string(m, "link"), "reset") == 0;

    buf_printf(
        out,
        "With this link %s chooses a %spassword and signs in. It is shown once, now, can be\n"
        "used once, and ends at %s. Whoever has it can use it: send it to no one else.\n",
        who, is_reset ? "new " : "", output_string(m, "linkEndsAt"));
    if (is_reset && json_is_true(json_object_get(m, "totp")))
        buf_printf(
            out,
            "The one-time password of the phone is asked for all the same. When the phone is "
            "lost,\ntoo: `keyward members link %s --without-totp`.\n",
            output_string(m, "id"));
}

/* Where mail is set up, only whom it is for sees a link that was not asked for on the machine itself. */
static void show_delivery(const json_t *m, struct buf *out)
{
    if (json_is_true(json_object_get(m, "mailed")))
        buf_printf(out, "\nThe link is on its way to %s, and ends at %s.\n",
                   output_string(m, "email"), output_string(m, "linkEndsAt"));
    else
        buf_printf(
            out,
            "\nToo many letters wait: make the link anew, later, with `keyward members link %s`.\n",
            output_string(m, "id"));
}

enum exit_status member_tell_link(const struct args *args, const json_t *member)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);

    if (args_has(args, "json"))
        return output_json(member);
    buf_room(&text, 8192); /* so that the link is not copied while the text grows */
    show(member, &text);
    if (json_is_null(json_object_get(member, "secret"))) {
        show_delivery(member, &text);
        return output_text(&text);
    }
    show_link(member, &text);
    show_purpose(member, &text);
    return output_text(&text);
}
