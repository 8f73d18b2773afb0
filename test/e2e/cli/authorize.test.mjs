// authorize.test.mjs - POST /v1/authorize: the gateway's decision for a backend, as JSON, and on the record.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { otherSecret, unknownId } from "../../../tools/run/key_text.mjs";
import { assertInContract } from "../lib/contract.mjs";
import { Installation, KEY, assertProblem, run } from "../lib/installation.mjs";

const policy = { read: ["GET /me"], transact: ["POST /pay"], public: ["GET /open"], deny: ["GET /shut"] };
const asked = { method: "GET", path: "/me?page=1", source: "203.0.113.7", environment: "sandbox", tls: true, userAgent: "backend/1" };

let k, reader, limited, listed;
before(async () => {
  k = await Installation.make();
  const create = (name, ...more) => k.createKey("--name", name, "--environment", "sandbox", ...more);
  reader = await create("reader", "--permission", "read_only", "--quota", "1000/day");
  limited = await create("limited", "--rate", "1/day");
  listed = await create("listed", "--allow-ip", "10.0.0.0/8");
  assert.equal((await k.call("PUT", "/v1/policy", policy)).status, 200);
});
after(() => k.stop());

async function ask(more) {
  const answer = await k.call("POST", "/v1/authorize", { ...asked, ...more });
  assertInContract("POST", "/v1/authorize", answer);
  assert.doesNotMatch(answer.text, KEY, "a key in the answer");
  return answer;
}

async function eventOf(requestId) {
  const { stdout } = await k.run("audit", "search", "--request", requestId, "--json");
  const events = stdout.trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));
  assert.equal(events.length, 1, `one event of ${requestId}`);
  return events[0];
}

test("a right key is allowed, and the backend is told whose it is and where its limits stand", async () => {
  const { status, json } = await ask({ key: reader.secret });
  assert.equal(status, 200);
  const { requestId, key: { rate, quota, ...key }, ...rest } = json;
  assert.deepEqual(rest, { allowed: true, status: 200, code: "allowed", message: "Allowed", class: "read", retryAfterS: null });
  assert.deepEqual(key, { id: reader.id, account: "main", environment: "sandbox", permissions: ["read_only"], oldSecret: false, oldSecretEnds: null });
  assert.equal(rate.limit, 600);
  assert.equal(quota.remaining, 999);
  const event = await eventOf(requestId);
  assert.equal(event.reason, "allowed");
  assert.equal(event.key_id, reader.id);
  assert.equal(event.source, asked.source);
  assert.equal(event.path, "/me");
  assert.equal(event.agent, "backend/1");
});

const denials = [
  ["D1_no key", {}, 401, "missing_key", "Missing authentication header"],
  ["D4_a wrong secret", { key: () => otherSecret(reader.secret) }, 401, "invalid_key", "Invalid API key"],
  ["D4_an unknown id", { key: () => unknownId(reader.secret) }, 401, "invalid_key", "Invalid API key"],
  ["D3_garbage", { key: () => "x".repeat(4096) }, 401, "invalid_key", "Invalid API key"],
  ["a permission that is missing", { key: () => reader.secret, method: "POST", path: "/pay" }, 403, "permission_denied", /Transactions permission/],
  ["D8_the other environment", { key: () => reader.secret, environment: "production" }, 403, "environment_mismatch", /sandbox key/],
  ["an address that is not listed", { key: () => listed.secret }, 403, "ip_not_allowed", /203\.0\.113\.7/],
  ["C16_a client without TLS", { key: () => reader.secret, tls: false }, 403, "tls_required", /HTTPS/],
  ["B1_a path with dots", { key: () => reader.secret, path: "/open/../pay" }, 400, "path_ambiguous", /more than one way/],
  ["B12_a method in lower case", { key: () => reader.secret, method: "get" }, 403, "route_denied", /closed/],
  ["D12_a key in the query", { key: () => reader.secret, path: () => `/me?x=${reader.secret}` }, 400, "credential_in_url", /never in the URL/],
  ["a route that is closed", { key: () => reader.secret, path: "/shut" }, 403, "route_denied", /closed/],
];

/** What stands on the record of those who are all told the same. */
const reasons = { "D4_a wrong secret": "wrong_secret", "D4_an unknown id": "unknown_key", D3_garbage: "malformed_key" };

for (const [name, given, status, code, message] of denials)
  test(`${name} is denied, as at the gateway, and on the record`, async () => {
    const body = Object.fromEntries(Object.entries(given).map(([member, value]) => [member, typeof value === "function" ? value() : value]));
    const { json } = await ask(body);
    assert.deepEqual([json.allowed, json.status, json.code], [false, status, code]);
    assert.match(json.message, message instanceof RegExp ? message : new RegExp(`^${message}$`));
    assert.equal(json.key === null, !["permission_denied", "environment_mismatch", "ip_not_allowed"].includes(code));
    const event = await eventOf(json.requestId);
    assert.equal(event.status, status);
    assert.equal(event.reason, reasons[name] ?? code);
    assert.doesNotMatch(JSON.stringify(event), KEY);
  });

test("a public route is allowed without a key", async () => {
  const { json } = await ask({ path: "/open" });
  assert.deepEqual([json.allowed, json.code, json.key], [true, "public", null]);
});

test("a rate is one and the same for every way in: the second is 429 and says when to come back", async () => {
  assert.equal((await ask({ key: limited.secret })).json.allowed, true);
  const { json } = await ask({ key: limited.secret });
  assert.deepEqual([json.status, json.code], [429, "rate_limited"]);
  assert.ok(json.retryAfterS > 86000 && json.retryAfterS <= 86400, `${json.retryAfterS}`);
});

test("revoked means revoked: the call after the revocation is denied", async () => {
  const { id, secret } = await k.createKey("--name", "soon gone", "--environment", "sandbox");
  assert.equal((await ask({ key: secret })).json.allowed, true);
  assert.equal((await k.call("POST", `/v1/keys/${id}/revoke`)).status, 200);
  const { json } = await ask({ key: secret });
  assert.deepEqual([json.status, json.code], [401, "key_revoked"]);
});

const mistakes = [
  ["an unknown member", { api_key: "x" }, "unknown_member", "api_key"],
  ["a key that is no string", { key: 1 }, "wrong_type", "key"],
  ["a path that is too long", { path: `/${"x".repeat(5000)}` }, "range", "path"],
  ["an address with a port", { source: "203.0.113.7:80" }, "syntax", "source"],
  ["no address", { source: undefined }, "missing", "source"],
  ["an environment that there is not", { environment: "test" }, "syntax", "environment"],
  ["tls left out", { tls: undefined }, "missing", "tls"],
  ["tls as a string", { tls: "true" }, "wrong_type", "tls"],
  ["tls as null", { tls: null }, "wrong_type", "tls"],
];

for (const [name, given, code, field] of mistakes)
  test(`E4_${name} is the backend's mistake: 400 that names the member, and nothing decided`, async () => {
    const answer = await k.call("POST", "/v1/authorize", { key: reader.secret, ...asked, ...given });
    assertProblem(answer, 400, code);
    assert.equal(answer.json.field, field);
    assert.doesNotMatch(answer.text, KEY);
  });

// ---- the command ----

const asks = (...more) => ["authorize", "GET", "/me", "--source", asked.source, ...more];
const keyFile = async (mode) => {
  const file = path.join(k.folder, `key-${mode.toString(8)}`);
  await fs.writeFile(file, `${reader.secret}\n`, { mode });
  await fs.chmod(file, mode);
  return file;
};

test("the command says what became of the request, and ends with 0 or 1", async () => {
  const allowed = await k.run(...asks("--key-file", await keyFile(0o600)));
  assert.deepEqual([allowed.code, allowed.stderr], [0, ""]);
  assert.match(allowed.stdout, /^allow: 200 allowed\nMessage  Allowed\nRoute    read\nKey      [0-9A-Za-z]{14} of account main, sandbox: read_only\nRate     /);
  const denied = await k.run("authorize", "POST", "/pay", "--source", "::1", "--key-file", await keyFile(0o600));
  assert.equal(denied.code, 1);
  assert.match(denied.stdout, /^deny: 403 permission_denied\nMessage  This key lacks the Transactions permission that POST \/pay needs\n/);
  const other = await k.run(...asks("--environment", "production", "--json", "--key-file", await keyFile(0o600)));
  assert.equal(other.json.code, "environment_mismatch");
  assert.equal((await k.run(...asks("--no-tls", "--json"))).json.code, "tls_required");
  for (const { stdout } of [allowed, denied, other]) assert.doesNotMatch(stdout, KEY);
});

test("J1_a key comes from a file that is its owner's alone, from standard input or the environment, and never from an argument", async () => {
  const env = { KEYWARD_SOCKET: k.socket };
  const ways = {
    file: () => run(asks("--json", "--key-file", good), { env }),
    input: () => run(asks("--json", "--key-file", "-"), { env, input: `${reader.secret}\n` }),
    environment: () => run(asks("--json"), { env: { ...env, MONEI_API_KEY: reader.secret } }),
  };
  const good = await keyFile(0o600);
  for (const [name, way] of Object.entries(ways)) assert.equal((await way()).json.key?.id, reader.id, name);
  assert.equal((await run(asks("--json"), { env })).json.code, "missing_key");
  const open = await run(asks("--key-file", await keyFile(0o644)), { env });
  assert.equal(open.code, 77);
  assert.match(open.stderr, /others may read the key in it; chmod 600 it/);
  const gone = await run(asks("--key-file", "/nonexistent"), { env });
  assert.equal(gone.code, 66);
  const argument = await run(asks("--key-file", reader.secret), { env });
  assert.equal(argument.code, 64);
  assert.match(argument.stderr, /an argument looks like an API key; nothing was done/);
  for (const { stderr } of [open, gone, argument]) assert.doesNotMatch(stderr, KEY);
});
