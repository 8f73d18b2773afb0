// microhttpd.test.mjs - a service of libmicrohttpd with Keyward in front of it, and no nginx.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { assertDenied, until } from "../lib/check.mjs";
import { POLICY } from "../lib/gateway.mjs";
import { startKeyward } from "../lib/keyward.mjs";
import { examples, installTree, start } from "../lib/outsider.mjs";
import { exchange, requestBytes, values } from "../lib/raw.mjs";

let tree, keyward, program, service, port, reader, payer;
before(async () => {
  tree = await installTree();
  program = tree.compile(`${examples}microhttpd.c`, ["keyward", "libmicrohttpd"]);
  keyward = await startKeyward({ policy: POLICY });
  reader = await keyward.createKey({ name: "reader", permission: "read_only" });
  payer = await keyward.createKey({ name: "payer", permission: "transactions" });
  service = start(program, [keyward.run, "0"]);
  port = Number(await service.line());
  await until(async () => (await ask("GET /read/me", reader)).status === 200);
});
after(async () => {
  await service.end();
  await keyward.stop();
  await tree.stop();
});

function ask(line, key, { headers = [], body = "", at = port } = {}) {
  const fields = [["Host", "api.test"], ["Connection", "close"], ...headers];
  if (key !== undefined) fields.push(["x-api-key", key.key]);
  if (body !== "") fields.push(["Content-Length", body.length]);
  return exchange(at, requestBytes(`${line} HTTP/1.1`, fields, body), { method: line.split(" ")[0] });
}

test("who_may_is_served_and_the_service_knows_who_it_is", async () => {
  const answer = await ask("GET /read/me?x=1", reader);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json, { account: "main", keyId: reader.id });
  assert.match(values(answer, "ratelimit")[0], /^"rate";r=\d+;t=\d+$/);
  assert.equal(values(answer, "x-ratelimit-limit")[0], "600");
  const event = await until(async () => (await keyward.events()).find((e) => e.request_id === values(answer, "x-request-id")[0]));
  assert.equal(event.reason, "allowed");
});

test("a_body_reaches_the_service_only_when_it_was_allowed", async () => {
  assert.equal((await ask("POST /pay/x", payer, { body: "b".repeat(50000) })).status, 200);
  assertDenied(await ask("POST /pay/x", reader, { body: "b" }), 403, "permission_denied");
});

const long = "x".repeat(3000);
const refused = [
  ["no key", "GET /read/me", false, {}, 401, "missing_key"],
  ["a wrong key", "GET /read/me", false, { headers: [["X-API-KEY", "mk_live_x"]] }, 401, "invalid_key"],
  ["two keys", "GET /read/me", true, { headers: [["X-Api-Key", "mk_live_x"]] }, 400, "ambiguous_credentials"],
  ["another permission", "GET /pay/x", true, {}, 403, "permission_denied"],
  ["a closed route", "GET /closed/x", true, {}, 403, "route_denied"],
  ["encoded dots", "GET /read/%2e%2e/pay", true, {}, 400, "path_ambiguous"],
  ["an encoded slash", "GET /read%2Fme", true, {}, 400, "path_ambiguous"],
  ["absolute form", "GET http://api.test/read/me", true, {}, 400, "path_ambiguous"],
  ["a path of 6000 bytes", `GET /read/${long}${long}`, true, {}, 400, "path_ambiguous"],
  ["more cookies than it looks at", "GET /read/me", true, { headers: Array(9).fill(["Cookie", "a=b"]) }, 400, "path_ambiguous"],
];

test("the_rest_is_refused", async (t) => {
  for (const [why, line, hasKey, options, status, code] of refused)
    await t.test(why, async () => assertDenied(await ask(line, hasKey ? reader : undefined, options), status, code));
});

test("a_key_in_the_query_or_a_cookie_is_refused", async () => {
  assertDenied(await ask(`GET /read/me?k=${reader.key}`, reader), 400, "credential_in_url");
  assertDenied(await ask("GET /read/me", reader, { headers: [["Cookie", `k=${reader.key}`]] }), 400, "credential_in_url");
});

test("a_rate_ends_in_429_with_a_time_to_wait", async () => {
  const slow = await keyward.createKey({ name: "slow", permission: "read_only", more: ["--rate", "1/min:1"] });
  assert.equal((await ask("GET /read/me", slow)).status, 200);
  const answer = await ask("GET /read/me", slow);
  assertDenied(answer, 429, "rate_limited");
  assert.ok(Number(values(answer, "retry-after")[0]) > 0);
});

test("a_revoked_key_is_refused_at_once", async () => {
  const gone = await keyward.createKey({ name: "gone", permission: "read_only" });
  assert.equal((await ask("GET /read/me", gone)).status, 200);
  await keyward.service.ok("keys", "revoke", gone.id, "--yes");
  assertDenied(await ask("GET /read/me", gone), 401, "key_revoked");
});

test("without_a_state_everything_is_refused", async () => {
  const lonely = start(program, [path.join(tree.folder, "nowhere"), "0"]);
  const at = Number(await lonely.line());
  for (const key of [undefined, reader]) {
    const answer = await ask("GET /read/me", key, { at });
    assert.equal(answer.status, 503);
    assert.equal(answer.json.code, "unavailable");
  }
  assert.equal(await lonely.end(), 0);
});
