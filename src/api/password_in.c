/* password_in.c - see password_in.h. */
#include "api/password_in.h"

#include "core/password.h"

enum kw_err password_in(struct call *c, const char *field, struct str password,
                        const struct member *m)
{
    const struct password_context who = {.email = str_from(m->email),
                                         .name = str_from(m->name),
                                         .service = str_from(c->server->config->brand)};
    enum password_verdict verdict = password_check(password, m->has_totp, &who);

    if (verdict == PASSWORD_FINE)
        return KW_OK;
    if (verdict == PASSWORD_TOO_SHORT)
        return problem_field(
            &c->problem, "weak_password", field,
            "A password has at least %d characters, or %d where a one-time password "
            "is asked for as well: several words make a good one",
            PASSWORD_ALONE_MIN, PASSWORD_WITH_TOTP_MIN);
    return problem_field(&c->problem, "weak_password", field, "%s", password_verdict_text(verdict));
}
