// policy_dry_run.test.mjs - a policy tried out against the record: who would have been refused, who not, and what cannot be told.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { Installation } from "../lib/installation.mjs";
import { join } from "../lib/people.mjs";

const inForce = "read:\n  - GET /orders/{id}\n  - GET /report\ntransact:\n  - POST /pay\npublic:\n  - GET /open\ndeny:\n  - GET /shut\n";
const stricter = "read:\n  - GET /orders/{id}\ntransact:\n  - GET /report\nmanage:\n  - GET /open\n  - POST /pay\n";
let k, keys, file;

/** An attempt with a key, decided by keyward serve itself. */
const ask = (method, target, key, source = "192.0.2.1") =>
  k.call("POST", "/v1/authorize", { method, path: target, source, environment: "sandbox", tls: true, ...(key && { key: key.secret }) });

async function dryRun(text, ...more) {
  await fs.writeFile(file, text);
  const { code, stdout, stderr } = await k.run("policy", "dry-run", file, "--json", ...more);
  return { code, stderr, ...(stdout !== "" && { found: JSON.parse(stdout) }) };
}

before(async () => {
  k = await Installation.make();
  file = path.join(k.folder, "next.yaml");
  await fs.writeFile(file, inForce);
  await k.ok("policy", "apply", file);
  const make = (name, ...more) => k.createKey("--name", name, "--environment", "sandbox", ...more);
  keys = { reader: await make("Reports"), payer: await make("Payments", "--permission", "transactions") };
  for (const source of ["192.0.2.1", "192.0.2.2", "192.0.2.2"]) await ask("GET", "/report", keys.reader, source);
  await ask("POST", "/pay", keys.payer);
  await ask("POST", "/pay", keys.reader);
  await ask("GET", "/orders/1", keys.reader);
  await ask("GET", `/orders/${"x".repeat(140)}`, keys.reader);
  await ask("GET", "/open");
  await ask("GET", "/shut");
});
after(() => k.stop());

test("the policy in force would have refused nobody whom it did not", async () => {
  const { code, found } = await dryRun(inForce);
  assert.equal(code, 0);
  assert.deepEqual([found.requests, found.refused.requests, found.allowed.requests, found.complete], [9, 0, 0, true]);
  assert.deepEqual(found.notJudged, { cutPath: 1, noKeyAsked: 0, keyGone: 0, counted: 0 });
});

test("who would have been refused is told, by key and route, and the status says so", async () => {
  const { code, found } = await dryRun(stricter);
  assert.equal(code, 1);
  assert.deepEqual(found.refused, { requests: 4, otherRequests: 0, callers: [
    { keyId: keys.reader.id, keyName: "Reports", requests: 3, sources: 2, moreSources: false, otherRequests: 0,
      routes: [{ method: "GET", path: "/report", requests: 3 }] },
    { keyId: keys.payer.id, keyName: "Payments", requests: 1, sources: 1, moreSources: false, otherRequests: 0,
      routes: [{ method: "POST", path: "/pay", requests: 1 }] },
  ] });
  assert.deepEqual(found.notJudged, { cutPath: 1, noKeyAsked: 2, keyGone: 0, counted: 0 });
});

test("who would not be refused any more is told, and that is no failure", async () => {
  const { code, found } = await dryRun(inForce.replace("transact:\n  - POST /pay", "public:\n  - GET /shut\n  - POST /pay").replace("public:\n  - GET /open\ndeny:\n  - GET /shut\n", "  - GET /open\n"));
  assert.equal(code, 0);
  assert.deepEqual(found.allowed.callers.map(({ keyId, requests }) => [keyId, requests]).sort(), [[keys.reader.id, 1], [null, 1]].sort());
});

test("what a key may do today is what counts", async () => {
  await k.ok("keys", "change", keys.reader.id, "--permission", "transactions");
  const { found } = await dryRun(stricter);
  assert.deepEqual(found.refused.callers.map(({ keyName }) => keyName), ["Payments"]);
  await k.ok("keys", "change", keys.reader.id, "--permission", "read_only");
});

test("it is told in words, and nothing is changed by it", async () => {
  await fs.writeFile(file, stricter);
  const { code, stdout } = await k.run("policy", "dry-run", file);
  assert.equal(code, 1);
  assert.match(stdout, /^9 requests from .* were tried\.\n/);
  assert.match(stdout, /Not judged: 1 of whose path/);
  assert.match(stdout, new RegExp(`${keys.reader.id}  Reports: 3 requests from 2 addresses\n +3  GET /report\n`));
  assert.equal((await k.ok("policy", "show", "--json")).version, 1);
});

test("only the time that is asked for is looked at", async () => {
  const { found } = await dryRun(stricter, "--until", "2020-01-01", "--since", "2019-01-01");
  assert.deepEqual([found.requests, found.complete], [0, true]);
  for (const more of [["--since", "soon"], ["--since", "2020-01-01", "--until", "2019-01-01"]]) assert.equal((await dryRun(stricter, ...more)).code, 65);
});

test("a mistake in the policy is told with its line", async () => {
  await fs.writeFile(file, "read:\n  - GET /a\n  - /b\n");
  const { code, stderr } = await k.run("policy", "dry-run", file);
  assert.equal(code, 65);
  assert.match(stderr, /line 3:/);
});

test("a member of an account tries the attempts of his account alone", async () => {
  await k.ok("accounts", "create", "other");
  const member = await join(k, { email: "dry@other.example", role: "owner", account: "other" });
  const { status, json } = await member.call("POST", "/v1/policy/dry-run", { policy: { read: ["GET /x"] } });
  assert.equal(status, 200);
  assert.deepEqual([json.requests, json.refused.requests], [0, 0]);
  const { json: listed } = await member.call("GET", "/v1/policies");
  assert.deepEqual(listed.policies.map(({ by }) => by), [null]);
});
