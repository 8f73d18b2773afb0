// serve.test.mjs - how keyward serve starts, refuses to start, and ends.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { Installation, run } from "../lib/installation.mjs";

let k;
before(async () => (k = await Installation.make()));
after(() => k.stop());

test("a second serve on a state folder ends with 75 and names the first", async () => {
  const { code, stderr } = await run(["serve", "--config", k.file]);
  assert.equal(code, 75);
  assert.ok(stderr.includes(`process ${k.child.pid}`), stderr);
  assert.equal((await k.run("health")).code, 0);
});

test("the start is one line that says what became of the keyring", () => {
  const lines = k.log.split("\n").filter((line) => line.includes("serves"));
  assert.equal(lines.length, 1);
  assert.match(lines[0], /^keyward: version \S+ serves \S+admin\.sock; keyring rebuilt with 0 keys in \d+ ms$/);
});

test("SIGTERM ends it with 0; the socket goes, the keyring stays and is adopted", async () => {
  await k.createKey("--name", "kept", "--environment", "sandbox");
  assert.equal(await k.end("SIGTERM"), 0);
  await assert.rejects(fs.stat(k.socket));
  await fs.stat(path.join(k.dir, "run/keyring"));
  assert.equal((await k.run("health")).code, 69);
  k.log = "";
  await k.serve();
  assert.match(k.log, /keyring adopted with 1 keys/);
  assert.equal((await k.ok("keys", "list", "--json")).keys.length, 1);
});

test("SIGINT ends it with 0", async () => {
  assert.equal(await k.end("SIGINT"), 0);
  await k.serve();
});

test("X1_after_kill_9 no acknowledged change is lost", async () => {
  const { id } = await k.createKey("--name", "revoked", "--environment", "sandbox");
  await k.ok("keys", "revoke", id, "--yes");
  await k.end("SIGKILL");
  await k.serve(); // the socket that it left behind is in nobody's way
  assert.equal((await k.ok("keys", "show", id, "--json")).state, "revoked");
});

test("the socket is for its owner and group alone", async () => {
  assert.equal((await fs.stat(k.socket)).mode & 0o777, 0o660);
});

test("another user is refused, even where the socket lets him in", { skip: process.getuid() !== 0 && "needs root" }, async () => {
  const ask = `
    const http = require("node:http");
    for (const path of ["/v1/keys", "/v1/health"])
      http.get({ socketPath: ${JSON.stringify(k.socket)}, path }, (r) => { console.log(path, r.statusCode); r.resume(); })
        .on("error", (e) => console.log(path, e.code));`;
  const { spawnSync } = await import("node:child_process");
  const asNobody = () => String(spawnSync(process.execPath, ["-e", ask], { uid: 65534, gid: 65534 }).stdout).trim().split("\n").sort();
  for (const folder of [k.folder, k.dir, path.join(k.dir, "run")]) await fs.chmod(folder, 0o755);
  assert.deepEqual(asNobody(), ["/v1/health EACCES", "/v1/keys EACCES"]);
  await fs.chmod(k.socket, 0o666);
  assert.deepEqual(asNobody(), ["/v1/health 200", "/v1/keys 403"]);
  await fs.chmod(k.socket, 0o660);
});

/* What is appended to a configuration that is right, and what must be said. */
const wrong = [
  ["an unknown setting", "keys_dir: x\n", (n) => `line ${n}: there is no setting "keys_dir"`],
  ["a misspelt setting", "state_dirr: x\n", (n) => `line ${n}: there is no setting "state_dirr"`],
  ["a setting twice", "run_dir: /nowhere\n", (n) => `line ${n}: "run_dir" stands in line `],
  ["a setting twice, in quotes", '"run_dir": /nowhere\n', (n) => `line ${n}: "run_dir" stands in line `],
  ["a NUL byte", "# \0\n", (n) => `line ${n}: not text`],
  ["bytes that are no text", Buffer.from("verify_group: \xff\xfe\n", "latin1"), (n) => `line ${n}: not text`],
  ["a program", Buffer.from("\x7fELF\x02\x01\x01\0\0", "latin1"), (n) => `line ${n}: not text`],
  ["an alias", "verify_group: *run_dir\n", (n) => `line ${n}: aliases`],
  ["a second document", "---\nrun_dir: x\n", (n) => `line ${n}: a second document`],
  ["what is not YAML", "\tbrand: mk\n", (n) => `line ${n}: not YAML`],
];
for (const [name, text, says] of wrong)
  test(`J2_a configuration with ${name} is refused with its file and line`, async () => {
    const right = await fs.readFile(k.file);
    const file = path.join(k.folder, "wrong.yaml"), line = right.toString().split("\n").length;
    await fs.writeFile(file, Buffer.concat([right, Buffer.from(text)]));
    const { code, stderr } = await run(["serve", "--config", file]);
    assert.equal(code, 78, stderr);
    assert.ok(stderr.includes(`${file}: ${says(line)}`), stderr);
    assert.equal(stderr.trim().split("\n").length, 1, "one line, and nothing after it");
    assert.equal((await k.run("health")).code, 0, "the one that runs is left alone");
  });

test("J2_a configuration that others may write is refused with its file", async () => {
  const file = path.join(k.dir, "open.yaml");
  await fs.copyFile(k.file, file);
  for (const mode of [0o666, 0o646, 0o664, 0o602, 0o620]) {
    await fs.chmod(file, mode);
    const { code, stderr } = await run(["serve", "--config", file]);
    assert.equal(code, 78, `${mode.toString(8)}: ${stderr}`);
    assert.ok(stderr.includes(file), stderr);
    assert.match(stderr, /chmod go-w/);
  }
  await fs.chmod(file, 0o644);
  assert.equal((await run(["serve", "--config", file])).code, 75, "it was the mode: now the first serve is in the way");
});

test("J2_a configuration that belongs to somebody else is refused", { skip: process.getuid() !== 0 && "needs root" }, async () => {
  const file = path.join(k.dir, "theirs.yaml");
  await fs.copyFile(k.file, file);
  await fs.chown(file, 65534, 65534);
  const { code, stderr } = await run(["serve", "--config", file]);
  assert.equal(code, 78, stderr);
  assert.ok(stderr.includes(file), stderr);
});

test("a configuration that is not there ends with 66 and says how to make one", async () => {
  const { code, stderr } = await run(["serve", "--config", path.join(k.folder, "none.yaml")]);
  assert.equal(code, 66);
  assert.match(stderr, /keyward init/);
});

test("J3_a_database that is none is refused, and never replaced", async () => {
  const broken = await Installation.make({ serve: false });
  try {
    const database = path.join(broken.dir, "state/keyward.db");
    for (const content of ["", "some text", "SQLite format 3\0 and no more"]) {
      await fs.writeFile(database, content);
      const { code, stderr } = await run(["serve", "--config", broken.file]);
      assert.equal(code, 65, stderr);
      assert.equal(await fs.readFile(database, "utf8"), content);
    }
    await fs.rm(database);
    const { code, stderr } = await run(["serve", "--config", broken.file]);
    assert.equal(code, 66, stderr);
    await assert.rejects(fs.stat(database));
  } finally {
    await broken.stop();
  }
});

test("an admin_group that is not there is refused", async () => {
  const other = await Installation.make({ serve: false });
  try {
    await fs.appendFile(other.file, "admin_group: no-such-group-here\n");
    const { code, stderr } = await run(["serve", "--config", other.file]);
    assert.equal(code, 66);
    assert.match(stderr, /no group "no-such-group-here"/);
  } finally {
    await other.stop();
  }
});
