// advice.test.mjs - what a key did for three weeks says what it could do without; one call takes that away, and nothing else.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { assertInContract } from "../lib/contract.mjs";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { build } from "../lib/nginx.mjs";
import { join } from "../lib/people.mjs";

const DAY = 86_400, SEEN_MS = 400;
let k, shift, busy, idle, fresh, ahead = 0;
const make = async (more) => (await k.call("POST", "/v1/keys", { account: "main", name: "x", environment: "sandbox", permissions: ["full_access"], rate: "none", ...more })).json;
const advice = async (id, by = k) => {
  const answer = await by.call("GET", `/v1/keys/${id}/advice`);
  assertInContract("GET", "/v1/keys/{id}/advice", answer);
  return answer;
};
const apply = async (id, kinds, headers) => {
  const answer = await k.call("POST", `/v1/keys/${id}/advice/apply`, { kinds }, headers);
  assertInContract("POST", "/v1/keys/{id}/advice/apply", answer);
  return answer;
};
const decide = (key, method = "GET", source = "203.0.113.7") =>
  k.call("POST", "/v1/authorize", { key: key.secret, method, path: "/x", source, environment: "sandbox", tls: true });

/** So many days pass for the program. */
async function pass(days) {
  fs.writeFileSync(shift, `+${(ahead += days * DAY)}`);
  await new Promise((resolve) => setTimeout(resolve, SEEN_MS));
  assert.equal((await k.call("POST", "/v1/clock/accept")).status, 200);
}

before(async () => {
  k = await Installation.make({ serve: false });
  shift = path.join(k.folder, "shift");
  k.env = { LD_PRELOAD: path.join(build, "test/e2e/tools/shifted_clock.so"), SHIFTED_CLOCK: shift };
  await k.serve();
  assert.equal((await k.call("PUT", "/v1/policy", { read: ["GET /x"], transact: ["POST /x"] })).status, 200);
  [busy, idle] = [await make(), await make()];
  await decide(idle);
  for (let i = 0; i < 100; i++) await decide(busy, "GET", i % 4 === 0 ? "198.51.100.9" : "203.0.113.7");
  assert.equal((await k.call("POST", "/v1/drain")).status, 200);
});
after(() => k.stop());

test("before two weeks have passed it is too early, and it is told when it will not be", async () => {
  const { json } = await advice(busy.id);
  assert.deepEqual([json.items, json.requests], [[], 100]);
  assert.ok(Math.abs(Date.parse(json.readyAt) - Date.now() - 14 * DAY * 1000) < 60_000, json.readyAt);
  assertProblem(await apply(busy.id, ["expiry"], { "if-match": '"1"' }), 409, "not_advised");
});

test("three weeks later each thing that it could do without is told, with the change that takes it away", async () => {
  await pass(20);
  await decide(busy);
  fresh = await make();
  const { json, headers } = await advice(busy.id);
  assert.equal(headers.etag, '"1"');
  assert.deepEqual(json.items.map((item) => item.kind), ["smaller_permissions", "addresses", "expiry"]);
  const [permissions, addresses, expiry] = json.items;
  assert.deepEqual(permissions.change, { permissions: ["read_only"] });
  assert.match(permissions.why, /asked for nothing but read/);
  assert.match(permissions.breaks, /unlisted, transact or manage/);
  assert.deepEqual(permissions.evidence.classes, [{ class: "read", requests: 101 }]);
  assert.deepEqual(addresses.change.allowIp.sort(), ["198.51.100.0/24", "203.0.113.0/24"]);
  assert.match(expiry.change.expires, /T00:00:00Z$/);
  assert.deepEqual((await advice(fresh.id)).json.items, []);
});

test("one call applies what was chosen, by the path of PATCH: version, rights, record", async () => {
  assertProblem(await apply(busy.id, ["addresses"]), 428, "version_required");
  assertProblem(await apply(busy.id, ["addresses"], { "if-match": '"9"' }), 412, "version_mismatch");
  assertProblem(await apply(busy.id, ["more"], { "if-match": '"1"' }), 400, "syntax");
  assertProblem(await apply(busy.id, [], { "if-match": '"1"' }), 400, "missing");
  const { status, json } = await apply(busy.id, ["smaller_permissions", "addresses"], { "if-match": '"1"' });
  assert.equal(status, 200);
  assert.deepEqual([json.permissions, json.allowIp.length, json.version, json.expires], [["read_only"], 2, 2, null]);
  assert.deepEqual((await advice(busy.id)).json.items.map((item) => item.kind), ["expiry"], "what was applied is not advised again");
  assertProblem(await apply(busy.id, ["addresses"], { "if-match": '"2"' }), 409, "not_advised");
  assert.equal((await decide(busy, "POST")).json.code, "permission_denied");
  assert.equal((await decide(busy, "GET", "192.0.2.1")).json.code, "ip_not_allowed");
});

test("what nobody has used for a month is to end; by the command line too", async () => {
  await pass(15);
  const [item] = (await advice(idle.id)).json.items;
  assert.equal(item.kind, "unused");
  assert.match(await k.ok("keys", "advice", idle.id), /^unused\n {2}Nobody has used it for 3\d days\./m);
  const after = await k.ok("keys", "advice", idle.id, "--apply", "unused", "--yes", "--json");
  assert.equal(after.expires, item.change.expires);
});

test("the report of the account says which keys could do with less, and the command line reads it out", async () => {
  const answer = await k.call("POST", "/v1/reports", { account: "main" });
  assertInContract("POST", "/v1/reports", answer);
  const { advice } = answer.json.keys;
  assert.deepEqual(advice.keys.find(({ key }) => key === busy.id), { key: busy.id, kinds: ["expiry"] });
  assert.deepEqual([advice.count, advice.looked], [advice.keys.length, 3], "idle ends already, and what is advised of the others is named");
  const shown = await k.ok("reports", "show", answer.json.id);
  assert.match(shown, new RegExp(`^Advice +${advice.count} of 3 keys that were looked at\n`, "m"));
  assert.match(shown, new RegExp(`^  ${busy.id}  expiry$`, "m"));
});

test("E7_another_account's_key_is_not_there, and a viewer may look and not apply", async () => {
  await k.ok("accounts", "create", "shop");
  const foreign = await join(k, { email: "owner@shop.example", role: "owner", account: "shop" });
  const viewer = await join(k, { email: "viewer@main.example", role: "viewer" });
  assertProblem(await advice(busy.id, foreign), 404, "not_found");
  assert.equal((await advice(busy.id, viewer)).status, 200);
  assertProblem(await viewer.call("POST", `/v1/keys/${busy.id}/advice/apply`, { kinds: ["expiry"] }, { "if-match": '"2"' }), 403, "scope_missing");
});
