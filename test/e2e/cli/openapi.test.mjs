// openapi.test.mjs - the contract, api/openapi.yaml, and what answers are the same.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import { after, before, test } from "node:test";
import { assertInContract, contract } from "../lib/contract.mjs";
import { Installation } from "../lib/installation.mjs";
import { Browser, codeOf, join, PASSWORD } from "../lib/people.mjs";

const source = new URL("../../../src/", import.meta.url);
let k, id;
before(async () => {
  k = await Installation.make();
  ({ id } = await k.createKey("--name", "x", "--environment", "sandbox", "--allow-ip", "10.0.0.0/8=transact"));
});
after(() => k.stop());

/** A path of the contract with the id of something that is there. */
const fill = (path) => path.replace("{id}", path.startsWith("/v1/accounts/") ? "shop" : path.startsWith("/v1/policies/") ? "1" : path.startsWith("/v1/environments/") ? "sandbox" : id);

/** For what the use of a key, exchanged or refreshed, is refused: reasons of the gateway. */
const USES = ["invalid_key", "missing_key", "too_many_failures", "key_revoked", "key_disabled", "key_expired", "account_suspended", "frozen",
  "ip_not_allowed", "rate_limited", "quota_exceeded", "secret_rotated", "token_expired", "token_ended", "token_reused"];

const routes = Object.entries(contract.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));

test("every route of the program is in the contract, and the reverse", async () => {
  const table = await fs.readFile(new URL("api/routes.c", source), "utf8");
  const real = [...table.matchAll(/\{"([A-Z]+)", "(\/[^"]+)",/g)].map(([, method, path]) => `${method} ${path}`);
  assert.deepEqual(real.sort(), routes.sort());
});

test("every code that the program can answer is in the contract, and the reverse", async () => {
  const files = (await Promise.all(["json/", "server/", "api/"].map(async (folder) =>
    (await fs.readdir(new URL(folder, source))).map((name) => folder + name)))).flat();
  const texts = await Promise.all(files.filter((name) => name.endsWith(".c"))
    .map((name) => fs.readFile(new URL(name, source), "utf8")));
  const errors = await fs.readFile(new URL("../include/keyward/err.h", source), "utf8");
  const said = texts.flatMap((text) => [...text.matchAll(/problem_(?:say|field)\([^"]*?"([a-z_]+)"/g)].map(([, code]) => code));
  const general = [...errors.matchAll(/X\(KW_E[A-Z]+, "([a-z_]+)"/g)].map(([, code]) => code);
  assert.ok(texts.some((text) => text.includes('not_json[] = "not_json"')));
  const reasons = await fs.readFile(new URL("../include/keyward/reason.h", source), "utf8");
  for (const code of USES) assert.ok(code === "invalid_key" || reasons.includes(`"${code}"`), code);
  /* Those of spending stand in tables of their own. */
  const spending = texts.flatMap((text) => [...text.matchAll(/SPEND_WHY_[A-Z_]+,\s*\d{3},\s*"([a-z_]+)"|"(spend_per_[a-z]+)"/g)].map(([, one, other]) => one ?? other));
  assert.ok(spending.length > 0);
  const real = new Set([...said, ...spending, ...general, ...USES, "not_json"]);
  assert.deepEqual([...real].sort(), [...contract.components.schemas.Code.enum].sort());
});

test("every answer is as the contract says", async () => {
  const key = { account: "main", name: "y", environment: "production" };
  const calls = [
    ["GET", "/v1/health"], ["GET", "/metrics"], ["GET", "/openapi.json"], ["GET", "/docs"], ["GET", "/docs/style.css"], ["GET", "/docs", "?x=1"], ["GET", "/docs", "", undefined, { "if-none-match": "*" }],
    ["POST", "/v1/drain"], ["GET", "/v1/installation"], ["GET", "/v1/installation", "?x=1"], ["GET", "/v1/clock"], ["POST", "/v1/clock/accept"], ["GET", "/v1/accounts"], ["GET", "/v1/accounts", "?limit=0"],
    ["GET", "/v1/events"], ["GET", "/v1/events", "?format=ndjson&limit=1"], ["GET", "/v1/events", "?kind=x"], ["GET", "/v1/events/{id}"], ["GET", "/v1/usage"], ["GET", "/v1/usage", "?step=x"], ["GET", "/v1/audit/days"], ["GET", "/v1/audit/days", "?x=1"], ["GET", "/v1/audit/verify"], ["GET", "/v1/audit/verify", "?days=0"],
    ["GET", "/v1/reports"], ["GET", "/v1/reports", "?x=1"], ["POST", "/v1/reports", "", { account: "main" }], ["POST", "/v1/reports", "", {}], ["GET", "/v1/reports/{id}"], ["POST", "/v1/reports/{id}/acknowledge", "", {}],
    ["GET", "/v1/thresholds"], ["PUT", "/v1/thresholds", "", { detectors: {} }], ["PUT", "/v1/thresholds", "", { detectors: { dormant: { days: 40 } } }, { "if-match": '"0"' }],
    ["GET", "/v1/accounts/{id}/thresholds"], ["PUT", "/v1/accounts/{id}/thresholds", "", { detectors: {} }, { "if-match": '"0"' }],
    ["POST", "/v1/alerts/test"], ["GET", "/v1/alerts"], ["GET", "/v1/alerts", "?state=x"], ["GET", "/v1/alerts/{id}"],
    ...["acknowledge", "resolve", "comment", "undo"].map((step) => ["POST", `/v1/alerts/{id}/${step}`, "", { comment: "x" }]),
    ["GET", "/v1/webhooks"], ["GET", "/v1/webhooks", "?limit=0"], ["GET", "/v1/webhook-events"], ["GET", "/v1/webhook-events", "?x=1"],
    ["POST", "/v1/webhooks", "", { url: "https://hooks.example.com/in" }], ["POST", "/v1/webhooks", "", { url: "https://127.0.0.1/" }], ["POST", "/v1/webhooks", "", { url: "https://hooks.example.com/in", account: "nobody" }],
    ["GET", "/v1/webhooks/{id}"], ["PATCH", "/v1/webhooks/{id}", "", { name: "x" }], ["DELETE", "/v1/webhooks/{id}"], ["GET", "/v1/webhooks/{id}/deliveries"],
    ...["rotate-secret", "test"].map((step) => ["POST", `/v1/webhooks/{id}/${step}`]), ["POST", "/v1/webhooks/{id}/redeliver", "", { event: "evt_x" }],
    ["POST", "/v1/accounts", "", { id: "shop" }], ["POST", "/v1/accounts", "", { id: "shop" }],
    ["GET", "/v1/accounts/{id}"], ["PATCH", "/v1/accounts/{id}", "", { name: "z" }], ["PATCH", "/v1/accounts/{id}", "", { name: "Shop" }, { "if-match": '"1"' }],
    ["PATCH", "/v1/accounts/{id}", "", { limitDefaults: { all: { rate: "60/min" }, full_access: { quota: "none" } } }, { "if-match": '"2"' }], ["PATCH", "/v1/accounts/{id}", "", { limitDefaults: { none: {} } }, { "if-match": '"3"' }],
    ["POST", "/v1/accounts/{id}/suspend"], ["POST", "/v1/accounts/{id}/resume"],
    ["GET", "/v1/keys"], ["GET", "/v1/keys", "?x=1"], ["GET", "/v1/overview"], ["GET", "/v1/overview", "?x=1"], ["POST", "/v1/keys", "", key], ["POST", "/v1/keys", "", { ...key, expires: "90d" }],
    ["POST", "/v1/keys", "", {}], ["POST", "/v1/keys", "", "{", { "content-type": "text/plain" }],
    ["POST", "/v1/keys", "", Buffer.alloc(1 << 21, 0x20)], ["GET", "/v1/keys/{id}"], ["PATCH", "/v1/keys/{id}", "", { name: "z" }],
    ["PATCH", "/v1/keys/{id}", "", { name: "z" }, { "if-match": '"9"' }],
    ["PATCH", "/v1/keys/{id}", "", { name: "z" }, { "if-match": '"1"' }],
    ["GET", "/v1/keys/{id}/spend-rules"], ["PUT", "/v1/keys/{id}/spend-rules", "", { rules: [] }], ["PUT", "/v1/keys/{id}/spend-rules", "", { rules: [{ currency: "NGN", perDay: "1.00" }] }, { "if-match": '"0"' }],
    ["POST", "/v1/spend", "", {}], ["GET", "/v1/spend"], ["GET", "/v1/spend/{id}"], ["POST", "/v1/spend/{id}/commit", "", {}], ["POST", "/v1/spend/{id}/release"],
    ["POST", "/v1/keys/{id}/disable"], ["POST", "/v1/keys/{id}/enable"],
    ["POST", "/v1/keys/{id}/rotation/complete"], ["POST", "/v1/keys/{id}/rotate", "", { overlap: "soon" }], ["POST", "/v1/keys/{id}/rotate", "", { overlap: "1h" }], ["POST", "/v1/keys/{id}/rotate", "", {}],
    ["PUT", "/v1/keys/{id}/freeze", "", { frozen: "all", reason: "odd" }], ["GET", "/v1/freezes"], ["GET", "/v1/freezes", "?x=1"], ["PUT", "/v1/keys/{id}/freeze", "", { frozen: "nothing" }],
    ["PUT", "/v1/accounts/{id}/freeze", "", { frozen: "transact" }], ["PUT", "/v1/accounts/{id}/freeze", "", { frozen: "nothing" }], ["PUT", "/v1/environments/{id}/freeze", "", { frozen: "all" }],
    ["PUT", "/v1/freeze", "", { frozen: "nothing" }], ["PUT", "/v1/freeze", "", { frozen: "x" }],
    ["POST", "/v1/keys/revoke", "", { filter: { q: "nobody's" }, dryRun: true }], ["POST", "/v1/keys/revoke", "", { filter: { q: "nobody's" }, expect: 7 }], ["POST", "/v1/keys/expire", "", { filter: { createdAfter: "1h" }, expires: "7d", dryRun: true }],
    ["GET", "/v1/keys/{id}/advice"], ["GET", "/v1/keys/{id}/advice", "?x=1"], ["POST", "/v1/keys/{id}/advice/apply", "", {}], ["POST", "/v1/keys/{id}/advice/apply", "", { kinds: ["unused"] }],
    ["POST", "/v1/leaks", "", { key: "x" }], ["POST", "/v1/leaks", "", {}], ["POST", "/v1/leaks/github", "", []],
    ["POST", "/v1/tokens", "", {}], ["POST", "/v1/tokens/refresh", "", { token: "x" }], ["POST", "/v1/tokens/refresh", "", {}], ["POST", "/v1/tokens/revoke", "", { token: "x" }],
    ["POST", "/v1/tokens/introspect", "", { token: "x" }], ["POST", "/v1/tokens/{id}/end"], ["GET", "/v1/keys/{id}/tokens"], ["POST", "/v1/keys/{id}/tokens/end"],
    ["GET", "/v1/keys/{id}/rotation"], ["GET", "/v1/keys/{id}/rotation", "?x=1"], ["POST", "/v1/keys/{id}/rotation/cancel"], ["POST", "/v1/keys/{id}/rotation/cancel"], ["POST", "/v1/keys/{id}/revoke"],
    ["POST", "/v1/keys/{id}/enable"], ["GET", "/v1/policy"], ["PUT", "/v1/policy", "", { read: ["GET /a"] }],
    ["PUT", "/v1/policy", "", { read: ["a"] }], ["GET", "/v1/policy"], ["POST", "/v1/policy/test", "", { method: "GET", path: "/a" }],
    ["POST", "/v1/policy/test", "", { method: "GET", path: "//a" }], ["POST", "/v1/policy/test", "", { path: "/a" }],
    ["GET", "/v1/policies"], ["GET", "/v1/policies", "?limit=0"], ["GET", "/v1/policies/{id}"], ["GET", "/v1/policies/{id}", "?x=1"],
    ["POST", "/v1/policy/diff", "", { from: 0, to: 1 }], ["POST", "/v1/policy/diff", "", { policy: { read: ["GET /b"] } }], ["POST", "/v1/policy/diff", "", { from: 9, to: 1 }], ["POST", "/v1/policy/diff", "", {}],
    ["POST", "/v1/policy/dry-run", "", { policy: { read: ["GET /b"] } }], ["POST", "/v1/policy/dry-run", "", { policy: { read: ["b"] } }], ["POST", "/v1/policy/dry-run", "", { policy: { read: ["GET /b"] }, from: "x" }],
    ["POST", "/v1/authorize", "", { method: "GET", path: "/a", source: "::1", environment: "sandbox", tls: true }],
    ["POST", "/v1/authorize", "", { method: "GET", path: "/a" }],
  ];
  const seen = new Set();
  for (const [method, path, query = "", body, headers] of calls) {
    assertInContract(method, path, await k.call(method, fill(path) + query, body, headers));
    seen.add(`${method} ${path}`);
  }
  for (const [method, path] of await callsOfPeople()) seen.add(`${method} ${path}`);
  assert.deepEqual([...seen].sort(), routes.sort(), "a call of the contract was not made");
});

/** The calls about people, made by two of them; each answer is held against the contract. */
async function callsOfPeople() {
  const owner = await join(k, { email: "owner@shop.example", role: "owner", operator: true });
  const made = [];
  const make = async (by, method, path, body, { of, headers, status } = {}) => {
    const answer = await by.call(method, path.replace("{id}", of), body, headers);
    assertInContract(method, path, answer);
    assert.equal(answer.status, status ?? 200, `${method} ${path}: ${answer.text}`);
    made.push([method, path]);
    return answer.json;
  };
  const invited = await make(owner, "POST", "/v1/members", { email: "anna@shop.example", role: "developer" }, { status: 201 });
  const anna = new Browser(k), of = invited.id;
  await make(anna, "POST", "/v1/links/open", { link: invited.secret });
  await make(anna, "POST", "/v1/links/accept", { link: invited.secret, password: PASSWORD }, { status: 201 });
  await make(anna, "GET", "/v1/session");
  await make(anna, "POST", "/v1/session/step-up", { code: "123456" }, { status: 409 });
  const offer = await make(anna, "POST", "/v1/me/totp");
  await make(anna, "POST", "/v1/me/totp/confirm", { setup: offer.setup, code: codeOf(offer.secret, -1) });
  await make(anna, "POST", "/v1/session/step-up", { code: codeOf(offer.secret) });
  await make(anna, "POST", "/v1/me/recovery-codes");
  await make(anna, "POST", "/v1/me/password", { currentPassword: PASSWORD, newPassword: `${PASSWORD}!` });
  const token = await make(anna, "POST", "/v1/management-tokens", { name: "deploy", scopes: ["keys:read"], expires: "90d" }, { status: 201 });
  await make(anna, "GET", "/v1/management-tokens");
  await make(anna, "POST", "/v1/management-tokens/{id}/revoke", undefined, { of: token.id });
  const other = new Browser(k);
  const half = await make(other, "POST", "/v1/session", { email: "anna@shop.example", password: `${PASSWORD}!` }, { status: 202 });
  await make(other, "POST", "/v1/session/totp", { ticket: half.ticket, code: codeOf(offer.secret, 1) }, { status: 201 });
  const { sessions } = await make(anna, "GET", "/v1/sessions");
  await make(anna, "DELETE", "/v1/sessions/{id}", undefined, { of: sessions.find(({ current }) => !current).id });
  await make(anna, "DELETE", "/v1/session");
  await make(owner, "GET", "/v1/members");
  const { version } = await make(owner, "GET", "/v1/members/{id}", undefined, { of });
  await make(owner, "PATCH", "/v1/members/{id}", { role: "admin" }, { of, headers: { "if-match": `"${version}"` } });
  await make(owner, "POST", "/v1/members/{id}/link", undefined, { of });
  await make(anna, "POST", "/v1/reset", { email: "anna@shop.example" }, { status: 409 });
  await make(owner, "DELETE", "/v1/members/{id}/credentials", undefined, { of, status: 403 });
  await make(k, "DELETE", "/v1/members/{id}/credentials", undefined, { of });
  await make(owner, "DELETE", "/v1/members/{id}", undefined, { of });
  await make(owner, "DELETE", "/v1/members/{id}", undefined, { of: owner.id, status: 409 });
  return made;
}

test("every path of the contract refuses other methods", async () => {
  for (const [path, methods] of Object.entries(contract.paths)) {
    const other = ["DELETE", "PUT", "PATCH"].find((method) => !(method.toLowerCase() in methods));
    const answer = await k.call(other, fill(path));
    assertInContract(Object.keys(methods)[0], path, answer);
    assert.equal(answer.status, 405);
    assert.deepEqual(answer.headers.allow.split(", ").sort(), Object.keys(methods).map((method) => method.toUpperCase()).sort());
  }
});
