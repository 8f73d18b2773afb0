// overview.test.mjs - keys and members are counted, of the account that the caller sees, and what was used just now is used.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { assertInContract } from "../lib/contract.mjs";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { build } from "../lib/nginx.mjs";
import { Browser, join } from "../lib/people.mjs";

const DAY = 86_400, SEEN_MS = 400, nothing = { active: 0, disabled: 0, expired: 0, revoked: 0 };
let k, file, owner, foreign, ahead = 0;
const overview = async (by, query = "") => {
  const answer = await by.call("GET", `/v1/overview${query}`);
  assertInContract("GET", "/v1/overview", answer);
  assert.equal(answer.status, 200, answer.text);
  const { at, ...numbers } = answer.json;
  assert.ok(Math.abs(Date.parse(at) - Date.now() - ahead * 1000) < 60_000, at);
  return numbers;
};
const make = async (more) => (await k.call("POST", "/v1/keys", { account: "main", name: "x", environment: "sandbox", ...more })).json;

/** So many seconds pass for the program. */
async function pass(seconds) {
  fs.writeFileSync(file, `+${(ahead += seconds)}`);
  await new Promise((resolve) => setTimeout(resolve, SEEN_MS));
  assert.equal((await k.call("POST", "/v1/clock/accept")).status, 200);
}

before(async () => {
  k = await Installation.make({ serve: false });
  file = path.join(k.folder, "shift");
  k.env = { LD_PRELOAD: path.join(build, "test/e2e/tools/shifted_clock.so"), SHIFTED_CLOCK: file };
  await k.serve();
  await k.ok("accounts", "create", "shop");
  owner = await join(k, { email: "owner@main.example", role: "owner" });
  foreign = await join(k, { email: "owner@shop.example", role: "owner", account: "shop" });
});
after(() => k.stop());

test("of an account without keys everything is none", async () => {
  assert.deepEqual(await overview(foreign), {
    keys: { sandbox: nothing, production: nothing }, rotation: { overdue: 0, due30Days: 0 },
    unused90Days: 0, expiring30Days: 0, neverUsed: 0, members: { active: 1, invited: 0 },
  });
});

test("keys are counted by environment and state, and a key that was used just now is used", async () => {
  const used = await make({ name: "used", expires: "20d" });
  await make({ environment: "production", rotationDays: 10 });
  await k.call("POST", `/v1/keys/${(await make({ name: "off" })).id}/disable`);
  await k.call("POST", `/v1/keys/${(await make({ name: "gone", environment: "production" })).id}/revoke`);
  const want = {
    keys: { sandbox: { ...nothing, active: 1, disabled: 1 }, production: { ...nothing, active: 1, revoked: 1 } },
    rotation: { overdue: 0, due30Days: 1 }, unused90Days: 0, expiring30Days: 1, neverUsed: 2, members: { active: 1, invited: 1 },
  };
  assert.deepEqual(await overview(owner), want);
  const ending = await owner.call("GET", "/v1/keys?state=active&expiresBefore=30d");
  assert.deepEqual(ending.json.keys.map(({ id }) => id), [used.id]);
  await k.call("POST", "/v1/authorize", { key: used.secret, method: "GET", path: "/x", source: "203.0.113.7", environment: "sandbox", tls: true });
  await k.call("POST", "/v1/drain");
  assert.deepEqual(await overview(owner), { ...want, neverUsed: 1 });
});

test("E7_who_sees_one_account_counts_that_alone", async () => {
  const [all, mine] = [await overview(k), await overview(owner)];
  await k.call("POST", "/v1/keys", { account: "shop", name: "theirs", environment: "sandbox" });
  assert.deepEqual(await overview(owner), mine);
  assert.equal((await overview(foreign)).keys.sandbox.active, 1);
  assert.equal((await overview(k)).keys.sandbox.active, all.keys.sandbox.active + 1);
  assert.deepEqual(await overview(k, "?account=main"), mine);
  assert.deepEqual(await overview(owner, "?account=main"), mine);
  const none = await overview(owner, "?account=nobody");
  assert.deepEqual(await overview(owner, "?account=shop"), none);
  assert.deepEqual([none.keys.sandbox, none.members], [nothing, { active: 0, invited: 0 }]);
});

test("every role counts keys, and members who may read them", async () => {
  for (const role of ["viewer", "developer", "admin"]) {
    const by = await join(k, { email: `${role}@main.example`, role });
    assert.deepEqual(await overview(by), await overview(owner), role);
  }
  const operator = await join(k, { email: "operator@main.example", role: "owner", operator: true });
  assert.deepEqual(await overview(operator), await overview(k));
  const program = async (scopes) => {
    const { json } = await owner.call("POST", "/v1/management-tokens", { name: "x", scopes, expires: "90d" });
    return new Browser(k).call("GET", "/v1/overview", undefined, { authorization: `Bearer ${json.secret}`, origin: undefined, "sec-fetch-site": undefined });
  };
  const { json } = await program(["keys:read"]);
  assert.equal(json.members, null);
  assert.deepEqual(json.keys, (await overview(owner)).keys);
  assertProblem(await program(["members:read"]), 403, "scope_missing");
  assertProblem(await owner.call("GET", "/v1/overview?limit=1"), 400, "unknown_parameter");
});

test("what is due, unused and over comes with time, and the list finds the same", async () => {
  await pass(91 * DAY);
  const { keys, rotation, unused90Days, neverUsed, expiring30Days } = await overview(k, "?account=main");
  assert.deepEqual(keys.sandbox, { ...nothing, expired: 1, disabled: 1 });
  assert.deepEqual([rotation, unused90Days, neverUsed, expiring30Days], [{ overdue: 2, due30Days: 0 }, 1, 1, 0]);
  const list = async (query) => (await k.call("GET", `/v1/keys?account=main&${query}`)).json.keys.length;
  assert.deepEqual([await list("dueBefore=0m"), await list("state=active&usedBefore=90d")], [2, 1]);
});
