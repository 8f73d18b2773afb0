// database.test.mjs - databases that keyward serve must not serve: it refuses to start and says the way out.
import { after, before, beforeEach, test } from "node:test";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import path from "node:path";
import { Installation, run } from "../lib/installation.mjs";

const SCHEMA_AT = 60; /* PRAGMA user_version, four bytes, in the header of a SQLite file */
const NAME = "a name to be found";
let k, database, whole;
before(async () => {
  k = await Installation.make();
  database = path.join(k.dir, "state/keyward.db");
  await k.createKey("--name", NAME, "--environment", "sandbox");
  await k.end();
  whole = await fs.readFile(database);
});
after(() => k.stop());
beforeEach(() => put(whole));

/** Puts a database in the place of the one that is there, and of what SQLite keeps beside it. */
async function put(bytes) {
  for (const suffix of ["-wal", "-shm"]) await fs.rm(database + suffix, { force: true });
  await fs.writeFile(database, bytes);
}

/** serve refuses: it ends by itself with this status and says this, and leaves the database as it is. */
async function assertRefused(status, ...says) {
  const before = await fs.readFile(database);
  const { code, stderr } = await run(["serve", "--config", k.file]);
  assert.equal(code, status, stderr);
  for (const text of says) assert.match(stderr, text);
  assert.deepEqual(await fs.readFile(database), before, "the database must be left as it is");
}

test("X20_a_newer_schema_is_refused", async () => {
  const newer = Buffer.from(whole);
  newer.writeUInt32BE(whole.readUInt32BE(SCHEMA_AT) + 1, SCHEMA_AT);
  await put(newer);
  await assertRefused(65, /schema/, /newer Keyward/);
});

for (const [name, damage] of [
  ["empty", () => Buffer.alloc(0)],
  ["text", () => Buffer.from("this is no database\n".repeat(1000))],
  ["truncated", () => whole.subarray(0, Math.floor(whole.length / 2))],
  ["truncated_to_a_page", () => whole.subarray(0, 4096)],
  ["filled_with_garbage_behind_its_header", () => Buffer.concat([whole.subarray(0, 100), Buffer.alloc(whole.length - 100, 0x5a)])],
])
  test(`J3_a_database_that_is_${name}_is_refused`, async () => {
    await put(damage());
    await assertRefused(65, /back/);
  });

/* A keyring that is there is adopted, and rows are then read when they are asked for. Where there is none, as after each
 * start of the machine, one is built, and every row is read. */
for (const [name, text] of [["row", NAME], ["table", "CREATE TABLE"]])
  test(`J3_a_database_with_one_bit_flipped_in_a_${name}_is_refused_when_a_keyring_is_built_from_it`, async () => {
    const flipped = Buffer.from(whole), at = flipped.indexOf(text);
    assert.ok(at > 0);
    flipped[at + 3] ^= 1;
    await put(flipped);
    await fs.rm(path.join(k.dir, "run/keyring"), { force: true });
    await assertRefused(65, /back/);
  });

test("J3_a_database_that_is_not_there_is_refused_and_not_made", async () => {
  await fs.rm(database);
  const { code, stderr } = await run(["serve", "--config", k.file]);
  assert.equal(code, 66, stderr);
  await assert.rejects(fs.stat(database));
});

test("J3_the_whole_one_serves_again_after_all_refusals", async () => {
  await k.serve();
  assert.equal((await k.ok("keys", "list", "--json")).keys.length, 1);
  await k.end();
});

/* From here on head is newer than `whole`. */
test("X12_an_old_database_under_a_newer_head_is_refused_with_the_way_out", async () => {
  await k.serve();
  const { id } = await k.createKey("--name", "two", "--environment", "sandbox");
  await k.ok("keys", "revoke", id, "--yes");
  await k.end();
  const newest = await fs.readFile(database);
  await put(whole);
  await assertRefused(65, /ends with change 3, 5 were acknowledged/, /keyward recover/);
  await put(newest);
  await k.serve();
  assert.equal((await k.ok("keys", "show", id, "--json")).state, "revoked");
  await k.end();
});

const recover = (...more) => run(["recover", "--config", k.file, ...more]);

test("X12_recover_asks_and_does_nothing_while_serve_runs", async () => {
  const unasked = await recover();
  assert.equal(unasked.code, 64, unasked.stderr);
  assert.match(unasked.stderr, /--yes/);
  await assertRefused(65, /keyward recover/);
});

test("X12_recover_refuses_a_database_that_does_not_hold", async () => {
  await put(Buffer.from("this is no database\n".repeat(1000)));
  const { code, stderr } = await recover("--yes");
  assert.equal(code, 65, stderr);
});

test("X12_recover_accepts_the_old_database_and_the_record_goes_on", async () => {
  const { code, stdout, stderr } = await recover("--yes");
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Changes given up: [1-9]/);
  await k.serve();
  assert.equal((await recover("--yes")).code, 75, "not while serve runs");
  assert.equal((await k.ok("keys", "list", "--json")).keys.length, 1);
  const { id } = await k.createKey("--name", "three", "--environment", "sandbox");
  const { stdout: lines } = await run(["audit", "search", "--changes", "--key", id, "--json"], { env: { KEYWARD_SOCKET: k.socket } });
  assert.equal(lines.trim().split("\n").length, 1, "the change after the recovery is on the record");
  assert.equal((await run(["audit", "verify"], { env: { KEYWARD_SOCKET: k.socket } })).code, 0);
  await k.end();
});

/** Somebody with a shell who is in the middle of reading; call what comes back to end him. */
async function startReader(file) {
  const reader = spawn("sqlite3", [file], { stdio: ["pipe", "pipe", "inherit"] });
  reader.stdin.write("BEGIN; SELECT 'reading', count(*) FROM keys;\n");
  await once(reader.stdout, "data");
  return async () => {
    reader.stdin.end();
    await once(reader, "exit");
  };
}

test("X1_a_start_that_a_reader_of_the_database_is_in_the_way_of_is_to_be_tried_again", async () => {
  const other = await Installation.make();
  await other.createKey("--name", "kept in the log", "--environment", "sandbox");
  await other.end("SIGKILL");
  const end = await startReader(path.join(other.dir, "state/keyward.db"));
  try {
    const { code, stderr } = await run(["serve", "--config", other.file]);
    assert.equal(code, 69, `75 is another serve's, and no supervisor tries again: ${stderr}`);
    assert.match(stderr, /in use by another program: it has to close it first/);
  } finally {
    await end();
  }
  await other.serve();
  assert.equal((await other.ok("keys", "list", "--json")).keys.length, 1);
  await other.stop();
});
