// keys.test.mjs - keys through the command line: made, shown, changed, ended.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Installation, KEY, run } from "../lib/installation.mjs";

let k;
before(async () => (k = await Installation.make()));
after(() => k.stop());

const sandbox = ["--environment", "sandbox"];

test("an empty list says how to make a key", async () => {
  const text = await k.ok("keys", "list");
  assert.match(text, /no keys yet/);
  assert.match(text, /keyward keys create/);
  assert.deepEqual(await k.ok("keys", "list", "--json"), { keys: [] });
});

test("create shows the key once, on a line of its own, and how to use it", async () => {
  const text = await k.ok("keys", "create", "--name", "once", ...sandbox);
  const [key] = text.match(KEY);
  assert.ok(text.split("\n").includes(key));
  assert.ok(text.includes(`export MONEI_API_KEY=${key}`));
  assert.match(text, /shown once/);
  const id = key.split("_")[2];
  for (const again of [await k.ok("keys", "show", id), await k.ok("keys", "list"), await k.ok("keys", "list", "--json")])
    assert.equal(JSON.stringify(again).match(KEY), null);
});

test("create without choices makes the documented default", async () => {
  const key = await k.createKey("--name", "default", ...sandbox);
  assert.equal(key.secret.split("_")[2], key.id);
  assert.match(key.secret, /^mk_test_/);
  const { permissions, rate, quota, expires, allowIp, rotationDays, account, state, version } = key;
  assert.deepEqual({ permissions, rate, quota, expires, allowIp, rotationDays, account, state, version },
    { permissions: ["read_only"], rate: "600/min", quota: "none", expires: null, allowIp: [], rotationDays: 90, account: "main",
      state: "active", version: 1 });
});

test("create takes every choice", async () => {
  const key = await k.createKey("--name", "all", "--environment", "production", "--permission", "transactions", "--permission",
    "account_management", "--expires", "2030-01-31", "--allow-ip", "10.8.0.0/16=transact,manage", "--allow-ip", "2001:db8::/32",
    "--rate", "10/s:20", "--quota", "1000/day", "--rotation-days", "30");
  assert.match(key.secret, /^mk_live_/);
  assert.deepEqual(key.permissions, ["transactions", "account_management"]);
  assert.equal(key.expires, "2030-01-31T00:00:00Z");
  assert.deepEqual(key.allowIp, ["10.8.0.0/16=transact,manage", "2001:db8::/32"]);
  assert.equal(key.rate, "10/s:20");
  assert.equal(key.quota, "1000/day");
  assert.equal(key.rotationDays, 30);
  assert.equal(Date.parse(key.rotationDue) - Date.parse(key.createdAt), 30 * 86_400_000);
});

const wrong = [
  ["D10_zero_days", ["--expires", "0d"], "--expires"],
  ["D10_the_past", ["--expires", "2020-01-01"], "--expires"],
  ["D10_eleven_years", ["--expires", "4020d"], "--expires"],
  ["D10_an_overflow", ["--expires", "99999999999999999999d"], "--expires"],
  ["D10_the_year_9999", ["--expires", "9999-12-31"], "--expires"],
  ["D10_negative_days", ["--expires=-1d"], "--expires"],
  ["D10_this_very_second", ["--expires", new Date().toISOString().replace(/\.\d+Z$/, "Z")], "--expires"],
  ["G1_rate_zero", ["--rate", "0/min"], "--rate"],
  ["G1_rate_negative", ["--rate=-1/min"], "--rate"],
  ["G1_rate_2^64-1", ["--rate", "18446744073709551615/min"], "--rate"],
  ["G1_quota_zero", ["--quota", "0/day"], "--quota"],
  ["rotation after eleven years", ["--rotation-days", "4018"], "--rotation-days"],
  ["rotation after less than no days", ["--rotation-days=-1"], "--rotation-days"],
  ["rotation after half a day", ["--rotation-days", "0.5"], "--rotation-days"],
  ["a quota per year", ["--quota", "5/year"], "--quota"],
  ["bits behind the prefix", ["--allow-ip", "10.8.0.1/16"], "--allow-ip"],
  ["an unknown class", ["--allow-ip", "10.8.0.0/16=sing"], "--allow-ip"],
  ["an unknown permission", ["--permission", "root"], "--permission"],
  ["an unknown account", ["--account", "nobody"], "--account"],
];
for (const [name, args, option] of wrong)
  test(`${name} is refused by create, which names the option`, async () => {
    const { code, stdout, stderr } = await k.run("keys", "create", "--name", "x", ...sandbox, ...args);
    assert.equal(code, 65, stderr);
    assert.equal(stdout, "");
    assert.ok(stderr.startsWith(`keyward: keys create: ${option}: `), stderr);
  });

test("D10_an absurd expiry is refused by change too, and the key keeps its own", async () => {
  const { id, expires } = await k.createKey("--name", "ends", ...sandbox, "--expires", "2030-01-31");
  for (const absurd of ["0d", "-1d", "2020-01-01", "9999-12-31", "10000-01-01", "99999999999999999999d", "2030-02-30", ""]) {
    const { code, stderr } = await k.run("keys", "change", id, `--expires=${absurd}`);
    assert.equal(code, 65, stderr);
    assert.ok(stderr.startsWith("keyward: keys change: --expires: "), stderr);
  }
  assert.equal((await k.ok("keys", "show", id, "--json")).expires, expires);
});

test("rotation can be brought forward, put off and given up", async () => {
  const { id } = await k.createKey("--name", "turning", ...sandbox, "--rotation-days", "0");
  assert.match(await k.ok("keys", "show", id), /^Rotation +never due$/m);
  for (const days of ["3653", "1", "0"])
    assert.equal((await k.ok("keys", "change", id, "--rotation-days", days, "--json")).rotationDays, Number(days));
  assert.equal((await k.ok("keys", "show", id, "--json")).rotationDue, null);
});

test("list begins with the newest where that is asked for, and finds what is to be rotated", async () => {
  for (const days of ["1", "40"]) await k.createKey("--name", `rotate ${days}`, ...sandbox, "--rotation-days", days);
  const names = async (...args) => (await k.ok("keys", "list", "--json", ...args)).keys.map((key) => key.name);
  assert.deepEqual(await names("--name", "rotate", "--newest"), ["rotate 40", "rotate 1"]);
  assert.deepEqual(await names("--name", "rotate", "--due-before", "30d"), ["rotate 1"]);
  const { code, stderr } = await k.run("keys", "list", "--due-before", "soon");
  assert.equal(code, 65);
  assert.match(stderr, /^keyward: keys list: --due-before: /);
});

test("list finds what is to end", async () => {
  await k.createKey("--name", "ends in a week", ...sandbox, "--expires", "7d");
  const names = async (...args) => (await k.ok("keys", "list", "--json", ...args)).keys.map((key) => key.name);
  assert.deepEqual([await names("--name", "ends in", "--expires-before", "8d"), await names("--name", "ends in", "--expires-before", "6d")], [["ends in a week"], []]);
  const { code, stderr } = await k.run("keys", "list", "--expires-before", "soon");
  assert.equal(code, 65);
  assert.match(stderr, /^keyward: keys list: --expires-before: /);
});

test("C6_a_name with a line break is refused", async () => {
  for (const name of ["a\r\nX-Admin: 1", "a\nb", "a\x1b[2J", "a\u2028b", "a\u202eb", "", "x".repeat(101)]) {
    const { code, stderr } = await k.run("keys", "create", "--name", name, ...sandbox);
    assert.equal(code, 65, JSON.stringify(name));
    assert.match(stderr, /^keyward: keys create: --name: [^\n]*\n$/);
  }
  const { id } = await k.createKey("--name", "before", ...sandbox);
  assert.equal((await k.run("keys", "change", id, "--name", "a\r\nX-Admin: 1")).code, 65);
  assert.equal((await k.ok("keys", "show", id, "--json")).name, "before");
});

test("E5_names are kept byte for byte", async () => {
  for (const name of ["<script>alert(1)</script>", "'; DROP TABLE keys; --", "漢字 🗝", "%s%n", "../../etc/passwd", "null"]) {
    const { id } = await k.createKey("--name", name, ...sandbox);
    assert.equal((await k.ok("keys", "show", id, "--json")).name, name);
  }
});

test("list cuts long names and can be filtered", async () => {
  const long = `needle ${"x".repeat(90)}`;
  await k.createKey("--name", long, "--environment", "production", "--permission", "full_access");
  const text = await k.ok("keys", "list", "--name", "NEEDLE");
  assert.match(text, /needle x{32}…  main/);
  const names = async (...args) => (await k.ok("keys", "list", "--json", ...args)).keys.map((key) => key.name);
  assert.deepEqual(await names("--name", "needle"), [long]);
  assert.deepEqual(await names("--permission", "full_access"), [long]);
  assert.deepEqual(await names("--environment", "production", "--account", "main", "--permission", "transactions"), ["all"]);
  assert.deepEqual(await names("--account", "other"), []);
  assert.match(await k.ok("keys", "list", "--account", "other"), /No key matches/);
  assert.equal((await k.run("keys", "list", "--state", "dead")).code, 65);
});

test("change changes what is named and nothing else", async () => {
  const before = await k.createKey("--name", "before", ...sandbox, "--allow-ip", "10.0.0.0/8", "--quota", "5/day");
  const after = await k.ok("keys", "change", before.id, "--name", "after", "--allow-ip", "none", "--expires", "30d", "--json");
  assert.equal(after.name, "after");
  assert.deepEqual(after.allowIp, []);
  assert.equal(after.version, 2);
  assert.equal(after.quota, "5/day");
  assert.deepEqual(after.permissions, before.permissions);
  const never = await k.ok("keys", "change", before.id, "--expires", "never", "--json");
  assert.equal(never.expires, null);
  assert.equal((await k.run("keys", "change", before.id)).code, 64);
  assert.equal((await k.run("keys", "change", before.id, "--environment", "production")).code, 64);
});

test("a key goes from active to disabled and back, and ends revoked", async () => {
  const { id } = await k.createKey("--name", "life", ...sandbox);
  const state = async () => (await k.ok("keys", "show", id, "--json")).state;
  await k.ok("keys", "disable", id);
  assert.equal(await state(), "disabled");
  await k.ok("keys", "disable", id); // twice is no mistake
  assert.deepEqual((await k.ok("keys", "list", "--state", "disabled", "--json")).keys.map((key) => key.id), [id]);
  await k.ok("keys", "enable", id);
  assert.equal(await state(), "active");
  const refused = await k.run("keys", "revoke", id);
  assert.equal(refused.code, 64);
  assert.match(refused.stderr, /give --yes/);
  assert.equal(await state(), "active");
  await k.ok("keys", "revoke", id, "--yes");
  await k.ok("keys", "revoke", id, "--yes");
  assert.equal(await state(), "revoked");
  for (const step of [["enable"], ["disable"], ["change", "--name", "x"]]) {
    const { code, stderr } = await k.run("keys", step[0], id, ...step.slice(1));
    assert.equal(code, 1);
    assert.match(stderr, /final/);
  }
});

test("an id that is none is refused", async () => {
  const unknown = await k.run("keys", "show", "AAAAAAAAAAAAAA");
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /no key of that id/);
  for (const id of ["", "short", "AAAAAAAAAAAAAA/..", "../accounts", "AAAAAAAAAAAAA!"])
    assert.equal((await k.run("keys", "show", id)).code, 65, id);
});

test("with --json an error is JSON too, on standard error", async () => {
  const { code, stdout, stderr } = await k.run("keys", "create", "--name", "x", "--environment", "moon", "--json");
  assert.equal(code, 65);
  assert.equal(stdout, "");
  assert.equal(JSON.parse(stderr).field, "environment");
});

test("J1_a key among the arguments is refused, and not repeated", async () => {
  const { secret } = await k.createKey("--name", "leak", ...sandbox);
  for (const args of [["keys", "show", secret], ["keys", "create", `--name=${secret}`], ["help", secret], [`xx${secret}`]]) {
    const { code, stdout, stderr } = await k.run(...args);
    assert.equal(code, 64);
    assert.match(stderr, /looks like an API key/);
    assert.equal((stdout + stderr).match(KEY), null);
    assert.ok(!(stdout + stderr).includes(secret.slice(24, 40)));
  }
});

test("accounts are made and listed", async () => {
  assert.match(await k.ok("accounts", "create", "shop-1", "--name", "The shop"), /shop-1/);
  const { accounts } = await k.ok("accounts", "list", "--json");
  assert.deepEqual(accounts.map(({ id, name, state }) => [id, name, state]),
    [["main", "Main", "active"], ["shop-1", "The shop", "active"]]);
  assert.match(await k.ok("accounts", "list"), /shop-1 +The shop +active/);
  const again = await k.run("accounts", "create", "shop-1");
  assert.equal(again.code, 1);
  for (const id of ["", "Shop", "1shop", "a b", "a".repeat(41), "-a"])
    assert.equal((await k.run("accounts", "create", "--", id)).code, 65, id);
  const key = await k.createKey("--name", "of the shop", ...sandbox, "--account", "shop-1");
  assert.equal(key.account, "shop-1");
});

test("a brand of one's own begins every key", async () => {
  const other = await Installation.make({ brand: "acme" });
  try {
    const key = await other.createKey("--name", "x", ...sandbox);
    assert.match(key.secret, /^acme_test_/);
    assert.equal(key.masked, `acme_test_${key.id}_…`);
  } finally {
    await other.stop();
  }
});

test("without keyward serve, commands end with 69 and say what to do", async () => {
  const { code, stderr } = await run(["keys", "list", "--socket", "/nonexistent/admin.sock"]);
  assert.equal(code, 69);
  assert.match(stderr, /start `keyward serve`/);
});
