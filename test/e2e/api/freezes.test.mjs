// freezes.test.mjs - who may freeze and thaw what, and what is told of it; every answer is judged against the contract.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertInContract } from "../lib/contract.mjs";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { codeOf, join } from "../lib/people.mjs";

let k, admin, developer, viewer, operator, foreign, key, live;
before(async () => {
  k = await Installation.make();
  await k.ok("accounts", "create", "shop");
  admin = await join(k, { email: "admin@main.example", role: "admin" });
  developer = await join(k, { email: "developer@main.example", role: "developer" });
  viewer = await join(k, { email: "viewer@main.example", role: "viewer" });
  operator = await join(k, { email: "operator@main.example", role: "owner", operator: true });
  foreign = await join(k, { email: "owner@shop.example", role: "owner", account: "shop" });
  key = await k.createKey("--name", "ours", "--environment", "sandbox", "--permission", "transactions");
  live = await k.createKey("--name", "live", "--environment", "production", "--permission", "transactions");
});
after(() => k.stop());

async function put(by, target, body) {
  const answer = await by.call("PUT", target, body);
  const template = target.replace(/\/(keys|accounts|environments)\/[^/]+/, "/$1/{id}");
  assertInContract("PUT", template, answer);
  return answer;
}
const ofKey = (id) => `/v1/keys/${id}/freeze`;

async function listed(by) {
  const answer = await by.call("GET", "/v1/freezes");
  assertInContract("GET", "/v1/freezes", answer);
  return answer.json.freezes.map(({ what, id }) => `${what} ${id}`);
}

test("a_key_is_frozen_by_who_may_change_it_and_says_why", async () => {
  const { json } = await put(developer, ofKey(key.id), { frozen: "transact", reason: "it looks <b>odd</b> \u{1f980}" });
  assert.equal(json.frozen, "transact");
  assert.equal(json.reason, "it looks <b>odd</b> \u{1f980}");
  assert.equal(json.by, `member:${developer.id}`);
  assert.equal(json.byOperator, false);
  assert.ok(Math.abs(Date.parse(json.since) - Date.now()) < 60_000);
  assert.equal((await k.call("GET", `/v1/keys/${key.id}`)).json.frozen, "transact");
  assert.deepEqual(await listed(viewer), [`key ${key.id}`]);
  const again = await put(developer, ofKey(key.id), { frozen: "transact" });
  assert.equal(again.json.since, json.since, "said again it is no change");
  assert.equal((await put(developer, ofKey(key.id), { frozen: "nothing" })).json.frozen, "nothing");
  assert.deepEqual(await listed(viewer), []);
});

test("E8_viewers_freeze_nothing_developers_no_production_and_nobody_of_an_account_an_environment", async () => {
  const all = { frozen: "all" };
  assertProblem(await put(viewer, ofKey(key.id), all), 403, "scope_missing");
  assertProblem(await put(developer, ofKey(live.id), all), 403, "scope_missing");
  assertProblem(await put(developer, "/v1/accounts/main/freeze", all), 403, "scope_missing");
  assertProblem(await put(admin, "/v1/environments/sandbox/freeze", all), 403, "scope_missing");
  assertProblem(await put(admin, "/v1/freeze", all), 403, "scope_missing");
  assert.deepEqual(await listed(operator), []);
});

test("E7_another_accounts_key_and_account_are_not_there", async () => {
  assertProblem(await put(foreign, ofKey(key.id), { frozen: "all" }), 404, "not_found");
  assertProblem(await put(foreign, ofKey("0".repeat(14)), { frozen: "all" }), 404, "not_found");
  assertProblem(await put(foreign, "/v1/accounts/main/freeze", { frozen: "all" }), 404, "not_found");
  await put(admin, ofKey(key.id), { frozen: "all" });
  await put(admin, "/v1/accounts/main/freeze", { frozen: "all" });
  assert.deepEqual(await listed(foreign), [], "nor is what is frozen of it");
  assert.deepEqual(await listed(viewer), ["account main", `key ${key.id}`]);
  await k.call("PUT", ofKey(key.id), { frozen: "nothing" });
  await k.call("PUT", "/v1/accounts/main/freeze", { frozen: "nothing" });
});

test("freezing_asks_for_no_code_and_thawing_for_what_enabling_asks", async () => {
  assert.equal((await put(admin, ofKey(live.id), { frozen: "all" })).status, 200);
  assertProblem(await put(admin, ofKey(live.id), { frozen: "nothing" }), 403, "step_up_required");
  assertProblem(await put(admin, ofKey(live.id), { frozen: "transact" }), 403, "step_up_required");
  assert.equal((await put(admin, "/v1/accounts/main/freeze", { frozen: "all" })).status, 200);
  assertProblem(await put(admin, "/v1/accounts/main/freeze", { frozen: "nothing" }), 403, "step_up_required");
  assert.equal((await put(operator, "/v1/freeze", { frozen: "all" })).status, 200);
  assertProblem(await put(operator, "/v1/freeze", { frozen: "nothing" }), 403, "step_up_required");
  assertProblem(await put(operator, "/v1/environments/sandbox/freeze", { frozen: "nothing" }), 403, "step_up_required");
  for (const target of [ofKey(live.id), "/v1/accounts/main/freeze", "/v1/freeze"])
    assert.equal((await put(k, target, { frozen: "nothing" })).status, 200);
  assert.deepEqual(await listed(operator), []);
});

test("what_an_operator_froze_no_account_thaws", async () => {
  const { secret, step } = await admin.setUpTotp();
  await admin.call("POST", "/v1/session/step-up", { code: codeOf(secret, 1, step) });
  await put(operator, ofKey(key.id), { frozen: "transact", reason: "fraud" });
  assertProblem(await put(admin, ofKey(key.id), { frozen: "nothing" }), 403, "rank");
  assertProblem(await put(admin, ofKey(key.id), { frozen: "transact", reason: "no fraud" }), 403, "rank");
  const more = await put(admin, ofKey(key.id), { frozen: "all", reason: "all of it" });
  assert.equal(more.status, 200);
  assert.equal(more.json.byOperator, true, "it stays theirs");
  assertProblem(await put(admin, ofKey(key.id), { frozen: "nothing" }), 403, "rank");
  assert.equal((await put(k, ofKey(key.id), { frozen: "nothing" })).status, 200);
  assert.equal((await put(admin, ofKey(key.id), { frozen: "all" })).status, 200);
  assert.equal((await put(admin, ofKey(key.id), { frozen: "nothing" })).status, 200, "his own he thaws");
});

test("what_is_asked_is_read_strictly", async () => {
  const target = ofKey(key.id);
  assertProblem(await put(k, target, {}), 400, "missing", "frozen");
  assertProblem(await put(k, target, { frozen: "read" }), 400, "syntax", "frozen");
  assertProblem(await put(k, target, { frozen: "all", reason: "two\nlines" }), 400, "syntax", "reason");
  assertProblem(await put(k, target, { frozen: "all", reason: "\u202egnp.exe" }), 400, "syntax", "reason");
  assertProblem(await put(k, target, { frozen: "all", reason: "x".repeat(201) }), 400, "range", "reason");
  assertProblem(await put(k, target, { frozen: "all", until: "1h" }), 400, "unknown_member", "until");
  assertProblem(await put(k, "/v1/environments/moon/freeze", { frozen: "all" }), 404, "not_found");
  assert.equal((await put(k, target, { frozen: "all", reason: "x".repeat(200) })).status, 200);
  assert.equal((await put(k, target, { frozen: "nothing" })).status, 200);
});

test("a_key_at_its_end_is_not_frozen", async () => {
  const gone = await k.createKey("--name", "gone", "--environment", "sandbox");
  await k.call("POST", `/v1/keys/${gone.id}/revoke`);
  assertProblem(await put(k, ofKey(gone.id), { frozen: "all" }), 409, "conflict");
});

test("everything_is_both_environments_and_the_widest_is_listed_first", async () => {
  await put(k, ofKey(key.id), { frozen: "all" });
  const { json } = await put(k, "/v1/freeze", { frozen: "transact", reason: "drill" });
  assert.deepEqual(json.freezes.map(({ id, frozen, reason }) => [id, frozen, reason]), [["production", "transact", "drill"], ["sandbox", "transact", "drill"]]);
  assert.deepEqual(await listed(foreign), ["environment production", "environment sandbox"], "it concerns everybody");
  assert.deepEqual(await listed(viewer), ["environment production", "environment sandbox", `key ${key.id}`]);
  await put(k, "/v1/freeze", { frozen: "nothing" });
  await put(k, ofKey(key.id), { frozen: "nothing" });
});
