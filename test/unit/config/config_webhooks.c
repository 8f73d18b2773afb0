/* config_webhooks.c - what keyward.yaml may say about webhooks, and what not. */
#include "config/config_webhooks.h"

#include "config/config.h"
#include "suite.h"

static enum kw_err read_text(const char *text, struct config *c, char why[CONFIG_WHY_MAX])
{
    return config_read(str_from(text), "/base", c, why);
}

static void without_settings_nothing_private_is_called(void **state)
{
    char why[CONFIG_WHY_MAX];
    struct config c;

    (void)state;
    assert_ok(read_text("", &c, why));
    assert_int_equal(c.webhooks.rules.n_nets, 0);
    assert_int_equal(c.webhooks.rules.n_ports, 0); /* 443 and 8443 */
    assert_int_equal(c.webhooks.n_waits, 5);
    assert_int_equal(c.webhooks.waits_s[0], 60);
    assert_int_equal(c.webhooks.waits_s[4], 6 * 3600);
    assert_int_equal(c.webhooks.off_after_s, 5 * 86400);
    assert_string_equal(c.webhooks.ca_file, "");
}

static void every_setting_is_read(void **state)
{
    char why[CONFIG_WHY_MAX];
    struct config c;

    (void)state;
    assert_ok(
        read_text("webhook_allow_private: [10.1.0.0/16, 127.0.0.1]\nwebhook_ports: [9443]\n"
                  "webhook_retries: [1s, 2m]\nwebhook_off_after: 12h\nwebhook_ca_file: ca.pem\n",
                  &c, why));
    assert_int_equal(c.webhooks.rules.n_nets, 2);
    assert_int_equal(c.webhooks.rules.nets[0].prefix, 96 + 16);
    assert_int_equal(c.webhooks.rules.n_ports, 1);
    assert_int_equal(c.webhooks.rules.ports[0], 9443);
    assert_int_equal(c.webhooks.n_waits, 2);
    assert_int_equal(c.webhooks.waits_s[1], 120);
    assert_int_equal(c.webhooks.off_after_s, 12 * 3600);
    assert_string_equal(c.webhooks.ca_file, "/base/ca.pem");
    assert_ok(read_text("webhook_retries: []\n", &c, why));
    assert_int_equal(c.webhooks.n_waits, 5); /* an empty list is as if it were not there */
}

static const struct reject {
    const char *why, *text;
} rejects[] = {
    {"no network", "webhook_allow_private: [here]\n"},
    {"bits behind the prefix", "webhook_allow_private: [10.1.2.3/16]\n"},
    {"with a class", "webhook_allow_private: [10.1.0.0/16=read]\n"},
    {"everything", "webhook_allow_private: [0.0.0.0/0]\n"},
    {"metadata", "webhook_allow_private: [169.254.169.254]\n"},
    {"link-local", "webhook_allow_private: ['fe80::/10']\n"},
    {"port 0", "webhook_ports: [0]\n"},
    {"port 65536", "webhook_ports: [65536]\n"},
    {"a port that is none", "webhook_ports: [https]\n"},
    {"a time without a unit", "webhook_retries: [60]\n"},
    {"another unit", "webhook_retries: [1w]\n"},
    {"no time at all", "webhook_retries: [0s]\n"},
    {"31 days", "webhook_off_after: 31d\n"},
    {"a time that overflows", "webhook_off_after: 999999d\n"},
    {"nine waits", "webhook_retries: [1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s]\n"},
};

static void config_of_webhooks_rejects(void **state)
{
    const struct reject *row = *state;
    char why[CONFIG_WHY_MAX] = "";
    struct config c;

    assert_true(read_text(row->text, &c, why) != KW_OK);
    assert_non_null(strstr(why, "webhook_"));
}

int main(void)
{
    SUITE_TEST(without_settings_nothing_private_is_called);
    SUITE_TEST(every_setting_is_read);
    SUITE_ROWS(config_of_webhooks_rejects, rejects);
    return suite_run("config/config_webhooks");
}
