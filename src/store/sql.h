/* sql.h - every statement that the store knows, as one table. */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#define ACCOUNT_COLUMNS                                                                            \
    "slot, version, id, name, state, created_ms, addresses, frozen, freeze_note, limit_defaults, " \
    "seal"
#define KEY_COLUMNS                                                                         \
    "slot, version, id, account, account_slot, name, environment, permissions, state, "     \
    "created_ms, created_by, expires_ms, digest, generation, secret_since_ms, old_digest, " \
    "old_ends_ms, rotation_days, overdue, rate_n, rate_window_s, rate_burst, quota_n, "     \
    "quota_window, addresses, old_since_ms, frozen, freeze_note, seal"
#define ENVIRONMENT_COLUMNS "slot, version, frozen, freeze_note, seal"
#define MEMBER_COLUMNS                                                                  \
    "slot, version, id, account, account_slot, email, name, role, operator, state, "    \
    "created_ms, created_by, epoch, password, password_since_ms, totp, totp_since_ms, " \
    "recovery, link, link_digest, link_ends_ms, seal"
#define TOKEN_COLUMNS                                                                    \
    "slot, version, id, account, member, member_slot, name, scopes, state, created_ms, " \
    "expires_ms, created_by, digest, seal"
#define FAMILY_COLUMNS                                                                          \
    "slot, version, id, key, key_slot, account, environment, permissions, secret_mark, state, " \
    "access_s, created_ms, ends_ms, created_from, access_digest, access_ends_ms, "              \
    "old_access_digest, old_access_ends_ms, refresh_digest, refreshes, refreshed_ms, "          \
    "refreshed_from, nonce, seal"
#define SPEND_RULES_COLUMNS "slot, version, key, account, document, seal"
#define DOCUMENT_COLUMNS \
    "slot, version, kind, id, account, key, subject, state, created_ms, document, seal"
#define RESERVATION_COLUMNS                                                                      \
    "reservations.slot, reservations.id, key_slot, keys.id, keys.account, reference, currency, " \
    "decimals, amount, committed, destination, request_id, reservations.state, limited, "        \
    "reserved_ms, reservations.expires_ms, ended_ms"
#define RESERVATIONS   "reservations JOIN keys ON keys.slot = key_slot"
#define CHANGE_COLUMNS "n, kind, object, version, image, seal, actor, time_ms, mac"

/* The version of a row's newest entry, as the last column of the row: an old row put back shows. */
#define NEWEST_OF_ACCOUNT \
    ", (SELECT max(version) FROM change_log WHERE kind = 'account' AND object = slot)"
#define NEWEST_OF_KEY ", (SELECT max(version) FROM change_log WHERE kind = 'key' AND object = slot)"
#define NEWEST_OF_MEMBER \
    ", (SELECT max(version) FROM change_log WHERE kind = 'member' AND object = slot)"
#define NEWEST_OF_TOKEN \
    ", (SELECT max(version) FROM change_log WHERE kind = 'token' AND object = slot)"
#define NEWEST_OF_ENVIRONMENT \
    ", (SELECT max(version) FROM change_log WHERE kind = 'environment' AND object = slot)"
/* And its seal: rows of families are not compared with the whole log, for some are deleted. */
#define NEWEST_OF_FAMILY                                                                    \
    ", (SELECT max(version) FROM change_log WHERE kind = 'family' AND object = f.slot), "   \
    "(SELECT seal FROM change_log WHERE kind = 'family' AND object = f.slot AND version = " \
    "f.version) "                                                                           \
    "FROM token_families AS f "
#define NEWEST_OF_POLICY \
    ", (SELECT max(version) FROM change_log WHERE kind = 'policy' AND object = 0)"

#define NEWEST_OF_SPEND_RULES \
    ", (SELECT max(version) FROM change_log WHERE kind = 'spend_rules' AND object = slot)"

#define NEWEST_OF_DOCUMENT                                                                    \
    ", (SELECT max(version) FROM change_log WHERE kind = 'document' AND object = slot) FROM " \
    "documents "

/* ?1 to ?7 as bound in document.c; what is empty matches everything. The first condition decides which index is gone through. */
#define DOCUMENTS(first)                                                       \
    "SELECT " DOCUMENT_COLUMNS NEWEST_OF_DOCUMENT "WHERE kind = ?1 AND " first \
    " AND slot < ?6 AND (?2 = '' OR key = ?2) AND (?3 = '' OR subject = ?3) "  \
    "AND (?4 = '' OR state = ?4) AND (?5 = '' OR account = ?5) ORDER BY slot DESC LIMIT ?7"

#define USED_SINCE(moment)                                            \
    "EXISTS (SELECT 1 FROM last_use AS used WHERE used.kind = 'key' " \
    "AND used.slot = keys.slot AND used.at_ms >= " moment ")"

#define OUTLINE_COLUMNS                                                                      \
    "slot, id, environment, state, created_ms, expires_ms, secret_since_ms, rotation_days, " \
    "overdue, generation, "                                                                  \
    "(SELECT at_ms FROM last_use WHERE kind = 'key' AND slot = keys.slot)"

/* ?1 to ?15 as bound in list.c; a parameter that is empty or zero matches everything. */
#define KEY_FILTER                                                                          \
    "WHERE slot > ?1 AND slot <= ?9 "                                                       \
    "AND (?2 = '' OR instr(lower(name), lower(?2)) > 0) AND (?3 = '' OR environment = ?3) " \
    "AND (?4 & 1 = 0 OR instr(permissions, 'read_only') > 0) "                              \
    "AND (?4 & 2 = 0 OR instr(permissions, 'transactions') > 0) "                           \
    "AND (?4 & 4 = 0 OR instr(permissions, 'account_management') > 0) "                     \
    "AND (?4 & 8 = 0 OR instr(permissions, 'full_access') > 0) "                            \
    "AND (?5 = '' OR state = ?5) "                                                          \
    "AND (?7 = '' OR instr(lower(name), lower(?7)) > 0 "                                    \
    "OR (?8 <> '' AND instr(lower(id), lower(?8)) = 1)) "                                   \
    "AND (?10 = 0 OR " USED_SINCE("?10") ") AND (?11 = 0 OR NOT " USED_SINCE(               \
        "?11") ") "                                                                         \
               "AND (?12 = 0 OR (state <> 'revoked' AND rotation_days > 0 "                 \
               "AND secret_since_ms + rotation_days * 86400000 < ?12)) "                    \
               "AND (?13 = '' OR created_by = ?13) AND created_ms >= ?14 "                  \
               "AND (?15 = 0 OR created_ms < ?15) "

/* Last use never goes back. */
#define NEWER_USE                                                                      \
    "ON CONFLICT (kind, slot) DO UPDATE SET "                                          \
    "source = CASE WHEN excluded.at_ms > at_ms THEN excluded.source ELSE source END, " \
    "at_ms = max(at_ms, excluded.at_ms)"

/* X(enumerator, text). An id, and the account of a key, never change: no UPDATE sets them. */
#define SQL_STATEMENTS(X)                                                                          \
    X(SQL_USER_VERSION, "PRAGMA user_version")                                                     \
    X(SQL_JOURNAL_MODE, "PRAGMA journal_mode = WAL")                                               \
    X(SQL_EMPTY_WAL, "PRAGMA wal_checkpoint(TRUNCATE)")                                            \
    X(SQL_SCHEMA, "SELECT type, name, tbl_name, sql FROM sqlite_schema "                           \
                  "WHERE name NOT GLOB 'sqlite_stat[0-9]' ORDER BY type, name")                    \
    X(SQL_BEGIN, "BEGIN IMMEDIATE")                                                                \
    X(SQL_BEGIN_READING, "BEGIN")                                                                  \
    X(SQL_COMMIT, "COMMIT")                                                                        \
    X(SQL_ROLLBACK, "ROLLBACK")                                                                    \
    X(SQL_ACCOUNT_BY_ID,                                                                           \
      "SELECT " ACCOUNT_COLUMNS NEWEST_OF_ACCOUNT " FROM accounts WHERE id = ?1")                  \
    X(SQL_ACCOUNT_BY_SLOT,                                                                         \
      "SELECT " ACCOUNT_COLUMNS NEWEST_OF_ACCOUNT " FROM accounts WHERE slot = ?1")                \
    X(SQL_ACCOUNTS, "SELECT " ACCOUNT_COLUMNS NEWEST_OF_ACCOUNT " FROM accounts ORDER BY slot")    \
    X(SQL_ACCOUNTS_LOAD, "SELECT " ACCOUNT_COLUMNS " FROM accounts ORDER BY slot")                 \
    X(SQL_ACCOUNT_MAX, "SELECT max(slot) FROM accounts")                                           \
    X(SQL_ACCOUNT_INSERT, "INSERT INTO accounts (" ACCOUNT_COLUMNS ") "                            \
                          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")                 \
    X(SQL_ACCOUNT_UPDATE,                                                                          \
      "UPDATE accounts SET version = ?2, name = ?4, state = ?5, created_ms = ?6, "                 \
      "addresses = ?7, frozen = ?8, freeze_note = ?9, limit_defaults = ?10, seal = ?11 "           \
      "WHERE slot = ?1 AND version = ?2 - 1 AND id = ?3")                                          \
    X(SQL_KEY_BY_ID, "SELECT " KEY_COLUMNS NEWEST_OF_KEY " FROM keys WHERE id = ?1")               \
    X(SQL_KEY_BY_SLOT, "SELECT " KEY_COLUMNS NEWEST_OF_KEY " FROM keys WHERE slot = ?1")           \
    X(SQL_KEYS,                                                                                    \
      "SELECT " KEY_COLUMNS NEWEST_OF_KEY " FROM keys " KEY_FILTER "ORDER BY slot LIMIT ?6")       \
    X(SQL_KEYS_BACK,                                                                               \
      "SELECT " KEY_COLUMNS NEWEST_OF_KEY " FROM keys " KEY_FILTER "ORDER BY slot DESC LIMIT ?6")  \
    X(SQL_KEYS_OF_ACCOUNT,                                                                         \
      "SELECT " KEY_COLUMNS NEWEST_OF_KEY " FROM keys INDEXED BY keys_by_account " KEY_FILTER      \
      "AND account = ?16 ORDER BY slot LIMIT ?6")                                                  \
    X(SQL_KEYS_OF_ACCOUNT_BACK,                                                                    \
      "SELECT " KEY_COLUMNS NEWEST_OF_KEY " FROM keys INDEXED BY keys_by_account " KEY_FILTER      \
      "AND account = ?16 ORDER BY slot DESC LIMIT ?6")                                             \
    X(SQL_KEY_OUTLINES,                                                                            \
      "SELECT " OUTLINE_COLUMNS " FROM keys WHERE slot > ?1 AND slot <= ?2 ORDER BY slot")         \
    X(SQL_KEY_OUTLINES_OF_ACCOUNT,                                                                 \
      "SELECT " OUTLINE_COLUMNS " FROM keys INDEXED BY keys_by_account WHERE slot > ?1 AND slot "  \
      "<= ?2 AND account = ?3 ORDER BY slot")                                                      \
    X(SQL_KEYS_LOAD, "SELECT " KEY_COLUMNS " FROM keys ORDER BY slot")                             \
    X(SQL_KEYS_FROZEN, "SELECT " KEY_COLUMNS NEWEST_OF_KEY " FROM keys INDEXED BY keys_frozen "    \
                       "WHERE frozen <> 'nothing' AND (?1 = '' OR account = ?1) LIMIT ?2")         \
    X(SQL_ACCOUNTS_FROZEN,                                                                         \
      "SELECT " ACCOUNT_COLUMNS NEWEST_OF_ACCOUNT                                                  \
      " FROM accounts INDEXED BY accounts_frozen WHERE frozen <> 'nothing' LIMIT ?1")              \
    X(SQL_KEY_MAX, "SELECT max(slot) FROM keys")                                                   \
    X(SQL_KEY_INSERT,                                                                              \
      "INSERT INTO keys (" KEY_COLUMNS ") "                                                        \
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "                      \
      "?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29)")                \
    X(SQL_KEY_UPDATE,                                                                              \
      "UPDATE keys SET version = ?2, name = ?6, environment = ?7, permissions = ?8, state = ?9, "  \
      "created_ms = ?10, created_by = ?11, expires_ms = ?12, digest = ?13, generation = ?14, "     \
      "secret_since_ms = ?15, old_digest = ?16, old_ends_ms = ?17, rotation_days = ?18, "          \
      "overdue = ?19, rate_n = ?20, rate_window_s = ?21, rate_burst = ?22, quota_n = ?23, "        \
      "quota_window = ?24, addresses = ?25, old_since_ms = ?26, frozen = ?27, freeze_note = ?28, " \
      "seal = ?29 "                                                                                \
      "WHERE slot = ?1 AND version = ?2 - 1 AND id = ?3 AND account = ?4 AND account_slot = ?5")   \
    X(SQL_MEMBER_BY_ID, "SELECT " MEMBER_COLUMNS NEWEST_OF_MEMBER " FROM members WHERE id = ?1")   \
    X(SQL_MEMBER_BY_SLOT,                                                                          \
      "SELECT " MEMBER_COLUMNS NEWEST_OF_MEMBER " FROM members WHERE slot = ?1")                   \
    X(SQL_MEMBER_BY_EMAIL,                                                                         \
      "SELECT " MEMBER_COLUMNS NEWEST_OF_MEMBER " FROM members INDEXED BY members_by_email "       \
      "WHERE email = ?1 AND state <> 'removed' AND email <> ''")                                   \
    X(SQL_MEMBERS, "SELECT " MEMBER_COLUMNS NEWEST_OF_MEMBER                                       \
                   " FROM members WHERE slot > ?1 ORDER BY slot LIMIT ?2")                         \
    X(SQL_MEMBERS_OF_ACCOUNT,                                                                      \
      "SELECT " MEMBER_COLUMNS NEWEST_OF_MEMBER " FROM members INDEXED BY members_by_account "     \
      "WHERE slot > ?1 AND account = ?3 ORDER BY slot LIMIT ?2")                                   \
    X(SQL_MEMBERS_LOAD, "SELECT " MEMBER_COLUMNS " FROM members ORDER BY slot")                    \
    X(SQL_MEMBER_MAX, "SELECT max(slot) FROM members")                                             \
    X(SQL_MEMBER_INSERT, "INSERT INTO members (" MEMBER_COLUMNS                                    \
                         ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "                \
                         "?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)")                 \
    X(SQL_MEMBER_UPDATE,                                                                           \
      "UPDATE members SET version = ?2, email = ?6, name = ?7, role = ?8, operator = ?9, state = " \
      "?10, "                                                                                      \
      "created_ms = ?11, created_by = ?12, epoch = ?13, password = ?14, password_since_ms = ?15, " \
      "totp = ?16, "                                                                               \
      "totp_since_ms = ?17, recovery = ?18, link = ?19, link_digest = ?20, link_ends_ms = ?21, "   \
      "seal = ?22 "                                                                                \
      "WHERE slot = ?1 AND version = ?2 - 1 AND id = ?3 AND account = ?4 AND account_slot = ?5")   \
    X(SQL_TOKEN_BY_ID,                                                                             \
      "SELECT " TOKEN_COLUMNS NEWEST_OF_TOKEN " FROM management_tokens WHERE id = ?1")             \
    X(SQL_TOKEN_BY_SLOT,                                                                           \
      "SELECT " TOKEN_COLUMNS NEWEST_OF_TOKEN " FROM management_tokens WHERE slot = ?1")           \
    X(SQL_TOKENS, "SELECT " TOKEN_COLUMNS NEWEST_OF_TOKEN " FROM management_tokens "               \
                  "WHERE slot > ?1 AND (?3 = '' OR member = ?3) ORDER BY slot LIMIT ?2")           \
    X(SQL_TOKENS_OF_ACCOUNT,                                                                       \
      "SELECT " TOKEN_COLUMNS NEWEST_OF_TOKEN " FROM management_tokens "                           \
      "INDEXED BY management_tokens_by_account "                                                   \
      "WHERE slot > ?1 AND (?3 = '' OR member = ?3) AND account = ?4 ORDER BY slot LIMIT ?2")      \
    X(SQL_TOKENS_LOAD, "SELECT " TOKEN_COLUMNS " FROM management_tokens ORDER BY slot")            \
    X(SQL_TOKEN_MAX, "SELECT max(slot) FROM management_tokens")                                    \
    X(SQL_TOKEN_INSERT, "INSERT INTO management_tokens (" TOKEN_COLUMNS                            \
                        ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "                      \
                        "?11, ?12, ?13, ?14)")                                                     \
    X(SQL_TOKEN_UPDATE, "UPDATE management_tokens SET version = ?2, name = ?7, scopes = ?8, "      \
                        "state = ?9, created_ms = ?10, "                                           \
                        "expires_ms = ?11, created_by = ?12, digest = ?13, seal = ?14 "            \
                        "WHERE slot = ?1 AND version = ?2 - 1 AND id = ?3 AND account IS ?4 AND "  \
                        "member IS ?5 AND member_slot = ?6")                                       \
    X(SQL_ENVIRONMENT,                                                                             \
      "SELECT " ENVIRONMENT_COLUMNS NEWEST_OF_ENVIRONMENT " FROM environments WHERE slot = ?1")    \
    X(SQL_ENVIRONMENTS_LOAD, "SELECT " ENVIRONMENT_COLUMNS " FROM environments ORDER BY slot")     \
    X(SQL_ENVIRONMENT_NEWEST, "SELECT coalesce(max(version), 0) FROM change_log WHERE kind = "     \
                              "'environment' AND object = ?1")                                     \
    X(SQL_ENVIRONMENT_INSERT,                                                                      \
      "INSERT INTO environments (" ENVIRONMENT_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5)")            \
    X(SQL_ENVIRONMENT_UPDATE,                                                                      \
      "UPDATE environments SET version = ?2, frozen = ?3, freeze_note = ?4, seal = ?5 "            \
      "WHERE slot = ?1 AND version = ?2 - 1")                                                      \
    X(SQL_FAMILY_BY_ID, "SELECT " FAMILY_COLUMNS NEWEST_OF_FAMILY "WHERE id = ?1")                 \
    X(SQL_FAMILY_BY_SLOT, "SELECT " FAMILY_COLUMNS NEWEST_OF_FAMILY "WHERE slot = ?1")             \
    X(SQL_FAMILIES_OF_KEY,                                                                         \
      "SELECT " FAMILY_COLUMNS NEWEST_OF_FAMILY "WHERE key = ?1 AND ends_ms > ?2 AND "             \
      "state = 'active' AND slot > ?3 ORDER BY slot LIMIT ?4")                                     \
    X(SQL_FAMILIES_LOAD, "SELECT " FAMILY_COLUMNS NEWEST_OF_FAMILY "ORDER BY slot")                \
    X(SQL_FAMILY_MAX, "SELECT max(object) FROM change_log WHERE kind = 'family'")                  \
    X(SQL_FAMILY_INSERT, "INSERT INTO token_families (" FAMILY_COLUMNS ") VALUES (?1, ?2, ?3, "    \
                         "?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "   \
                         "?19, ?20, ?21, ?22, ?23, ?24)")                                          \
    X(SQL_FAMILY_UPDATE,                                                                           \
      "UPDATE token_families SET version = ?2, environment = ?7, permissions = ?8, "               \
      "secret_mark = ?9, state = ?10, access_s = ?11, created_ms = ?12, ends_ms = ?13, "           \
      "created_from = ?14, access_digest = ?15, access_ends_ms = ?16, old_access_digest = ?17, "   \
      "old_access_ends_ms = ?18, refresh_digest = ?19, refreshes = ?20, refreshed_ms = ?21, "      \
      "refreshed_from = ?22, nonce = ?23, seal = ?24 WHERE slot = ?1 AND version = ?2 - 1 "        \
      "AND id = ?3 AND key = ?4 AND key_slot = ?5 AND account = ?6")                               \
    X(SQL_FAMILIES_LIVE, "SELECT count(*) FROM token_families WHERE access_ends_ms > ?1")          \
    X(SQL_FAMILIES_COUNT, "SELECT count(*) FROM (SELECT 1 FROM token_families WHERE key = ?1 AND " \
                          "state = 'active' LIMIT ?2)")                                            \
    X(SQL_FAMILIES_DROP, "DELETE FROM token_families WHERE slot IN (SELECT slot FROM "             \
                         "token_families WHERE ends_ms <= ?1 ORDER BY ends_ms LIMIT ?2)")          \
    X(SQL_POLICY, "SELECT version, document, seal" NEWEST_OF_POLICY " FROM policies "              \
                  "ORDER BY version DESC LIMIT 1")                                                 \
    X(SQL_POLICY_INSERT, "INSERT INTO policies (version, document, seal) VALUES (?1, ?2, ?3)")     \
    X(SQL_POLICY_NEWEST,                                                                           \
      "SELECT max(version) FROM change_log WHERE kind = 'policy' AND object = 0")                  \
    X(SQL_POLICY_ENTRY, "SELECT n FROM change_log WHERE kind = 'policy' AND object = 0 "           \
                        "AND version < ?1 ORDER BY version DESC LIMIT 1")                          \
    X(SQL_SPEND_RULES,                                                                             \
      "SELECT " SPEND_RULES_COLUMNS NEWEST_OF_SPEND_RULES " FROM spend_rules WHERE slot = ?1")     \
    X(SQL_SPEND_RULES_LOAD, "SELECT " SPEND_RULES_COLUMNS " FROM spend_rules ORDER BY slot")       \
    X(SQL_SPEND_RULES_NEWEST, "SELECT coalesce(max(version), 0) FROM change_log WHERE kind = "     \
                              "'spend_rules' AND object = ?1")                                     \
    X(SQL_SPEND_RULES_INSERT,                                                                      \
      "INSERT INTO spend_rules (" SPEND_RULES_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6)")         \
    X(SQL_SPEND_RULES_UPDATE,                                                                      \
      "UPDATE spend_rules SET version = ?2, document = ?5, seal = ?6 "                             \
      "WHERE slot = ?1 AND version = ?2 - 1 AND key = ?3 AND account = ?4")                        \
    X(SQL_DOCUMENT_BY_ID,                                                                          \
      "SELECT " DOCUMENT_COLUMNS NEWEST_OF_DOCUMENT "WHERE kind = ?1 AND id = ?2")                 \
    X(SQL_DOCUMENT_BY_SLOT, "SELECT " DOCUMENT_COLUMNS NEWEST_OF_DOCUMENT "WHERE slot = ?1")       \
    X(SQL_DOCUMENTS, DOCUMENTS("?2 = '' AND ?3 = '' AND ?4 = ''"))                                 \
    X(SQL_DOCUMENTS_OF_KEY, DOCUMENTS("key = ?2 AND key <> ''"))                                   \
    X(SQL_DOCUMENTS_OF_SUBJECT, DOCUMENTS("subject = ?3 AND subject <> ''"))                       \
    X(SQL_DOCUMENTS_OF_ACCOUNT, DOCUMENTS("account = ?5"))                                         \
    X(SQL_DOCUMENTS_IN_STATE, DOCUMENTS("state = ?4"))                                             \
    X(SQL_DOCUMENTS_LOAD, "SELECT " DOCUMENT_COLUMNS " FROM documents ORDER BY slot")              \
    X(SQL_DOCUMENT_MAX, "SELECT coalesce(max(slot), 0) FROM documents")                            \
    X(SQL_DOCUMENT_INSERT, "INSERT INTO documents (" DOCUMENT_COLUMNS ") "                         \
                           "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")                \
    X(SQL_DOCUMENT_UPDATE,                                                                         \
      "UPDATE documents SET version = ?2, subject = ?7, state = ?8, document = ?10, seal = ?11 "   \
      "WHERE slot = ?1 AND version = ?2 - 1 AND kind = ?3 AND id = ?4 AND account = ?5 "           \
      "AND key = ?6 AND created_ms = ?9")                                                          \
    X(SQL_DOCUMENT_ENTRY, "SELECT n FROM change_log WHERE kind = 'document' AND object = ?1 "      \
                          "AND version < ?2 ORDER BY version DESC LIMIT 1")                        \
    X(SQL_DOCUMENTS_COUNT, "SELECT count(*) FROM documents WHERE kind = ?1 AND state = ?2 AND "    \
                           "(?3 = '' OR account = ?3)")                                            \
    X(SQL_RESERVATION_BY_ID,                                                                       \
      "SELECT " RESERVATION_COLUMNS " FROM " RESERVATIONS " WHERE reservations.id = ?1")           \
    X(SQL_RESERVATION_BY_REFERENCE, "SELECT " RESERVATION_COLUMNS " FROM " RESERVATIONS            \
                                    " WHERE key_slot = ?1 AND reference = ?2")                     \
    X(SQL_RESERVATIONS, "SELECT " RESERVATION_COLUMNS " FROM " RESERVATIONS                        \
                        " WHERE key_slot = ?1 AND (?2 = 0 OR reservations.slot < ?2) "             \
                        "ORDER BY reservations.slot DESC LIMIT ?3")                                \
    X(SQL_RESERVATIONS_DUE,                                                                        \
      "SELECT " RESERVATION_COLUMNS " FROM " RESERVATIONS                                          \
      " WHERE reservations.state = 'reserved' AND reservations.expires_ms <= ?1 AND "              \
      "(reservations.expires_ms, reservations.slot) > (?2, ?3) "                                   \
      "ORDER BY reservations.expires_ms, reservations.slot")                                       \
    X(SQL_RESERVATION_INSERT,                                                                      \
      "INSERT INTO reservations (id, key_slot, reference, currency, decimals, amount, committed, " \
      "destination, request_id, state, limited, reserved_ms, expires_ms, ended_ms) "               \
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)")                      \
    X(SQL_RESERVATION_END, "UPDATE reservations SET state = ?2, committed = ?3, ended_ms = ?4 "    \
                           "WHERE slot = ?1 AND state = 'reserved'")                               \
    X(SQL_RESERVATIONS_DROP,                                                                       \
      "DELETE FROM reservations WHERE slot IN (SELECT slot FROM reservations "                     \
      "WHERE state <> 'reserved' AND ended_ms <= ?1 ORDER BY ended_ms LIMIT ?2)")                  \
    X(SQL_SPEND_USED,                                                                              \
      "SELECT span, period, amount FROM spend_used WHERE key_slot = ?1 AND currency = ?2")         \
    X(SQL_SPEND_USED_SAVE,                                                                         \
      "INSERT INTO spend_used (key_slot, currency, span, period, amount) "                         \
      "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (key_slot, currency, span) DO UPDATE SET "          \
      "period = excluded.period, amount = excluded.amount")                                        \
    X(SQL_SPEND_USED_KEYS, "SELECT max(key_slot) FROM (SELECT DISTINCT key_slot FROM spend_used "  \
                           "WHERE key_slot > ?1 ORDER BY key_slot LIMIT ?2)")                      \
    X(SQL_SPEND_USED_DROP,                                                                         \
      "DELETE FROM spend_used WHERE key_slot > ?1 AND key_slot <= ?2 AND ((span = 'hour' AND "     \
      "period < ?3) OR (span = 'day' AND period < ?4) OR (span = 'month' AND period < ?5))")       \
    X(SQL_SPEND_LOG_INSERT, "INSERT INTO spend_log (event) VALUES (?1)")                           \
    X(SQL_SPEND_LOG, "SELECT n, event FROM spend_log WHERE n > ?1 ORDER BY n LIMIT ?2")            \
    X(SQL_SPEND_LOG_DROP, "DELETE FROM spend_log WHERE n <= ?1")                                   \
    X(SQL_CHANGE, "SELECT " CHANGE_COLUMNS " FROM change_log WHERE n = ?1")                        \
    X(SQL_CHANGES, "SELECT " CHANGE_COLUMNS " FROM change_log WHERE n > ?1 AND n <= ?2 "           \
                   "ORDER BY n LIMIT ?3")                                                          \
    X(SQL_CHANGE_MAX, "SELECT max(n) FROM change_log")                                             \
    X(SQL_CHANGE_OF, "SELECT n FROM change_log WHERE kind = ?1 AND object = ?2 AND version = ?3")  \
    X(SQL_CHANGE_NEWEST, "SELECT n, mac FROM change_log ORDER BY n DESC LIMIT 1")                  \
    X(SQL_CHANGE_INSERT, "INSERT INTO change_log (" CHANGE_COLUMNS ") "                            \
                         "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")                            \
    X(SQL_COUNTS, "SELECT (SELECT count(*) FROM keys), (SELECT count(*) FROM accounts), "          \
                  "(SELECT count(*) FROM members), (SELECT count(*) FROM management_tokens), "     \
                  "(SELECT max(slot) FROM keys), (SELECT max(slot) FROM accounts), "               \
                  "(SELECT max(slot) FROM members), (SELECT max(slot) FROM management_tokens), "   \
                  "(SELECT max(slot) FROM spend_rules), (SELECT max(slot) FROM documents)")        \
    X(SQL_QUOTA_SAVE, "INSERT INTO quota_used (slot, period, requests) VALUES (?1, ?2, ?3) "       \
                      "ON CONFLICT (slot) DO UPDATE SET period = excluded.period, requests = "     \
                      "CASE excluded.period WHEN period THEN max(requests, excluded.requests) "    \
                      "ELSE excluded.requests END")                                                \
    X(SQL_QUOTAS, "SELECT slot, period, requests FROM quota_used ORDER BY slot")                   \
    X(SQL_REPLY, "SELECT digest, status, answer FROM replies WHERE actor = ?1 AND key = ?2 AND "   \
                 "created_ms > ?3")                                                                \
    X(SQL_REPLY_INSERT, "INSERT INTO replies (actor, key, digest, status, answer, created_ms) "    \
                        "VALUES (?1, ?2, ?3, ?4, ?5, ?6)")                                         \
    X(SQL_REPLY_DROP, "DELETE FROM replies WHERE actor = ?1 AND key = ?2 AND created_ms <= ?3")    \
    X(SQL_REPLIES_DROP,                                                                            \
      "DELETE FROM replies WHERE rowid IN "                                                        \
      "(SELECT rowid FROM replies WHERE created_ms <= ?1 ORDER BY created_ms LIMIT ?2)")           \
    X(SQL_USE, "SELECT at_ms, source FROM last_use WHERE kind = ?1 AND slot = ?2")                 \
    X(SQL_USE_SAVE, "INSERT INTO last_use (kind, slot, at_ms, source, step) VALUES (?1, ?2, ?3, "  \
                    "?4, 0) " NEWER_USE)                                                           \
    X(SQL_KEY_USE_SAVE, "INSERT INTO last_use (kind, slot, at_ms, source, step) "                  \
                        "SELECT 'key', slot, ?2, ?3, 0 FROM keys WHERE id = ?1 " NEWER_USE)        \
    X(SQL_STEP, "SELECT step FROM last_use WHERE kind = 'member' AND slot = ?1")                   \
    X(SQL_STEP_SAVE,                                                                               \
      "INSERT INTO last_use (kind, slot, at_ms, source, step) VALUES ('member', ?1, 0, '', ?2) "   \
      "ON CONFLICT (kind, slot) DO UPDATE SET step = excluded.step WHERE excluded.step > step")

enum sql {
#define X(symbol, text) symbol,
    SQL_STATEMENTS(X)
#undef X
        N_SQL
};

const char *sql_text(enum sql which); /* NULL for a value outside of the table */

#endif
