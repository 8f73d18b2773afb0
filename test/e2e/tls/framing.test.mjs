// framing.test.mjs - where a request ends and what is in it, asked of the shipped sites in ways that mean two things.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { assertProblem } from "../lib/installation.mjs";
import { Connection, requestBytes, values } from "../lib/raw.mjs";
import { MANAGEMENT, SANDBOX, startSites } from "../lib/sites.mjs";

let sites;
before(async () => (sites = await startSites()));
after(() => sites.stop());

const TARGET = { [SANDBOX]: "POST /pay/x HTTP/1.1", [MANAGEMENT]: "POST /v1/keys HTTP/1.1" };
const SMUGGLED = "GET /pay/smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

/** The request with these header lines, whole as they are, and this body, sent to both sites: nginx refuses it itself, and
 *  neither the API nor a decision nor keyward serve sees anything of it. */
async function assertRefused(lines, body = "", { statuses = [400], host = true } = {}) {
  for (const name of [SANDBOX, MANAGEMENT]) {
    const events = (await sites.keyward.events()).length, seen = sites.upstream.seen.length;
    const head = [TARGET[name], ...(host ? [`Host: ${name}`] : []), `x-api-key: ${sites.key.key}`, "Content-Type: application/json", ...lines];
    const connection = new Connection(sites.ports.tls, "127.0.0.1", sites.secure(name));
    connection.send(Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`, "latin1"));
    const answer = await connection.read("POST"), more = await connection.read("GET");
    connection.close();
    const why = `${name}: ${JSON.stringify(lines)}: ${answer?.text}`;
    assert.ok(statuses.includes(answer?.status), `${answer?.status} ${why}`);
    assert.equal(more, undefined, `one answer, and then it is closed: ${why}`);
    assert.deepEqual(values(answer, "x-request-id"), [], `keyward has seen it: ${why}`);
    assert.equal(sites.upstream.seen.length, seen, why);
    assert.equal((await sites.keyward.events()).length, events, why);
  }
}

test("A1_content_length_with_chunked_is_refused", async () => {
  await assertRefused(["Content-Length: 4", "Transfer-Encoding: chunked"], `0\r\n\r\n${SMUGGLED}`);
  await assertRefused(["Transfer-Encoding: chunked", "Content-Length: 5"], `0\r\n\r\n${SMUGGLED}`);
  await assertRefused(["transfer-encoding:chunked", "content-length:0"], `0\r\n\r\n${SMUGGLED}`);
});

test("A1_two_content_lengths_are_refused", async () => {
  await assertRefused(["Content-Length: 2", "Content-Length: 3"], `{}\n${SMUGGLED}`);
  await assertRefused(["Content-Length: 2", "Content-Length: 2"], "{}");
  await assertRefused(["Content-Length: 2, 2"], "{}");
});

test("A1_a_transfer_coding_that_is_not_chunked_alone_is_refused", async () => {
  for (const coding of ["gzip, chunked", "chunked, chunked", "xchunked", "identity", "chunked;x"])
    await assertRefused([`Transfer-Encoding: ${coding}`], `0\r\n\r\n${SMUGGLED}`, { statuses: [400, 501] });
  await assertRefused(["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], `0\r\n\r\n${SMUGGLED}`, { statuses: [400, 501] });
});

for (const [why, text] of [["a sign", "+10"], ["a minus", "-1"], ["hexadecimal", "0x10"], ["2^63", "9223372036854775808"],
  ["2^64+5", "18446744073709551621"], ["a space within", "1 0"], ["nothing", ""], ["a point", "1.0"], ["a list", "10,10"]])
  test(`A3_a_content_length_with_${why.replaceAll(" ", "_")}_is_refused`, () => assertRefused([`Content-Length: ${text}`], "0123456789"));

test("A6_a_nul_in_a_header_is_refused", async () => {
  await assertRefused(["x-note: a\0b"]);
  await assertRefused(["x-no\0te: a"]);
  await assertRefused([`x-api-key: ${sites.key.key}\0`]);
});

test("A6_a_folded_header_is_refused", async () => {
  await assertRefused(["x-note: a", " b"]);
  await assertRefused(["x-note: a", "\tx-api-key: b"]);
});

test("A6_a_space_before_the_colon_is_refused", async () => {
  await assertRefused(["x-note : a"]);
  await assertRefused(["Content-Length : 2"], "{}");
  await assertRefused(["Transfer-Encoding : chunked"], `0\r\n\r\n${SMUGGLED}`);
});

test("A10_a_request_without_host_is_refused", () => assertRefused([], "", { host: false }));

test("A10_two_hosts_are_refused", async () => {
  for (const name of [SANDBOX, MANAGEMENT, "nobody.example.com"]) await assertRefused([`Host: ${name}`]);
});

const BIG = (1 << 20) + 1;
const create = (framing, body) => Buffer.concat([
  Buffer.from([TARGET[MANAGEMENT], `Host: ${MANAGEMENT}`, "Content-Type: application/json", framing, "", ""].join("\r\n")), body]);

/** 413 in our shape, from the site itself. */
async function assertTooLarge(bytes) {
  const answer = await sites.send(MANAGEMENT, bytes, { method: "POST" });
  assertProblem({ ...answer, headers: Object.fromEntries(answer.headers.map(([name, value]) => [name.toLowerCase(), value])) }, 413, "too_large");
  assert.match(answer.json.requestId, /^[0-9a-f]{32}$/);
}

test("A11_a_body_over_1_MiB_is_413_in_our_shape_with_a_length", async () => {
  await assertTooLarge(create(`Content-Length: ${BIG}`, Buffer.alloc(BIG, 0x20)));
  await assertTooLarge(create(`Content-Length: ${BIG}`, Buffer.alloc(0)));
  await assertTooLarge(create("Content-Length: 9223372036854775807", Buffer.alloc(0)));
});

test("A11_a_body_over_1_MiB_is_413_in_our_shape_without_a_length", async () => {
  const piece = Buffer.concat([Buffer.from("10000\r\n"), Buffer.alloc(0x10000, 0x20), Buffer.from("\r\n")]);
  await assertTooLarge(create("Transfer-Encoding: chunked", Buffer.concat([...Array(17).fill(piece), Buffer.from("0\r\n\r\n")])));
});

test("A11_a_body_of_1_MiB_gets_through_in_either_way", async () => {
  const piece = Buffer.concat([Buffer.from("10000\r\n"), Buffer.alloc(0x10000, 0x20), Buffer.from("\r\n")]);
  for (const bytes of [create(`Content-Length: ${1 << 20}`, Buffer.alloc(1 << 20, 0x20)),
    create("Transfer-Encoding: chunked", Buffer.concat([...Array(16).fill(piece), Buffer.from("0\r\n\r\n")]))])
    assert.equal((await sites.send(MANAGEMENT, bytes, { method: "POST" })).status, 401, "keyward serve has answered");
});

test("A13_1000_pipelined_requests_in_one_piece_are_each_answered_for_their_own_key", async () => {
  const N = 1000, keys = [];
  for (let i = 0; i < 4; i++) keys.push(await sites.keyward.createKey({ name: `p${i}`, permission: "transactions", more: ["--rate", "none"] }));
  sites.upstream.reply = (request, response) => response.end(JSON.stringify({ url: request.url, id: request.headers["x-keyward-key-id"] }));
  const one = (i) => requestBytes(`GET /pay/${i} HTTP/1.1`, [["Host", SANDBOX], ...(i % 5 === 4 ? [] : [["x-api-key", keys[i % 5].key]])]);
  const connection = new Connection(sites.ports.tls, "127.0.0.1", sites.secure(SANDBOX));
  connection.send(Buffer.concat(Array.from({ length: N }, (_, i) => one(i))));
  for (let i = 0; i < N; i++) {
    const answer = await connection.read("GET", 30_000);
    if (i % 5 === 4) assert.equal(answer?.status, 401, `request ${i}`);
    else assert.deepEqual(answer?.json, { url: `/pay/${i}`, id: keys[i % 5].id }, `request ${i}`);
  }
  connection.close();
  sites.upstream.reply = undefined;
});

test("A13_1000_pipelined_calls_of_the_management_api_are_answered_in_order", async () => {
  const N = 1000, want = (i) => (i % 2 === 0 ? 200 : 401);
  const one = (i) => requestBytes(`GET ${i % 2 === 0 ? "/v1/health" : "/v1/keys"} HTTP/1.1`, [["Host", MANAGEMENT]]);
  const connection = new Connection(sites.ports.tls, "127.0.0.1", sites.secure(MANAGEMENT));
  connection.send(Buffer.concat(Array.from({ length: N }, (_, i) => one(i))));
  for (let i = 0; i < N; i++) assert.equal((await connection.read("GET", 30_000))?.status, want(i), `call ${i}`);
  connection.close();
});

/** Sends bytes one by one, each in a record of its own. */
async function byByte(name, bytes) {
  const connection = new Connection(sites.ports.tls, "127.0.0.1", sites.secure(name));
  for (const byte of bytes) {
    connection.send(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const answer = await connection.read("POST", 10_000);
  connection.close();
  return answer;
}

test("A14_a_request_one_byte_at_a_time_is_answered_as_in_one_piece", async () => {
  const body = '{"amount":1}';
  for (const [name, more] of [[SANDBOX, [["x-api-key", sites.key.key]]], [SANDBOX, []], [MANAGEMENT, []]]) {
    const bytes = requestBytes(TARGET[name], [["Host", name], ["Content-Type", "application/json"], ["Content-Length", body.length], ...more], body);
    const whole = await sites.send(name, bytes, { method: "POST" }), slow = await byByte(name, bytes);
    const blank = ({ status, json }) => ({ status, json: { ...json, requestId: "" } });
    assert.deepEqual(blank(slow), blank(whole), name);
  }
  assert.equal(sites.upstream.seen.at(-1).body, body);
});
