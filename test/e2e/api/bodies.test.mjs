// bodies.test.mjs - bodies that are no JSON, or JSON with a trap in it: refused by name, on both sockets, and nobody falls.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { Installation, assertProblem, request } from "../lib/installation.mjs";

let k, httpSocket;
before(async () => {
  k = await Installation.make({ serve: false });
  await fs.appendFile(k.file, `authorize_users: [${os.userInfo().username}]\n`);
  await k.serve();
  httpSocket = path.join(path.dirname(k.socket), "http.sock");
});
after(() => k.stop());

const JSON_TYPE = { "content-type": "application/json" };
const atHttp = (body, headers = JSON_TYPE) => request(httpSocket, "POST", "/v1/authorize", headers, body);
const key = { account: "main", name: "x", environment: "sandbox" };
const bytes = (...list) => Buffer.from(list);
const inName = (inner) => Buffer.concat([Buffer.from('{"name":"'), inner, Buffer.from('"}')]);

const structure = ["", " ", "{", "}", "[", "]", "{]", "[}", "{}}", "{}{}", "{},", "{}x", "{} {}", "{}\0", "{\"a\"}", "{\"a\":}", "{:1}", "{1:1}",
  "{a:1}", "{'a':1}", "{\"a\":1,}", "{,}", "{,\"a\":1}", "{\"a\":1 \"b\":2}", "{\"a\":1,,\"b\":2}", "{\"a\"::1}", "{\"a\" 1}", "{\"a\",1}",
  "{\"a\":[1,]}", "{\"a\":[,1]}", "{\"a\":[1 2]}", "{\"a\":[1}", "{\"a\":[1,2}", "{\"a\":[}", "{\"a\":1}#", "{\"a\":1}//x", "/**/{}",
  "{\"a\":/**/1}", "{\"a\":true", "{\"a\":tru}", "{\"a\":True}", "{\"a\":TRUE}", "{\"a\":nul}", "{\"a\":None}", "{\"a\":undefined}",
  "{\"a\":truefalse}", "<x/>", "\u00a0{}", "{}\u2028", "{\"a\":\u00a01}", "\f{}", "\v{}", "*", "{null:1}", "{[]:1}", "{\"a\":\"b\"", "{\"a\":\"b\"]"];
const numbers = ["+1", "-", "--1", "-+1", "01", "-01", "00", ".5", "-.5", "1.", "1.e1", "1e", "1e+", "1E-", "1e1.5", "1.2.3", "1e1e1", "0x1", "0b1",
  "0o7", "1_000", "1 000", "NaN", "-NaN", "Infinity", "-Infinity", "Inf", "1e400", "-1e400", "1e99999999999", "1a", "1/2", "\uff11", "9".repeat(400)]
  .map((n) => `{"name":${n}}`);
const strings = ["\"", "\"a", "'a'", "a", "\"\\\"", "\"\\x41\"", "\"\\a\"", "\"\\'\"", "\"\\0\"", "\"\\u\"", "\"\\u1\"", "\"\\u12\"", "\"\\u123\"",
  "\"\\u12G4\"", "\"\\U0041\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud800x\"", "\"\\ud800\\n\"",
  "\"\\u0000\"", "\"a\nb\"", "\"a\tb\"", "\"a\rb\"", "\"a\0b\"", "\"\x1f\"", "\"a\"b\"", "\"a\\\nb\""].map((s) => `{"name":${s}}`);
const utf8 = [bytes(0x80), bytes(0xbf), bytes(0xc0, 0x80), bytes(0xc1, 0xbf), bytes(0xc3), bytes(0xc3, 0x28), bytes(0xe0, 0x80, 0x80), bytes(0xe2, 0x82),
  bytes(0xe2, 0x28, 0xa1), bytes(0xed, 0xa0, 0x80), bytes(0xed, 0xbf, 0xbf), bytes(0xf0, 0x80, 0x80, 0x80), bytes(0xf0, 0x9f, 0x98),
  bytes(0xf4, 0x90, 0x80, 0x80), bytes(0xf5, 0x80, 0x80, 0x80), bytes(0xf8, 0x88, 0x80, 0x80, 0x80), bytes(0xfe), bytes(0xff)].map(inName)
  .concat([Buffer.from('{"name":"x"}', "utf16le"), bytes(0xfe, 0xff, 0, 0x7b, 0, 0x7d), bytes(0xff, 0xfe, 0x7b, 0, 0x7d, 0)]);
const depth = [9, 100, 10_000, 400_000].flatMap((n) => [`{"name":${"[".repeat(n)}`, `{"name":${"[".repeat(n)}${"]".repeat(n)}}`, '{"a":'.repeat(n)]
  .filter((text) => text.length < 1 << 20));
const scalars = ["1", "\"x\"", "true", "null", "[]", "[{}]", "-0"];

for (const [kind, documents] of Object.entries({ structure, numbers, strings, utf8, depth, scalars }))
  test(`E1_E3_what is no object of JSON by its ${kind} is 400, ${documents.length} times on each socket`, async () => {
    for (const body of documents)
      for (const answer of [await k.call("POST", "/v1/keys", Buffer.from(body)), await atHttp(Buffer.from(body))]) {
        assert.equal(answer.status, 400, `${body.toString("latin1").slice(0, 60)}: ${answer.text}`);
        assertProblem(answer, 400, "not_json");
      }
    assert.equal((await k.call("GET", "/v1/health")).status, 200);
  });

test("E2_a member given twice is 400, however it is written and however deep", async () => {
  for (const body of ['{"name":"a","name":"b"}', '{"name":"a","n\\u0061me":"b"}', '{"\\u006eame":"a","n\\u0061me":"b"}', '{"name":"a","name":"a"}',
    '{"name":{"x":1,"x":2}}', '{"name":[{"x":1,"\\u0078":2}]}', '{"":1,"":2}', '{"\u00e4":1,"\\u00e4":2}', '{"\u{1f600}":1,"\\ud83d\\ude00":2}'])
    for (const answer of [await k.call("POST", "/v1/keys", body), await atHttp(body)]) assertProblem(answer, 400, "duplicate_member");
});

test("E3_numbers that lose digits are of the wrong type, 10 MB are too large", async () => {
  for (const n of ["9007199254740993", "1e15", "-0", "1.5"])
    assertProblem(await k.call("POST", "/v1/keys", `{"account":"main","environment":"sandbox","name":${n}}`), 400, "wrong_type", "name");
  const big = JSON.stringify({ ...key, name: "x".repeat(10 << 20) });
  assertProblem(await k.call("POST", "/v1/keys", big), 413, "too_large");
  assertProblem(await atHttp(big), 413, "too_large");
  assertProblem(await k.call("POST", "/v1/keys", big, { "transfer-encoding": "chunked" }), 413, "too_large");
});

test("E4_members that nobody asked for are refused by name", async () => {
  for (const member of ["account_id", "role", "hash", "id", "secret", "digest", "state", "version", "createdBy", "masked", "Name", "NAME", "__proto__",
    "constructor", "permissions[]", "rate.limit", "is_admin", "accountId"]) {
    const body = `{"account":"main","name":"x","environment":"sandbox","${member}":"x"}`;
    assertProblem(await k.call("POST", "/v1/keys", body), 400, "unknown_member", member);
    assertProblem(await atHttp(body), 400, "unknown_member");
  }
});

const naughty = ["undefined", "null", "NULL", "(null)", "nil", "true", "NaN", "0", "-1", "1e1000", "0x0", "1;DROP TABLE keys", "' OR 1=1 --", "\"", "'", "`id`",
  "$(id)", "${7*7}", "{{7*7}}", "%s%n%x", "%00", "../../etc/passwd", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;", "]]>",
  "<!--", "\\", "\\n", "\\u0000", "=cmd|' /C calc'!A0", "@SUM(1)", "|", "*", "?", "#", "Å", "e\u0301", "田中さん", "🏳️‍🌈", "﷽", "Ω≈ç√", "\u202eabc", "\u200b",
  "\ufeff", "\u0085", "\u2028", "a\u0007b", "\u001b[31m", "\u007f", "a\nb", " ", "", "x".repeat(100), "x".repeat(101), "é".repeat(51)];
test(`E5_${naughty.length} naughty strings as names are stored byte for byte, or 400`, async () => {
  let stored = 0;
  for (const name of naughty) {
    const made = await k.call("POST", "/v1/keys", { ...key, name });
    if (made.status === 400) {
      assert.equal(made.json.field, "name", made.text);
      continue;
    }
    assert.equal(made.status, 201, `${name}: ${made.text}`);
    const read = await k.call("GET", `/v1/keys/${made.json.id}`);
    assert.equal(read.json.name, name);
    assert.ok((await k.call("GET", `/v1/keys?limit=1000&name=${encodeURIComponent(name)}`)).json.keys.some((one) => one.id === made.json.id), name);
    stored++;
  }
  assert.ok(stored >= 40, `${stored}`);
  const shown = await k.ok("keys", "list");
  assert.ok(shown.includes("<script>alert(1)</script>"), "as text");
  assert.doesNotMatch(shown, /[\u0000-\u0009\u000b-\u001f\u007f]/);
});

test("E13_what is not JSON in UTF-8, plain and once, is 415 or 400", async () => {
  const text = JSON.stringify(key);
  for (const type of ["text/plain", "text/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonx", "application/json5",
    "application/json; charset=latin1", "application/json; charset=utf-16", "application/json, application/json", "json", "*/*", ""])
    for (const answer of [await k.call("POST", "/v1/keys", text, { "content-type": type }), await atHttp(text, { "content-type": type })])
      assertProblem(answer, 415, "unsupported_media_type");
  for (const encoding of ["gzip", "deflate", "br", "identity"])
    assertProblem(await k.call("POST", "/v1/keys", gzipSync(text), { "content-encoding": encoding }), 415, "unsupported_media_type");
  assertProblem(await k.call("POST", "/v1/keys", gzipSync(text)), 400, "not_json");
  for (const answer of [await k.call("POST", "/v1/keys", `\ufeff${text}`), await atHttp(`\ufeff${text}`)]) assertProblem(answer, 415, "unsupported_media_type");
  const twice = await k.raw(`POST /v1/keys HTTP/1.1\r\nHost: k\r\nContent-Type: application/json\r\nContent-Type: application/json\r\nConnection: close\r\n` +
    `Content-Length: ${text.length}\r\n\r\n${text}`);
  assert.match(twice, /^HTTP\/1\.1 400 [^]*"code":"bad_header"/);
});
