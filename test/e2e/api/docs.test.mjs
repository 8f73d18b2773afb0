// docs.test.mjs - the contract as it is served: the same for everybody, kept by its tag, and a page that needs nothing else.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { contract } from "../lib/contract.mjs";
import { Installation, request } from "../lib/installation.mjs";

let k;
before(async () => (k = await Installation.make()));
after(() => k.stop());
const ask = (target, headers = {}) => request(path.join(path.dirname(k.socket), "http.sock"), "GET", target, headers);

test("the contract that is served is api/openapi.yaml", async () => {
  const answer = await ask("/openapi.json");
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json, contract);
});

test("each text has a tag, by which it is kept", async () => {
  for (const target of ["/openapi.json", "/docs/style.css"]) {
    const { headers } = await ask(target);
    assert.equal(headers["cache-control"], "public, no-cache");
    for (const tag of [headers.etag, `W/${headers.etag}`, "*"]) {
      const again = await ask(target, { "if-none-match": tag });
      assert.deepEqual([again.status, again.text, again.headers.etag], [304, "", headers.etag]);
    }
    for (const tag of ['"x"', "", headers.etag.slice(0, -2)]) assert.equal((await ask(target, { "if-none-match": tag })).status, 200);
  }
});

test("F7_the page has no script, no style of its own, and nothing from elsewhere", async () => {
  const { text } = await ask("/docs");
  assert.doesNotMatch(text, /<script|<style|\sstyle=|\son[a-z]+=|<iframe|<form/i);
  assert.deepEqual([...text.matchAll(/(?:href|src)="([^#"][^"]*)"/g)].map(([, to]) => to), ["/docs/style.css", "/openapi.json"]);
});

test("F7_the page lets in what carries its nonce, another one each time, and is kept by nobody", async () => {
  const nonces = new Set();
  for (let i = 0; i < 3; i++) {
    const { headers, text } = await ask("/docs", { "if-none-match": "*" });
    const [, nonce] = /script-src 'nonce-([0-9A-Za-z]{22})'/.exec(headers["content-security-policy"]);
    assert.deepEqual([...text.matchAll(/nonce="([^"]*)"/g)].map(([, one]) => one), [nonce]);
    assert.equal(headers["cache-control"], "no-store");
    nonces.add(nonce);
  }
  assert.equal(nonces.size, 3);
});

test("F8_every answer, refused ones too, says what a browser may make of it", async () => {
  for (const target of ["/docs", "/docs/style.css", "/openapi.json", "/v1/health", "/v1/keys", "/nowhere", "/v1/health?x=1"]) {
    const { headers } = await ask(target);
    assert.match(headers["content-security-policy"], /^default-src 'none'; .*frame-ancestors 'none'$/, target);
    assert.doesNotMatch(headers["content-security-policy"], /unsafe|\*|https?:|data:/, target);
    const all = ["x-content-type-options", "x-frame-options", "referrer-policy", "cross-origin-opener-policy", "cross-origin-resource-policy"];
    assert.deepEqual(all.map((name) => headers[name]), ["nosniff", "DENY", "no-referrer", "same-origin", "same-origin"], target);
    assert.match(headers["permissions-policy"], /camera=\(\)/, target);
  }
});

test("every call, schema and code is on the page, and every anchor leads somewhere, once", async () => {
  const { text } = await ask("/docs");
  const ids = [...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const [, to] of text.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.includes(to), `#${to}`);
  for (const item of Object.values(contract.paths))
    for (const { operationId } of Object.values(item)) assert.ok(ids.includes(operationId), operationId);
  for (const code of contract.components.schemas.Code.enum) assert.ok(ids.includes(`code-${code}`), code);
});
