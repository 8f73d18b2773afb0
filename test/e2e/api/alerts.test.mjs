// alerts.test.mjs - an alert as people take it on: found in a list, acknowledged, talked about, resolved; and on the record.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertInContract } from "../lib/contract.mjs";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { join } from "../lib/people.mjs";

let k, owner, viewer, foreign;
before(async () => {
  k = await Installation.make();
  await k.ok("accounts", "create", "shop");
  owner = await join(k, { email: "owner@main.example", role: "owner" });
  viewer = await join(k, { email: "viewer@main.example", role: "viewer" });
  foreign = await join(k, { email: "owner@shop.example", role: "owner", account: "shop" });
});
after(() => k.stop());

let people = 0;

/** Each by somebody else of the account: everybody may try once in a minute. */
async function tried(by) {
  by ??= await join(k, { email: `owner-${++people}@main.example`, role: "owner" });
  const answer = await by.call("POST", "/v1/alerts/test");
  assert.equal(answer.status, 201, answer.text);
  assertInContract("POST", "/v1/alerts/test", answer);
  assert.equal(answer.headers.location, `/v1/alerts/${answer.json.id}`);
  return answer.json;
}

async function step(id, what, body = {}, by = owner) {
  const answer = await by.call("POST", `/v1/alerts/${id}/${what}`, body);
  assertInContract("POST", `/v1/alerts/{id}/${what}`, answer);
  return answer;
}

async function list(query = "", by = owner) {
  const answer = await by.call("GET", `/v1/alerts${query}`);
  assertInContract("GET", "/v1/alerts", answer);
  assert.equal(answer.status, 200, answer.text);
  return answer.json.alerts;
}

test("an alert is taken on, talked about and resolved; its history says by whom", async () => {
  const { id } = await tried();
  assert.equal((await step(id, "acknowledge", { comment: "I look after it" })).json.state, "acknowledged");
  await step(id, "comment", { comment: "it was our sale" });
  const { json } = await step(id, "resolve");
  assert.equal(json.state, "resolved");
  assert.deepEqual(json.history.map(({ state, note }) => [state, note]), [
    ["resolved", null], ["acknowledged", "it was our sale"], ["acknowledged", "I look after it"], ["open", null]]);
  assert.ok(json.history.slice(0, 3).every(({ by }) => by === `member:${owner.id}`));
});

test("a step is taken without a body, and a body that is there says what it is", async () => {
  const { id } = await tried(), text = { "content-type": "text/plain" };
  assert.equal((await owner.call("POST", `/v1/alerts/${id}/acknowledge`)).json.state, "acknowledged");
  assertProblem(await owner.call("POST", `/v1/alerts/${id}/resolve`, "comment=x", text), 415, "unsupported_media_type");
  assert.equal((await owner.call("POST", `/v1/alerts/${id}/resolve`)).json.state, "resolved");
});

test("an owner who may not do what only operators may is not sent to an owner", async () => {
  const { status, json } = await owner.call("GET", "/v1/thresholds");
  assert.deepEqual([status, json.message], [403, "Your role, owner, does not include operate: ask an operator of this installation"]);
});

test("what is resolved stays so", async () => {
  const { id } = await tried();
  await step(id, "resolve");
  assertProblem(await step(id, "acknowledge"), 409, "conflict");
  assert.equal((await step(id, "resolve")).json.version, 2);
});

test("the list is of what was asked for, the newest first", async () => {
  const first = await tried(), second = await tried();
  await step(first.id, "resolve");
  const ids = (alerts) => alerts.map(({ id }) => id);
  assert.equal((await list())[0].id, second.id);
  assert.ok(!ids(await list("?state=open")).includes(first.id));
  assert.ok(ids(await list("?state=resolved")).includes(first.id));
  assert.ok(ids(await list("?detector=test&severity=low")).includes(second.id));
  assert.deepEqual(await list("?severity=high"), []);
  assert.deepEqual(await list("?key=7Q2mK4T9xJ1aBd"), []);
  const { json } = await owner.call("GET", "/v1/alerts?limit=1");
  assert.equal(json.alerts[0].id, second.id);
  assert.equal((await list(`?limit=1&cursor=${json.next}`))[0].id, first.id);
});

test("what cannot be asked for is refused by name", async () => {
  for (const [name, value, code, field = code === "syntax" ? name : undefined] of [["state", "closed", "syntax"], ["detector", "telepathy", "syntax"], ["severity", "huge", "syntax"], ["key", "x", "syntax"], ["colour", "red", "unknown_parameter", undefined]])
    assertProblem(await owner.call("GET", `/v1/alerts?${name}=${value}`), 400, code, field);
  const { id } = await tried();
  for (const [body, code] of [[{ comment: 5 }, "wrong_type"], [{ comment: "a\nb" }, "syntax"], [{ comment: "x".repeat(1001) }, "range"], [{ note: "x" }, "unknown_member"]])
    assertProblem(await step(id, "acknowledge", body), 400, code);
  assertProblem(await step(id, "comment", { comment: "" }), 400, "missing", "comment");
  assertProblem(await step(id, "undo"), 409, "conflict");
});

test("E7_alerts_of_another_account_are_not_there", async () => {
  const { id } = await tried();
  assertProblem(await foreign.call("GET", `/v1/alerts/${id}`), 404, "not_found");
  assertProblem(await step(id, "resolve", {}, foreign), 404, "not_found");
  assert.deepEqual(await list("", foreign), []);
  const ours = await tried(k);
  assertProblem(await owner.call("GET", `/v1/alerts/${ours.id}`), 404, "not_found");
});

test("who only reads changes nothing", async () => {
  const { id } = await tried();
  assert.equal((await viewer.call("GET", `/v1/alerts/${id}`)).status, 200);
  assertProblem(await step(id, "resolve", {}, viewer), 403, "scope_missing");
});

test("each step is on the record", async () => {
  const { id } = await tried();
  await step(id, "acknowledge", { comment: "seen" });
  const { json } = await owner.call("GET", "/v1/events?kind=change&limit=50");
  const ours = json.events.filter(({ object_id }) => object_id === id);
  assert.deepEqual(ours.map(({ object_kind, summary }) => [object_kind, summary.document, summary.state, summary.content.note]),
    [["document", "alert", "acknowledged", "seen"], ["document", "alert", "open", null]]);
});

test("everybody may try once in a minute, whatever token he uses", async () => {
  const by = await join(k, { email: "often@main.example", role: "developer" });
  const answers = [];
  for (let i = 0; i < 3; i++) answers.push(await by.call("POST", "/v1/alerts/test")); // a minute may begin in between, once
  const refused = answers.filter(({ status }) => status !== 201);
  assert.ok(refused.length >= 1, answers.map(({ status }) => status).join());
  for (const answer of refused) {
    assertInContract("POST", "/v1/alerts/test", answer);
    assertProblem(answer, 409, "too_many_tests");
    assert.ok(Number(answer.headers["retry-after"]) >= 1 && Number(answer.headers["retry-after"]) <= 60);
  }
});
