/* config_webhooks.h - what keyward.yaml says about webhooks. */
#ifndef CONFIG_CONFIG_WEBHOOKS_H
#define CONFIG_CONFIG_WEBHOOKS_H

#include "notify/egress.h"

enum {
    WEBHOOK_WAITS_MAX = 8,
    WEBHOOK_CA_FILE_MAX = 512,
    WEBHOOK_TIME_MAX = 8,
    WEBHOOK_CONFIG_WHY = 400
};

/*     webhook_allow_private: []                networks that webhooks may lead to although they are not public: [10.1.0.0/16]
 *     webhook_ports: [443, 8443]               the ports that they may name, 8 at most
 *     webhook_retries: [1m, 5m, 30m, 2h, 6h]   how long to wait after each try that failed, 8 at most
 *     webhook_off_after: 5d                    a webhook to which nothing has arrived for so long is turned off
 *     webhook_ca_file: …                       who signed receivers' certificates, where the machine does not know him */
struct config_webhooks {
    struct egress_rules rules;
    uint32_t waits_s[WEBHOOK_WAITS_MAX];
    size_t n_waits;
    uint32_t off_after_s;
    char ca_file[WEBHOOK_CA_FILE_MAX]; /* empty: the machine's authorities */
};

struct config_webhooks_raw { /* borrows; lists of n texts */
    char **nets, **ports, **waits;
    unsigned n_nets, n_ports, n_waits;
    const char *off_after; /* NULL: not said */
};

/* "90s", "5m", "2h", "5d". KW_ESYNTAX, KW_ERANGE: more than 30 days. */
enum kw_err config_webhooks_time(struct str text, uint32_t *out_s) MUST_USE;

/* All but ca_file, which is left as it is. KW_ESYNTAX, KW_ERANGE: why is a sentence. */
enum kw_err config_webhooks_read(const struct config_webhooks_raw *raw, struct config_webhooks *out,
                                 char why[WEBHOOK_CONFIG_WHY]) MUST_USE;

#endif
