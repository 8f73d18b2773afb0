// answers.test.mjs - what stands around an answer: connections that go on, HTTP/2, headers of the upstream replaced.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import http2 from "node:http2";
import { once } from "node:events";
import { assertDenied } from "../lib/check.mjs";
import { startGateway, values } from "../lib/gateway.mjs";
import { freePort } from "../lib/nginx.mjs";
import { Connection, requestBytes } from "../lib/raw.mjs";

let gateway, h2Port;
before(async () => {
  h2Port = await freePort();
  gateway = await startGateway({
    http: (g) => `server { listen 127.0.0.1:${h2Port} http2; keyward_environment sandbox;
      location / { keyward on; ${g.pass} } }`,
  });
});
after(() => gateway.stop());

const HOST = ["Host", "api.test"];

async function over(connection, line, headers, body = "") {
  const fields = body === "" ? headers : [...headers, ["Content-Length", body.length]];
  connection.send(requestBytes(`${line} HTTP/1.1`, [HOST, ...fields], body));
  return connection.read(line.split(" ")[0]);
}

test("a_connection_goes_on_after_a_denied_post_with_a_body", async () => {
  const connection = new Connection(gateway.port);
  const key = [["x-api-key", gateway.keys.pay.key]];
  for (let i = 0; i < 3; i++) {
    assertDenied(await over(connection, "POST /pay/x", [], "b".repeat(20000)), 401, "missing_key");
    assert.equal((await over(connection, "POST /pay/x", key, "body")).status, 200);
  }
  const chunked = [["Transfer-Encoding", "chunked"]];
  connection.send(requestBytes("POST /pay/x HTTP/1.1", [HOST, ...chunked], "5\r\nhello\r\n0\r\n\r\n"));
  assertDenied(await connection.read(), 401, "missing_key");
  assert.equal((await over(connection, "GET /pay/x", key)).status, 200);
  connection.close();
});

test("a_connection_goes_on_after_a_denied_head", async () => {
  const connection = new Connection(gateway.port);
  assert.equal((await over(connection, "HEAD /pay/x", [])).status, 401);
  assertDenied(await over(connection, "GET /pay/x", []), 401, "missing_key");
  assert.equal(connection.unread, "");
  connection.close();
});

test("a_body_that_comes_late_does_not_become_the_next_request", async () => {
  const connection = new Connection(gateway.port);
  const smuggled = "GET /public/smuggled HTTP/1.1\r\nHost: api.test\r\n\r\n";
  connection.send(requestBytes("POST /pay/x HTTP/1.1", [HOST, ["Content-Length", smuggled.length]]));
  assertDenied(await connection.read(), 401, "missing_key");
  connection.send(Buffer.from(smuggled));
  assertDenied(await over(connection, "GET /pay/x", []), 401, "missing_key");
  assert.equal(connection.unread, "");
  connection.close();
});

test("A13_pipelined_requests_are_each_answered_for_their_own_key", async () => {
  const { pay, read, full, live } = gateway.keys;
  const turns = [[pay, 200], [read, 403], [undefined, 401], [full, 200], [live, 403]];
  const requests = Array.from({ length: 50 }, (_, i) => turns[i % turns.length]);
  const bytes = requests.map(([key]) => requestBytes("GET /pay/x HTTP/1.1", key ? [HOST, ["x-api-key", key.key]] : [HOST]));
  const connection = new Connection(gateway.port);
  connection.send(Buffer.concat(bytes));
  for (const [i, [, status]] of requests.entries()) assert.equal((await connection.read()).status, status, `request ${i}`);
  connection.close();
});

test("A14_a_request_that_comes_byte_by_byte_is_answered_alike", async () => {
  const connection = new Connection(gateway.port);
  for (const byte of requestBytes("GET /pay/x HTTP/1.1", [HOST, ["x-api-key", gateway.keys.read.key]])) {
    connection.send(Buffer.from([byte]));
    await new Promise(setImmediate);
  }
  assertDenied(await connection.read(), 403, "permission_denied");
  connection.close();
});

async function askH2(session, headers, body) {
  const stream = session.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const [head] = await once(stream, "response");
  let text = "";
  for await (const data of stream) text += data;
  const fields = Object.entries(head).filter(([name]) => !name.startsWith(":")).map(([name, value]) => [name, String(value)]);
  return { status: head[":status"], headers: fields, text, json: text.startsWith("{") ? JSON.parse(text) : undefined };
}

test("http2_requests_are_decided_alike", async () => {
  const session = http2.connect(`http://127.0.0.1:${h2Port}`);
  const key = { "x-api-key": gateway.keys.pay.key };
  const { answer, events, seen } = await gateway.watch(() => askH2(session, { ":path": "/pay/x?a=1", ...key, "x-keyward-key-id": "admin" }));
  assert.equal(answer.status, 200);
  assert.deepEqual(events.map((event) => [event.method, event.reason]), [["GET", "allowed"]]);
  assert.deepEqual(values(seen[0], "x-keyward-key-id"), [gateway.keys.pay.id]);
  assertDenied(await askH2(session, { ":path": "/pay/x" }), 401, "missing_key");
  assertDenied(await askH2(session, { ":path": "/pay/x", ":method": "POST" }, "x".repeat(100000)), 401, "missing_key");
  assertDenied(await askH2(session, { ":path": "/pay/../x", ...key }), 400, "path_ambiguous");
  assertDenied(await askH2(session, { ":path": "/pay/x", ":method": "PROPFIND", ...key }), 403, "route_denied");
  assert.equal((await askH2(session, { ":path": "/pay/x", ":method": "HEAD" })).status, 401);
  assert.equal((await askH2(session, { ":path": "/public/x", ":method": "POST", ...key }, "late")).status, 403);
  session.close();
});

test("B10_http2_targets_that_are_no_path_are_refused", async () => {
  for (const path of ["http://api.test/pay/x", "*", "pay/x", "api.test:443"]) {
    const session = http2.connect(`http://127.0.0.1:${h2Port}`);
    session.on("error", () => {});
    const { answer, seen } = await gateway.watch(() =>
      askH2(session, { ":path": path, "x-api-key": gateway.keys.full.key }).catch(() => undefined));
    assert.ok(answer === undefined || answer.status === 400, path);
    assert.deepEqual(seen, []);
    session.destroy();
  }
});

test("limit_headers_and_request_id_of_the_upstream_are_replaced", async () => {
  const theirs = ["RateLimit", "ratelimit-policy", "RateLimit-Limit", "X-RateLimit-Limit", "x_ratelimit_remaining",
    "X.RateLimit.Reset", "X-Request-Id", "x_request_id"];
  gateway.upstream.reply = (request, response) => {
    for (const name of theirs) response.setHeader(name, "theirs");
    response.setHeader("X-Other", "kept");
    response.end("{}");
  };
  try {
    const proved = await gateway.ask("GET /pay/x", { key: gateway.keys.pay });
    assert.ok(!JSON.stringify(proved.headers).includes("theirs"), JSON.stringify(proved.headers));
    assert.deepEqual(values(proved, "x-other"), ["kept"]);
    for (const name of ["ratelimit", "ratelimit-policy", "x-ratelimit-limit", "x-request-id"]) assert.equal(values(proved, name).length, 1);
    const open = await gateway.ask("GET /public/x");
    assert.match(values(open, "x-request-id")[0], /^[0-9a-f]{32}$/);
    assert.deepEqual(values(open, "x_request_id"), []);
    assert.deepEqual(values(open, "x-ratelimit-limit"), ["theirs"], "without a proved key the limits are the upstream's");
  } finally {
    gateway.upstream.reply = undefined;
  }
});

const LIMITS = ["ratelimit", "ratelimit-policy", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"];
const limitsOf = (answer) => Object.fromEntries(LIMITS.map((name) => [name, values(answer, name)]));

test("a_refusal_tells_a_proved_key_where_its_limits_stand_and_takes_nothing_of_them", async () => {
  const key = await gateway.keyward.createKey({ name: "counted", permission: "read_only", more: ["--rate", "none", "--quota", "5/day"] });
  const remaining = async (line, status, options = {}) => {
    const answer = await gateway.ask(line, { key, ...options });
    assert.equal(answer.status, status, answer.text);
    const limits = limitsOf(answer);
    assert.deepEqual(limits["ratelimit-policy"], ['"quota";q=5;w=86400']);
    assert.match(limits.ratelimit[0], /^"quota";r=\d;t=\d+$/);
    assert.deepEqual(limits["x-ratelimit-limit"], ["5"]);
    assert.equal(limits["x-ratelimit-reset"].length, 1);
    assert.deepEqual(limits["x-ratelimit-remaining"], [limits.ratelimit[0].match(/r=(\d)/)[1]]);
    return Number(limits["x-ratelimit-remaining"][0]);
  };
  assert.equal(await remaining("GET /pay/x", 403), 5, "before anything was used");
  assert.equal(await remaining("GET /read/x", 200), 4);
  for (let i = 0; i < 8; i++) assert.equal(await remaining("POST /pay/x", 403, { body: "x" }), 4, "a refusal costs nothing");
  assert.equal(await remaining("GET /read/x", 403, { port: gateway.livePort }), 4, "of another environment");
  assert.equal(await remaining("GET /read/x", 200), 3);
  await gateway.keyward.service.ok("keys", "revoke", key.id, "--yes");
  assert.equal(await remaining("GET /read/x", 401), 3, "revoked");
});

test("who_has_proved_nothing_is_told_no_limits", async () => {
  const { pay, read } = gateway.keys;
  const wrong = pay.key.slice(0, 22) + read.key.slice(22);
  for (const [line, key, status] of [["GET /pay/x", undefined, 401], ["GET /pay/x", wrong, 401], ["GET /closed/x", pay, 403], ["GET /pay/../x", pay, 400]]) {
    const answer = await gateway.ask(line, { key });
    assert.equal(answer.status, status, line);
    assert.deepEqual(limitsOf(answer), Object.fromEntries(LIMITS.map((name) => [name, []])), line);
  }
});

test("answers_of_nginx_itself_carry_the_request_id", async () => {
  gateway.upstream.reply = (request) => request.socket.destroy();
  try {
    const { answer, events } = await gateway.watch(() => gateway.ask("GET /pay/x", { key: gateway.keys.pay }));
    assert.equal(answer.status, 502);
    assert.deepEqual(values(answer, "x-request-id"), [events[0].request_id]);
  } finally {
    gateway.upstream.reply = undefined;
  }
});
