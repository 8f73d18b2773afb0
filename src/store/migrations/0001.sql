-- 0001: accounts, keys, the route policy, and the sealed log of their changes.

CREATE TABLE accounts (
  slot       INTEGER PRIMARY KEY CHECK (slot BETWEEN 1 AND 4294967295),
  version    INTEGER NOT NULL CHECK (version BETWEEN 1 AND 4294967295),
  id         TEXT NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('suspended', 'active')),
  created_ms INTEGER NOT NULL,
  addresses  TEXT NOT NULL, -- rules with a blank between them: 10.8.0.0/16=transact,manage 192.0.2.7
  seal       BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;

CREATE TABLE keys (
  slot            INTEGER PRIMARY KEY CHECK (slot BETWEEN 1 AND 4294967295),
  version         INTEGER NOT NULL CHECK (version BETWEEN 1 AND 4294967295),
  id              TEXT NOT NULL UNIQUE,
  account         TEXT NOT NULL REFERENCES accounts (id),
  account_slot    INTEGER NOT NULL,
  name            TEXT NOT NULL,
  environment     TEXT NOT NULL CHECK (environment IN ('sandbox', 'production')),
  permissions     TEXT NOT NULL CHECK (permissions <> ''), -- words with a comma between them
  state           TEXT NOT NULL CHECK (state IN ('revoked', 'active', 'disabled')),
  created_ms      INTEGER NOT NULL,
  created_by      TEXT NOT NULL,
  expires_ms      INTEGER NOT NULL, -- 0: never
  digest          BLOB NOT NULL CHECK (length(digest) = 32), -- SHA-256 of the key's text
  generation      INTEGER NOT NULL,
  secret_since_ms INTEGER NOT NULL,
  old_digest      BLOB CHECK (length(old_digest) = 32), -- of the secret being rotated out; NULL: none
  old_ends_ms     INTEGER NOT NULL,
  rotation_days   INTEGER NOT NULL, -- 0: never
  overdue         TEXT NOT NULL CHECK (overdue IN ('alert', 'read_only', 'expire')),
  rate_n          INTEGER NOT NULL, -- 0: no limit
  rate_window_s   INTEGER NOT NULL,
  rate_burst      INTEGER NOT NULL,
  quota_n         INTEGER NOT NULL,
  quota_window    TEXT NOT NULL CHECK (quota_window IN ('none', 'day', 'month')),
  addresses       TEXT NOT NULL, -- as in accounts
  seal            BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;

CREATE INDEX keys_by_account ON keys (account);

CREATE TABLE policies (
  version  INTEGER PRIMARY KEY CHECK (version BETWEEN 1 AND 2147483647),
  document TEXT NOT NULL, -- JSON: five lists of "METHOD /path"
  seal     BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;

CREATE TABLE change_log (
  n       INTEGER PRIMARY KEY,
  kind    TEXT NOT NULL CHECK (kind IN ('key', 'account', 'policy')),
  object  INTEGER NOT NULL, -- slot of the key or account; 0 of the policy
  version INTEGER NOT NULL,
  image   BLOB NOT NULL, -- the row after the change
  seal    BLOB NOT NULL CHECK (length(seal) = 32), -- the row's
  actor   TEXT NOT NULL,
  time_ms INTEGER NOT NULL,
  mac     BLOB NOT NULL CHECK (length(mac) = 32) -- over the mac of the entry before, and this entry
) STRICT;

CREATE UNIQUE INDEX change_log_by_object ON change_log (kind, object, version);

PRAGMA application_id = 0x4b455957;
PRAGMA user_version = 1;
