// audit_verify.test.mjs - whatever is changed in a record, the command line names the first record that does not hold.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { Installation, run } from "../lib/installation.mjs";

const HASH = 32, AHEAD = 8; /* of a record: length, version, kind */
const CHANGE_TIME = 18;     /* in a change: behind version, kind, object, version of the row, n */
let k, audit, publicKey, segment, whole, batches;

/** The batches of a segment, as docs/record.md has them: [{at, end, number, header, rows: [{at, end}]}]; `at` is where the
 *  bytes begin, and a row's hash follows its end. */
function batchesOf(bytes) {
  const list = [];
  for (let at = 0; at < bytes.length; ) {
    assert.equal(bytes.toString("latin1", at, at + 8), "kwbatch\0");
    const batch = { at, end: at + Number(bytes.readBigUInt64LE(at + 16)), number: Number(bytes.readBigUInt64LE(at + 24)), rows: [] };
    batch.header = { at, end: at + bytes.readUInt32LE(at + 12) };
    let row = batch.header.end + HASH;
    for (let i = bytes.readUInt32LE(at + 80); i > 0; i--) {
      const end = row + AHEAD + bytes.readUInt32LE(row);
      batch.rows.push({ at: row, end });
      row = end + HASH;
    }
    list.push(batch);
    at = batch.end;
  }
  return list;
}

before(async () => {
  k = await Installation.make();
  await k.createKey("--name", "one", "--environment", "sandbox");
  /* Many at once, so that some stand in one batch; names of one length, so that rows can change places. */
  const create = (_, i) => k.call("POST", "/v1/keys", { account: "main", name: `key ${10 + i}`, environment: "sandbox" });
  await Promise.all(Array.from({ length: 40 }, create));
  await k.ok("audit", "verify"); /* drains first: what follows stands in a batch of its own, behind those */
  await k.createKey("--name", "last", "--environment", "sandbox");
  await k.ok("audit", "verify");
  audit = path.join(k.dir, "state/audit");
  publicKey = path.join(k.dir, "audit.pub");
  segment = (await fs.readdir(audit)).filter((name) => name.endsWith(".seg")).sort().at(-1);
  whole = await fs.readFile(path.join(audit, segment));
  batches = batchesOf(whole);
});
after(() => k.stop());

/** A batch in the middle of the record with two rows of one length behind each other: [batch, index of the first]. */
function neighbours() {
  for (const batch of batches.slice(1, -1))
    for (let i = 0; i + 1 < batch.rows.length; i++)
      if (batch.rows[i].end - batch.rows[i].at === batch.rows[i + 1].end - batch.rows[i + 1].at) return [batch, i];
  throw new Error("no batch has two rows of one length");
}

function flipped(at) {
  const bytes = Buffer.from(whole);
  bytes[at] ^= 1;
  return bytes;
}

const slice = (piece) => whole.subarray(piece.at, piece.end);

/** Two rows of one length, and optionally their hashes, have changed places. */
function swappedRows(one, two, more = HASH) {
  const bytes = Buffer.from(whole);
  whole.copy(bytes, one.at, two.at, two.end + more);
  whole.copy(bytes, two.at, one.at, one.end + more);
  return bytes;
}

/** The hashes of a batch computed anew, as whoever has not the signing key can do. */
function rehashed(bytes, batch) {
  let hash = bytes.subarray(batch.header.end, batch.header.end + HASH);
  for (const row of batch.rows) {
    hash = createHash("sha256").update(hash).update(bytes.subarray(row.at, row.end)).digest();
    hash.copy(bytes, row.end);
  }
  hash.copy(bytes, batch.rows.at(-1).end + HASH);
  return bytes;
}

/* name, () => [changed bytes, batch, number of the record in it: 0 the header, one more than there are the trailer]. */
const damages = [
  ["one_byte_of_a_row", () => (([b, i]) => [flipped(b.rows[i].end - 1), b, i + 1])(neighbours())],
  ["the_first_byte_of_a_row", () => (([b, i]) => [flipped(b.rows[i].at), b, i + 1])(neighbours())],
  ["one_byte_of_a_hash", () => (([b, i]) => [flipped(b.rows[i].end + 5), b, i + 1])(neighbours())],
  ["the_time_of_a_row", () => (([b, i]) => [flipped(b.rows[i].at + AHEAD + CHANGE_TIME), b, i + 1])(neighbours())],
  ["the_time_of_a_batch", () => [flipped(batches[1].at + 32), batches[1], 0]],
  ["the_number_of_a_batch", () => [flipped(batches[1].at + 24), batches[1], 0]],
  ["a_signature", () => [flipped(batches[1].rows.at(-1).end + 2 * HASH + 3), batches[1], batches[1].rows.length + 1]],
  ["the_last_byte", () => [flipped(whole.length - 1), batches.at(-1), batches.at(-1).rows.length + 1]],
  ["the_order_of_rows", () => (([b, i]) => [swappedRows(b.rows[i], b.rows[i + 1]), b, i + 1])(neighbours())],
  ["the_order_of_rows_but_not_of_their_hashes", () => (([b, i]) => [swappedRows(b.rows[i], b.rows[i + 1], 0), b, i + 1])(neighbours())],
  ["the_order_of_rows_with_hashes_computed_anew",
    () => (([b, i]) => [rehashed(swappedRows(b.rows[i], b.rows[i + 1], 0), b), b, b.rows.length + 1])(neighbours())],
  ["a_row_with_hashes_computed_anew",
    () => (([b, i]) => [rehashed(flipped(b.rows[i].end - 1), b), b, b.rows.length + 1])(neighbours())],
  ["a_batch_that_is_gone",
    () => [Buffer.concat([whole.subarray(0, batches[1].at), whole.subarray(batches[1].end)]), batches[1], 0]],
  ["the_order_of_batches", () => [
    Buffer.concat([whole.subarray(0, batches[1].at), slice(batches[2]), slice(batches[1]), whole.subarray(batches[2].end)]), batches[1], 0]],
  ["a_batch_that_is_there_twice",
    () => [Buffer.concat([whole.subarray(0, batches[1].end), slice(batches[1]), whole.subarray(batches[1].end)]), batches[2],
      0, batches[1].end]],
];

for (const [name, damage] of damages)
  test(`I3_${name}_is_named`, async () => {
    const [bytes, batch, record, offset = batch.at] = damage();
    const copy = path.join(k.folder, name);
    await fs.cp(audit, copy, { recursive: true });
    await fs.writeFile(path.join(copy, segment), bytes);
    const { code, stdout, stderr } = await run(["audit", "verify", "--dir", copy, "--key", publicKey]);
    assert.equal(code, 1, stdout + stderr);
    assert.equal(stdout, "");
    const place = `${copy}/${segment}: batch ${batch.number} at byte ${offset}, record ${record}: `;
    assert.ok(stderr.startsWith(`keyward: audit verify: ${place}`), `${stderr} is not ${place}`);
    const json = await run(["audit", "verify", "--dir", copy, "--key", publicKey, "--json"]);
    assert.equal(json.code, 1);
    const { what, ...first } = json.json.firstBad;
    assert.equal(json.json.holds, false);
    assert.deepEqual(first, { file: segment, offset, batch: batch.number, record });
    assert.ok(what.length > 0);
  });

test("I3_the_record_that_serve_writes_is_checked_where_it_is", async () => {
  const file = path.join(audit, segment), [batch, i] = neighbours();
  const handle = await fs.open(file, "r+");
  const put = (bytes) => handle.write(bytes, batch.at, batch.end - batch.at, batch.at);
  await put(flipped(batch.rows[i].end - 1));
  try {
    for (const more of [[], ["--key", publicKey]]) {
      const { code, stderr } = await k.run("audit", "verify", ...more);
      assert.equal(code, 1, stderr);
      assert.match(stderr, new RegExp(`${segment}: batch ${batch.number} at byte ${batch.at}, record ${i + 1}: `));
    }
  } finally {
    await put(whole);
    await handle.close();
  }
  assert.match(await k.ok("audit", "verify"), /The record holds/);
});
