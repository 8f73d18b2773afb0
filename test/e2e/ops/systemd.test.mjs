// systemd.test.mjs - what is installed for the machine's own tools, judged by these tools; and what keyward serve tells
// its supervisor.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { until } from "../lib/check.mjs";
import { Installation, program } from "../lib/installation.mjs";
import { build } from "../lib/nginx.mjs";

const SAFE = 15; /* systemd-analyze's exposure, in tenths: "safe" ends at 20 */
const SAFE_WITH_MAIL = 18;
const isRoot = process.getuid() === 0;
let root, prefix, unit;

function run(command, ...args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  assert.equal(error, undefined, command);
  return { status, said: stdout + stderr, stdout };
}

const buildOption = (wanted) =>
  JSON.parse(run("meson", "introspect", "--buildoptions", build).stdout).find(({ name }) => name === wanted).value;

before(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), "keyward-install-"));
  await fs.chmod(root, 0o755);
  const { status, said } = run("meson", "install", "-C", build, "--no-rebuild", "--destdir", root);
  assert.equal(status, 0, said);
  prefix = path.join(root, buildOption("prefix"));
  unit = path.join(root, "keyward.service"); /* with a program that is there */
  const text = await fs.readFile(path.join(prefix, "lib/systemd/system/keyward.service"), "utf8");
  await fs.writeFile(unit, text.replace(/^ExecStart=\S+/m, `ExecStart=${program}`));
});
after(() => fs.rm(root, { recursive: true }));

test("the_unit_is_one_that_systemd_understands", () => {
  const { status, said } = run("systemd-analyze", "verify", "--man=no", unit);
  assert.equal(said, "", "not a warning");
  assert.equal(status, 0);
});

test("the_unit_starts_the_program_that_was_installed", async () => {
  const text = await fs.readFile(path.join(prefix, "lib/systemd/system/keyward.service"), "utf8");
  const [, file] = /^ExecStart=(\S+) serve$/m.exec(text);
  await fs.access(path.join(root, file), fs.constants.X_OK);
});

test("the_unit_leaves_the_process_little", async () => {
  const judge = (file) => run("systemd-analyze", "security", "--offline=true", "--no-pager", `--threshold=${SAFE}`, file);
  const { status, said } = judge(unit);
  assert.equal(status, 0, said);
  const weak = path.join(root, "weak.service");
  const text = await fs.readFile(unit, "utf8");
  await fs.writeFile(weak, text.replace(/^(SystemCallFilter|CapabilityBoundingSet|ProtectSystem|PrivateNetwork)=.*$/gm, ""));
  assert.notEqual(judge(weak).status, 0, "without its walls it is not");
});

test("with_what_lets_it_send_mail_the_unit_reaches_the_network_and_little_else", async () => {
  const folder = path.join(root, "mail"), file = path.join(folder, "keyward.service");
  await fs.mkdir(`${file}.d`, { recursive: true });
  await fs.copyFile(unit, file);
  await fs.copyFile(path.join(prefix, "share/keyward/keyward-mail.conf"), path.join(`${file}.d`, "keyward-mail.conf"));
  const { status, said } = run("systemd-analyze", "verify", "--man=no", file);
  assert.deepEqual([status, said], [0, ""]);
  const judged = run("systemd-analyze", "security", "--offline=true", "--no-pager", `--threshold=${SAFE_WITH_MAIL}`, file);
  assert.equal(judged.status, 0, judged.said);
  assert.match(judged.said, /✗ PrivateNetwork=/, "it was read");
});

test("users_groups_and_folders_are_made", { skip: !isRoot && "needs root" }, async () => {
  const machine = path.join(root, "machine");
  await fs.mkdir(path.join(machine, "etc"), { recursive: true });
  await fs.writeFile(path.join(machine, "etc/group"), "root:x:0:\nadm:x:4:\nwww-data:x:33:\n");
  await fs.writeFile(path.join(machine, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\n");
  const users = run("systemd-sysusers", `--root=${machine}`, path.join(prefix, "lib/sysusers.d/keyward.conf"));
  assert.equal(users.status, 0, users.said);
  const folders = run("systemd-tmpfiles", "--create", `--root=${machine}`, path.join(prefix, "lib/tmpfiles.d/keyward.conf"));
  assert.equal(folders.status, 0, folders.said);
  const group = await fs.readFile(path.join(machine, "etc/group"), "utf8");
  assert.match(group, /^keyward-verify:x:\d+:(?=.*\bkeyward\b)(?=.*\bwww-data\b)/m);
  assert.match(group, /^keyward-admin:x:\d+:keyward$/m);
  const [, uid] = /^keyward:x:(\d+):/m.exec(await fs.readFile(path.join(machine, "etc/passwd"), "utf8"));
  for (const [name, mode, owner] of [["etc/keyward", 0o755, 0], ["etc/keyward/keys", 0o700, +uid], ["var/lib/keyward", 0o700, +uid],
    ["var/backups/keyward", 0o700, +uid], ["run/keyward", 0o711, +uid]]) {
    const st = await fs.stat(path.join(machine, name));
    assert.deepEqual([st.mode & 0o7777, st.uid], [mode, owner], name);
  }
});

test("the_logs_of_the_shipped_sites_are_rotated_by_the_rules_of_nginx", async () => {
  const pattern = (await fs.readFile("/etc/logrotate.d/nginx", "utf8")).match(/^\S+(?= \{)/m)[0];
  const sites = new URL("../../../packaging/nginx/", import.meta.url);
  const texts = await Promise.all((await fs.readdir(sites)).map((name) => fs.readFile(new URL(name, sites), "utf8")));
  const logs = texts.flatMap((text) => [...text.matchAll(/^\s*(?:access|error)_log (\S+)/gm)].map(([, file]) => file));
  assert.ok(logs.length >= 6);
  for (const log of logs) assert.deepEqual([path.dirname(log), path.extname(log)], [path.dirname(pattern), path.extname(pattern)]);
});

/** The lines that a supervisor's socket gets, as they come. */
async function supervisor(t, folder) {
  const socket = path.join(folder, "notify"), lines = [];
  const child = spawn(path.join(build, "test/e2e/tools/notified"), [socket], { stdio: ["pipe", "pipe", "inherit"] });
  t.after(() => child.stdin.end());
  child.stdout.on("data", (data) => lines.push(...String(data).split("\n").filter(Boolean)));
  await until(() => lines.includes("ready"));
  return { socket, lines };
}

test("serve_tells_its_supervisor_when_it_is_ready_that_it_lives_and_that_it_stops", async (t) => {
  const k = await Installation.make({ serve: false });
  t.after(() => k.stop());
  const { socket, lines } = await supervisor(t, k.folder);
  Object.assign(process.env, { NOTIFY_SOCKET: socket, WATCHDOG_USEC: "600000" });
  t.after(() => { for (const name of ["NOTIFY_SOCKET", "WATCHDOG_USEC"]) delete process.env[name]; });
  await k.serve();
  assert.equal((await k.run("health")).code, 0);
  await until(() => lines.includes("READY=1"));
  await until(() => lines.filter((line) => line === "WATCHDOG=1").length >= 3);
  process.kill(k.child.pid, "SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, 300));
  const stopped = lines.length;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.equal(lines.length, stopped, "a process that hangs does not say that it lives");
  process.kill(k.child.pid, "SIGCONT");
  await until(() => lines.length > stopped);
  assert.ok(!lines.includes("STOPPING=1"));
  await k.end();
  await until(() => lines.includes("STOPPING=1"));
});

test("a_serve_that_cannot_start_is_never_ready", async (t) => {
  const k = await Installation.make({ serve: false });
  t.after(() => k.stop());
  const { socket, lines } = await supervisor(t, k.folder);
  await fs.rm(path.join(k.dir, "state/keyward.db"));
  const { status } = spawnSync(program, ["serve", "--config", k.file], { env: { ...process.env, NOTIFY_SOCKET: socket } });
  assert.equal(status, 66);
  assert.deepEqual(lines, ["ready"]);
});
