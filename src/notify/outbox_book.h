/* outbox_book.h - the statements of outbox.db. */
#ifndef NOTIFY_OUTBOX_BOOK_H
#define NOTIFY_OUTBOX_BOOK_H

#include "notify/outbox.h"
#include "store/db.h"

#define OUTBOX_COLUMNS "d.no, d.webhook, e.id, e.type, e.created_ms, d.state, d.tries, d.next_ms"

#define OUTBOX_KEPT_TEXT "1000" /* OUTBOX_KEPT_MAX */
#define OUTBOX_LETTERS_TEXT \
    "4294967295" /* the number under which letters wait, in place of a webhook's */

/* X(enumerator, text). A delivery that waits is counted in receivers.pending. */
#define OUTBOX_STATEMENTS(X)                                                                      \
    X(OUTBOX_VERSION, "PRAGMA user_version")                                                      \
    X(OUTBOX_BEGIN, "BEGIN IMMEDIATE")                                                            \
    X(OUTBOX_COMMIT, "COMMIT")                                                                    \
    X(OUTBOX_ROLLBACK, "ROLLBACK")                                                                \
    X(OUTBOX_PLACE, "SELECT n, mark FROM place")                                                  \
    X(OUTBOX_PLACE_SAVE, "INSERT INTO place (one, n, mark) VALUES (1, ?1, ?2) "                   \
                         "ON CONFLICT (one) DO UPDATE SET n = excluded.n, mark = excluded.mark")  \
    X(OUTBOX_DAY, "SELECT day FROM days")                                                         \
    X(OUTBOX_DAY_SAVE, "INSERT INTO days (one, day) VALUES (1, ?1) "                              \
                       "ON CONFLICT (one) DO UPDATE SET day = excluded.day")                      \
    X(OUTBOX_DIGEST, "SELECT day, until FROM digests")                                            \
    X(OUTBOX_DIGEST_SAVE,                                                                         \
      "INSERT INTO digests (one, day, until) VALUES (1, ?1, ?2) "                                 \
      "ON CONFLICT (one) DO UPDATE SET day = excluded.day, until = excluded.until")               \
    X(OUTBOX_EVENT_ADD, "INSERT INTO events (id, type, account, created_ms, body) "               \
                        "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO NOTHING")                \
    X(OUTBOX_DELIVERY_ADD,                                                                        \
      "INSERT INTO deliveries (event, webhook, state, tries, next_ms, created_ms, test_ms) "      \
      "SELECT no, ?2, 0, 0, ?3, created_ms, CASE WHEN type = 'webhook.test' THEN ?3 ELSE 0 END "  \
      "FROM events WHERE id = ?1 "                                                                \
      "ON CONFLICT (event, webhook) DO NOTHING")                                                  \
    X(OUTBOX_PENDING_ADD,                                                                         \
      "INSERT INTO receivers (webhook, pending, given_up, failing_since_ms) VALUES (?1, ?2, 0, "  \
      "0) "                                                                                       \
      "ON CONFLICT (webhook) DO UPDATE SET pending = pending + excluded.pending")                 \
    X(OUTBOX_OLDEST, "SELECT min(no) FROM deliveries INDEXED BY deliveries_waiting "              \
                     "WHERE webhook = ?1 AND state = 0")                                          \
    X(OUTBOX_OVERFLOW, "UPDATE receivers SET given_up = given_up + ?2 WHERE webhook = ?1")        \
    X(OUTBOX_DUE, "SELECT min(next_ms) FROM deliveries WHERE webhook = ?1 AND state = 0")         \
    X(OUTBOX_NEXT, "SELECT " OUTBOX_COLUMNS ", e.body FROM deliveries AS d "                      \
                   "JOIN events AS e ON e.no = d.event WHERE d.webhook = ?1 AND d.state = 0 "     \
                   "ORDER BY d.next_ms, d.no LIMIT 1")                                            \
    X(OUTBOX_ONE, "SELECT webhook, state, tries FROM deliveries WHERE no = ?1")                   \
    X(OUTBOX_IS, "SELECT 1 FROM deliveries AS d JOIN events AS e ON e.no = d.event "              \
                 "WHERE d.no = ?1 AND d.webhook = ?2 AND e.id = ?3")                              \
    X(OUTBOX_OF_EVENT, "SELECT d.no FROM events AS e JOIN deliveries AS d ON d.event = e.no "     \
                       "WHERE e.id = ?1 AND d.webhook = ?2")                                      \
    X(OUTBOX_SET, "UPDATE deliveries SET state = ?2, next_ms = ?3, tries = ?4 + tries * ?5 "      \
                  "WHERE no = ?1")                                                                \
    X(OUTBOX_TRY_ADD, "INSERT INTO tries (delivery, time_ms, status, took_ms, error) "            \
                      "VALUES (?1, ?2, ?3, ?4, ?5)")                                              \
    X(OUTBOX_TRIES_TRIM, "DELETE FROM tries WHERE no IN (SELECT no FROM tries "                   \
                         "WHERE delivery = ?1 ORDER BY no DESC LIMIT -1 OFFSET ?2)")              \
    X(OUTBOX_FAILING, "UPDATE receivers SET failing_since_ms = CASE WHEN ?2 = 0 THEN 0 "          \
                      "WHEN failing_since_ms = 0 THEN ?2 ELSE failing_since_ms END "              \
                      "WHERE webhook = ?1")                                                       \
    X(OUTBOX_HEALTH,                                                                              \
      "SELECT pending, given_up, failing_since_ms FROM receivers WHERE webhook = ?1")             \
    X(OUTBOX_BACKLOG, "SELECT coalesce(sum(pending), 0), coalesce(sum(given_up), 0) "             \
                      "FROM receivers WHERE (webhook = " OUTBOX_LETTERS_TEXT ") = ?1")            \
    X(OUTBOX_WAITING_SINCE, "SELECT min(created_ms) FROM deliveries INDEXED BY deliveries_age "   \
                            "WHERE state = 0 AND (webhook = " OUTBOX_LETTERS_TEXT ") = ?1")       \
    X(OUTBOX_FAIL_PENDING, "UPDATE deliveries SET state = 2 WHERE webhook = ?1 AND state = 0")    \
    X(OUTBOX_FAIL_EXCESS, "UPDATE deliveries SET state = 2, next_ms = 0 WHERE no IN "             \
                          "(SELECT d.no FROM deliveries AS d JOIN events AS e ON e.no = d.event " \
                          "WHERE d.webhook = ?1 AND d.state = 0 AND e.account = ?2 "              \
                          "ORDER BY d.no DESC LIMIT -1 OFFSET ?3)")                               \
    X(OUTBOX_NONE_PENDING,                                                                        \
      "UPDATE receivers SET pending = 0, failing_since_ms = 0 WHERE webhook = ?1")                \
    X(OUTBOX_RECEIVERS,                                                                           \
      "SELECT webhook FROM receivers WHERE pending > 0 OR failing_since_ms <> 0")                 \
    X(OUTBOX_LIST, "SELECT " OUTBOX_COLUMNS " FROM deliveries AS d "                              \
                   "JOIN events AS e ON e.no = d.event WHERE d.webhook = ?1 AND d.no < ?2 "       \
                   "ORDER BY d.no DESC LIMIT ?3")                                                 \
    X(OUTBOX_TRIES,                                                                               \
      "SELECT time_ms, status, took_ms, error FROM tries WHERE delivery = ?1 ORDER BY no")        \
    X(OUTBOX_TESTS, "SELECT count(*) FILTER (WHERE state = 0), "                                  \
                    "count(*) FILTER (WHERE test_ms BETWEEN ?2 AND ?3) FROM deliveries "          \
                    "INDEXED BY deliveries_tests WHERE webhook = ?1 AND test_ms <> 0")            \
    X(OUTBOX_DROP_MANY,                                                                           \
      "DELETE FROM deliveries WHERE no IN (SELECT no FROM deliveries AS d "                       \
      "INDEXED BY deliveries_finished WHERE webhook = ?1 AND state <> 0 "                         \
      "AND (?1 <> " OUTBOX_LETTERS_TEXT " OR created_ms < ?3 OR NOT EXISTS (SELECT 1 "            \
      "FROM events AS e WHERE e.no = d.event AND e.type IN ('mail.report', 'mail.digest'))) "     \
      "ORDER BY no DESC LIMIT ?2 OFFSET " OUTBOX_KEPT_TEXT ") RETURNING event")                   \
    X(OUTBOX_DROP_OLD, "DELETE FROM deliveries WHERE no IN (SELECT no FROM deliveries "           \
                       "WHERE state <> 0 AND created_ms < ?1 ORDER BY created_ms LIMIT ?2) "      \
                       "RETURNING event")                                                         \
    X(OUTBOX_DROP_ALL, "DELETE FROM deliveries WHERE no IN (SELECT no FROM deliveries "           \
                       "WHERE webhook = ?1 ORDER BY no LIMIT ?2) RETURNING event")                \
    X(OUTBOX_EVENT_OVER, "DELETE FROM events WHERE no = ?1 AND NOT EXISTS "                       \
                         "(SELECT 1 FROM deliveries WHERE event = ?1)")                           \
    X(OUTBOX_SWEPT_NEXT, "SELECT webhook FROM receivers WHERE webhook >= ?1 "                     \
                         "ORDER BY webhook LIMIT 1")                                              \
    X(OUTBOX_OWNER, "SELECT owner, url FROM receivers WHERE webhook = ?1")                        \
    X(OUTBOX_OWNER_SAVE,                                                                          \
      "INSERT INTO receivers (webhook, pending, given_up, failing_since_ms, owner, url) "         \
      "VALUES (?1, 0, 0, 0, ?2, ?3) "                                                             \
      "ON CONFLICT (webhook) DO UPDATE SET owner = excluded.owner, url = excluded.url")           \
    X(OUTBOX_FORGET_HEALTH, "DELETE FROM receivers WHERE webhook = ?1")                           \
    X(OUTBOX_FORGIVE, "UPDATE receivers SET failing_since_ms = 0 WHERE webhook = ?1")             \
    X(OUTBOX_FORGET_DELIVERIES, "DELETE FROM deliveries")                                         \
    X(OUTBOX_FORGET_EVENTS, "DELETE FROM events")                                                 \
    X(OUTBOX_FORGET_RECEIVERS, "DELETE FROM receivers")

enum outbox_sql {
#define X(symbol, text) symbol,
    OUTBOX_STATEMENTS(X)
#undef X
        N_OUTBOX_SQL
};

struct outbox {
    struct db db;
    sqlite3_stmt *prepared[N_OUTBOX_SQL]; /* owns */
    bool is_changing;
};

/* As db_ask; db_donep resets the statement. */
enum kw_err outbox_ask(struct outbox *o, enum outbox_sql which, sqlite3_stmt **out) MUST_USE;

/* Runs a statement of at most two numbers to its end; it may have no rows. */
enum kw_err outbox_run(struct outbox *o, enum outbox_sql which, int64_t one, int64_t two) MUST_USE;

/* Runs `work` as one transaction, or inside of the one that is open. */
typedef enum kw_err outbox_work(struct outbox *o, void *ctx);
enum kw_err outbox_whole(struct outbox *o, outbox_work *work, void *ctx) MUST_USE;

/* Sets what a delivery is from now on, and counts who waits. With tries -1: one more; else so many. */
enum kw_err outbox_set(struct outbox *o, uint64_t no, enum outbox_state next, int64_t next_ms,
                       int tries, uint32_t *webhook) MUST_USE;

/* Forgets what is over of a webhook beyond the newest 1,000: two of them, so that what is put makes room for itself. */
enum kw_err outbox_trim(struct outbox *o, uint32_t webhook, int64_t now_ms) MUST_USE;

#endif
