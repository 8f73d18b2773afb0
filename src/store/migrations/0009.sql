-- 0009: documents: alerts, webhooks, thresholds, reports. What is in them is the business of their own modules (core/document.h).

CREATE TABLE documents (
  slot       INTEGER PRIMARY KEY CHECK (slot BETWEEN 1 AND 4294967295),
  version    INTEGER NOT NULL CHECK (version BETWEEN 1 AND 4294967295),
  kind       TEXT NOT NULL CHECK (kind IN ('alert', 'webhook', 'thresholds', 'report')),
  id         TEXT NOT NULL,
  account    TEXT NOT NULL, -- '': the installation's
  key        TEXT NOT NULL, -- the id of the key that it is about; '': none
  subject    TEXT NOT NULL,
  state      TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  document   TEXT NOT NULL, -- JSON
  seal       BLOB NOT NULL CHECK (length(seal) = 32),
  UNIQUE (kind, id)
) STRICT;

CREATE INDEX documents_by_kind ON documents (kind, slot);
CREATE INDEX documents_by_account ON documents (kind, account, slot);
CREATE INDEX documents_by_key ON documents (kind, key, slot) WHERE key <> '';
CREATE INDEX documents_by_subject ON documents (kind, subject, slot) WHERE subject <> '';
CREATE INDEX documents_by_state ON documents (kind, state, slot);

-- A CHECK cannot be changed: the log is written anew, entry by entry as it is.
CREATE TABLE change_log_anew (
  n       INTEGER PRIMARY KEY,
  kind    TEXT NOT NULL CHECK (kind IN ('key', 'account', 'policy', 'member', 'token', 'environment', 'family', 'spend_rules', 'document')),
  object  INTEGER NOT NULL, -- slot of the row, of spend rules that of their key; 0 of the policy
  version INTEGER NOT NULL,
  image   BLOB NOT NULL, -- the row after the change
  seal    BLOB NOT NULL CHECK (length(seal) = 32), -- the row's
  actor   TEXT NOT NULL,
  time_ms INTEGER NOT NULL,
  mac     BLOB NOT NULL CHECK (length(mac) = 32) -- over the mac of the entry before, and this entry
) STRICT;

INSERT INTO change_log_anew (n, kind, object, version, image, seal, actor, time_ms, mac)
  SELECT n, kind, object, version, image, seal, actor, time_ms, mac FROM change_log ORDER BY n;
DROP TABLE change_log;
ALTER TABLE change_log_anew RENAME TO change_log;

CREATE UNIQUE INDEX change_log_by_object ON change_log (kind, object, version);

PRAGMA user_version = 9;
