-- 0005: why something is frozen, since when, and who did it; and what is frozen is found among a million keys.

ALTER TABLE keys ADD COLUMN freeze_note BLOB; -- NULL: it was never frozen or thawed; as in its image
ALTER TABLE accounts ADD COLUMN freeze_note BLOB;
ALTER TABLE environments ADD COLUMN freeze_note BLOB;

CREATE INDEX keys_frozen ON keys (account, slot) WHERE frozen <> 'nothing';
CREATE INDEX accounts_frozen ON accounts (slot) WHERE frozen <> 'nothing';

PRAGMA user_version = 5;
