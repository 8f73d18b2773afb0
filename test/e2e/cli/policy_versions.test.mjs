// policy_versions.test.mjs - the versions of the route policy: shown, compared, and put in force again.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { Installation } from "../lib/installation.mjs";

const first = "read:\n  - GET /me\n  - GET /orders/{id}\ntransact:\n  - POST /pay\n";
const second = "read:\n  - GET /orders/{number}\nmanage:\n  - POST /pay\ndeny:\n  - DELETE /orders/**\n";
let k;
const file = (name, text) => fs.writeFile(path.join(k.folder, name), text).then(() => path.join(k.folder, name));

before(async () => { k = await Installation.make(); });
after(() => k.stop());

test("without a policy there is no version, and nothing to compare", async () => {
  assert.match(await k.ok("policy", "history"), /There is no policy yet/);
  const { code, stderr } = await k.run("policy", "diff");
  assert.equal(code, 1);
  assert.match(stderr, /no policy yet/);
});

test("each version is kept, with who put it and when", async () => {
  await k.ok("policy", "apply", await file("1.yaml", first));
  await k.ok("policy", "apply", await file("2.yaml", second));
  const { policies } = await k.ok("policy", "history", "--json");
  assert.deepEqual(policies.map(({ version, inForce, routes }) => [version, inForce, routes]), [[2, true, 3], [1, false, 3]]);
  for (const { by, at } of policies) {
    assert.match(by, /^uid:\d+$/);
    assert.ok(Math.abs(Date.parse(at) - Date.now()) < 600_000, at);
  }
  assert.match(await k.ok("policy", "history"), /^VERSION +IN FORCE +ROUTES/);
});

test("the pages of a long history hold each version once", async () => {
  const one = await k.call("GET", "/v1/policies?limit=1");
  const two = await k.call("GET", `/v1/policies?limit=1&cursor=${one.json.next}`);
  assert.deepEqual([one.json.policies[0].version, two.json.policies[0].version, two.json.next], [2, 1, null]);
});

test("an old version is shown as it was put", async () => {
  const { version, policy } = await k.ok("policy", "show", "--version", "1", "--json");
  assert.equal(version, 1);
  assert.deepEqual(policy.read, ["GET /me", "GET /orders/{id}"]);
  assert.match(await k.ok("policy", "show", "--version", "1"), /^# version 1\nread:/);
  for (const [wrong, code] of [["3", 1], ["0", 65], ["x", 65]]) assert.equal((await k.run("policy", "show", "--version", wrong)).code, code, wrong);
});

const differences = "removed  GET /me: read\nadded    DELETE /orders/**: deny\nchanged  POST /pay: manage, was transact\n";

test("what the last change changed is told in words, by path", async () => {
  assert.equal(await k.ok("policy", "diff"), differences);
  assert.equal(await k.ok("policy", "diff", "1"), differences);
  assert.equal(await k.ok("policy", "diff", "1", "2"), differences);
  assert.match(await k.ok("policy", "diff", "2", "2"), /the same class/);
});

test("a file is compared before it is applied, and its mistakes have their lines", async () => {
  assert.match(await k.ok("policy", "diff", await file("1.yaml", first)), /^added {4}GET \/me: read\nremoved {2}DELETE/);
  assert.equal(await k.ok("policy", "diff", "1", await file("2.yaml", second)), differences);
  const { code, stderr } = await k.run("policy", "diff", await file("bad.yaml", "read:\n  - GET /a\n  - /b\n"));
  assert.equal(code, 65);
  assert.match(stderr, /bad\.yaml: line 3:/);
  const { changes, from, to } = await k.ok("policy", "diff", await file("1.yaml", first), "--json");
  assert.deepEqual([from, to, changes[0]], [2, null, { route: "GET /me", change: "added", before: null, after: "read" }]);
  assert.equal((await k.run("policy", "diff", "9", "1")).code, 65);
});

test("an old version is put in force again, as a new one", async () => {
  assert.match(await k.ok("policy", "apply", "--version", "1"), /version 3 with 3 routes is in force/);
  assert.match(await k.ok("policy", "diff", "1"), /the same class/);
  assert.equal((await k.run("policy", "apply")).code, 64);
  assert.equal((await k.run("policy", "apply", "x.yaml", "--version", "1")).code, 64);
  assert.equal((await k.run("policy", "apply", "--version", "9")).code, 1);
});
