// serving.test.mjs - the dashboard as browsers get it, through the nginx site as it is shipped: which addresses answer, and what
// stands on the answers.
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, test } from "node:test";
import zlib from "node:zlib";
import { contract } from "../lib/contract.mjs";
import { values } from "../lib/raw.mjs";
import { MANAGEMENT, startSites } from "../lib/sites.mjs";
import { readDashboard } from "../../../tools/dashboard/files.mjs";

const root = new URL("../../../", import.meta.url);
const dashboard = readDashboard(new URL("web/dist", root).pathname);
const { pages, files } = contract["x-dashboard"];
const PAGES = pages.map((path) => path.replace("{id}", "5fGh2kLm9pQr3s"));
const FILES = dashboard.files.map(({ name }) => `/${name}`);
const BROWSER = [["Accept-Encoding", "gzip, deflate, br, zstd"]];
const GZIP = [["Accept-Encoding", "gzip, deflate"]];
const ALWAYS = {
  "strict-transport-security": "max-age=31536000", "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
};
let sites;
before(async () => (sites = await startSites()));
after(() => sites.stop());

const ask = (line, headers = []) => sites.ask(MANAGEMENT, line, { headers });
const one = (answer, name) => {
  assert.equal(values(answer, name).length, 1, name);
  return values(answer, name)[0];
};

/** {directive: [source…]} */
function policyOf(answer) {
  const parts = one(answer, "content-security-policy").split("; ").map((part) => part.split(" "));
  return Object.fromEntries(parts.map(([name, ...sources]) => [name, sources]));
}

function assertAlways(answer, why) {
  for (const [name, value] of Object.entries(ALWAYS)) assert.deepEqual(values(answer, name), [value], `${why}: ${name}`);
  assert.match(one(answer, "permissions-policy"), /camera=\(\)/);
  assert.match(one(answer, "x-request-id"), /^[0-9a-f]{32}$/);
  assert.deepEqual(values(answer, "set-cookie"), [], why);
}

test("the addresses of the dashboard are a closed list, which the contract, the program and docs/dashboard.md have alike", () => {
  const table = fs.readFileSync(new URL("src/api/dashboard.c", root), "utf8"), text = fs.readFileSync(new URL("docs/dashboard.md", root), "utf8");
  assert.deepEqual([...table.matchAll(/PAGE\("(\/[^"]*)"\)/g)].map(([, path]) => path), pages);
  assert.deepEqual([...table.matchAll(/\{"GET", "([^"]+)",/g)].map(([, path]) => path.replace("{id}", "{name}")), files);
  assert.deepEqual([...text.matchAll(/^\| `(\/[^`]*)` \|/gm)].map(([, path]) => path), [...pages, ...files]);
});

test("under each of them stands the page, with a policy of its own and another nonce each time", async () => {
  const nonces = new Set();
  for (const path of [...PAGES, ...PAGES, "/activity?key=5fGh2kLm9pQr3s&reason=wrong_secret"]) {
    const answer = await ask(`GET ${path}`);
    assert.equal(answer.status, 200, path);
    assert.equal(one(answer, "content-type"), "text/html; charset=utf-8");
    assert.equal(one(answer, "cache-control"), "no-store");
    assertAlways(answer, path);
    const [, nonce] = /<meta name="style-nonce" content="([0-9A-Za-z]{22})" ?\/?>/.exec(answer.text);
    assert.deepEqual(policyOf(answer), {
      "default-src": ["'none'"], "script-src": ["'self'"], "style-src": ["'self'", `'nonce-${nonce}'`], "img-src": ["'self'", "data:"],
      "font-src": ["'self'"], "connect-src": ["'self'"], "manifest-src": ["'self'"], "base-uri": ["'none'"], "form-action": ["'none'"],
      "frame-ancestors": ["'none'"],
    });
    assert.equal(answer.text.replaceAll(nonce, "{nonce}"), String(dashboard.page), "nothing else is in it");
    nonces.add(nonce);
  }
  assert.equal(nonces.size, 2 * PAGES.length + 1);
});

test("F7_the_page_has_no_script_and_no_style_within_it, and nothing from elsewhere", async () => {
  const { text } = await ask("GET /");
  for (const [, attributes, inner] of text.matchAll(/<script\b([^>]*)>(.*?)<\/script>/gs)) {
    assert.equal(inner.trim(), "");
    assert.match(attributes, /\ssrc="\/assets\/[^"]+"/);
  }
  assert.doesNotMatch(text, /<style(?![^>]*\snonce=)|\sstyle=|\son[a-z]+=|javascript:|<iframe|<base|https?:\/\//i);
  for (const [, target] of text.matchAll(/(?:src|href)="([^"]+)"/g)) assert.ok(FILES.includes(target), `${target} is not served`);
});

test("F8_framed_pages_are_refused", async () => {
  for (const path of [...PAGES, ...FILES, "/docs", "/nope", "/v1/health"]) {
    const answer = await ask(`GET ${path}`);
    assert.deepEqual(policyOf(answer)["frame-ancestors"], ["'none'"], path);
    assert.equal(one(answer, "x-frame-options"), "DENY", path);
  }
});

test("the policy of /docs lets in no more for it", async () => {
  const { "script-src": scripts, "style-src": styles } = policyOf(await ask("GET /docs"));
  for (const sources of [scripts, styles]) assert.match(sources.join(" "), /^'nonce-[0-9A-Za-z]{22}'$/);
});

test("HEAD says what GET does, without the body", async () => {
  for (const path of ["/", "/keys/new", ...FILES]) {
    const [got, head] = [await ask(`GET ${path}`, BROWSER), await ask(`HEAD ${path}`, BROWSER)];
    assert.equal(head.status, 200, path);
    assert.equal(head.body.length, 0);
    for (const name of ["content-type", "content-length", "content-encoding", "cache-control", "vary"])
      assert.deepEqual(values(head, name), values(got, name), `${path}: ${name}`);
  }
});

function unpacked({ body, ...answer }) {
  const [coding] = values(answer, "content-encoding");
  return coding === "br" ? zlib.brotliDecompressSync(body) : coding === "gzip" ? zlib.gunzipSync(body) : body;
}

test("every file is there byte by byte, kept for good by its name, compressed for who takes it", async () => {
  for (const { name, type, plain, gzip, br } of dashboard.files) {
    const [as_is, zipped, packed] = [await ask(`GET /${name}`), await ask(`GET /${name}`, GZIP), await ask(`GET /${name}`, BROWSER)];
    for (const answer of [as_is, zipped, packed]) {
      assert.equal(answer.status, 200, name);
      assert.equal(one(answer, "content-type"), type);
      assert.equal(one(answer, "cache-control"), name === "favicon.svg" ? "public, max-age=86400" : "public, max-age=31536000, immutable");
      assert.deepEqual(values(answer, "vary"), (br ?? gzip) === undefined ? [] : ["Accept-Encoding"]);
      assertAlways(answer, name);
    }
    assert.ok(as_is.body.equals(plain), name);
    assert.deepEqual(values(as_is, "content-encoding"), []);
    assert.deepEqual(values(zipped, "content-encoding"), gzip === undefined ? [] : ["gzip"], name);
    assert.deepEqual(values(packed, "content-encoding"), br !== undefined ? ["br"] : values(zipped, "content-encoding"), name);
    for (const answer of [zipped, packed]) assert.ok(unpacked(answer).equals(plain), name);
  }
});

test("nothing compressed is sent to who does not take it", async () => {
  const [script] = FILES.filter((path) => path.endsWith(".js"));
  for (const [accepted, encoding] of [["", []], ["br", ["br"]], ["gzip;q=0", []], ["*", ["gzip"]], ["br;q=0, gzip;q=0.2", ["gzip"]], ["zstd", []]])
    assert.deepEqual(values(await ask(`GET ${script}`, [["Accept-Encoding", accepted]]), "content-encoding"), encoding, accepted);
});

test("whatever else is asked for is not there", async () => {
  const [script] = FILES.filter((path) => path.endsWith(".js"));
  const paths = ["/keyz", "/keys/", "/keys/a/b", "/Keys", "/index.html", "/web/dist/index.html", "/assets", "/assets/", "/assets/x.js", `${script}x`, `${script}/`,
    script.toUpperCase(), script.replace("/assets/", "/assets//"), "/assets/..%2findex.html", "/assets/%2e%2e/favicon.svg/x", "/assets/..%5cx",
    `/assets/${"x".repeat(3000)}`, "/favicon.ico", "/robots.txt", "/.well-known/security.txt", "/src/main.tsx", "/assets/.made-of", "/.made-of"];
  for (const path of paths) {
    const answer = await ask(`GET ${path}`);
    assert.equal(answer.status, 404, path);
    assert.deepEqual(values(answer, "cache-control"), ["no-store"], path);
    assert.deepEqual(policyOf(answer)["default-src"], ["'none'"], path);
  }
  assert.equal((await ask("GET /assets/x.js")).json.code, "not_found");
  assert.equal((await ask(`GET ${script}%00`)).status, 400, "nginx takes no such byte");
});

test("nothing but GET and HEAD goes to a page or a file", async () => {
  for (const path of ["/", "/sign-in", "/keys/abc", "/favicon.svg", FILES.find((name) => name.startsWith("/assets/"))])
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const answer = await ask(`${method} ${path}`);
      assert.deepEqual([answer.status, values(answer, "allow"), answer.json.code], [405, ["GET, HEAD"], "method_not_allowed"], `${method} ${path}`);
    }
});

test("no session is looked at, lengthened or set: a cookie changes nothing", async () => {
  const cookie = [["Cookie", `__Host-keyward=${"x".repeat(43)}`]];
  for (const path of ["/keys", ...FILES.slice(0, 3)]) {
    const answer = await ask(`GET ${path}`, cookie);
    assert.equal(answer.status, 200);
    assertAlways(answer, path);
  }
});

test("over HTTP/2 as well", async () => {
  const http2 = await import("node:http2");
  const session = http2.connect(`https://${MANAGEMENT}:${sites.ports.tls}`, { createConnection: () => sites.connectH2(MANAGEMENT) });
  const get = (path) => new Promise((resolve, reject) => {
    const stream = session.request({ ":path": path, ":authority": MANAGEMENT }), chunks = [];
    let headers;
    stream.on("response", (got) => (headers = got)).on("data", (chunk) => chunks.push(chunk)).on("error", reject);
    stream.on("end", () => resolve({ headers, body: Buffer.concat(chunks) })).end();
  });
  const answers = await Promise.all(dashboard.files.map(({ name }) => get(`/${name}`)));
  session.close();
  answers.forEach(({ headers, body }, i) => {
    assert.equal(headers[":status"], 200);
    assert.ok(body.equals(dashboard.files[i].plain), dashboard.files[i].name);
  });
});
