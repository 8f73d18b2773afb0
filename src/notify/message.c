/* message.c - see message.h. Whatever somebody chose, a name say, goes through mime_word or into the body: no line of
 * the header is his. Addresses were checked when they came (core/member.h) and hold no blank and no control. */
#include "notify/message.h"

#include <time.h>

#include "notify/mime.h"

/* Not strftime: its names of days and months follow the locale. */
static void print_date(int64_t now_ms, struct buf *out)
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t now = (time_t)(now_ms / 1000);
    struct tm t = {.tm_mday = 1};

    if (gmtime_r(&now, &t) == NULL)
        return;
    buf_printf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n", days[t.tm_wday], t.tm_mday,
               months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

static struct str domain_of(const char *address)
{
    struct str local, domain = {NULL, 0};

    str_cut(str_from(address), '@', &local, &domain);
    return domain;
}

static void print_part(struct buf *out, const char *type, const char *text)
{
    buf_printf(out,
               "Content-Type: text/%s; charset=utf-8\r\n"
               "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
               type);
    mime_body(out, str_from(text));
}

/* The last part is the one that is shown where both can be (RFC 2046, 5.1.4). Quoted-printable writes "=" as "=3D" (RFC 2045,
 * 6.7), so that no line of a part is a boundary. */
static void print_both(const struct letter *l, const char *boundary, struct buf *out)
{
    buf_printf(out, "Content-Type: multipart/alternative; boundary=\"=_%s\"\r\n\r\n--=_%s\r\n",
               boundary, boundary);
    print_part(out, "plain", l->text);
    buf_printf(out, "\r\n--=_%s\r\n", boundary);
    print_part(out, "html", l->html);
    buf_printf(out, "\r\n--=_%s--\r\n", boundary);
}

void message_print(const struct letter *l, const struct message_head *head, struct buf *out)
{
    struct str domain = domain_of(head->from);

    print_date(head->now_ms, out);
    buf_printf(out, "Message-ID: <%s@%.*s>\r\n", head->id, (int)domain.n, domain.p);
    buf_printf(out, "From: Keyward <%s>\r\nTo: ", head->from);
    mime_word(out, str_from(l->name));
    buf_printf(out, "%s<%s>\r\nSubject: ", l->name[0] == '\0' ? "" : "\r\n ", l->to);
    mime_word(out, str_from(l->subject));
    buf_printf(out, "\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n");
    if (l->html[0] == '\0')
        print_part(out, "plain", l->text);
    else
        print_both(l, head->id, out);
}
