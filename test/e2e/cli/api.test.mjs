// api.test.mjs - the management API: what it refuses before it looks at what is meant.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Installation, assertProblem } from "../lib/installation.mjs";

let k;
before(async () => (k = await Installation.make()));
after(() => k.stop());

const key = { account: "main", name: "x", environment: "sandbox" };

test("every answer is JSON that is not to be stored, with a request id of its own", async () => {
  const a = await k.call("GET", "/v1/health"), b = await k.call("GET", "/v1/health");
  for (const { headers } of [a, b]) {
    assert.equal(headers["content-type"], "application/json");
    assert.equal(headers["cache-control"], "no-store");
    assert.match(headers["x-request-id"], /^[0-9a-f]{32}$/);
  }
  assert.notEqual(a.headers["x-request-id"], b.headers["x-request-id"]);
});

test("health tells what there is", async () => {
  const { json } = await k.call("GET", "/v1/health");
  assert.equal(json.status, "ok");
  assert.equal(json.pid, k.child.pid);
  assert.equal(json.accounts, 1);
  assert.equal(json.keyring.start, "rebuilt");
  assert.ok(json.heartbeatAgeMs < 2000);
});

test("an unknown path is 404, another method 405 with Allow", async () => {
  for (const path of ["/nowhere", "/v1", "/v1/keys/", "/v1//keys", "/v2/keys", "/v1/keys%2f", "/v1/keys/../accounts", "/v1/keys%00"])
    assertProblem(await k.call("GET", path), 404, "not_found");
  const answer = await k.call("DELETE", "/v1/keys");
  assertProblem(answer, 405, "method_not_allowed");
  assert.equal(answer.headers.allow, "GET, POST");
  const wrongBody = await k.call("POST", "/v1/keys", "{}");
  assert.equal(wrongBody.status, 400);
  assert.equal(wrongBody.headers.allow, undefined, "the method was right");
});

test("E7_an id that is unknown and one that cannot be are answered alike", async () => {
  const unknown = await k.call("GET", "/v1/keys/AAAAAAAAAAAAAA"), impossible = await k.call("GET", "/v1/keys/A");
  assertProblem(unknown, 404, "not_found");
  const { requestId: a, ...rest } = unknown.json, { requestId: b, ...same } = impossible.json;
  assert.notEqual(a, b);
  assert.deepEqual(rest, same);
});

test("A11_a body over 1 MiB is 413, with and without a length", async () => {
  const big = Buffer.alloc((1 << 20) + 1, 0x20);
  assertProblem(await k.call("POST", "/v1/keys", big, { "content-length": big.length }), 413, "too_large");
  assertProblem(await k.call("POST", "/v1/keys", big, { "transfer-encoding": "chunked" }), 413, "too_large");
  assertProblem(await k.call("POST", "/v1/keys", Buffer.alloc(1 << 20, 0x20)), 400, "not_json");
  assert.equal((await k.run("health")).code, 0);
});

const bodies = [
  ["a name that is missing", JSON.stringify({ ...key, name: undefined }), "missing", "name"],
  ["a name that is null", JSON.stringify({ ...key, name: null }), "wrong_type", "name"],
  ["permissions that are no list", JSON.stringify({ ...key, permissions: "read_only" }), "wrong_type", "permissions"],
  ["no permission", JSON.stringify({ ...key, permissions: [] }), "range", "permissions"],
  ["the second permission wrong", JSON.stringify({ ...key, permissions: ["read_only", "root"] }), "syntax", "permissions[1]"],
  ["65 address rules", JSON.stringify({ ...key, allowIp: Array(65).fill("10.0.0.1") }), "range", "allowIp"],
  ["C6_a name with a header behind a line break", JSON.stringify({ ...key, name: "a\r\nX-Admin: 1" }), "syntax", "name"],
  ["C6_a name with a carriage return", JSON.stringify({ ...key, name: "a\rb" }), "syntax", "name"],
  ["C6_a name with a line separator", JSON.stringify({ ...key, name: "a\u2028b" }), "syntax", "name"],
  ["D10_an expiry in the past", JSON.stringify({ ...key, expires: "2020-01-01" }), "range", "expires"],
  ["D10_an expiry at the beginning of time", JSON.stringify({ ...key, expires: "1970-01-01" }), "range", "expires"],
  ["D10_an expiry this very second", JSON.stringify({ ...key, expires: new Date().toISOString().replace(/\.\d+Z$/, "Z") }), "range", "expires"],
  ["D10_an expiry in zero days", JSON.stringify({ ...key, expires: "0d" }), "range", "expires"],
  ["D10_an expiry eleven years away", JSON.stringify({ ...key, expires: "4020d" }), "range", "expires"],
  ["D10_an expiry in the year 9999", JSON.stringify({ ...key, expires: "9999-12-31T23:59:59Z" }), "range", "expires"],
  ["D10_an expiry that overflows", JSON.stringify({ ...key, expires: "18446744073709551616d" }), "range", "expires"],
  ["D10_an expiry in the year 10000", JSON.stringify({ ...key, expires: "10000-01-01" }), "syntax", "expires"],
  ["D10_an expiry that is negative", JSON.stringify({ ...key, expires: "-1d" }), "syntax", "expires"],
  ["an expiry that is a number", JSON.stringify({ ...key, expires: 90 }), "wrong_type", "expires"],
];
for (const [name, body, code, field] of bodies)
  test(`${name} is 400`, async () => assertProblem(await k.call("POST", "/v1/keys", body), 400, code, field));

test("a body where none belongs is refused", async () => {
  assertProblem(await k.call("POST", "/v1/keys/AAAAAAAAAAAAAA/revoke", {}), 400, "unexpected_body");
});

test("a parameter that is unknown, doubled, or wrongly encoded is refused", async () => {
  assertProblem(await k.call("GET", "/v1/keys?acount=main"), 400, "unknown_parameter");
  assertProblem(await k.call("GET", "/v1/health?x=1"), 400, "unknown_parameter");
  assertProblem(await k.call("GET", "/v1/keys?limit=1&limit=2"), 400, "bad_query");
  assertProblem(await k.call("GET", "/v1/keys?name=%zz"), 400, "bad_query");
  assertProblem(await k.call("GET", "/v1/keys?name=%00"), 400, "bad_query");
  for (const limit of ["0", "-1", "1001", "x", "", "1e3", "18446744073709551616"])
    assertProblem(await k.call("GET", `/v1/keys?limit=${limit}`), 400, "range", "limit");
  assertProblem(await k.call("GET", "/v1/keys?cursor=x"), 400, "syntax", "cursor");
});

test("A1_two lengths, or a length and chunks, are refused", async () => {
  const head = "POST /v1/keys HTTP/1.1\r\nHost: k\r\nContent-Type: application/json\r\nConnection: close\r\n";
  const two = await k.raw(`${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `);
  assert.match(two, /^HTTP\/1\.1 400 /);
  const both = await k.raw(`${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`);
  assert.match(both, /^HTTP\/1\.1 400 /);
});

test("A3_a length that is no number is refused", async () => {
  for (const length of ["+10", "-1", "0x10", "9223372036854775808", "18446744073709551621", "1 1"]) {
    const answer = await k.raw(`POST /v1/keys HTTP/1.1\r\nHost: k\r\nContent-Type: application/json\r\nConnection: close\r\n` +
      `Content-Length: ${length}\r\n\r\n{}`);
    assert.match(answer, /^(HTTP\/1\.1 4(00|13) |$)/, length);
  }
});

test("a change needs the version that was read", async () => {
  const { id } = (await k.call("POST", "/v1/keys", key)).json;
  const path = `/v1/keys/${id}`;
  const read = await k.call("GET", path);
  assert.equal(read.headers.etag, '"1"');
  assertProblem(await k.call("PATCH", path, { name: "y" }), 428, "version_required");
  for (const tag of ['"2"', "1", "*", 'W/"1"', '"1", "2"'])
    assertProblem(await k.call("PATCH", path, { name: "y" }, { "if-match": tag }), 412, "version_mismatch");
  assertProblem(await k.call("PATCH", path, {}, { "if-match": '"1"' }), 400, "missing");
  const changed = await k.call("PATCH", path, { name: "y", expires: null }, { "if-match": '"1"' });
  assert.equal(changed.status, 200);
  assert.equal(changed.headers.etag, '"2"');
  assertProblem(await k.call("PATCH", path, { name: "z" }, { "if-match": '"1"' }), 412, "version_mismatch");
  for (const member of ["environment", "account", "state", "id", "version"])
    assertProblem(await k.call("PATCH", path, { [member]: "x" }, { "if-match": '"2"' }), 400, "unknown_member", member);
});

test("C6_D10_a name or an expiry that create refuses is refused by a change too", async () => {
  const made = (await k.call("POST", "/v1/keys", key)).json;
  const path = `/v1/keys/${made.id}`;
  for (const [member, value] of [["name", "a\r\nX-Admin: 1"], ["expires", "2020-01-01"], ["expires", "9999-12-31"], ["expires", "0d"]])
    assert.equal((await k.call("PATCH", path, { [member]: value }, { "if-match": '"1"' })).json.field, member);
  const { secret, ...rest } = made;
  assert.deepEqual((await k.call("GET", path)).json, rest);
});

test("C6_an account's id, which does reach a header, holds no line break", async () => {
  for (const id of ["a\r\nX-Admin: 1", "a\n", "a\r", "a b", "a:b", "\u00e4"])
    assertProblem(await k.call("POST", "/v1/accounts", { id, name: "x" }), 400, "syntax", "id");
});

test("a key is created with its secret, once, and where it is found", async () => {
  const made = await k.call("POST", "/v1/keys", key);
  assert.equal(made.status, 201);
  assert.equal(made.headers.location, `/v1/keys/${made.json.id}`);
  const { secret, ...rest } = made.json;
  assert.match(secret, /^mk_test_/);
  assert.deepEqual((await k.call("GET", made.headers.location)).json, rest);
});

test("lists come in pages that fit together", async () => {
  for (let i = 0; i < 7; i++) await k.call("POST", "/v1/keys", { ...key, name: `page ${i}` });
  const seen = [];
  for (let cursor = ""; cursor !== null; ) {
    const { json } = await k.call("GET", `/v1/keys?name=page&limit=3${cursor === "" ? "" : `&cursor=${cursor}`}`);
    assert.ok(json.keys.length <= 3);
    seen.push(...json.keys.map((one) => one.name));
    cursor = json.next;
  }
  assert.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6].map((i) => `page ${i}`));
});

test("an expired key is listed as expired, and only revoking is left to it", async () => {
  const soon = new Date(Date.now() + 2000).toISOString().replace(/\.\d+Z$/, "Z");
  const { id } = (await k.call("POST", "/v1/keys", { ...key, name: "short", expires: soon })).json;
  while ((await k.call("GET", `/v1/keys/${id}`)).json.state === "active") await new Promise((resolve) => setTimeout(resolve, 100));
  const ids = async (state) => (await k.call("GET", `/v1/keys?state=${state}&limit=1000`)).json.keys.map((one) => one.id);
  assert.deepEqual(await ids("expired"), [id]);
  assert.ok(!(await ids("active")).includes(id));
  assertProblem(await k.call("POST", `/v1/keys/${id}/enable`), 409, "conflict");
  assert.equal((await k.call("POST", `/v1/keys/${id}/revoke`)).json.state, "revoked");
  assert.deepEqual(await ids("expired"), []);
});

test("a policy's mistake is named by list and index", async () => {
  const answer = await k.call("PUT", "/v1/policy", { read: ["GET /a"], transact: ["POST /b", "c"] });
  assertProblem(answer, 400, "policy", "transact[1]");
  assertProblem(await k.call("PUT", "/v1/policy", { write: [] }), 400, "unknown_member", "write");
  assertProblem(await k.call("PUT", "/v1/policy", { read: ["GET /a\nmanage GET /b"] }), 400, "policy", "read[0]");
  const tooMany = Array.from({ length: 4097 }, (_, i) => `GET /r/${i}`);
  assertProblem(await k.call("PUT", "/v1/policy", { read: tooMany }), 400, "range", "read");
  assert.equal((await k.call("PUT", "/v1/policy", { read: tooMany.slice(1) })).json.routes, 4096);
});

test("A14_a request one byte at a time is answered like one in a piece", async () => {
  const bytes = Buffer.from("GET /v1/accounts HTTP/1.1\r\nHost: k\r\nConnection: close\r\n\r\n");
  const net = await import("node:net");
  const { once } = await import("node:events");
  const socket = net.connect(k.socket);
  let text = "";
  socket.on("data", (data) => (text += data));
  for (const byte of bytes) {
    socket.write(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await once(socket, "close");
  assert.match(text, /^HTTP\/1\.1 200 /);
  assert.match(text, /"id":"main"/);
});

test("A13_pipelined calls are answered in order", async () => {
  const calls = Array.from({ length: 50 }, (_, i) => `GET /v1/keys?limit=${i + 1} HTTP/1.1\r\nHost: k\r\n${i === 49 ? "Connection: close\r\n" : ""}\r\n`);
  const text = await k.raw(calls.join(""));
  assert.equal(text.match(/HTTP\/1\.1 200 /g).length, 50);
});

test("a connection that goes away in mid call harms nobody", async () => {
  const net = await import("node:net");
  for (let i = 0; i < 20; i++) {
    const socket = net.connect(k.socket);
    socket.on("error", () => {});
    socket.write("POST /v1/keys HTTP/1.1\r\nHost: k\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
    await new Promise((resolve) => setTimeout(resolve, 5));
    socket.destroy();
  }
  assert.equal((await k.call("GET", "/v1/health")).status, 200);
});

test("drain tells where the record is", async () => {
  const { status, json } = await k.call("POST", "/v1/drain");
  assert.equal(status, 200);
  assert.ok(json.auditDir.endsWith("/state/audit"));
  assert.ok(json.publicKey.endsWith("/audit.pub"));
});
