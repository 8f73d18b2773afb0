/* config_webhooks.c - see config_webhooks.h. */
#include "config/config_webhooks.h"

#include <stdarg.h>
#include <stdio.h>

enum { DAY_S = 86400, TIME_MAX_S = 30 * DAY_S, PORT_MAX = 65535 };

static const uint32_t default_waits_s[] = {60, 300, 1800, 7200, 21600};

static enum kw_err say(char *why, enum kw_err err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum kw_err say(char *why, enum kw_err err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(why, WEBHOOK_CONFIG_WHY, format, args);
    va_end(args);
    return err;
}

static uint32_t seconds_of(char unit)
{
    switch (unit) {
    case 's':
        return 1;
    case 'm':
        return 60;
    case 'h':
        return 3600;
    case 'd':
        return DAY_S;
    }
    return 0;
}

enum kw_err config_webhooks_time(struct str text, uint32_t *out_s)
{
    uint64_t n;

    if (text.n < 2)
        return KW_ESYNTAX;
    uint32_t unit = seconds_of(text.p[text.n - 1]);
    if (unit == 0 || str_u64((struct str){text.p, text.n - 1}, UINT32_MAX, &n) != KW_OK)
        return KW_ESYNTAX;
    if (n == 0 || n * unit > TIME_MAX_S)
        return KW_ERANGE;
    *out_s = (uint32_t)(n * unit);
    return KW_OK;
}

static enum kw_err read_nets(const struct config_webhooks_raw *raw, struct egress_rules *out,
                             char *why)
{
    for (unsigned i = 0; i < raw->n_nets && i < EGRESS_NETS_MAX; i++) {
        enum kw_err err = egress_net_parse(str_from(raw->nets[i]), &out->nets[i]);
        if (err == KW_EINVAL)
            return say(why, KW_ERANGE,
                       "webhook_allow_private: %s is never called, whoever allows it", raw->nets[i]);
        if (err != KW_OK)
            return say(why, err,
                       "webhook_allow_private: \"%s\" is no network of the form 10.1.0.0/16 (with "
                       "nothing set behind its prefix)",
                       raw->nets[i]);
        out->n_nets = i + 1;
    }
    return KW_OK;
}

static enum kw_err read_ports(const struct config_webhooks_raw *raw, struct egress_rules *out,
                              char *why)
{
    uint64_t port;

    for (unsigned i = 0; i < raw->n_ports && i < EGRESS_PORTS_MAX; i++) {
        if (str_u64(str_from(raw->ports[i]), PORT_MAX, &port) != KW_OK || port == 0)
            return say(why, KW_ERANGE, "webhook_ports: \"%s\" is no port from 1 to 65535",
                       raw->ports[i]);
        out->ports[i] = (uint16_t)port;
        out->n_ports = i + 1;
    }
    return KW_OK;
}

static enum kw_err read_waits(const struct config_webhooks_raw *raw, struct config_webhooks *out,
                              char *why)
{
    for (unsigned i = 0; i < raw->n_waits && i < WEBHOOK_WAITS_MAX; i++) {
        enum kw_err err = config_webhooks_time(str_from(raw->waits[i]), &out->waits_s[i]);
        if (err != KW_OK)
            return say(why, err, "webhook_retries: \"%s\" is no time of the form 90s, 5m, 2h or 1d",
                       raw->waits[i]);
        out->n_waits = i + 1;
    }
    return KW_OK;
}

enum kw_err config_webhooks_read(const struct config_webhooks_raw *raw, struct config_webhooks *out,
                                 char why[WEBHOOK_CONFIG_WHY])
{
    struct config_webhooks c = {.off_after_s = 5 * DAY_S};

    TRY(read_nets(raw, &c.rules, why));
    TRY(read_ports(raw, &c.rules, why));
    TRY(read_waits(raw, &c, why));
    if (raw->waits == NULL) {
        memcpy(c.waits_s, default_waits_s, sizeof default_waits_s);
        c.n_waits = COUNT_OF(default_waits_s);
    }
    if (raw->off_after != NULL) {
        enum kw_err err = config_webhooks_time(str_from(raw->off_after), &c.off_after_s);
        if (err != KW_OK)
            return say(why, err, "webhook_off_after: \"%s\" is no time of the form 12h or 5d",
                       raw->off_after);
    }
    memcpy(c.ca_file, out->ca_file, sizeof c.ca_file);
    *out = c;
    return KW_OK;
}
