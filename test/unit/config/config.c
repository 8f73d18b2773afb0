/* config.c - keyward.yaml: read exactly, or refused with the line and what to do. */
#include "config/config.h"

#include <stdio.h>
#include <sys/stat.h>

#include "base/file.h"
#include "folder.h"
#include "suite.h"

static enum kw_err read_text(const char *text, struct config *c, char why[CONFIG_WHY_MAX])
{
    return config_read(str_from(text), "/base", c, why);
}

static void config_of_an_empty_file_is_the_default(void **state)
{
    const char *const empty[] = {"", "\n\n", "# only a comment\n"};
    char why[CONFIG_WHY_MAX];
    struct config c;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(empty); i++) {
        assert_ok(read_text(empty[i], &c, why));
        assert_string_equal(c.etc_dir, "/etc/keyward");
        assert_string_equal(c.state_dir, "/var/lib/keyward");
        assert_string_equal(c.run_dir, "/run/keyward");
        assert_string_equal(c.brand, "mk");
        assert_string_equal(c.admin_group, "");
        assert_string_equal(c.sandbox_url, "");
        assert_string_equal(c.probe_path, "/api/v1/user/me");
        assert_int_equal(c.ring_slots[0], 0);
        assert_int_equal(c.leak_action, LEAK_FREEZE_TRANSACT);
        assert_int_equal(c.record_days, 400);
    }
}

static void config_reads_every_setting(void **state)
{
    char why[CONFIG_WHY_MAX];
    struct config c;

    (void)state;
    assert_ok(
        read_text("etc_dir: .\nstate_dir: state\nrun_dir: /dev/shm/k\nbrand: acme\n"
                  "verify_group: keyward-verify\nadmin_group: 'adm'\nring_slots: [1024, 64]\n"
                  "log_format: json\nauthorize_users: [wallets, shop_2]\n"
                  "public_url: https://keyward.example.com\n"
                  "sandbox_url: http://127.0.0.1:8080\n"
                  "production_url: https://api.example.com:8443\nprobe_path: /v2/ping\n"
                  "mail_server: smtps://mail.example.com\nmail_from: keyward@example.com\n"
                  "mail_user: me\nmail_password_file: password\nmail_ca_file: /ca.pem\n"
                  "leak_action: revoke\nleak_github_keys: github.json\n"
                  "location_country_file: geo/country.mmdb\nlocation_network_file: /geo/as.mmdb\n"
                  "record_days: 0\n",
                  &c, why));
    assert_string_equal(c.etc_dir, "/base");
    assert_string_equal(c.state_dir, "/base/state");
    assert_string_equal(c.run_dir, "/dev/shm/k");
    assert_string_equal(c.brand, "acme");
    assert_string_equal(c.verify_group, "keyward-verify");
    assert_string_equal(c.admin_group, "adm");
    assert_int_equal(c.ring_slots[0], 1024);
    assert_int_equal(c.ring_slots[1], 64);
    assert_int_equal(c.log_format, LOG_JSON);
    assert_int_equal(c.n_authorize_users, 2);
    assert_string_equal(c.authorize_users[1], "shop_2");
    assert_string_equal(c.public_url, "https://keyward.example.com");
    assert_string_equal(c.sandbox_url, "http://127.0.0.1:8080");
    assert_string_equal(c.production_url, "https://api.example.com:8443");
    assert_string_equal(c.probe_path, "/v2/ping");
    assert_string_equal(c.mail.url, "smtps://mail.example.com");
    assert_string_equal(c.mail.from, "keyward@example.com");
    assert_string_equal(c.mail.user, "me");
    assert_string_equal(c.mail.password_file, "/base/password");
    assert_string_equal(c.mail.ca_file, "/ca.pem");
    assert_int_equal(c.leak_action, LEAK_REVOKE);
    assert_int_equal(c.record_days, 0);
    assert_string_equal(c.leak_github_keys, "/base/github.json");
    assert_string_equal(c.location_files[0], "/base/geo/country.mmdb");
    assert_string_equal(c.location_files[1], "/geo/as.mmdb");
}

#define MAIL(server, from) "public_url: https://a\nmail_server: " server "\nmail_from: " from "\n"

static const struct reject {
    const char *why;
    const char *text;
    const char *says;
} rejects[] = {
    {"an unknown key", "brand: mk\nstat_dir: x\n", "line 2: there is no setting \"stat_dir\""},
    {"another action for leaks", "leak_action: freeze\n", "leak_action: \"freeze\" is none of"},
    {"days of the record that are none", "record_days: 1y\n", "record_days: \"1y\" is no number"},
    {"less than no days", "record_days: -1\n", "record_days: \"-1\" is no number"},
    {"a hundred and one years", "record_days: 36865\n", "record_days: \"36865\" is no number"},
    {"another log format", "brand: mk\nlog_format: xml\n", "\"xml\" is neither text nor json"},
    {"a user that is none", "authorize_users: [a, \"b c\"]\n", "\"b c\" is not the name of a user"},
    {"an empty user", "authorize_users: [\"\"]\n", "line: 1"},
    {"one user, as a text", "authorize_users: wallets\n", "line: 1"},
    {"seventeen users", "authorize_users: [a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a]\n",
     "line: 1"},
    {"a public address in the clear", "public_url: http://keyward.example.com\n",
     "public_url: \"http"},
    {"a public address with a path", "public_url: https://keyward.example.com/\n", "nothing behind"},
    {"a gateway in the clear", "sandbox_url: http://sandbox.example.com\n", "sandbox_url: \"http"},
    {"a gateway with a path", "production_url: https://a.example/api\n", "production_url: \"https"},
    {"a probe that is no path", "probe_path: api/v1\n", "probe_path: \"api/v1\" is not a path"},
    {"a probe with a query", "probe_path: /api?x=1\n", "and has no query"},
    {"a probe that can be read in two ways", "probe_path: /api/../me\n", "probe_path: \"/api/../me"},
    {"an empty probe", "probe_path: ''\n", "line: 1"},
    {"a mail server of another kind", MAIL("http://a", "a@b.example"), "mail_server: \"http://a\" is"},
    {"mail without an address to lead to", "mail_server: smtp://a\nmail_from: a@b.example\n",
     "set public_url too"},
    {"mail of nobody", "public_url: https://a\nmail_server: smtp://a\n", "mail_from: who writes"},
    {"mail of a name", MAIL("smtp://a", "Keyward"), "mail_from: who writes"},
    {"a user without a password", MAIL("smtp://a", "a@b.example") "mail_user: me\n", "set both"},
    {"a password without a user", MAIL("smtp://a", "a@b.example") "mail_password_file: p\n",
     "set both"},
    {"no mail server, but a sender", "mail_from: a@b.example\n", "mail_server: set it, or none"},
    {"a duplicate key", "brand: mk\nrun_dir: a\nbrand: mk\n", "line 3: \"brand\" stands in line 1"},
    {"a duplicate key in quotes", "brand: mk\n\"brand\": mk\n", "line 2: \"brand\" stands in line 1"},
    {"a duplicate key, escaped", "brand: mk\n\"br\\x61nd\": mk\n", "line 2: \"brand\" stands"},
    {"a duplicate key in flow form", "{brand: mk, brand: xy}", "line 1: \"brand\" stands"},
    {"a merge key", "<<: {brand: mk}\n", "line 1: there is no setting \"<<\""},
    {"an alias", "brand: &b mk\nrun_dir: *b\n", "line 1: anchors"},
    {"an alias alone", "run_dir: *b\n", "line 1: aliases"},
    {"a tag", "brand: !!str mk\n", "line 1: anchors (&name) and tags"},
    {"a binary tag", "brand: !!binary bWs=\n", "line 1: anchors (&name) and tags"},
    {"a second document", "brand: mk\n---\nbrand: xy\n", "line 2: a second document"},
    {"a list at the top", "- brand\n", "line 1: lines of the form"},
    {"a text at the top", "brand\n", "line 1: lines of the form"},
    {"a mapping inside", "brand:\n  x: y\n", "line 2: a mapping where a text"},
    {"a list where a text is meant", "brand: [a, b]\n", "line: 1"},
    {"a text where a list is meant", "ring_slots: 64\n", "line: 1"},
    {"an empty value", "brand:\n", "line: 1"},
    {"three ring sizes", "ring_slots: [64, 64, 64]\n", "line: 1"},
    {"one ring size", "ring_slots: [64]\n", "line: 1"},
    {"a ring size that is no number", "ring_slots: [64, many]\n", "line: 1"},
    {"a ring size that is no power of two", "ring_slots: [100, 64]\n", "100 is not a power of two"},
    {"a ring size of 2^32 + 64", "ring_slots: [4294967360, 64]\n", "line: 1"},
    {"an unclosed quote", "brand: \"mk\n", "not YAML"},
    {"a tab for indentation", "brand: mk\n\trun_dir: x\n", "line 2: not YAML"},
    {"a control character", "# c\nbrand: m\001k\n", "line 2: not text"},
    {"bytes that are not UTF-8", "# c\n\nbrand: \xff\xfe\n", "line 3: not text"},
    {"a byte order mark",
     "\xef\xbb\xbf"
     "brand: mk\n",
     "line 1: not text"},
    {"a brand that cannot begin a key", "brand: mkt\n", "brand: \"mkt\" cannot begin a key"},
    {"a group that cannot be one", "admin_group: 'a:b'\n", "is not the name of a group"},
    {"a run folder too long for its socket",
     "run_dir: "
     "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaa\n",
     "run_dir: /aaa"},
};

static void J2_config_refuses(void **state)
{
    const struct reject *row = *state;
    char why[CONFIG_WHY_MAX] = "";
    struct config c = {.brand = "kept"};

    assert_int_not_equal(read_text(row->text, &c, why), KW_OK);
    if (strstr(why, row->says) == NULL)
        fail_msg("said: %s", why);
    assert_string_equal(c.brand, "kept"); /* untouched */
}

static void J2_config_refuses_a_nul_byte(void **state)
{
    char why[CONFIG_WHY_MAX] = "";
    struct config c;

    (void)state;
    assert_err(config_read(STR("brand: mk\n\0"), "/", &c, why), KW_ESYNTAX);
    assert_non_null(strstr(why, "line 2: not text"));
}

static void J2_config_refuses_a_file_that_others_may_write(void **state)
{
    char why[CONFIG_WHY_MAX] = "";
    struct folder f;
    struct config c;

    (void)state;
    folder_make(&f);
    const char *path = folder_file(&f, "keyward.yaml");
    assert_ok(file_replace(path, STR("brand: mk\n"), 0644));
    assert_ok(config_load(path, &c, why));
    assert_int_equal(chmod(path, 0646), 0);
    assert_err(config_load(path, &c, why), KW_EPERM);
    assert_non_null(strstr(why, "chmod go-w"));
    assert_err(config_load(folder_file(&f, "nothing"), &c, why), KW_ENOTFOUND);
    assert_non_null(strstr(why, "keyward init"));
    folder_remove(&f);
}

static void config_paths_are_relative_to_the_file(void **state)
{
    char why[CONFIG_WHY_MAX] = "", want[PATH_MAX];
    struct folder f;
    struct config c;

    (void)state;
    folder_make(&f);
    const char *path = folder_file(&f, "keyward.yaml");
    assert_ok(file_replace(path, STR("state_dir: state\n"), 0600));
    assert_ok(config_load(path, &c, why));
    snprintf(want, sizeof want, "%s/state", f.path);
    assert_string_equal(c.state_dir, want);
    folder_remove(&f);
}

int main(void)
{
    SUITE_TEST(config_of_an_empty_file_is_the_default);
    SUITE_TEST(config_reads_every_setting);
    SUITE_ROWS(J2_config_refuses, rejects);
    SUITE_TEST(J2_config_refuses_a_nul_byte);
    SUITE_TEST(J2_config_refuses_a_file_that_others_may_write);
    SUITE_TEST(config_paths_are_relative_to_the_file);
    return suite_run("config/config");
}
