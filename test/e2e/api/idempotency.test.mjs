// idempotency.test.mjs - calls that make something, sent again: one thing is made, and its secret is told once.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { assertInContract } from "../lib/contract.mjs";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { join } from "../lib/people.mjs";

const KEY = { account: "main", name: "reports", environment: "sandbox" };
const MAKERS = [
  ["/v1/keys", KEY],
  ["/v1/accounts", { id: "shop", name: "The shop" }],
  ["/v1/management-tokens", { name: "deploy", scopes: ["keys:read"], expires: "90d" }],
  ["/v1/webhooks", { url: "https://hooks.shop.example/in", name: "our desk", events: ["policy.applied"], account: "main" }],
  ["/v1/members", { email: "anna@shop.example", role: "viewer", account: "main" }],
];
let k;
before(async () => (k = await Installation.make()));
after(() => k.stop());

const post = (path, body, key, by = k) => by.call("POST", path, body, { "idempotency-key": key });
const names = async () => (await k.call("GET", "/v1/keys?limit=1000")).json.keys.map(({ name }) => name);
const withoutSecret = ({ secret, url, mailed, ...rest }) => rest;

for (const [target, body] of MAKERS) {
  test(`E9_${target} sent again makes nothing, and is answered as before but for the secret`, async () => {
    const first = await post(target, body, `one ${target}`), again = await post(target, body, `one ${target}`);
    for (const answer of [first, again]) assertInContract("POST", target, answer);
    assert.deepEqual([first.status, again.status], [201, 201]);
    assert.deepEqual(withoutSecret(again.json), withoutSecret(first.json));
    if ("secret" in first.json) assert.deepEqual([typeof first.json.secret, again.json.secret], ["string", null]);
    if ("mailed" in first.json) assert.deepEqual([first.json.mailed, again.json.mailed], [false, null]);
    assert.deepEqual([first.headers["idempotent-replayed"], again.headers["idempotent-replayed"]], [undefined, "true"]);
    for (const name of ["location", "etag"]) assert.equal(again.headers[name], first.headers[name], name);
  });

  test(`E9_${target} with another body under the same key is refused`, async () => {
    const answer = await post(target, { ...body, name: "another" }, `one ${target}`);
    assertProblem(answer, 409, "idempotency_mismatch");
    assertInContract("POST", target, answer);
  });

  test(`E9_${target} sent fifty times at once makes one, with one secret`, async () => {
    const other = JSON.parse(JSON.stringify(body).replaceAll("shop", "boutique").replace('"reports"', '"at once"'));
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(target, other, `fifty ${target}`)));
    assert.deepEqual([...new Set(answers.map(({ status, text }) => (status === 201 ? 201 : text)))], [201]);
    assert.equal(new Set(answers.map(({ json }) => json.id)).size, 1);
    assert.equal(answers.filter(({ headers }) => headers["idempotent-replayed"] === undefined).length, 1);
    if (target !== "/v1/accounts") assert.equal(answers.filter(({ json }) => json.secret !== null).length, 1);
  });
}

test("E9_the secret of a webhook that is rotated again under the same key is the same one, told once", async () => {
  const { json: made } = await k.call("POST", "/v1/webhooks", { url: "https://hooks.shop.example/rotated", events: ["policy.applied"] });
  const target = "/v1/webhooks/{id}/rotate-secret", rotate = (id, key) => post(`/v1/webhooks/${id}/rotate-secret`, undefined, key);
  const [first, again] = [await rotate(made.id, "once"), await rotate(made.id, "once")];
  for (const answer of [first, again]) assertInContract("POST", target, answer);
  assert.deepEqual([first.status, again.status, first.json.version, again.json.version], [200, 200, 2, 2]);
  assert.deepEqual(withoutSecret(again.json), withoutSecret(first.json));
  assert.deepEqual([typeof first.json.secret, again.json.secret, again.headers["idempotent-replayed"]], ["string", null, "true"]);
  for (const name of ["location", "etag"]) assert.equal(again.headers[name], first.headers[name], name);
  assert.equal((await rotate(made.id, "twice")).json.version, 3);
  const { json: other } = await k.call("POST", "/v1/webhooks", { url: "https://hooks.shop.example/other", events: ["policy.applied"] });
  assertProblem(await rotate(other.id, "once"), 409, "idempotency_mismatch");
});

test("E9_blanks and the order of members make no other body", async () => {
  const text = (order) => `{ ${order.map((name) => `${JSON.stringify(name)} :  ${JSON.stringify(KEY[name])}`).join(" ,\n")} }`;
  const send = (order) => k.call("POST", "/v1/keys", Buffer.from(text(order)), { "idempotency-key": "order", "content-type": "application/json" });
  const first = await send(["account", "name", "environment"]), again = await send(["environment", "name", "account"]);
  assert.deepEqual([first.status, again.status, again.json.id], [201, 201, first.json.id]);
});

test("E9_a key is its caller's own, and one of each kind of call", async () => {
  const developer = await join(k, { email: "dev@shop.example", role: "developer" });
  const theirs = await post("/v1/keys", { ...KEY, account: undefined }, "shared", developer);
  const ours = await post("/v1/keys", { name: KEY.name, environment: "sandbox", account: "main" }, "shared");
  assert.deepEqual([theirs.status, ours.status], [201, 201]);
  assert.notEqual(theirs.json.id, ours.json.id);
  assertProblem(await post("/v1/accounts", { id: "third" }, "shared"), 409, "idempotency_mismatch");
});

test("E9_who sees another account than he did is told nothing of what he made then", async () => {
  const moved = await join(k, { email: "moved@shop.example", role: "owner", operator: true }), key = { ...KEY, account: "shop" };
  assert.equal((await post("/v1/keys", key, "moved", moved)).status, 201);
  const { headers } = await k.call("GET", `/v1/members/${moved.id}`);
  assert.equal((await k.call("PATCH", `/v1/members/${moved.id}`, { operator: false }, { "if-match": headers.etag })).status, 200);
  assertProblem(await post("/v1/keys", key, "moved", moved), 409, "idempotency_mismatch");
});

test("E9_a webhook is made for each who asks, and one by each, also after a restart", async () => {
  const someone = await join(k, { email: "hooks@shop.example", role: "admin" }), body = { url: "https://hooks.shop.example/each", events: ["policy.applied"] };
  const theirs = await post("/v1/webhooks", body, "each", someone), ours = await post("/v1/webhooks", body, "each");
  assert.deepEqual([theirs.status, ours.status], [201, 201]);
  assert.notEqual(theirs.json.id, ours.json.id);
  await k.end();
  await k.serve();
  const again = await post("/v1/webhooks", body, "each");
  assert.deepEqual([again.json.id, again.json.secret], [ours.json.id, null]);
  const { json } = await k.call("GET", "/v1/webhooks?limit=100");
  assert.equal(json.webhooks.filter(({ url }) => url === body.url).length, 2);
  for (const name of await fs.readdir(path.join(k.dir, "state")))
    if (/^(keyward|outbox)\.db/.test(name)) assert.ok(!(await fs.readFile(path.join(k.dir, "state", name))).includes(ours.json.secret), name);
});

test("E9_what was refused leaves the key free", async () => {
  assertProblem(await post("/v1/keys", { ...KEY, environment: "moon" }, "mended"), 400, "syntax", "environment");
  assert.equal((await post("/v1/keys", { ...KEY, name: "mended" }, "mended")).status, 201);
  assert.equal((await names()).filter((name) => name === "mended").length, 1);
});

test("E9_without a key each call makes one; one that cannot be is refused", async () => {
  const made = [await k.call("POST", "/v1/keys", { ...KEY, name: "twice" }), await k.call("POST", "/v1/keys", { ...KEY, name: "twice" })];
  assert.notEqual(made[0].json.id, made[1].json.id);
  for (const key of ["", "x".repeat(101)]) assertProblem(await post("/v1/keys", KEY, key), 400, "syntax", "Idempotency-Key");
  assert.equal((await post("/v1/keys", KEY, "x".repeat(100))).status, 201);
});

test("E9_it outlives a restart, and no secret of it is in the database", async () => {
  const first = await post("/v1/keys", { ...KEY, name: "restarted" }, "restart");
  await k.end();
  await k.serve();
  const again = await post("/v1/keys", { ...KEY, name: "restarted" }, "restart");
  assert.deepEqual([again.json.id, again.json.secret], [first.json.id, null]);
  for (const name of await fs.readdir(path.join(k.dir, "state")))
    if (name.startsWith("keyward.db")) assert.ok(!(await fs.readFile(path.join(k.dir, "state", name))).includes(first.json.secret), name);
});
