// backup.test.mjs - the drill: copied under load, destroyed, restored; what was revoked stays revoked, the record holds,
// changes go on.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { until } from "../lib/check.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { Installation, KEY, run } from "../lib/installation.mjs";
import { Load, LOAD_LOCATIONS } from "../lib/load.mjs";
import { assertChainHolds } from "../lib/on_record.mjs";

let gateway, service, folder, live;
const revoked = [];
before(async () => {
  gateway = await startGateway({ sandbox: LOAD_LOCATIONS, nginx: { workers: 2 } });
  service = gateway.keyward.service;
  folder = gateway.folder;
  live = await gateway.keyward.createKey({ name: "live", permission: "read_only", more: ["--rate", "none"] });
});
after(() => gateway.stop());

const state = () => path.join(service.dir, "state"), keys = () => path.join(service.dir, "keys");
const config = () => ["--config", service.file];
const copyAt = (name) => path.join(folder, name);
const status = async (key) => (await gateway.ask("GET /public-not/x", { key })).status;
const exists = (file) => fs.access(file).then(() => true, () => false);

async function createAndRevoke(name) {
  const made = await gateway.keyward.createKey({ name, permission: "read_only" });
  await service.ok("keys", "revoke", made.id, "--yes");
  revoked.push(made);
}

/** Puts away what a disk that died has taken; the keys live elsewhere. */
async function destroyState() {
  await service.end("SIGKILL");
  await fs.rm(state(), { recursive: true });
}

async function assertRevokedStays() {
  for (const { key, id } of revoked) {
    const answer = await gateway.ask("GET /pay/x", { key });
    assert.equal(answer.status, 401, id);
    assert.equal(answer.json.code, "key_revoked");
  }
}

async function assertGoesOn() {
  const made = await gateway.keyward.createKey({ name: "after", permission: "transactions", more: ["--rate", "none"] });
  assert.equal((await gateway.ask("GET /pay/x", { key: made })).status, 200);
  await service.ok("keys", "revoke", made.id, "--yes");
  assert.equal((await gateway.ask("GET /pay/x", { key: made })).status, 401);
  await assertChainHolds(service);
}

test("a_backup_under_load_is_private_whole_and_without_keys", async (t) => {
  const load = await new Load(gateway.port, { key: live.key, target: "/public/x" }).start();
  t.after(() => load.stop());
  for (let i = 0; i < 3; i++) await createAndRevoke(`before ${i}`);
  const creating = (async () => { for (let i = 0; i < 20; i++) await gateway.keyward.createKey({ name: `meanwhile ${i}`, permission: "read_only" }); })();
  await load.more(50);
  const { code, stdout, stderr } = await run(["backup", copyAt("one"), ...config()]);
  assert.equal(code, 0, stderr);
  await creating;
  await load.stop();
  assert.match(stdout, /keys is not in it/);
  const found = (await fs.readdir(copyAt("one"), { recursive: true })).sort();
  assert.deepEqual(found.filter((name) => !name.startsWith("audit/")), ["audit", "audit.pub", "backup.json", "head", "keyward.db", "keyward.yaml"]);
  for (const name of found) {
    const { mode } = await fs.stat(path.join(copyAt("one"), name));
    assert.equal(mode & 0o777, name === "audit" ? 0o700 : 0o600, name);
  }
  assert.equal((await fs.stat(copyAt("one"))).mode & 0o777, 0o700);
  assert.equal(load.answers.filter((answer) => answer.status !== 200).length, 0);
});

test("a_backup_writes_over_nothing", async () => {
  const was = await fs.readFile(path.join(copyAt("one"), "head"), "utf8");
  const { code, stderr } = await run(["backup", copyAt("one"), ...config()]);
  assert.equal(code, 73, stderr);
  assert.equal(await fs.readFile(path.join(copyAt("one"), "head"), "utf8"), was);
  await fs.mkdir(copyAt("empty"));
  assert.equal((await run(["backup", copyAt("empty"), ...config()])).code, 73);
});

test("a_copy_is_checked_while_serve_runs_and_an_installation_is_never_restored_over", async () => {
  const checked = await run(["restore", "--check", copyAt("one"), ...config(), "--json"]);
  assert.equal(checked.code, 0, checked.stderr);
  assert.equal(checked.json.restored, false);
  assert.ok(checked.json.changes >= 8 && checked.json.batches > 0);
  assert.equal((await run(["restore", copyAt("one"), ...config()])).code, 75, "serve has the state folder");
  await service.end();
  const { code, stderr } = await run(["restore", copyAt("one"), ...config()]);
  assert.equal(code, 73, stderr);
  assert.match(stderr, /keyward\.db is there already/);
  await service.serve();
  assert.deepEqual((await fs.readdir(state())).filter((name) => name.includes("restored")), []);
});

test("X12_the_drill_a_dead_disk_is_restored_and_what_was_revoked_stays_revoked", async () => {
  assert.equal((await run(["backup", copyAt("two"), ...config()])).code, 0);
  const before = (await gateway.keyward.events()).length;
  await destroyState();
  assert.equal((await gateway.ask("GET /public/x", { key: live })).status, 200, "decisions go on meanwhile");
  assert.equal((await run(["serve", ...config()])).code, 66, "never silently begun anew");
  const { code, stdout, stderr } = await run(["restore", copyAt("two"), ...config()]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Restored/);
  await service.serve();
  await assertRevokedStays();
  assert.ok((await gateway.keyward.events()).length >= before, "the record is there");
  await assertGoesOn();
});

test("X12_an_older_copy_is_restored_only_when_its_loss_is_accepted", async () => {
  assert.equal((await run(["backup", copyAt("three"), ...config()])).code, 0);
  const late = await gateway.keyward.createKey({ name: "late", permission: "read_only", more: ["--rate", "none"] });
  await service.ok("keys", "revoke", live.id, "--yes");
  await destroyState();
  const refused = await run(["restore", copyAt("three"), ...config()]);
  assert.equal(refused.code, 1, refused.stderr);
  assert.match(refused.stderr, /2 changes were acknowledged after/);
  assert.deepEqual((await fs.readdir(state())).filter((name) => name !== "lock"), [], "nothing was put in place");
  const head = path.join(keys(), "head"), known = await fs.readFile(head);
  await fs.writeFile(head, "no head at all\n");
  const unknown = await run(["restore", copyAt("three"), ...config()]);
  assert.equal(unknown.code, 1, unknown.stderr);
  assert.match(unknown.stderr, /nobody can tell which changes were acknowledged after/);
  await fs.writeFile(head, known);
  const accepted = await run(["restore", copyAt("three"), ...config(), "--yes", "--json"]);
  assert.equal(accepted.code, 0, accepted.stderr);
  assert.equal(accepted.json.lost, 2);
  await assert.rejects(fs.stat(path.join(service.dir, "run/keyring")), "a keyring of another database is no beginning");
  await service.serve();
  await until(async () => (await gateway.ask("GET /public-not/x", { key: late })).status === 401);
  await assertRevokedStays();
  await assertGoesOn();
});

test("a_machine_that_is_lost_comes_back_from_a_copy_with_keys", async () => {
  const { code, stdout } = await run(["backup", "--with-keys", copyAt("four"), ...config()]);
  assert.equal(code, 0);
  assert.match(stdout, /can make keys/);
  for (const name of ["master.key", "audit.key"]) {
    assert.equal((await fs.stat(path.join(copyAt("four"), "keys", name))).mode & 0o777, 0o600);
    const text = (await fs.readFile(path.join(copyAt("four"), "keys", name), "utf8")).trim();
    assert.ok(!stdout.includes(text) && !service.log.includes(text));
  }
  await destroyState();
  await fs.rm(keys(), { recursive: true });
  await fs.rm(path.join(service.dir, "audit.pub"));
  await fs.rm(path.join(service.dir, "run"), { recursive: true });
  const without = await run(["restore", copyAt("three"), ...config()]);
  assert.equal(without.code, 66, without.stderr);
  assert.match(without.stderr, /master\.key is missing/);
  const restored = await run(["restore", copyAt("four"), ...config()]);
  assert.equal(restored.code, 0, restored.stderr);
  assert.equal((await fs.stat(path.join(keys(), "master.key"))).mode & 0o777, 0o600);
  await service.serve();
  await until(async () => (await gateway.ask("GET /public/x", { key: live })).status !== 503);
  await assertRevokedStays();
  await assertGoesOn();
});

test("root_does_it_as_the_user_of_the_state_folder", { skip: process.getuid() !== 0 && "needs root" }, async () => {
  const other = await Installation.make({ serve: false }), nobody = 65534, out = path.join(other.folder, "out");
  try {
    await fs.mkdir(out);
    for (const dir of [other.folder, other.dir]) await fs.chmod(dir, 0o711);
    for (const name of ["out", "k/state", "k/keys", ...(await fs.readdir(path.join(other.dir, "state"))).map((file) => `k/state/${file}`),
      ...(await fs.readdir(path.join(other.dir, "keys"))).map((file) => `k/keys/${file}`)])
      await fs.chown(path.join(other.folder, name), nobody, nobody);
    const made = await run(["backup", path.join(out, "copy"), "--config", other.file]);
    assert.equal(made.code, 0, made.stderr);
    assert.equal((await fs.stat(path.join(out, "copy/keyward.db"))).uid, nobody);
    for (const end of ["", "-wal", "-shm"]) await fs.rm(path.join(other.dir, `state/keyward.db${end}`), { force: true });
    const restored = await run(["restore", path.join(out, "copy"), "--config", other.file]);
    assert.equal(restored.code, 0, restored.stderr);
    for (const file of ["state/keyward.db", "keys/head"]) assert.equal((await fs.stat(path.join(other.dir, file))).uid, nobody, file);
  } finally {
    await other.stop();
  }
});

/* What somebody did to a copy, and what must be said. */
const broken = [
  ["a byte of the record", async (dir) => flip(path.join(dir, "audit", (await fs.readdir(path.join(dir, "audit")))[0])), 65, /batch .* does not hold/],
  ["the end of the database", async (dir) => fs.truncate(path.join(dir, "keyward.db"), 12288), 65, /does not hold/],
  ["a row of the database", async (dir) => sql(dir, "UPDATE keys SET state = 'active'"), 65, /does not hold/],
  ["a head of another chain", async (dir) => fs.writeFile(path.join(dir, "head"), `2 ${"0".repeat(64)}\n`), 65, /does not hold/],
  ["a newer head", async (dir) => fs.writeFile(path.join(dir, "head"), `99999 ${"0".repeat(64)}\n`), 65, /does not hold/],
  ["the end of a copy that was interrupted", async (dir) => fs.rm(path.join(dir, "backup.json")), 65, /no copy that `keyward backup` has finished/],
  ["the format of a later Keyward", async (dir) => fs.writeFile(path.join(dir, "backup.json"), '{"format": 2}'), 65, /format 2/],
  ["another master key", async (dir) => fs.writeFile(path.join(dir, "keys/master.key"), `${"1".repeat(64)}\n`), 66, /another than that of the copy/],
];
async function flip(file) {
  const bytes = await fs.readFile(file);
  bytes[Math.floor(bytes.length / 2)] ^= 1;
  await fs.writeFile(file, bytes);
}
async function sql(dir, text) {
  const { spawnSync } = await import("node:child_process");
  assert.equal(spawnSync("sqlite3", [path.join(dir, "keyward.db"), text]).status, 0);
}
for (const [what, harm, code, says] of broken)
  test(`I3_a_copy_with_${what.replaceAll(" ", "_")}_changed_is_refused`, async () => {
    const dir = copyAt(`broken ${what}`);
    await fs.cp(copyAt("four"), dir, { recursive: true });
    await harm(dir);
    const { code: ended, stdout, stderr } = await run(["restore", "--check", dir, ...config()]);
    assert.equal(ended, code, stdout + stderr);
    assert.match(stderr, says);
    assert.ok(await exists(path.join(state(), "keyward.db")));
    assert.deepEqual((stdout + stderr).match(KEY), null);
  });
