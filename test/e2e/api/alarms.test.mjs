// alarms.test.mjs - from what comes at the gateway to the alert: it is found, raised once, acts on the key, and is undone.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { Installation } from "../lib/installation.mjs";
import { Browser, join } from "../lib/people.mjs";
import { otherSecret } from "../../../tools/run/key_text.mjs";

let k, n = 0;
before(async () => {
  k = await Installation.make();
  await k.call("PUT", "/v1/policy", { read: ["GET /x"], transact: ["POST /x"] });
});
after(() => k.stop());

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function decide(key, { method = "GET", source = "203.0.113.7", times = 1, path = "/x" } = {}) {
  let last;
  for (let i = 0; i < times; i++)
    last = await k.call("POST", "/v1/authorize", { key, method, path, source, environment: "sandbox", tls: true });
  return last.json;
}

const makeKey = () => k.createKey("--name", `watched ${n++}`, "--environment", "sandbox", "--permission", "read_only");

/** The alerts of a detector, once there are so many. */
async function alerts(query, count = 1, tries = 200) {
  for (let i = 0; ; i++) {
    const { json } = await k.call("GET", `/v1/alerts?${query}`);
    if (json.alerts.length >= count) return json.alerts;
    assert.ok(i < tries, `no alert ${query}`);
    await pause(50);
  }
}

async function choose(detectors) {
  const { headers } = await k.call("GET", "/v1/accounts/main/thresholds");
  const { status, text } = await k.call("PUT", "/v1/accounts/main/thresholds", { detectors }, { "if-match": headers.etag });
  assert.equal(status, 200, text);
}

test("a key that keeps asking for what it may not do is disabled, if that was chosen, and given back with one call", async () => {
  await choose({ denials: { count: 5, action: "disable", severity: "high" } });
  const key = await makeKey();
  assert.equal((await decide(key.secret, { method: "POST", times: 6 })).code, "permission_denied");
  const [alert] = await alerts(`detector=denials&key=${key.id}`);
  assert.deepEqual([alert.severity, alert.action, alert.account, alert.environment], ["high", "disable", "main", "sandbox"]);
  const { json: shown } = await k.call("GET", `/v1/alerts/${alert.id}`);
  assert.equal(shown.history.at(-1).by, "watch");
  assert.equal((await decide(key.secret)).code, "key_disabled");
  const { status, json } = await k.call("POST", `/v1/alerts/${alert.id}/undo`, { comment: "a deploy gone wrong" });
  assert.deepEqual([status, json.deed], [200, "undone"]);
  assert.equal((await decide(key.secret)).code, "allowed");
  assert.equal((await k.call("POST", `/v1/alerts/${alert.id}/undo`, {})).status, 409, "once");
});

test("whoever tries management tokens again and again is found, with the member whose they are", async () => {
  const member = await join(k, { email: "program@main.example", role: "developer" });
  const { json: token } = await member.call("POST", "/v1/management-tokens", { name: "x", scopes: ["keys:read"], expires: "90d" });
  const program = new Browser(k, { source: "192.0.2.98" });
  for (let i = 0; i < 12; i++)
    assert.equal((await program.call("GET", "/v1/keys", undefined, { authorization: `Bearer ${otherSecret(token.secret)}`, origin: undefined, "sec-fetch-site": undefined })).status, 401);
  const [alert] = await alerts("detector=sign_in_failures");
  assert.deepEqual([alert.subject, alert.account, alert.evidence.reason, alert.evidence.source], [member.id, "main", "wrong_secret", "192.0.2.98"]);
});

test("what somebody decided about the key meanwhile is not undone", async () => {
  const key = await makeKey();
  await decide(key.secret, { method: "POST", times: 6 });
  const [alert] = await alerts(`detector=denials&key=${key.id}`);
  while ((await k.call("GET", `/v1/keys/${key.id}`)).json.state !== "disabled") await pause(20);
  await k.ok("keys", "revoke", key.id, "--yes");
  const { status, json } = await k.call("POST", `/v1/alerts/${alert.id}/undo`, {});
  assert.deepEqual([status, json.code], [409, "conflict"]);
});

test("wrong secrets with a key's id are told of, and stop nothing: anybody can send them", async () => {
  await choose({ key_failures: { count: 5 } });
  const key = await makeKey();
  assert.equal((await decide(otherSecret(key.secret), { source: "198.51.100.9", times: 7 })).code, "invalid_key");
  const [alert] = await alerts(`detector=key_failures&key=${key.id}`);
  assert.deepEqual([alert.action, alert.deed], ["notify", "none"]);
  assert.equal((await decide(key.secret)).code, "allowed");
});

test("what is found is raised once, also over a restart", async () => {
  await choose({ denials: { count: 5 } });
  const key = await makeKey();
  await decide(key.secret, { method: "POST", times: 12 });
  const [{ id }] = await alerts(`detector=denials&key=${key.id}`);
  await k.call("POST", `/v1/alerts/${id}/resolve`, {});
  await k.end("SIGKILL");
  await k.serve();
  await pause(1500);
  assert.deepEqual((await alerts(`detector=denials&key=${key.id}`)).map((a) => [a.id, a.state]), [[id, "resolved"]]);
});

test("a leak that was reported is an alert", async () => {
  const key = await makeKey();
  await k.call("POST", "/v1/leaks", { key: key.secret });
  const [alert] = await alerts(`detector=leak&key=${key.id}`);
  assert.equal(alert.severity, "critical");
});

test("a key in a URL is an alert", async () => {
  const key = await makeKey();
  await decide(undefined, { path: `/x?api=${key.secret}` });
  await alerts("detector=in_url");
});

test("a row of the database that somebody else has written is an alert of the gravest kind", async () => {
  const key = await makeKey();
  execFileSync("sqlite3", [`${k.dir}/state/keyward.db`, `UPDATE keys SET permissions = 'full_access' WHERE id = '${key.id}'`]);
  await k.call("GET", `/v1/keys/${key.id}`);
  const [alert] = await alerts("detector=seal");
  assert.deepEqual([alert.severity, alert.account, alert.evidence.rows >= 1], ["critical", null, true]);
  assert.equal((await decide(key.secret, { method: "POST" })).code, "permission_denied", "what is in force did not change");
});
