// init.test.mjs - what `keyward init` makes, and that it never makes it twice.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { makeFolder, run } from "../lib/installation.mjs";

let folder;
before(async () => (folder = await makeFolder()));
after(() => fs.rm(folder, { recursive: true, force: true }));

const modeOf = async (file) => (await fs.stat(file)).mode & 0o777;

test("init makes folders, keys, database and configuration, each with its mode", async () => {
  const dir = path.join(folder, "one");
  const made = (await run(["init", "--dir", dir, "--json"])).json;
  assert.deepEqual(Object.keys(made).sort(),
    ["account", "auditKey", "config", "database", "head", "masterKey", "publicKey", "setupEndsAt", "setupLink", "setupUrl", "socket"]);
  const modes = { "": 0o755, keys: 0o700, "keys/master.key": 0o600, "keys/audit.key": 0o600, "keys/head": 0o600,
    "audit.pub": 0o644, "keyward.yaml": 0o644, state: 0o700, "state/audit": 0o700, "state/keyward.db": 0o600, run: 0o711 };
  for (const [name, mode] of Object.entries(modes)) assert.equal(await modeOf(path.join(dir, name)), mode, name);
  for (const name of ["keys/master.key", "keys/audit.key", "audit.pub"])
    assert.match(await fs.readFile(path.join(dir, name), "utf8"), /^[0-9a-f]{64}\n$/, name);
});

test("init tells what it made and what to do next, and never a key", async () => {
  const dir = path.join(folder, "two");
  const { code, stdout } = await run(["init", "--dir", dir]);
  assert.equal(code, 0);
  assert.match(stdout, /keyward serve --config .*two\/keyward\.yaml/);
  assert.match(stdout, /export KEYWARD_SOCKET=.*two\/run\/admin\.sock/);
  assert.match(stdout, /keyward keys create/);
  for (const name of ["master", "audit"]) {
    const key = (await fs.readFile(path.join(dir, `keys/${name}.key`), "utf8")).trim();
    assert.ok(!stdout.includes(key));
  }
});

test("init tells the link with which the first owner sets it up, and where public_url is told it is an address", async () => {
  const dir = (name) => path.join(folder, name), text = /^  ([0-9A-Za-z]{14}_[0-9A-Za-z]{43})$/m;
  const { stdout } = await run(["init", "--dir", dir("alone")]);
  assert.match(stdout, text);
  const told = await run(["init", "--dir", dir("told"), "--public-url", "https://keyward.example.com:8443"]);
  assert.match(told.stdout, /^  https:\/\/keyward\.example\.com:8443\/accept#[0-9A-Za-z]{14}_[0-9A-Za-z]{43}$/m);
  assert.match(await fs.readFile(dir("told/keyward.yaml"), "utf8"), /^public_url: https:\/\/keyward\.example\.com:8443$/m);
  const { setupLink, setupUrl, setupEndsAt } = (await run(["init", "--dir", dir("json"), "--json"])).json;
  assert.match(`  ${setupLink}`, text);
  assert.equal(setupUrl, null);
  assert.ok(Math.abs(Date.parse(setupEndsAt) - Date.now() - 7 * 86_400_000) < 60_000, setupEndsAt);
  for (const url of ["http://keyward.example.com", "https://keyward.example.com/", "keyward.example.com", ""])
    assert.equal((await run(["init", "--dir", dir("none"), "--public-url", url])).code, 64, url);
  assert.equal((await run(["init", "--config", dir("told/keyward.yaml"), "--public-url", "https://a.example"])).code, 64);
});

test("init writes where the gateways are, and refuses what is no address of one", async () => {
  const at = path.join(folder, "gateways"), url = "https://sandbox.example.com";
  assert.equal((await run(["init", "--dir", at, "--sandbox-url", url, "--production-url", "http://127.0.0.1:8081"])).code, 0);
  const text = await fs.readFile(path.join(at, "keyward.yaml"), "utf8");
  assert.match(text, /^sandbox_url: https:\/\/sandbox\.example\.com$/m);
  assert.match(text, /^production_url: http:\/\/127\.0\.0\.1:8081$/m);
  assert.match(text, /^# public_url: /m);
  for (const option of ["--sandbox-url", "--production-url"]) {
    const { code, stderr } = await run(["init", "--dir", path.join(folder, "none"), option, `${url}/api`]);
    assert.equal(code, 64);
    assert.ok(stderr.includes(`${option}: `), stderr);
    assert.equal((await run(["init", "--config", path.join(at, "keyward.yaml"), option, url])).code, 64);
  }
});

test("init takes a folder relative to where it is called", async () => {
  const { code, stdout } = await run(["init", "--dir", "here", "--json"], { cwd: folder });
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout).config, path.join(folder, "here/keyward.yaml"));
});

test("init refuses when something is there, names it, and touches nothing", async () => {
  for (const name of ["keys/master.key", "keys/audit.key", "keys/head", "audit.pub", "state/keyward.db", "keyward.yaml"]) {
    const dir = await fs.mkdtemp(path.join(folder, "there-"));
    const file = path.join(dir, name);
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, "of somebody else");
    const { code, stderr } = await run(["init", "--dir", dir]);
    assert.equal(code, 73, name);
    assert.ok(stderr.includes(`${name} is there already; nothing was touched`), stderr);
    assert.equal(await fs.readFile(file, "utf8"), "of somebody else");
    const left = (await fs.readdir(dir, { recursive: true })).length;
    assert.equal(left, name.split("/").length);
  }
});

test("init removes what it made when it cannot make the rest", async () => {
  const dir = path.join(folder, "half");
  await fs.mkdir(dir);
  await fs.writeFile(path.join(dir, "state"), "a file where a folder has to be");
  const { code, stderr } = await run(["init", "--dir", dir]);
  assert.equal(code, 73, stderr);
  assert.deepEqual(await fs.readdir(dir), ["state"]);
});

test("init makes what an existing configuration names, and leaves that file alone", async () => {
  const file = path.join(folder, "given/keyward.yaml");
  const text = "etc_dir: e\nstate_dir: s\nrun_dir: r\nbrand: acme\n";
  await fs.mkdir(path.dirname(file));
  await fs.writeFile(file, text);
  const clash = await run(["init", "--config", file, "--brand", "other"]);
  assert.equal(clash.code, 64);
  const { code, stdout } = await run(["init", "--config", file, "--json"]);
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout).database, path.join(folder, "given/s/keyward.db"));
  assert.equal(await fs.readFile(file, "utf8"), text);
});

test("init refuses what cannot be", async () => {
  const dir = path.join(folder, "no");
  assert.equal((await run(["init", "--dir", dir, "--config", "x"])).code, 64);
  for (const brand of ["m", "mkt", "MK", "m_k", ""]) assert.equal((await run(["init", "--dir", dir, "--brand", brand])).code, 64);
  assert.equal((await run(["init", "--dir", path.join(folder, "x".repeat(120))])).code, 78);
  assert.equal((await run(["init", "--dir", dir])).code, 0);
});
