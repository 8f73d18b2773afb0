// reports.test.mjs - the week of an account in one page: what it counts, who may look, and that somebody has looked is on the record.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../lib/check.mjs";
import { assertInContract } from "../lib/contract.mjs";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { Browser, join } from "../lib/people.mjs";

let k, owner, viewer, foreign, written; // the report: one in an hour
before(async () => {
  k = await Installation.make();
  await k.ok("accounts", "create", "shop");
  owner = await join(k, { email: "owner@main.example", role: "owner" });
  viewer = await join(k, { email: "viewer@main.example", role: "viewer" });
  foreign = await join(k, { email: "owner@shop.example", role: "owner", account: "shop" });
  await k.call("PUT", "/v1/policy", { read: ["GET /x"] });
});
after(() => k.stop());

async function write(by = owner, body = {}) {
  const answer = await by.call("POST", "/v1/reports", body);
  assertInContract("POST", "/v1/reports", answer);
  return answer;
}

test("a report counts requests, sign-ins, alerts and keys", async () => {
  const { id, secret } = await k.createKey("--name", "counted", "--environment", "sandbox", "--permission", "read_only", "--rotation-days", "20");
  const ask = (method) => k.call("POST", "/v1/authorize", { key: secret, method, path: "/x", source: "203.0.113.7", environment: "sandbox", tls: true });
  for (let i = 0; i < 3; i++) await ask("GET");
  for (let i = 0; i < 2; i++) await ask("POST");
  await new Browser(k).call("POST", "/v1/session", { email: "owner@main.example", password: "not this one" });
  await k.call("POST", "/v1/leaks", { key: secret });
  await until(async () => (await k.call("GET", `/v1/alerts?key=${id}`)).json.alerts.length > 0);
  await until(async () => (await k.call("GET", `/v1/usage?key=${id}`)).json.denied >= 2);
  const { status, json } = await write();
  assert.equal(status, 201);
  written = json.id;
  assert.equal(json.account, "main");
  assert.deepEqual([json.requests.allowed, json.requests.reasons.permission_denied], [3, 2]);
  assert.equal(json.signIns.refused, 1);
  assert.deepEqual([json.alerts.raised.critical, json.alerts.notResolved >= 1], [1, true]);
  assert.deepEqual(json.keys.dueSoon, { count: 1, keys: [id] });
});

test("somebody has looked through it, and the record says who", async () => {
  const id = written;
  const answer = await owner.call("POST", `/v1/reports/${id}/acknowledge`, { comment: "nothing to do" });
  assertInContract("POST", "/v1/reports/{id}/acknowledge", answer);
  assert.deepEqual(answer.json.history.map(({ by, state, note }) => [by, state, note]),
    [[`member:${owner.id}`, "acknowledged", "nothing to do"], [`member:${owner.id}`, "open", null]]);
  const { json } = await owner.call("GET", "/v1/events?kind=change&limit=5");
  assert.deepEqual(json.events.find(({ object_id }) => object_id === id).summary.state, "acknowledged");
  assertProblem(await viewer.call("POST", `/v1/reports/${id}/acknowledge`, {}), 403, "scope_missing");
});

test("E7_reports_of_another_account_are_not_there", async () => {
  const id = written;
  assertProblem(await foreign.call("GET", `/v1/reports/${id}`), 404, "not_found");
  assertProblem(await write(foreign, { account: "main" }), 400, "not_found", "account");
  const { json } = await foreign.call("GET", "/v1/reports");
  assert.deepEqual(json.reports, []);
  const list = await viewer.call("GET", "/v1/reports?limit=1");
  assertInContract("GET", "/v1/reports", list);
  assert.equal(list.json.reports[0].id, id);
});

test("the command line shows what the report says", async () => {
  assert.match(await k.ok("reports", "write", "--account", "shop"), /Account +shop\n/);
  const shown = await k.ok("reports", "show", written);
  assert.match(shown, /Account +main\n/);
  assert.match(shown, /Denied +\d+\n {2}permission_denied +2\n/);
  const id = /Id +([0-9A-Za-z]{14})/.exec(shown)[1];
  assert.match(await k.ok("reports", "acknowledge", id), /^Acknowledged/);
  assert.match(await k.ok("reports", "list"), new RegExp(`^${id} +main .* acknowledged `, "m"));
});

test("one is written by hand in an hour, for each account", async () => {
  await k.ok("accounts", "create", "often");
  const answers = [];
  for (let i = 0; i < 3; i++) answers.push(await write(k, { account: "often" })); // an hour may begin in between, once
  const refused = answers.filter(({ status }) => status !== 201);
  assert.ok(refused.length >= 1, answers.map(({ status }) => status).join());
  for (const answer of refused) {
    assertProblem(answer, 409, "conflict");
    assert.ok(Number(answer.headers["retry-after"]) >= 1);
  }
});
