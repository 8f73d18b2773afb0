/* book.h - usage.db: the counts of usage, and how far the record has been counted. */
#ifndef WATCH_BOOK_H
#define WATCH_BOOK_H

#include <sqlite3.h>

#include "store/db.h"

/* Derived from the record: whoever finds it damaged moves it aside and counts anew. So a power cut may take the end of it
 * (synchronous = NORMAL, and no commit waits for the disk), never a part: counts and place go together.
 *
 *     place     the last batch that was counted (one row)
 *     subjects  the number of each key and account, and of a key the number of its account
 *     counts    attempts alike, by step, time and subject (0: everybody). In the order of time, so that what is written at one
 *               moment lies together, and what is too old lies in front
 *     sources   from where each key was used, by day
 *     routes, countries, latencies  likewise, of everybody, accounts and keys: what was asked for, from where, and how long it took
 *     route_texts  the number of each route
 *     stragglers  who came with the old secret of a key, by its generation
 *     warned    what was warned of keys, and, with is_told 0, what is still to be
 *     states    what the detectors remember (detect.h), as images
 *     findings  what they have found, newest last (findings.h)
 *     made      a number by which this file is told from one that is counted anew
 *
 * Not thread-safe. */

/* Of what is counted by the day, each table is alike (daily.h): daily_book.c adds to a row, makes one, counts the names of a
 * subject, tells the oldest day and drops it, and asks for days on end, the most frequent first. */
#define BOOK_DAILY(X, SYMBOL, table, name, most)                                                 \
    X(SYMBOL##_COUNT, "UPDATE " table " SET allowed = allowed + ?5, denied = denied + ?6, " most \
                      " = max(" most ", ?7) "                                                    \
                      "WHERE day = ?1 AND subject = ?2 AND environment = ?3 AND " name " = ?4")  \
    X(SYMBOL##_ADD, "INSERT INTO " table " (day, subject, environment, " name                    \
                    ", allowed, denied, " most ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")          \
    X(SYMBOL##_NAMES, "SELECT count(*) FROM " table " WHERE day = ?1 AND subject = ?2")          \
    X(SYMBOL##_OLDEST, "SELECT min(day) FROM " table)                                            \
    X(SYMBOL##_DROP, "DELETE FROM " table " WHERE day = ?1")                                     \
    X(SYMBOL##_ASK, "WITH RECURSIVE days (day) AS "                                              \
                    "(VALUES (?1) UNION ALL SELECT day + 1 FROM days WHERE day + 1 < ?2) "       \
                    "SELECT t." name ", sum(t.allowed), sum(t.denied), max(t." most ") "         \
                    "FROM days AS d CROSS JOIN " table " AS t "                                  \
                    "WHERE t.day = d.day AND t.subject = ?3 AND (?4 = 0 OR t.environment = ?4) " \
                    "GROUP BY t." name " ORDER BY sum(t.allowed) + sum(t.denied) DESC, t." name)

/* Whose statements: subjects.c, routes.c, enter.c, daily_book.c, stragglers.c, warned.c, look.c and findings.c write; ask.c reads, and
 * findings.c. */
#define BOOK_STATEMENTS(X)                                                                        \
    X(BOOK_VERSION, "PRAGMA user_version")                                                        \
    X(BOOK_BEGIN, "BEGIN IMMEDIATE")                                                              \
    X(BOOK_BEGIN_READING, "BEGIN")                                                                \
    X(BOOK_COMMIT, "COMMIT")                                                                      \
    X(BOOK_ROLLBACK, "ROLLBACK")                                                                  \
    X(BOOK_PLACE, "SELECT day, at, batch, time_us, hash FROM place")                              \
    X(BOOK_PLACE_SAVE,                                                                            \
      "INSERT INTO place (one, day, at, batch, time_us, hash) VALUES (1, ?1, ?2, ?3, ?4, ?5) "    \
      "ON CONFLICT (one) DO UPDATE SET day = excluded.day, at = excluded.at, "                    \
      "batch = excluded.batch, time_us = excluded.time_us, hash = excluded.hash")                 \
    X(BOOK_SUBJECT, "SELECT no, account FROM subjects WHERE kind = ?1 AND id = ?2")               \
    X(BOOK_SUBJECT_ADD, "INSERT INTO subjects (kind, id, account) VALUES (?1, ?2, ?3)")           \
    X(BOOK_SUBJECT_ID, "SELECT id FROM subjects WHERE no = ?1")                                   \
    X(BOOK_COUNT, "INSERT INTO counts (step, time, subject, environment, class, reason, n) "      \
                  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "                                          \
                  "ON CONFLICT (step, time, subject, environment, class, reason) "                \
                  "DO UPDATE SET n = n + excluded.n")                                             \
    X(BOOK_OLDEST, "SELECT min(time) FROM counts WHERE step = ?1")                                \
    X(BOOK_DROP, "DELETE FROM counts WHERE step = ?1 AND time = ?2")                              \
    X(BOOK_ROUTE_NO, "SELECT no FROM route_texts WHERE text = ?1")                                \
    X(BOOK_ROUTE_NEW, "INSERT INTO route_texts (text) VALUES (?1)")                               \
    X(BOOK_ROUTE_TEXT, "SELECT text FROM route_texts WHERE no = ?1")                              \
    BOOK_DAILY(X, BOOK_SOURCE, "sources", "source", "last_ms")                                    \
    BOOK_DAILY(X, BOOK_ROUTE, "routes", "route", "last_ms")                                       \
    BOOK_DAILY(X, BOOK_COUNTRY, "countries", "country", "last_ms")                                \
    BOOK_DAILY(X, BOOK_LATENCY, "latencies", "bucket", "most_ns")                                 \
    X(BOOK_STRAGGLER, "UPDATE stragglers SET allowed = allowed + ?5, denied = denied + ?6, "      \
                      "last_ms = max(last_ms, ?7) "                                               \
                      "WHERE subject = ?1 AND generation = ?2 AND source = ?3 AND agent = ?4")    \
    X(BOOK_STRAGGLER_ADD, "INSERT INTO stragglers (subject, generation, source, agent, allowed, " \
                          "denied, first_ms, last_ms) "                                           \
                          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)")                              \
    X(BOOK_STRAGGLERS_FORGET, "DELETE FROM stragglers WHERE subject = ?1 AND generation < ?2")    \
    X(BOOK_STRAGGLERS_COUNT, "SELECT count(*) FROM stragglers WHERE subject = ?1")                \
    X(BOOK_STRAGGLERS_SWEEP, "DELETE FROM stragglers WHERE last_ms < ?1")                         \
    X(BOOK_STRAGGLERS,                                                                            \
      "SELECT source, agent, allowed, denied, first_ms, last_ms FROM stragglers "                 \
      "WHERE subject = ?1 AND generation = ?2 ORDER BY last_ms DESC, source, agent")              \
    X(BOOK_WARNED_OWE, "INSERT INTO warned (subject, generation, what, is_told) "                 \
                       "VALUES (?1, ?2, ?3, 0) ON CONFLICT DO NOTHING")                           \
    X(BOOK_WARNED_TELL, "INSERT INTO warned (subject, generation, what, is_told) "                \
                        "VALUES (?1, ?2, ?3, 1) "                                                 \
                        "ON CONFLICT (subject, generation, what) DO UPDATE SET is_told = 1")      \
    X(BOOK_WARNED_FORGET, "DELETE FROM warned WHERE subject = ?1 AND generation < ?2")            \
    X(BOOK_WARNED, "SELECT is_told FROM warned "                                                  \
                   "WHERE subject = ?1 AND generation = ?2 AND what = ?3")                        \
    X(BOOK_WARNED_OWED,                                                                           \
      "SELECT k.id, a.id, w.generation FROM warned AS w INDEXED BY warned_owed "                  \
      "JOIN subjects AS k ON k.no = w.subject LEFT JOIN subjects AS a ON a.no = k.account "       \
      "WHERE w.is_told = 0 ORDER BY w.subject LIMIT ?1")                                          \
    X(BOOK_STATE, "SELECT image FROM states WHERE tab = ?1 AND no = ?2")                          \
    X(BOOK_STATES, "SELECT no, image FROM states WHERE tab = ?1")                                 \
    X(BOOK_STATE_SAVE, "INSERT OR REPLACE INTO states (tab, no, image) VALUES (?1, ?2, ?3)")      \
    X(BOOK_FINDING_ADD, "INSERT INTO findings (began_us, detector, subject, found_us, bytes) "    \
                        "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING")                     \
    X(BOOK_FINDINGS, "SELECT no, bytes FROM findings WHERE no > ?1 ORDER BY no LIMIT ?2")         \
    X(BOOK_FINDINGS_DROP, "DELETE FROM findings WHERE no <= (SELECT max(no) FROM findings) - ?1") \
    X(BOOK_FINDINGS_DROP_OLD,                                                                     \
      "DELETE FROM findings WHERE no < (SELECT min(no) FROM findings) + 64 AND found_us < ?1")    \
    X(BOOK_MADE, "SELECT id FROM made")                                                           \
    X(BOOK_ASK,                                                                                   \
      "WITH RECURSIVE times (time) AS "                                                           \
      "(VALUES (?2) UNION ALL SELECT time + 1 FROM times WHERE time + 1 < ?3) "                   \
      "SELECT c.time - ?2, c.class, c.reason, c.n FROM times AS t CROSS JOIN counts AS c "        \
      "WHERE c.step = ?1 AND c.time = t.time AND c.subject = ?4 "                                 \
      "AND (?5 = 0 OR c.environment = ?5)")

enum book_sql {
#define X(symbol, text) symbol,
    BOOK_STATEMENTS(X)
#undef X
        N_BOOK_SQL
};

struct book {
    struct db db;
    sqlite3_stmt *prepared[N_BOOK_SQL]; /* owns */
};

/* Opens the file to write; makes it where there is none, and brings one of the version before up to this one, with all that is in
 * it. KW_EFORMAT, KW_EDAMAGED: none of ours, or of another version; KW_EPERM, KW_EFULL, KW_EIO, KW_ENOMEM, KW_EBUSY. */
enum kw_err book_open(const char *path, struct book *out) MUST_USE;

/* Opens the file that is being written, to read. KW_ENOTFOUND: there is none, or nothing in it yet, or it is an older one, which
 * whoever writes it has yet to bring up. */
enum kw_err book_open_reading(const char *path, struct book *out) MUST_USE;
void book_close(struct book *b);
void book_closep(struct book *b); /* for AUTO */

/* "usage.db" becomes "usage.db.damaged", in place of an earlier one. */
enum kw_err book_move_aside(const char *path) MUST_USE;

/* As db_ask and db_run; db_donep resets the statement. */
enum kw_err book_ask(struct book *b, enum book_sql which, sqlite3_stmt **out) MUST_USE;
enum kw_err book_run(struct book *b, enum book_sql which) MUST_USE;

/* Runs a statement to its end; it may have no rows. */
enum kw_err book_do(sqlite3_stmt *st) MUST_USE;

#endif
