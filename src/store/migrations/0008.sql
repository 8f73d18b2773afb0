-- 0008: what keys may spend, in the log too; what they have reserved, and what of it waits to be put on the record.

CREATE TABLE spend_rules ( -- a row from the first change on
  slot     INTEGER PRIMARY KEY REFERENCES keys (slot),
  version  INTEGER NOT NULL CHECK (version BETWEEN 1 AND 4294967295),
  key      TEXT NOT NULL, -- its id
  account  TEXT NOT NULL, -- the key's
  document TEXT NOT NULL, -- lines: core/spend_rules.h; empty: no limits
  seal     BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;

-- Amounts are decimal text, exact to 18 places. No seal from here on: see store.h.
CREATE TABLE reservations (
  slot        INTEGER PRIMARY KEY CHECK (slot BETWEEN 1 AND 4294967295),
  id          TEXT NOT NULL UNIQUE,
  key_slot    INTEGER NOT NULL REFERENCES keys (slot),
  reference   TEXT NOT NULL,
  currency    TEXT NOT NULL,
  decimals    INTEGER NOT NULL CHECK (decimals BETWEEN 0 AND 18),
  amount      TEXT NOT NULL,
  committed   TEXT NOT NULL, -- 0 but for what was committed
  destination TEXT NOT NULL,
  request_id  BLOB NOT NULL CHECK (length(request_id) = 16),
  state       TEXT NOT NULL CHECK (state IN ('reserved', 'committed', 'released', 'expired')),
  limited     TEXT NOT NULL CHECK (limited IN ('no', 'yes')),
  reserved_ms INTEGER NOT NULL,
  expires_ms  INTEGER NOT NULL,
  ended_ms    INTEGER NOT NULL, -- 0: not yet
  UNIQUE (key_slot, reference)
) STRICT;

CREATE INDEX reservations_by_key ON reservations (key_slot, slot);
CREATE INDEX reservations_open ON reservations (expires_ms) WHERE state = 'reserved';
CREATE INDEX reservations_ended ON reservations (ended_ms) WHERE state <> 'reserved';

CREATE TABLE spend_used ( -- one row per window: it is used again when the next one begins
  key_slot INTEGER NOT NULL REFERENCES keys (slot),
  currency TEXT NOT NULL,
  span     TEXT NOT NULL CHECK (span IN ('hour', 'day', 'month')),
  period   INTEGER NOT NULL, -- its number since 1970
  amount   TEXT NOT NULL, -- reserved and committed
  PRIMARY KEY (key_slot, currency, span)
) STRICT, WITHOUT ROWID;

CREATE TABLE spend_log ( -- what is not yet on the record
  n     INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again
  event BLOB NOT NULL -- core/spend_event.h
) STRICT;

-- A CHECK cannot be changed: the log is written anew, entry by entry as it is.
CREATE TABLE change_log_anew (
  n       INTEGER PRIMARY KEY,
  kind    TEXT NOT NULL CHECK (kind IN ('key', 'account', 'policy', 'member', 'token', 'environment', 'family', 'spend_rules')),
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

PRAGMA user_version = 8;
