// permissions.test.mjs - what nginx's user and a stranger on the same machine may open; file modes as docs/architecture.md
// has them. nginx's workers run as www-data, whose group is that of the verifiers here.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { until } from "./lib/check.mjs";
import { startGateway } from "./lib/gateway.mjs";
import { workersOf } from "./lib/nginx.mjs";

const cannotBeNobody = () => spawnSync(process.execPath, ["-v"], { uid: 65534, gid: 65534, cwd: "/" }).status !== 0;
const skip = process.getuid() !== 0 ? "needs root, to be other users" : cannotBeNobody() && "another user may not run this node";
let gateway, service, worker, nobody;

const idOf = (flag, user) => Number(String(spawnSync("id", [flag, user]).stdout));

before(async () => {
  if (skip) return;
  worker = { uid: idOf("-u", "www-data"), gid: idOf("-g", "www-data") };
  nobody = { uid: idOf("-u", "nobody"), gid: idOf("-g", "nobody") };
  gateway = await startGateway({ settings: "verify_group: www-data\n", nginx: { user: "www-data" } });
  service = gateway.keyward.service;
  for (const folder of [gateway.folder, service.folder, service.dir]) await fs.chmod(folder, 0o711);
  await fs.chmod(gateway.upstream.path, 0o666);
  /* The workers found these folders closed at first, and look again after a second. */
  await until(async () => (await gateway.ask("GET /pay/x", { key: gateway.keys.pay })).status === 200);
});
after(() => gateway?.stop());

/** What becomes of opening files as another user: {path: "ok" or the error's name}. */
function open(user, files) {
  const script = `const fs = require("node:fs");
    for (const [file, flag] of ${JSON.stringify(files)})
      try { fs.closeSync(fs.openSync(file, flag)); console.log(file + " " + flag + " ok"); }
      catch (error) { console.log(file + " " + flag + " " + error.code); }`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], { ...user, cwd: "/" });
  const lines = String(stdout).trim().split("\n");
  assert.equal(lines.length, files.length, String(stderr));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), line.split(" ").at(-1)]));
}

/** Every file below a folder, but those that are about to get their name. */
async function below(folder) {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && !entry.name.endsWith(".new")).map((entry) => path.join(entry.path, entry.name));
}

async function secrets() {
  const files = [...(await below(path.join(service.dir, "state"))), ...(await below(path.join(service.dir, "keys")).catch(() => []))];
  const etc = await below(service.dir);
  const named = etc.filter((file) => /master\.key|audit\.key|head$/.test(file));
  return [...new Set([...files, ...named])];
}

/** Opening all of these in all of these ways is refused. */
function assertClosed(user, files, flags) {
  const asked = files.flatMap((file) => flags.map((flag) => [file, flag]));
  for (const [what, outcome] of Object.entries(open(user, asked))) assert.match(outcome, /^(EACCES|EPERM)$/, what);
}

test("workers_decide_as_a_user_of_their_own", { skip }, async () => {
  assert.equal((await gateway.ask("GET /pay/x", { key: gateway.keys.pay })).status, 200);
  assert.equal((await gateway.ask("GET /pay/x", { key: gateway.keys.read })).status, 403);
  assert.equal((await gateway.ask("GET /pay/x")).status, 401);
  const pids = await workersOf(gateway.nginx);
  assert.equal(pids.length, 1);
  for (const pid of pids)
    assert.match(await fs.readFile(`/proc/${pid}/status`, "utf8"), new RegExp(`^Uid:\\t${worker.uid}\\t${worker.uid}\\t`, "m"));
});

test("a_worker_may_read_the_keyring_and_not_write_it", { skip }, () => {
  const keyring = path.join(gateway.run, "keyring");
  assert.deepEqual(open(worker, [[keyring, "r"]]), { [`${keyring} r`]: "ok" });
  assertClosed(worker, [keyring], ["r+", "a", "w"]);
});

test("a_worker_may_put_nothing_in_the_place_of_a_shared_file", { skip }, () => {
  assertClosed(worker, [path.join(gateway.run, "keyring.new"), path.join(gateway.run, "rings/999"), path.join(service.dir, "x")], ["wx"]);
  const remove = `try { require("node:fs").unlinkSync(${JSON.stringify(path.join(gateway.run, "keyring"))}) } catch (e) { console.log(e.code) }`;
  assert.match(String(spawnSync(process.execPath, ["-e", remove], { ...worker, cwd: "/" }).stdout), /EACCES|EPERM/);
});

test("neither_a_worker_nor_a_stranger_may_read_keys_database_or_record", { skip }, async () => {
  const files = await secrets();
  for (const name of ["master.key", "audit.key", "head", "keyward.db", ".seg"])
    assert.ok(files.some((file) => file.includes(name)), `${name} must be among those that are tried: ${files}`);
  for (const user of [worker, nobody]) assertClosed(user, files, ["r", "r+"]);
});

test("a_stranger_may_open_nothing_that_is_shared", { skip }, async () => {
  const rings = await below(path.join(gateway.run, "rings"));
  assert.ok(rings.length >= 2);
  assertClosed(nobody, [...rings, path.join(gateway.run, "keyring"), path.join(gateway.run, "limits")], ["r", "r+"]);
});

test("neither_may_reach_the_socket_of_administrators", { skip }, () => {
  const script = `require("node:net").connect(${JSON.stringify(service.socket)})
    .on("connect", () => { console.log("connected"); process.exit() }).on("error", (error) => console.log(error.code));`;
  for (const user of [worker, nobody])
    assert.equal(String(spawnSync(process.execPath, ["-e", script], { ...user, cwd: "/" }).stdout).trim(), "EACCES");
  return new Promise((resolve, reject) => {
    const socket = net.connect(service.socket, () => resolve(socket.destroy())).on("error", reject);
  });
});

test("file_modes_are_those_that_are_documented", { skip }, async () => {
  const modes = async (file) => {
    const { mode, uid, gid } = await fs.stat(file);
    return `${(mode & 0o7777).toString(8)} ${uid} ${gid}`;
  };
  const shared = (name) => path.join(gateway.run, name);
  assert.equal((await fs.stat(gateway.run)).mode & 0o7777, 0o711);
  assert.equal((await fs.stat(shared("rings"))).mode & 0o7777, 0o711);
  assert.equal(await modes(shared("keyring")), `640 0 ${worker.gid}`);
  assert.equal(await modes(shared("limits")), `660 0 ${worker.gid}`);
  for (const ring of await below(shared("rings"))) assert.equal(await modes(ring), `660 0 ${worker.gid}`, ring);
  assert.equal((await fs.stat(service.socket)).mode & 0o7777, 0o660);
  assert.equal((await fs.stat(path.join(service.dir, "state"))).mode & 0o7777, 0o700);
  for (const file of await secrets()) {
    const mode = (await fs.stat(file)).mode & 0o077;
    const folder = (await fs.stat(path.dirname(file))).mode & 0o077;
    assert.ok(mode === 0 || folder === 0, `${file} is open to others`);
  }
});
