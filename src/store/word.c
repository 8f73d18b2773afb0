/* word.c - see word.h. */
#include "store/word.h"

#include "core/member.h"
#include "core/spend.h"
#include "store/store.h"

enum { VALUES_MAX = 10 };

static const char *const words[][VALUES_MAX] = {
    [WORDS_ENVIRONMENT] = {[KW_SANDBOX] = "sandbox", [KW_PRODUCTION] = "production"},
    [WORDS_KEY_STATE] = {[KEY_REVOKED] = "revoked", [KEY_ACTIVE] = "active", [KEY_DISABLED] = "disabled"},
    [WORDS_ACCOUNT_STATE] = {[ACCOUNT_SUSPENDED] = "suspended", [ACCOUNT_ACTIVE] = "active"},
    [WORDS_OVERDUE] =
        {[OVERDUE_ALERT] = "alert", [OVERDUE_READ_ONLY] = "read_only", [OVERDUE_EXPIRE] = "expire"},
    [WORDS_QUOTA_WINDOW] = {[QUOTA_NONE] = "none", [QUOTA_DAY] = "day", [QUOTA_MONTH] = "month"},
    [WORDS_CHANGE_KIND] = {[CHANGE_KEY] = "key",
                           [CHANGE_ACCOUNT] = "account",
                           [CHANGE_POLICY] = "policy",
                           [CHANGE_MEMBER] = "member",
                           [CHANGE_TOKEN] = "token",
                           [CHANGE_ENVIRONMENT] = "environment",
                           [CHANGE_FAMILY] = "family",
                           [CHANGE_SPEND_RULES] = "spend_rules",
                           [CHANGE_DOCUMENT] = "document"},
    [WORDS_ROLE] =
        {[ROLE_VIEWER] = "viewer", [ROLE_DEVELOPER] = "developer", [ROLE_ADMIN] = "admin", [ROLE_OWNER] = "owner"},
    [WORDS_YES] = {[false] = "no", [true] = "yes"},
    [WORDS_MEMBER_STATE] =
        {[MEMBER_REMOVED] = "removed", [MEMBER_ACTIVE] = "active", [MEMBER_INVITED] = "invited"},
    [WORDS_LINK] =
        {[LINK_NONE] = "none", [LINK_SETUP] = "setup", [LINK_INVITATION] = "invitation", [LINK_RESET] = "reset"},
    [WORDS_TOKEN_STATE] = {[TOKEN_REVOKED] = "revoked", [TOKEN_ACTIVE] = "active"},
    [WORDS_USE_KIND] = {[USE_KEY] = "key", [USE_MEMBER] = "member", [USE_TOKEN] = "token"},
    [WORDS_FAMILY_STATE] = {[FAMILY_ENDED] = "ended", [FAMILY_ACTIVE] = "active"},
    [WORDS_FREEZE] = {[FREEZE_NOTHING] = "nothing", [FREEZE_TRANSACT] = "transact", [FREEZE_ALL] = "all"},
    [WORDS_SPEND_STATE] = {[SPEND_RESERVED] = "reserved",
                           [SPEND_COMMITTED] = "committed",
                           [SPEND_RELEASED] = "released",
                           [SPEND_EXPIRED] = "expired"},
    [WORDS_SPEND_SPAN] = {[SPEND_PER_HOUR] = "hour", [SPEND_PER_DAY] = "day", [SPEND_PER_MONTH] = "month"},
    [WORDS_DOCUMENT_KIND] = {[DOCUMENT_ALERT] = "alert",
                             [DOCUMENT_WEBHOOK] = "webhook",
                             [DOCUMENT_THRESHOLDS] = "thresholds",
                             [DOCUMENT_REPORT] = "report"},
};

static const char *const permission_words[] = {"read_only", "transactions", "account_management",
                                               "full_access"};

struct str word_of(enum word_list list, unsigned value)
{
    return value < VALUES_MAX ? str_from(words[list][value]) : (struct str){0};
}

enum kw_err word_read(enum word_list list, struct str word, unsigned *value)
{
    size_t v = STR_IN(word, words[list]);

    if (v == VALUES_MAX)
        return KW_EDAMAGED;
    *value = (unsigned)v;
    return KW_OK;
}

struct str word_of_permissions(unsigned permissions, char buf[WORD_PERMISSIONS_MAX])
{
    size_t n = 0;

    for (unsigned i = 0; i < COUNT_OF(permission_words); i++) {
        struct str word = str_from(permission_words[i]);
        if ((permissions & 1u << i) == 0)
            continue;
        if (n > 0)
            buf[n++] = ',';
        memcpy(buf + n, word.p, word.n);
        n += word.n;
    }
    return (struct str){buf, n};
}

static enum kw_err read_permission(struct str word, unsigned *bit)
{
    size_t i = STR_IN(word, permission_words);

    if (i == COUNT_OF(permission_words))
        return KW_EDAMAGED;
    *bit = 1u << i;
    return KW_OK;
}

enum kw_err word_read_permissions(struct str text, unsigned *permissions)
{
    unsigned all = 0, bit;
    struct str word;

    while (str_cut(text, ',', &word, &text)) {
        TRY(read_permission(word, &bit));
        all |= bit;
    }
    TRY(read_permission(text, &bit));
    *permissions = all | bit;
    return KW_OK;
}
