// events.test.mjs - the record over the management API: searched page by page, exported, explained, verified.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { assertInContract } from "../lib/contract.mjs";
import { Installation } from "../lib/installation.mjs";
import { join } from "../lib/people.mjs";

let k, id, request;
const events = async (query = "") => {
  const answer = await k.call("GET", `/v1/events${query}`);
  assertInContract("GET", "/v1/events", answer);
  return answer;
};
/** What is asked for is on the record too, from the next question on: see reads.test.mjs. */
const others = (list) => list.filter((event) => event.kind !== "read");
before(async () => {
  k = await Installation.make();
  ({ id } = await k.createKey("--name", "one", "--environment", "sandbox"));
  await k.createKey("--name", "two", "--environment", "sandbox");
  const decided = await k.call("POST", "/v1/authorize", { method: "GET", path: "/a", source: "192.0.2.1", environment: "sandbox", tls: true });
  request = decided.json.requestId;
});
after(() => k.stop());

test("everything is there, newest first, and page by page the same", async () => {
  const { json } = await events();
  assert.equal(json.next, null);
  assert.equal(json.events[0].request_id, request);
  assert.equal(json.events.filter((e) => e.kind === "change").length, 4); /* account and first member of init, two keys */
  const pages = [];
  for (let next = ""; next !== null;) {
    const page = (await events(`?limit=1${next && `&cursor=${next}`}`)).json;
    assert.ok(page.events.length <= 1);
    pages.push(...page.events);
    ({ next } = page);
  }
  assert.deepEqual(others(pages), others(json.events));
});

test("each parameter narrows", async () => {
  const n = async (query) => others((await events(query)).json.events).length;
  assert.equal(await n(`?key=${id}`), 1);
  assert.equal(await n("?source=192.0.2.1"), 1);
  assert.equal(await n("?reason=missing_key&kind=event"), 1);
  assert.equal(await n(`?request=${request}`), 1);
  assert.equal(await n("?kind=change"), 4);
  assert.equal(await n("?kind=sign_in"), 0);
  assert.equal(await n("?account=main"), 4);
  assert.equal(await n("?account=other"), 0);
  assert.equal(await n("?from=1h"), 5);
  assert.equal(await n("?until=1h"), 0);
});

test("a question that cannot be one is refused, and names the parameter", async () => {
  for (const [name, value] of [["from", "yesterday"], ["until", "x"], ["key", "x"], ["source", "10.0.0.0/8"], ["reason", "because"],
    ["request", "xyz"], ["kind", "x"], ["verdict", "maybe"], ["environment", "test"], ["member", "x"], ["account", "A"], ["limit", "1001"], ["limit", "0"], ["cursor", "1"], ["cursor", "1.0.1"], ["format", "csv"]]) {
    const { status, json } = await events(`?${name}=${value}`);
    assert.deepEqual([status, json.field], [400, name]);
  }
});

test("an export is one object a line, and its last line says how to go on", async () => {
  const { text } = await events("?format=ndjson&limit=2&kind=change");
  const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines.length, 3);
  assert.equal(lines[2].kind, "end");
  assert.equal((await events(`?kind=change&cursor=${lines[2].next}`)).json.events.length, 2);
});

test("one request is explained; an unknown one is not there", async () => {
  const answer = await k.call("GET", `/v1/events/${request}`);
  assertInContract("GET", "/v1/events/{id}", answer);
  assert.equal(answer.json.event.request_id, request);
  assert.ok(answer.json.explanation.some((line) => line.includes("missing_key")));
  for (const other of ["0".repeat(32), "x"]) assert.equal((await k.call("GET", `/v1/events/${other}`)).status, 404);
});

test("the record holds", async () => {
  const answer = await k.call("GET", "/v1/audit/verify?days=366");
  assertInContract("GET", "/v1/audit/verify", answer);
  const reads = (await events("?kind=read")).json.events.filter((event) => event.what !== "verified");
  assert.deepEqual([answer.json.holds, answer.json.records - reads.length, answer.json.firstBad], [true, 5, null]);
});

test("while the record is looked through, however long that takes, other calls are answered", async () => {
  const file = path.join(k.dir, "audit.pub"), key = await fs.readFile(file);
  await fs.rename(file, `${file}.kept`);
  assert.equal(spawnSync("mkfifo", [file]).status, 0); /* whoever opens it waits until somebody writes */
  const answers = [k.call("GET", "/v1/audit/verify"), k.call("GET", `/v1/events/${request}`)];
  try {
    assert.equal((await k.call("GET", "/v1/health")).status, 200);
    assert.equal((await k.call("GET", "/v1/keys")).json.keys.length, 2);
    assert.equal(await Promise.race([...answers, new Promise((resolve) => setTimeout(resolve, 200, "waits"))]), "waits");
  } finally {
    await fs.writeFile(file, key); /* as much as a pipe holds at once */
  }
  assert.deepEqual((await Promise.all(answers)).map(({ status }) => status), [200, 200]);
  await fs.rename(`${file}.kept`, file);
});

test("attempts are found by verdict and environment, and people by what they did and what was done to them", async () => {
  const of = async (query) => (await events(query)).json.events;
  assert.deepEqual((await of("?verdict=deny")).map((e) => e.request_id), [request]);
  assert.deepEqual([await of("?verdict=allow"), await of("?environment=production"), await of("?verdict=deny&kind=change")], [[], [], []]);
  assert.equal((await of("?environment=sandbox&verdict=deny")).length, 1);
  const anna = await join(k, { email: "anna@main.example", role: "developer" });
  await anna.call("POST", "/v1/keys", { name: "hers", environment: "sandbox" });
  await anna.signIn("anna@main.example");
  await k.call("PATCH", `/v1/members/${anna.id}`, { name: "Anna" }, { "if-match": (await k.call("GET", `/v1/members/${anna.id}`)).headers.etag });
  const seen = await of(`?member=${anna.id}`);
  assert.ok(seen.every((e) => e.member === anna.id || e.actor === `member:${anna.id}` || e.object_id === anna.id));
  for (const [what, has] of [["a sign-in", (e) => e.what === "signed_in"], ["a key that she made", (e) => e.object_kind === "key"],
    ["what was done to her", (e) => e.object_id === anna.id && e.actor.startsWith("uid:")]]) assert.ok(seen.some(has), what);
  assert.deepEqual(await of(`?member=${anna.id}&kind=event`), []);
  assert.equal((await of(`?member=${anna.id}&kind=sign_in`)).length, seen.filter((e) => e.kind === "sign_in").length);
  const stranger = await join(k, { email: "owner@shop.example", role: "owner", account: await k.call("POST", "/v1/accounts", { id: "shop" }).then(() => "shop") });
  assert.deepEqual((await stranger.call("GET", `/v1/events?member=${anna.id}`)).json.events, [], "of another account");
  assert.deepEqual((await stranger.call("GET", "/v1/events?verdict=deny")).json.events, []);
});
