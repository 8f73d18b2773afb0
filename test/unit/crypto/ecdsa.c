/* ecdsa.c - a signature of another holds for its message and its key, and for nothing else. */
#include "crypto/ecdsa.h"

#include "suite.h"

static const char pem[] = "-----BEGIN PUBLIC KEY-----\n"
                          "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEfzh3RBSjC4Kvx3a6x55iXXIypfky\n"
                          "3sj/IX7owP1YCY/v40svfKhCZFQtNvdVcKGlH8GZ08KWAtbbfOUJm6eO7A==\n"
                          "-----END PUBLIC KEY-----\n";

/* Of other kinds, each a public key. */
static const char p384[] = "-----BEGIN PUBLIC KEY-----\n"
                           "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEvwt9o9B543uzIpSA01kHACNsBFaPRz/x\n"
                           "vxKMRzo24ztCMz70weJ8+e0KRLuMLRNvuiirO91zJqEwYYZBUZqppXZg+c5/si3w\n"
                           "dmBmih0ng69rAuxQL3nM4xqej9vUB8oS\n"
                           "-----END PUBLIC KEY-----\n";
static const char ed25519[] = "-----BEGIN PUBLIC KEY-----\n"
                              "MCowBQYDK2VwAyEAlhkZXuglVfz3ATh8uUL2OKUxuqCrTEibucHBazF1NgE=\n"
                              "-----END PUBLIC KEY-----\n";

#define MESSAGE STR("[{\"token\":\"x\"}]")
#define SIGNATURE                                   \
    STR("MEYCIQCftoFTC6Yv+49dD+2kI4kTyoNzZ6X8B9AP/" \
        "ZTz30jpqAIhALzzdNqQ79Gyof3sErxmvKi4RGV7oFp04FjpSXaqNPLe")

static void a_signature_of_the_key_holds(void **state)
{
    (void)state;
    assert_ok(ecdsa_check_key(str_from(pem)));
    assert_ok(ecdsa_check(str_from(pem), MESSAGE, SIGNATURE));
}

static const struct forgery {
    const char *why;
    struct str message, signature;
} forgeries[] = {
    {"another message", STR_INIT("[{\"token\":\"y\"}]"),
     STR_INIT("MEYCIQCftoFTC6Yv+49dD+2kI4kTyoNzZ6X8B9AP/"
              "ZTz30jpqAIhALzzdNqQ79Gyof3sErxmvKi4RGV7oFp04FjpSXaqNPLe")},
    {"nothing signed", STR_INIT(""),
     STR_INIT("MEYCIQCftoFTC6Yv+49dD+2kI4kTyoNzZ6X8B9AP/"
              "ZTz30jpqAIhALzzdNqQ79Gyof3sErxmvKi4RGV7oFp04FjpSXaqNPLe")},
    {"no signature", STR_INIT("[{\"token\":\"x\"}]"), {NULL, 0}},
    {"not base64", STR_INIT("[{\"token\":\"x\"}]"), STR_INIT("!!!!")},
    {"a blank in front", STR_INIT("[{\"token\":\"x\"}]"),
     STR_INIT(" MEYCIQCftoFTC6Yv+49dD+2kI4kTyoNzZ6X8B9AP/"
              "ZTz30jpqAIhALzzdNqQ79Gyof3sErxmvKi4RGV7oFp04FjpSXaqNPLe")},
    {"cut", STR_INIT("[{\"token\":\"x\"}]"), STR_INIT("MEUCIQ==")},
    {"padding alone", STR_INIT("[{\"token\":\"x\"}]"), STR_INIT("====")},
    {"twice", STR_INIT("[{\"token\":\"x\"}]"),
     STR_INIT("MEYCIQCftoFTC6Yv+49dD+2kI4kTyoNzZ6X8B9AP/"
              "ZTz30jpqAIhALzzdNqQ79Gyof3sErxmvKi4RGV7oFp04FjpSXaqNPLeMEYCIQCftoFTC6Yv+49dD+"
              "2kI4kTyoNzZ6X8B9AP/ZTz30jpqAIhALzzdNqQ79Gyof3sErxmvKi4RGV7oFp04FjpSXaqNPLe")},
};

static void a_forged_signature_does_not(void **state)
{
    const struct forgery *row = *state;

    assert_err(ecdsa_check(str_from(pem), row->message, row->signature), KW_EDAMAGED);
}

static const struct other {
    const char *why, *pem;
} others[] = {
    {"empty", ""},
    {"text", "a key"},
    {"P-384", p384},
    {"Ed25519", ed25519},
};

static void a_key_of_another_kind_is_none(void **state)
{
    const struct other *row = *state;

    assert_err(ecdsa_check_key(str_from(row->pem)), KW_EFORMAT);
    assert_err(ecdsa_check(str_from(row->pem), MESSAGE, SIGNATURE), KW_EFORMAT);
}

int main(void)
{
    SUITE_TEST(a_signature_of_the_key_holds);
    SUITE_ROWS(a_forged_signature_does_not, forgeries);
    SUITE_ROWS(a_key_of_another_kind_is_none, others);
    return suite_run("crypto/ecdsa");
}
