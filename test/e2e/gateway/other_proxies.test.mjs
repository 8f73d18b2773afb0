// other_proxies.test.mjs - the configurations of examples/ keep what they promise, whichever proxy stands in front.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { makeCertificate } from "../lib/certificate.mjs";
import { assertOneEvent, received } from "../lib/check.mjs";
import { ask, example, readExample, startCaddy } from "../lib/example.mjs";
import { POLICY } from "../lib/gateway.mjs";
import { startKeyward } from "../lib/keyward.mjs";
import { freePort, startNginx } from "../lib/nginx.mjs";
import { exchange, requestBytes, values } from "../lib/raw.mjs";
import { startUpstream } from "../lib/upstream.mjs";

const SANDBOX = "sandbox.example.com", PRODUCTION = "api.example.com", CLIENT = "127.0.0.5";

let folder, keyward, keys, upstream, tls, authorizePort, authorize;
const doors = {}, running = [];

async function makeFolder(name) {
  const made = path.join(folder, name.replaceAll(" ", "-"));
  await fs.mkdir(made);
  return made;
}

const certificates = () => ({ "/etc/ssl/certs/example.com.pem": tls.certificate, "/etc/ssl/private/example.com.key": tls.key });

async function startDoorInNginx(name, file, replacements, options) {
  const port = await freePort();
  const own = await makeFolder(name);
  const http = await example(file, { "listen 443 ssl http2": `listen 127.0.0.1:${port} ssl http2`,
    "server 127.0.0.1:8000": `server unix:${upstream.path}`, ...certificates(), ...replacements(own) });
  running.push(await startNginx(own, http, [port], options));
  doors[name] = port;
}

async function startAuthorize() {
  authorizePort = await freePort();
  const own = await makeFolder("authorize");
  const http = await example("nginx/authorize.conf", { "keyward_state /run/keyward": `keyward_state ${keyward.run}`,
    "listen 10.0.0.2:9180": `listen 127.0.0.1:${authorizePort}`, "/var/log/nginx": own });
  authorize = await startNginx(own, http, [authorizePort]);
  running.push(authorize);
}

async function startDoorInCaddy() {
  const port = await freePort();
  const own = await makeFolder("caddy");
  const text = await example("caddy/Caddyfile", { [`https://${SANDBOX}, https://${PRODUCTION}`]: `https://${SANDBOX}:${port}, https://${PRODUCTION}:${port}`,
    "10.0.0.2:9180": `127.0.0.1:${authorizePort}`, "127.0.0.1:8000": `unix/${upstream.path}`, ...certificates() });
  running.push(await startCaddy(own, text, port));
  doors.caddy = port;
}

before(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), "keyward-e2e-"));
  tls = makeCertificate(folder);
  upstream = await startUpstream(path.join(folder, "api.sock"));
  keyward = await startKeyward({ policy: POLICY });
  const create = (name, permission, environment) => keyward.createKey({ name, permission, environment, more: ["--rate", "none"] });
  keys = { read: await create("reader", "read_only"), pay: await create("payer", "transactions"),
    live: await create("live payer", "transactions", "production") };
  await startAuthorize();
  await startDoorInNginx("nginx with the module", "nginx/gateway.conf", (own) => ({
    "keyward_state /run/keyward": `keyward_state ${keyward.run}`, "/var/log/nginx": own }));
  await startDoorInNginx("nginx with auth_request", "nginx-auth-request/nginx.conf", () => ({
    "server 10.0.0.2:9180": `server 127.0.0.1:${authorizePort}` }), { plain: true });
  await startDoorInCaddy();
});
after(async () => {
  for (const it of running.reverse()) await it.stop();
  await keyward?.stop();
  await upstream?.stop();
  if (folder !== undefined) await fs.rm(folder, { recursive: true });
});

async function watch(action) {
  const before = (await keyward.events()).length, seen = upstream.seen.length;
  const answer = await action();
  return { answer, events: (await keyward.events()).slice(before), seen: upstream.seen.slice(seen) };
}

const NAMES = ["X-Keyward-Key-Id", "X-Keyward-Account", "X-Keyward-Environment", "X-Keyward-Permissions", "X-Request-Id"];
const spellings = (name) => [name, name.replaceAll("-", "_"), name.replaceAll("-", "."), name.replace("-", "_"), name.replace("-", "."),
  name.replace(/-(?=[^-]*$)/, "_"), name.replace(/-(?=[^-]*$)/, "."), name.toUpperCase()];
const SPOOFED = NAMES.flatMap((name) => spellings(name).map((spelling) => [spelling, "admin"]));

function assertIdentity(request, key, environment, id) {
  const want = { "x-keyward-key-id": key.id, "x-keyward-environment": environment, "x-keyward-permissions": "transactions", "x-request-id": id };
  for (const [name, value] of Object.entries(want)) assert.deepEqual(received(request, name), [value], name);
  assert.equal(received(request, "x-keyward-account").length, 1);
  assert.ok(!JSON.stringify(request).includes("admin"), JSON.stringify(request.headers));
  assert.ok(!JSON.stringify(request).includes(key.key), "the API has no use for the key");
}

function assertDenial({ answer, events, seen }, status, code, reason = code) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.json?.statusCode, status, answer.text);
  assert.equal(answer.json.code, code);
  assert.match(values(answer, "content-type")[0], /^application\/json/);
  assert.deepEqual(values(answer, "cache-control"), ["no-store"]);
  assert.deepEqual(seen, []);
  assertOneEvent(events, reason);
  assert.equal(events[0].source, CLIENT);
  assert.equal(events[0].request_id, answer.json.requestId);
  assert.deepEqual(values(answer, "x-request-id"), [answer.json.requestId]);
}

for (const name of ["nginx with the module", "nginx with auth_request", "caddy"]) {
  const at = name.replaceAll(" ", "_");
  const through = (line, options, host = SANDBOX) => watch(() => ask(doors[name], host, line, options));

  test(`C1_C2_${at}_tells_the_api_who_calls_and_nothing_that_the_client_made_up`, async () => {
    const { answer, events, seen } = await through("POST /pay/x?a=b", { key: keys.pay, headers: SPOOFED, body: "hello" });
    assert.equal(answer.status, 200, answer.text);
    assertOneEvent(events, "allowed");
    assert.deepEqual([events[0].source, events[0].method, events[0].path, events[0].tls], [CLIENT, "POST", "/pay/x", true]);
    assert.deepEqual([seen.length, seen[0].method, seen[0].url, seen[0].body], [1, "POST", "/pay/x?a=b", "hello"]);
    assertIdentity(seen[0], keys.pay, "sandbox", events[0].request_id);
  });

  test(`C3_${at}_says_nothing_of_a_caller_without_a_key`, async () => {
    const { answer, events, seen } = await through("GET /public/x", { headers: SPOOFED });
    assert.equal(answer.status, 200, answer.text);
    assertOneEvent(events, "public");
    for (const header of NAMES.slice(0, 4)) assert.equal(received(seen[0], header.toLowerCase()).join(""), "", header);
    assert.ok(!JSON.stringify(seen[0]).includes("admin"));
  });

  test(`${at}_answers_401_as_the_gateway_does`, async () => {
    const missing = await through("GET /pay/x");
    assertDenial(missing, 401, "missing_key");
    assert.deepEqual(values(missing.answer, "www-authenticate"), ['ApiKey realm="keyward"']);
    assertDenial(await through("GET /pay/x", { key: "mk_test_x" }), 401, "invalid_key", "malformed_key");
  });

  test(`D8_${at}_answers_403_as_the_gateway_does`, async () => {
    const denied = await through("POST /pay/x", { key: keys.read, body: "hello" });
    assertDenial(denied, 403, "permission_denied");
    assert.match(denied.answer.json.message, /POST \/pay\/x/);
    assertDenial(await through("GET /pay/x", { key: keys.pay }, PRODUCTION), 403, "environment_mismatch");
    const live = await through("GET /pay/x", { key: keys.live }, PRODUCTION);
    assert.equal(live.answer.status, 200);
    assertIdentity(live.seen[0], keys.live, "production", live.events[0].request_id);
  });

  test(`${at}_answers_429_with_retry_after`, async () => {
    const key = await keyward.createKey({ name: "one", permission: "transactions", more: ["--rate", "1/min"] });
    assert.equal((await through("GET /pay/x", { key })).answer.status, 200);
    const limited = await through("GET /pay/x", { key });
    assertDenial(limited, 429, "rate_limited");
    assert.equal(values(limited.answer, "retry-after").length, 1);
    assert.match(values(limited.answer, "retry-after")[0], /^[1-9]\d?$/);
    assert.equal(values(limited.answer, "ratelimit").length, 1);
  });

  test(`B1_${at}_does_not_let_a_path_be_read_in_two_ways`, async () => {
    for (const target of ["/public/../pay/x", "/public/..%2fpay/x", "//pay/x", "/public;/x"]) {
      const { answer, seen, events } = await through(`GET ${target}`);
      assert.equal(answer.status, 400, target);
      assert.deepEqual(seen, []);
      assertOneEvent(events, "path_ambiguous");
    }
  });

  test(`C12_what_a_client_of_${at}_says_as_a_proxy_would_opens_nothing`, async () => {
    const lies = { "X-Forwarded-Uri": "/public/x", "X-Forwarded-Method": "GET", "X-Forwarded-For": "203.0.113.1", "X-Forwarded-Host": PRODUCTION,
      "X-Forwarded-Proto": "http", "X-Original-Method": "GET", "X-Original-URL": `https://${SANDBOX}/public/x` };
    for (const [header, value] of Object.entries(lies)) {
      const { answer, events, seen } = await through("POST /pay/x", { key: keys.read, headers: [[header, value]] });
      assert.ok([400, 403].includes(answer.status), `${header}: ${answer.status}`);
      assert.deepEqual(seen, []);
      assert.equal(events.length, 1);
      assert.equal(events[0].source, CLIENT);
    }
  });
}

/* ---- Traefik and Envoy: what they send ---- */

/** An answer of the gateway to bytes that a proxy sends it. */
function replay(line, headers) {
  return watch(() => exchange(authorizePort, requestBytes(line, headers), { method: line.split(" ")[0] }));
}

/* Traefik: pkg/middlewares/auth/forward.go, writeHeader. All of the client's headers without the hop-by-hop ones, in Go's
 * spelling, sorted; then, whatever the client sent, X-Forwarded-Method, -Proto, -Host and -Uri, and X-Forwarded-For with
 * the client's address alone (trustForwardHeader false); -Port, -Server and X-Real-Ip come from Traefik's entry point. The
 * question itself is always a GET without a body. */
function fromTraefik(method, target, { key, proto = "https", host = SANDBOX } = {}) {
  const headers = [["Host", `10.0.0.2:${authorizePort}`], ["User-Agent", "client/1.0"], ["Accept", "*/*"], ["Accept-Encoding", "gzip"],
    ["Content-Type", "application/json"], ...(key === undefined ? [] : [["X-Api-Key", key.key]]), ["X-Forwarded-For", "203.0.113.7"],
    ["X-Forwarded-Host", host], ["X-Forwarded-Method", method], ["X-Forwarded-Port", "443"], ["X-Forwarded-Proto", proto],
    ["X-Forwarded-Server", "traefik-0"], ["X-Forwarded-Uri", target], ["X-Real-Ip", "203.0.113.7"]];
  return replay("GET /authorize HTTP/1.1", headers);
}

/* Envoy: source/extensions/filters/common/ext_authz/ext_authz_http_impl.cc (method, path and authority of the client, the
 * prefix before the path, Content-Length 0, the allowed headers) and source/common/http/async_client_impl.cc (Envoy's own
 * address is appended to X-Forwarded-For). The names are in lower case. */
function fromEnvoy(method, target, { key, proto = "https", host = SANDBOX } = {}) {
  const headers = [["host", host], ["content-length", "0"], ...(key === undefined ? [] : [["x-api-key", key.key]]), ["user-agent", "client/1.0"],
    ["x-forwarded-proto", proto], ["x-forwarded-method", method], ["x-forwarded-uri", target], ["x-forwarded-host", host],
    ["x-envoy-internal", "true"], ["x-forwarded-for", "203.0.113.7,127.0.0.1"], ["x-envoy-expected-rq-timeout-ms", "1000"]];
  return replay(`${method} /authorize${target} HTTP/1.1`, headers);
}

for (const [name, from] of [["traefik", fromTraefik], ["envoy", fromEnvoy]]) {
  test(`${name}_is_told_who_calls`, async () => {
    const { answer, events } = await from("POST", "/pay/x?a=b", { key: keys.pay });
    assert.equal(answer.status, 200, answer.text);
    assertOneEvent(events, "allowed");
    assert.deepEqual([events[0].source, events[0].method, events[0].path, events[0].tls], ["203.0.113.7", "POST", "/pay/x", true]);
    assertIdentity(answer, keys.pay, "sandbox", events[0].request_id);
  });

  test(`${name}_is_told_401_403_429_and_400`, async () => {
    const told = async (...args) => {
      const { answer, events } = await from(...args);
      assert.equal(events.length, 1);
      assert.equal(events[0].source, "203.0.113.7");
      return [answer.status, answer.json?.code];
    };
    assert.deepEqual(await told("GET", "/pay/x"), [401, "missing_key"]);
    assert.deepEqual(await told("POST", "/pay/x", { key: keys.read }), [403, "permission_denied"]);
    assert.deepEqual(await told("GET", "/pay/x", { key: keys.pay, host: PRODUCTION }), [403, "environment_mismatch"]);
    assert.deepEqual(await told("GET", "/pay/x", { key: keys.pay, proto: "http" }), [403, "tls_required"]);
    const key = await keyward.createKey({ name: "one", permission: "transactions", more: ["--rate", "1/min"] });
    assert.equal((await from("GET", "/pay/x", { key })).answer.status, 200);
    const { answer } = await from("GET", "/pay/x", { key });
    assert.equal(answer.status, 429);
    assert.match(values(answer, "retry-after")[0], /^[1-9]\d?$/);
  });
}

test("B1_traefiks_client_cannot_send_a_path_that_can_be_read_in_two_ways", async () => {
  for (const target of ["/public/../pay/x", "//pay/x", "/public/%2e%2e/pay/x"]) {
    const { answer, events } = await fromTraefik("GET", target, { key: keys.pay });
    assert.equal(answer.status, 400, target);
    assertOneEvent(events, "path_ambiguous");
  }
});

/* Here nginx itself reads Envoy's request line, and may refuse it or find another location: no 2xx in any case. */
test("B1_envoys_client_cannot_leave_the_place_of_the_question", async () => {
  for (const target of ["/../authorize", "/public/../../authorize/x", "/public/../pay/x", "/%2e%2e/x", "//pay/x", "/x%00"]) {
    const { answer } = await fromEnvoy("GET", target, { key: keys.pay });
    assert.ok(answer.status >= 400, `${target}: ${answer.status}`);
  }
});

test("C2_traefik_removes_every_spelling_and_copies_what_the_answer_tells", async () => {
  const [, pattern] = /authResponseHeadersRegex: "\(\?i\)(.+)"/.exec(await readExample("traefik/dynamic.yaml"));
  const regex = new RegExp(pattern, "i");
  for (const [spelling] of SPOOFED) assert.match(spelling, regex);
  for (const other of ["X-Requested-With", "X-Api-Key", "Authorization", "X-Keywardens"]) assert.doesNotMatch(other, regex);
  const { answer } = await fromTraefik("GET", "/pay/x", { key: keys.pay });
  assert.deepEqual(answer.headers.map(([header]) => header).filter((header) => regex.test(header)).sort(), [...NAMES].sort());
});

test("envoy_is_configured_to_send_and_take_what_this_test_says", async () => {
  const text = await readExample("envoy/envoy.yaml");
  const listed = (name) => text.split(`${name}:\n`)[1].split("\n").slice(1).map((line) => /- \{ (?:exact|prefix): (\S+) \}/.exec(line)?.[1]);
  const upTo = (list) => list.slice(0, list.indexOf(undefined));
  assert.deepEqual(upTo(listed("allowed_upstream_headers")).sort(), NAMES.map((header) => header.toLowerCase()).sort());
  for (const header of ["x-api-key", "x-forwarded-method", "x-forwarded-uri", "x-forwarded-host", "x-forwarded-for", "x-forwarded-proto"])
    assert.ok(upTo(listed("allowed_headers")).includes(header), header);
  for (const header of ["retry-after", "www-authenticate", "content-type"]) assert.ok(upTo(listed("allowed_client_headers")).includes(header), header);
  for (const name of ["method", "uri", "host"])
    assert.match(text, new RegExp(`key: x-forwarded-${name}, value: "%REQ.*\\n\\s+append_action: OVERWRITE_IF_EXISTS_OR_ADD`));
});

test("an_authority_that_does_not_answer_is_no_permission", async () => {
  await authorize.stop();
  const nginx = await ask(doors["nginx with auth_request"], SANDBOX, "GET /public/x", { key: keys.pay });
  assert.deepEqual([nginx.status, nginx.json?.code], [503, "unavailable"]);
  const caddy = await ask(doors.caddy, SANDBOX, "GET /public/x", { key: keys.pay });
  assert.equal(caddy.status, 502);
  const { seen } = await watch(() => ask(doors.caddy, SANDBOX, "GET /public/x"));
  assert.deepEqual(seen, []);
});
