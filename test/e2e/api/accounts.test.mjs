// accounts.test.mjs - accounts over the management API: read, changed, suspended and resumed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startGateway } from "../lib/gateway.mjs";
import { assertProblem } from "../lib/installation.mjs";

let gateway, k, key;
before(async () => {
  gateway = await startGateway();
  k = gateway.keyward.service;
  await k.ok("accounts", "create", "shop");
  key = await gateway.keyward.createKey({ name: "reader", permission: "read_only", more: ["--account", "shop"] });
});
after(() => gateway.stop());

const ask = (more) => gateway.ask("GET /read/me", { key, ...more });
const version = (n) => ({ "if-match": `"${n}"` });

test("one account is read, and one that is not there is not", async () => {
  const { status, json, headers } = await k.call("GET", "/v1/accounts/shop");
  assert.equal(status, 200);
  assert.equal(headers.etag, '"1"');
  assert.deepEqual({ ...json, createdAt: undefined }, { id: "shop", name: "shop", state: "active", frozen: "nothing", allowIp: [], limitDefaults: {}, version: 1, createdAt: undefined });
  for (const id of ["nobody", "SHOP", "a/b", "%00"]) assertProblem(await k.call("GET", `/v1/accounts/${id}`), 404, "not_found");
});

test("its keys stop at once when it is suspended, and go on when it is resumed", async () => {
  assert.equal((await ask()).status, 200);
  for (let twice = 0; twice < 2; twice++) {
    const answer = await k.call("POST", "/v1/accounts/shop/suspend");
    assert.deepEqual([answer.status, answer.json.state], [200, "suspended"]);
    const refused = await ask();
    assert.deepEqual([refused.status, refused.json.code], [403, "account_suspended"]);
  }
  const answer = await k.call("POST", "/v1/accounts/shop/resume");
  assert.deepEqual([answer.status, answer.json.state], [200, "active"]);
  assert.equal((await ask()).status, 200);
});

test("its addresses narrow those of its keys", async () => {
  const { json } = await k.call("GET", "/v1/accounts/shop");
  const narrowed = await k.call("PATCH", "/v1/accounts/shop", { allowIp: ["203.0.113.0/24"] }, version(json.version));
  assert.deepEqual(narrowed.json.allowIp, ["203.0.113.0/24"]);
  assert.equal((await ask()).json.code, "ip_not_allowed");
  const open = await k.call("PATCH", "/v1/accounts/shop", { allowIp: [], name: "The shop" }, version(json.version + 1));
  assert.equal(open.json.name, "The shop");
  assert.equal((await ask()).status, 200);
});

test("a change says which version it means, and what it is about", async () => {
  assertProblem(await k.call("PATCH", "/v1/accounts/shop", { name: "x" }), 428, "version_required");
  assertProblem(await k.call("PATCH", "/v1/accounts/shop", { name: "x" }, version(99)), 412, "version_mismatch");
  const { json } = await k.call("GET", "/v1/accounts/shop");
  for (const [body, code, field] of [[{}, "missing"], [{ name: "" }, "syntax", "name"], [{ allowIp: ["10.8.0.1/16"] }, "range", "allowIp[0]"],
    [{ state: "suspended" }, "unknown_member", "state"], [{ id: "other" }, "unknown_member", "id"]])
    assertProblem(await k.call("PATCH", "/v1/accounts/shop", body, version(json.version)), 400, code, field);
});
