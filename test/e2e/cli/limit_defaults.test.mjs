// limit_defaults.test.mjs - a key that is made without limits gets those of its account, and else those of the installation.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import { after, before, test } from "node:test";
import { Installation } from "../lib/installation.mjs";

let k;
before(async () => {
  k = await Installation.make({ serve: false });
  await fs.appendFile(k.file, "default_rate: 50/min\ndefault_quota: 900/day\n");
  await k.serve();
  await k.ok("accounts", "create", "shop");
});
after(() => k.stop());

const limits = ({ rate, quota }) => [rate, quota];
const make = async (...more) => limits(await k.createKey("--account", "shop", "--name", "x", "--environment", "sandbox", ...more));
const set = (...more) => k.ok("accounts", "change", "shop", ...more, "--json");

test("without any, those of keyward.yaml hold", async () => {
  assert.deepEqual(await make(), ["50/min", "900/day"]);
  assert.deepEqual(await make("--rate", "none"), ["none", "900/day"]);
  const { json } = await k.call("GET", "/v1/installation");
  assert.deepEqual([json.defaultRate, json.defaultQuota], ["50/min", "900/day"]);
});

test("an account's go before, by the strongest permission, each for itself", async () => {
  const { limitDefaults } = await set("--default-rate", "10/min", "--default-rate", "transactions=20/s:5", "--default-quota", "full_access=none");
  assert.deepEqual(limitDefaults, { all: { rate: "10/min" }, transactions: { rate: "20/s:5" }, full_access: { quota: "none" } });
  assert.deepEqual(await make(), ["10/min", "900/day"]);
  assert.deepEqual(await make("--permission", "read_only", "--permission", "transactions"), ["20/s:5", "900/day"]);
  assert.deepEqual(await make("--permission", "full_access", "--permission", "transactions"), ["10/min", "none"]);
  assert.deepEqual(await make("--rate", "3/s:1", "--quota", "5/day"), ["3/s", "5/day"]);
  assert.deepEqual(limits(await k.createKey("--account", "main", "--name", "x", "--environment", "sandbox")), ["50/min", "900/day"]);
});

test("they are copied: a key that there is keeps what it has", async () => {
  const { id } = await k.createKey("--account", "shop", "--name", "kept", "--environment", "sandbox");
  await set("--default-rate", "1/day:1");
  assert.equal((await k.ok("keys", "show", id, "--json")).rate, "10/min");
  assert.deepEqual(await make(), ["1/day", "900/day"]);
});

test("what is not named stays, and one is taken away again", async () => {
  const { limitDefaults } = await set("--default-rate", "unset", "--default-quota", "7/month");
  assert.deepEqual(limitDefaults, { all: { quota: "7/month" }, transactions: { rate: "20/s:5" }, full_access: { quota: "none" } });
  assert.match(await k.ok("accounts", "show", "shop"), /New keys +all: quota 7\/month\n +transactions: rate 20\/s:5\n/);
  assert.deepEqual((await set("--name", "The shop")).limitDefaults, limitDefaults);
});

test("what is none is refused, by name", async () => {
  for (const wrong of [["--default-rate", "0/min"], ["--default-rate", "full=1/s"], ["--default-quota", "18446744073709551615/day"], ["--default-quota", "all=-1/day"]])
    assert.equal((await k.run("accounts", "change", "shop", ...wrong)).code, 65, wrong.join(" "));
  const { status, json } = await k.call("PATCH", "/v1/accounts/shop", { limitDefaults: { all: { rate: "1/year" } } }, { "if-match": "\"5\"" });
  assert.deepEqual([status, json.field], [400, "limitDefaults.all"]);
  assert.equal((await k.call("PATCH", "/v1/accounts/shop", { limitDefaults: null }, { "if-match": "\"5\"" })).status, 400);
});

test("they outlive a restart, sealed with their account", async () => {
  const before = (await k.ok("accounts", "show", "shop", "--json")).limitDefaults;
  await k.end();
  await k.serve();
  assert.deepEqual((await k.ok("accounts", "show", "shop", "--json")).limitDefaults, before);
});
