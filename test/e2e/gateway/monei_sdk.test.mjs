// monei_sdk.test.mjs - what Monei's Node SDK sends and reads, byte for byte, through nginx to the sandbox.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { received, until } from "../lib/check.mjs";
import { startGateway, values } from "../lib/gateway.mjs";
import { build } from "../lib/nginx.mjs";
import { exchange, requestBytes } from "../lib/raw.mjs";
import { otherSecret } from "../../../tools/run/key_text.mjs";

const TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1In0.c2lnbmF0dXJl";
const POLICY = path.resolve(path.dirname(new URL(import.meta.url).pathname), "../../../examples/monei-policy.yaml");
let gateway, api;
before(async () => {
  gateway = await startGateway({
    sandbox: (g) => `location / { keyward on; proxy_pass http://unix:${g.folder}/sandbox.sock; }`,
  });
  await gateway.keyward.service.ok("policy", "apply", POLICY);
  api = spawn(path.join(build, "sandbox-api"), ["--socket", `${gateway.folder}/sandbox.sock`, "--mode", "0666"], { stdio: ["ignore", "ignore", "pipe"] });
  await once(api.stderr, "data");
});
after(async () => {
  api.kill();
  await once(api, "exit");
  await gateway.stop();
});

/** The headers of axios as the SDK sets it up: no key configured, no key header; a token, both; JSON on GET too. */
function headersOf({ apiKey, token }, body, method) {
  const list = [["Host", "api.test"], ["Accept", "application/json, text/plain, */*"], ["Content-Type", "application/json"],
    ["User-Agent", "axios/1.7.2"], ["Accept-Encoding", "gzip, compress, deflate, br"], ["Connection", "close"]];
  if (apiKey !== undefined) list.push(["X-API-KEY", apiKey]);
  if (token !== undefined) list.push(["Authorization", `Bearer ${token}`]);
  if (body !== "" || method === "PATCH") list.push(["Content-Length", String(Buffer.byteLength(body))]);
  return list;
}

/** A call of the SDK: data, or an error by the status, with the top-level message and nothing else of the body. */
async function call(client, method, target, content) {
  const body = content === undefined ? "" : JSON.stringify(content);
  const bytes = requestBytes(`${method} /api/v1${target} HTTP/1.1`, headersOf(client, body, method), body);
  const { status, json, headers } = await exchange(client.port ?? gateway.port, bytes, { method });
  if (status >= 200 && status < 300) return { data: json.data, headers };
  const name = { 401: "AuthenticationError", 403: "AuthorizationError", 429: "RateLimitError" }[status] ?? "MoneiError";
  assert.equal(typeof json?.message, "string", `the SDK shows the message of ${status}`);
  return { error: { name, status, message: json.message }, headers };
}

const client = (key, token) => ({ apiKey: key.key, token });
const echo = async (who, target = "", method = "GET") => (await call(who, method, `/sandbox/echo${target}`)).data;

test("the_probe_that_everybody_uses_answers_with_the_user", async () => {
  const { data } = await call(client(gateway.keys.read), "GET", "/user/me");
  for (const member of ["id", "email", "firstName", "kycInfo", "createdAt"]) assert.ok(member in data, member);
});

test("D6_a_foreign_authorization_beside_the_key_arrives_untouched_and_the_key_does_not", async () => {
  const key = gateway.keys.read;
  for (const token of [TOKEN, "opaque-token", "a.b.c", "mk_is_not_the_beginning_of_a_key"]) {
    const seen = await echo(client(key, token));
    assert.deepEqual(received(seen, "authorization"), [`Bearer ${token}`]);
    assert.deepEqual(received(seen, "x-api-key"), []);
    assert.deepEqual(received(seen, "x-keyward-key-id"), [key.id]);
    assert.ok(!JSON.stringify(seen).includes(key.key.slice(-40)));
  }
  assert.deepEqual(received(await echo(client(key)), "authorization"), []);
});

test("what_the_sdk_sends_beside_the_key_arrives_as_it_was", async () => {
  const seen = await echo(client(gateway.keys.read, TOKEN), "/GET?page=1&limit=20");
  assert.equal(seen.target, "/api/v1/sandbox/echo/GET?page=1&limit=20");
  for (const [name, value] of [["content-type", "application/json"], ["user-agent", "axios/1.7.2"], ["accept", "application/json, text/plain, */*"]])
    assert.deepEqual(received(seen, name), [value], name);
});

test("a_token_without_a_key_is_no_credential", async () => {
  const { error } = await call({ token: TOKEN }, "GET", "/user/me");
  assert.deepEqual(error, { name: "AuthenticationError", status: 401, message: "Missing authentication header" });
});

test("without_a_key_the_sdk_sends_no_header_and_is_told_so", async () => {
  const { error } = await call({}, "GET", "/user/me");
  assert.deepEqual(error, { name: "AuthenticationError", status: 401, message: "Missing authentication header" });
});

test("an_empty_key_is_a_wrong_one", async () => {
  const { error } = await call({ apiKey: "" }, "GET", "/user/me");
  assert.deepEqual(error, { name: "AuthenticationError", status: 401, message: "Invalid API key" });
});

test("a_wrong_key_is_an_authentication_error_whatever_token_is_beside_it", async () => {
  for (const key of [otherSecret(gateway.keys.pay.key), "sk_test_4eC39HqLyjWDarjtT1zdp7dc", "mk_live_x"])
    for (const token of [undefined, TOKEN]) {
      const { error } = await call({ apiKey: key, token }, "GET", "/user/me");
      assert.deepEqual(error, { name: "AuthenticationError", status: 401, message: "Invalid API key" });
    }
});

test("a_revoked_and_an_expired_key_are_told_apart_by_the_message", async () => {
  const at = new Date((Math.ceil(Date.now() / 1000) + 1) * 1000).toISOString().replace(".000Z", "Z");
  const expired = await gateway.keyward.createKey({ name: "short", permission: "read_only", more: ["--expires", at, "--rate", "none"] });
  const revoked = await gateway.keyward.createKey({ name: "gone", permission: "read_only" });
  await gateway.keyward.service.ok("keys", "revoke", revoked.id, "--yes");
  assert.equal((await call(client(revoked), "GET", "/user/me")).error.message, "API key revoked");
  const last = await until(async () => (await call(client(expired), "GET", "/user/me")).error);
  assert.deepEqual(last, { name: "AuthenticationError", status: 401, message: "API key expired" });
});

test("a_key_that_lacks_the_permission_is_told_which", async () => {
  const transfer = { receiver: "ada@shop.example", amount: 100, transactionPin: "1234" };
  const { error } = await call(client(gateway.keys.read, TOKEN), "POST", "/wallet/payout/transfer", transfer);
  assert.deepEqual(error, { name: "AuthorizationError", status: 403,
    message: "This key lacks the Transactions permission that POST /api/v1/wallet/payout/transfer needs" });
  const paid = await call(client(gateway.keys.pay, TOKEN), "POST", "/wallet/payout/transfer", transfer);
  assert.equal(paid.data.status, "PENDING");
});

test("the_upstreams_own_errors_arrive_in_the_same_shape", async () => {
  const { error } = await call(client(gateway.keys.pay), "GET", "/transactions/00000000-0000-4000-8000-000000000000");
  assert.equal(error.status, 404);
  const { error: wrong } = await call(client(gateway.keys.pay), "POST", "/wallet/payout/transfer", { receiver: "x" });
  assert.equal(wrong.status, 400);
});

test("over_its_limit_the_sdk_gets_a_rate_limit_error_and_the_headers_that_a_proxy_forwards", async () => {
  const busy = await gateway.keyward.createKey({ name: "busy", permission: "read_only", more: ["--rate", "1/min:1"] });
  const first = await call(client(busy), "GET", "/user/me");
  assert.deepEqual(values(first, "x-ratelimit-limit"), ["1"]);
  assert.deepEqual(values(first, "x-ratelimit-remaining"), ["0"]);
  const { error, headers } = await call(client(busy), "GET", "/user/me");
  assert.equal(error.name, "RateLimitError");
  assert.match(error.message, /1 requests in 60 s; try again in \d+ s/);
  assert.match(values({ headers }, "retry-after")[0], /^[1-9]\d?$/);
  for (const name of ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "x-request-id"])
    assert.equal(values({ headers }, name).length, 1, name);
});

test("a_patch_without_a_body_reaches_the_upstream_as_such", async () => {
  const manage = await gateway.keyward.createKey({ name: "admin", permission: "account_management" });
  const { error } = await call(client(manage), "PATCH", "/payment-methods/pm_1/default");
  assert.equal(error.status, 404, "the sandbox has no payment methods, and says so itself");
  const full = client(gateway.keys.full, TOKEN);
  const seen = await echo(full, "/x", "PATCH");
  assert.deepEqual([seen.method, seen.bodyBytes], ["PATCH", 0]);
  const { data } = await call(client(gateway.keys.read), "GET", "/user/me");
  const renamed = await call(client(manage), "PATCH", `/user/update/${data.id}`, { firstName: "Treasury" });
  assert.equal(renamed.data.firstName, "Treasury");
});

/* The SDK puts ids into paths as they are. */
test("an_id_that_is_not_escaped_reaches_its_route_or_is_refused", async () => {
  const of = async (id) => (await call(client(gateway.keys.read), "GET", `/wallet/deposit/status/${id}`)).error;
  for (const id of ["dep_1-2.3", "dep:1", "dep@1", "dep+1", "dep,1", "d\u00e9p".normalize()])
    assert.notEqual((await of(Buffer.from(id, "utf8").toString("latin1"))).status, 403, id);
  for (const id of ["a/b", "a/", ""]) assert.equal((await of(id)).status, 403, `"${id}" is another route, which needs full access`);
  for (const id of ["..", "a#b", "a;b", "a%2fb", "../../user/me"]) assert.equal((await of(id)).status, 400, id);
});

test("a_key_of_the_other_environment_is_told_where_it_belongs", async () => {
  const { error } = await call(client(gateway.keys.live), "GET", "/user/me");
  assert.equal(error.name, "AuthorizationError");
  assert.match(error.message, /^This is a production key, and this is the sandbox host/);
});
