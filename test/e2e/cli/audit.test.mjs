// audit.test.mjs - the record through the command line: what was changed is on it, and that it was not changed itself.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { Installation, KEY, run } from "../lib/installation.mjs";

let k, id;
before(async () => {
  k = await Installation.make();
  ({ id } = await k.createKey("--name", "one", "--environment", "sandbox"));
  await k.createKey("--name", "two", "--environment", "sandbox");
  await k.ok("keys", "revoke", id, "--yes");
});
after(() => k.stop());

const records = (text) => text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
const asLines = async (...args) => records((await k.run("audit", "search", "--json", ...args)).stdout);

test("every change is on the record, with who made it, and without a secret", async () => {
  const changes = await asLines("--changes", "--oldest-first");
  assert.equal(changes.length, 5); // account and first member of init, two keys, one revoked
  assert.ok(changes.every((change) => change.actor === `uid:${process.getuid()}`), JSON.stringify(changes));
  assert.equal(JSON.stringify(changes).match(KEY), null);
  assert.ok(!JSON.stringify(changes).includes("digest"));
});

test("search finds by key, newest first, and keeps to its limit", async () => {
  const of = await asLines("--key", id);
  assert.equal(of.length, 2);
  assert.ok(of[0].change > of[1].change);
  assert.equal((await asLines("--limit", "1")).length, 1);
  assert.deepEqual(await asLines("--since", "2100-01-01"), []);
  assert.deepEqual(await asLines("--events"), []);
});

test("search finds attempts by verdict and environment, and a member by what was done to him", async () => {
  const [member] = (await k.call("GET", "/v1/members")).json.members;
  assert.deepEqual((await asLines("--member", member.id)).map((change) => change.object_id), [member.id]);
  for (const args of [["--verdict", "deny"], ["--verdict", "allow"], ["--environment", "sandbox"], ["--member", "0".repeat(14)]])
    assert.deepEqual(await asLines(...args), [], "changes have neither");
});

test("tail shows the newest, oldest of them first", async () => {
  const { stdout } = await k.run("audit", "tail", "--json", "-n", "2");
  assert.deepEqual(records(stdout).map((change) => change.change), [4, 5]);
  assert.match(await k.ok("audit", "tail"), new RegExp(`key ${id} version 2`));
});

test("a question that cannot be one is refused, and names the option", async () => {
  for (const [option, value] of [["--key", "short"], ["--source", "10.0.0.0/8"], ["--reason", "because"], ["--request", "xyz"],
    ["--verdict", "maybe"], ["--environment", "test"], ["--member", "anna@shop.example"], ["--since", "yesterday"], ["--limit", "-1"]]) {
    const { code, stderr } = await k.run("audit", "search", `${option}=${value}`);
    assert.equal(code, 65);
    assert.ok(stderr.startsWith(`keyward: audit search: ${option}: `), stderr);
  }
  assert.equal((await k.run("audit", "search", "--events", "--changes")).code, 64);
  assert.equal((await k.run("audit", "explain", "0".repeat(32))).code, 1);
  assert.equal((await k.run("audit", "explain", "x")).code, 65);
});

test("verify says that the record holds, here and for a copy elsewhere", async () => {
  assert.match(await k.ok("audit", "verify"), /The record holds: 5 records/);
  const copy = path.join(k.folder, "copy");
  await fs.cp(path.join(k.dir, "state/audit"), copy, { recursive: true });
  const elsewhere = await run(["audit", "verify", "--dir", copy, "--key", path.join(k.dir, "audit.pub")]);
  assert.equal(elsewhere.code, 0, elsewhere.stderr);
});

test("I3_one changed byte is found, and its place named", async () => {
  const copy = path.join(k.folder, "changed");
  await fs.cp(path.join(k.dir, "state/audit"), copy, { recursive: true });
  const [segment] = (await fs.readdir(copy)).filter((name) => name.endsWith(".seg"));
  const bytes = await fs.readFile(path.join(copy, segment));
  for (const at of [10, bytes.length >> 1, bytes.length - 5]) {
    const changed = Buffer.from(bytes);
    changed[at] ^= 1;
    await fs.writeFile(path.join(copy, segment), changed);
    const { code, stdout, stderr } = await run(["audit", "verify", "--dir", copy, "--key", path.join(k.dir, "audit.pub")]);
    assert.equal(code, 1, `byte ${at}: ${stdout}${stderr}`);
    assert.match(stdout + stderr, /batch \d+/);
  }
});

test("a record signed by another key does not hold", async () => {
  const other = path.join(k.folder, "other.pub");
  await fs.writeFile(other, `${"ab".repeat(32)}\n`);
  const { code } = await run(["audit", "verify", "--dir", path.join(k.dir, "state/audit"), "--key", other]);
  assert.notEqual(code, 0);
});
