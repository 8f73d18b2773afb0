// answers.test.mjs - what stands on every answer of the shipped sites, which ones nginx gives itself, and what the log shows.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import http2 from "node:http2";
import path from "node:path";
import { assertAllowed, assertDenied, until } from "../lib/check.mjs";
import { KEY } from "../lib/installation.mjs";
import { requestBytes, values } from "../lib/raw.mjs";
import { MANAGEMENT, PRODUCTION, SANDBOX, startSites } from "../lib/sites.mjs";

const HSTS = ["max-age=31536000"];
const BROWSER = ["content-security-policy", "x-frame-options", "referrer-policy", "cross-origin-opener-policy",
  "cross-origin-resource-policy", "permissions-policy"];
let sites;
before(async () => (sites = await startSites()));
after(() => sites.stop());

const bytes = (line, name, more = []) => requestBytes(line, [["Host", name], ["Connection", "close"], ...more]);
const full = () => [["Content-Length", 2 << 20], ["Content-Type", "application/json"]];

function assertOurs(answer, why) {
  assert.ok(answer, `${why}: no answer`);
  assert.deepEqual(values(answer, "strict-transport-security"), HSTS, why);
  assert.deepEqual(values(answer, "x-content-type-options"), ["nosniff"], why);
  assert.deepEqual(values(answer, "server").filter((text) => text !== "nginx"), [], why);
}

/** An error of nginx's own, in the shape of all our errors. */
function assertShaped(answer, status, code) {
  assert.equal(answer?.status, status, answer?.text);
  assert.deepEqual(values(answer, "content-type"), ["application/json"]);
  assert.deepEqual(values(answer, "cache-control"), ["no-store"]);
  assert.deepEqual(Object.keys(answer.json).sort(), ["code", "error", "message", "requestId", "statusCode"]);
  assert.equal(answer.json.statusCode, status);
  assert.equal(answer.json.code, code);
  assert.match(answer.json.requestId, /^[0-9A-Za-z]{16,32}$/);
  assert.deepEqual(values(answer, "x-request-id"), [answer.json.requestId]);
  assertOurs(answer, code);
}

test("HSTS stands on every answer of the gateway, also on errors", async () => {
  const long = "x".repeat(9000);
  const cases = [
    [200, "GET /pay/x HTTP/1.1", [["x-api-key", sites.key.key]]],
    [200, "GET /public/x HTTP/1.1"], [401, "GET /pay/x HTTP/1.1"], [403, "GET /closed/x HTTP/1.1", [["x-api-key", sites.key.key]]],
    [400, "GET //x HTTP/1.1"], [400, "GET x HTTP/1.1"], [400, "GET /x HTTP/1.1", [["Content-Length", "-1"]]], [413, "POST /pay/x HTTP/1.1", full()],
    [414, `GET /${long} HTTP/1.1`], [400, "GET /x HTTP/1.1", [["x-long", long]]], [501, "POST /x HTTP/1.1", [["Transfer-Encoding", "x"]]],
    [405, "TRACE /x HTTP/1.1"], [505, "GET /x HTTP/3.0"], [400, "G\0T /x HTTP/1.1"],
  ];
  for (const [status, line, headers] of cases) {
    const answer = await sites.send(SANDBOX, bytes(line, SANDBOX, headers));
    assert.equal(answer?.status, status, `${line.slice(0, 40)}: ${answer?.text}`);
    assertOurs(answer, line.slice(0, 40));
  }
});

test("HSTS stands on every answer of the management site, also on errors", async () => {
  const cases = [[200, "GET / HTTP/1.1"], [200, "GET /keyward.css HTTP/1.1"], [200, "GET /keys HTTP/1.1"], [200, "GET /favicon.svg HTTP/1.1"], [404, "GET /metrics HTTP/1.1"], [404, "GET /away.html HTTP/1.1"], [200, "GET /v1/health HTTP/1.1"], [401, "GET /v1/keys HTTP/1.1"],
    [404, "GET /v1/x HTTP/1.1"], [404, "GET /nope HTTP/1.1"], [405, "POST / HTTP/1.1"], [400, "GET x HTTP/1.1"], [405, "DELETE /v1/health HTTP/1.1"],
    [404, "GET /index.html HTTP/1.1"], [404, "GET /.git/config HTTP/1.1"], [413, "POST /v1/keys HTTP/1.1", full()]];
  for (const [status, line, headers] of cases) {
    const answer = await sites.send(MANAGEMENT, bytes(line, MANAGEMENT, headers));
    assert.equal(answer?.status, status, `${line}: ${answer?.text}`);
    assertOurs(answer, line);
    if (status === 413) continue;
    assert.match(values(answer, "content-security-policy")[0], /^default-src 'none'/, line);
    for (const name of BROWSER) assert.equal(values(answer, name).length, 1, `${line}: ${name}`);
  }
});

test("what the upstream says about HSTS does not stand beside ours", async () => {
  sites.upstream.reply = (request, response) => response.writeHead(200, { "Strict-Transport-Security": "max-age=0", "X-Content-Type-Options": "x" }).end("{}");
  assertOurs(await sites.ask(SANDBOX, "GET /pay/x", { key: sites.key }), "upstream");
  sites.upstream.reply = undefined;
});

test("over HTTP/2 a key is judged and answered alike", async () => {
  const session = http2.connect(`https://${SANDBOX}:${sites.ports.tls}`, { ca: sites.ca[SANDBOX], servername: SANDBOX,
    createConnection: () => sites.connectH2(SANDBOX) });
  const ask = (headers) => new Promise((resolve, reject) => {
    const stream = session.request({ ":path": "/pay/x", ":authority": SANDBOX, ...headers });
    stream.on("response", (got) => resolve(got)).on("error", reject).resume().end();
  });
  const [good, bad] = [await ask({ "x-api-key": sites.key.key }), await ask({})];
  session.close();
  assert.deepEqual([good[":status"], bad[":status"]], [200, 401]);
  for (const got of [good, bad]) assert.equal(got["strict-transport-security"], HSTS[0]);
});

/** What nginx itself shows of the dashboard's address while keyward serve does not answer. */
async function assertAway(status) {
  const page = await sites.ask(MANAGEMENT, "GET /keys");
  assert.equal(page.status, status);
  assert.match(page.text, /Keyward is not answering. Decisions go on/);
  assert.deepEqual(values(page, "cache-control"), ["no-store"]);
  assert.deepEqual(values(page, "content-type"), ["text/html; charset=utf-8"]);
  assert.ok(!/<script|<style|\son\w+=|style=/i.test(page.text));
  assert.ok(!/https?:\/\//.test(page.text), "nothing from elsewhere");
  for (const [, target] of page.text.matchAll(/(?:src|href)="([^"]+)"/g))
    assert.equal((await sites.ask(MANAGEMENT, `GET ${target}`)).status, 200, target);
  assert.match(values(page, "content-security-policy")[0], /^default-src 'none'; .*frame-ancestors 'none'$/);
  for (const name of BROWSER)
    assert.equal(values(page, name).length, 1, name);
  assertOurs(page, "away");
}

test("the management API behind it answers as on its socket, to nobody in particular", async () => {
  const health = await sites.ask(MANAGEMENT, "GET /v1/health");
  assert.deepEqual(health.json, { status: "ok" });
  const keys = await sites.ask(MANAGEMENT, "GET /v1/keys");
  assert.equal(keys.status, 401);
  assert.equal(keys.json.code, "unauthenticated");
  assert.deepEqual(values(keys, "x-request-id"), [keys.json.requestId]);
});

test("the contract is read there, with its look, under the policy of the site", async () => {
  for (const [target, type] of [["/docs", "text/html"], ["/docs/style.css", "text/css"], ["/openapi.json", "application/json"]]) {
    const answer = await sites.ask(MANAGEMENT, `GET ${target}`);
    assert.equal(answer.status, 200, target);
    assert.ok(values(answer, "content-type")[0].startsWith(type), target);
    const policies = values(answer, "content-security-policy");
    assert.equal(policies.length, 1, target);
    assert.match(policies[0], target === "/docs" ? /style-src 'nonce-[0-9A-Za-z]{22}'/ : /^default-src 'none'; base-uri/, target);
  }
});

test("F5_a_page_of_the_site_itself_may_send_what_another_may_not", async () => {
  const from = (origin, site) => sites.ask(MANAGEMENT, "POST /v1/keys", { headers: [["Origin", origin], ["Sec-Fetch-Site", site]] });
  const own = await from(`https://${MANAGEMENT}`, "same-origin");
  assert.deepEqual([own.status, own.json.code], [401, "unauthenticated"]);
  for (const [origin, site] of [["https://evil.example", "cross-site"], ["null", "cross-site"], [`http://${MANAGEMENT}`, "same-origin"], [`https://${MANAGEMENT}:8443`, "same-origin"]]) {
    const answer = await from(origin, site);
    assert.deepEqual([answer.status, answer.json.code], [403, "cross_site"], origin);
  }
  const port = [["Host", `${MANAGEMENT}:8443`], ["Connection", "close"], ["Origin", `https://${MANAGEMENT}:8443`], ["Content-Length", 0]];
  const behind = await sites.send(MANAGEMENT, requestBytes("POST /v1/keys HTTP/1.1", port), { method: "POST" });
  assert.equal(behind.status, 401, "a port in the address is part of both");
});

test("a key of one environment does not work on the other's name", async () => {
  assertDenied(await sites.ask(PRODUCTION, "GET /pay/x", { key: sites.key }), 403, "environment_mismatch");
  assertDenied(await sites.send(SANDBOX, bytes("GET /pay/x HTTP/1.1", PRODUCTION, [["x-api-key", sites.key.key]])), 403, "environment_mismatch");
});

test("an upstream that is gone is 502 in our shape, and the decision is the request's own", async () => {
  sites.upstream.reply = (request) => request.socket.destroy();
  const before = (await sites.keyward.events()).length;
  const answer = await sites.ask(SANDBOX, "POST /pay/x", { key: sites.key, body: "{}" });
  const events = (await sites.keyward.events()).slice(before);
  assertShaped(answer, 502, "bad_gateway");
  assert.deepEqual(events.map((event) => event.request_id), [answer.json.requestId]);
  sites.upstream.reply = undefined;
});

test("whatever the upstream itself says is passed on untouched", async () => {
  for (const status of [413, 502, 504]) {
    sites.upstream.reply = (request, response) => response.writeHead(status, { "Content-Type": "text/plain" }).end("mine");
    const answer = await sites.ask(SANDBOX, "GET /pay/x", { key: sites.key });
    assert.equal(answer.status, status);
    assert.equal(answer.text, "mine");
  }
  sites.upstream.reply = undefined;
});

test("while keyward serve is down its address says 502, to programs in our shape, to people on a page, and keys go on", async () => {
  await sites.keyward.service.end();
  assertShaped(await sites.ask(MANAGEMENT, "GET /v1/health"), 502, "bad_gateway");
  assertShaped(await sites.ask(MANAGEMENT, "GET /openapi.json"), 502, "bad_gateway");
  await assertAway(502);
  assert.equal((await sites.ask(SANDBOX, "GET /pay/x", { key: sites.key })).status, 200);
  await sites.keyward.service.serve();
  await until(async () => (await sites.ask(MANAGEMENT, "GET /v1/health")).status === 200);
});

test("a keyward serve that does not answer in time is 504, in our shape and on a page", async () => {
  sites.keyward.service.child.kill("SIGSTOP");
  try {
    assertShaped(await sites.ask(MANAGEMENT, "GET /v1/health"), 504, "gateway_timeout");
    await assertAway(504);
  } finally {
    sites.keyward.service.child.kill("SIGCONT");
  }
  assert.equal((await sites.ask(MANAGEMENT, "GET /v1/health")).status, 200);
});

test("no key stands in the log, wherever it was put", async () => {
  const key = sites.key.key;
  for (const name of [SANDBOX, MANAGEMENT]) {
    await sites.ask(name, `GET /pay/${key}?x-api-key=${key}`, { key, headers: [["Referer", `https://x/?k=${key}`], ["User-Agent", key]] });
    await sites.ask(name, `GET /v1/health?key=${key}`, { headers: [["Cookie", `k=${key}`]] });
    await sites.askPlain(name, `GET /v1/x?key=${key}`, { key: sites.key });
    await sites.askPlain(`nobody.example`, `GET /?key=${key}`, { key: sites.key });
    await sites.send(name, bytes(`GET /${key} HTTP/1.1`, "nobody.example", [["x-api-key", key]]));
    await sites.send(name, bytes(`GET x?${key} HTTP/1.1`, name));
  }
  const log = await until(async () => ((await sites.log()).includes(`mk_test_${sites.key.id}_`) ? sites.log() : undefined));
  assert.deepEqual(log.match(KEY), null);
  assert.ok(!log.includes(key.slice(-49)));
});

test("a line of the log tells who asked for what, and the id that the answer had", async () => {
  const health = await sites.ask(MANAGEMENT, "GET /v1/health"), paid = await sites.ask(SANDBOX, "GET /pay/x", { key: sites.key });
  const line = async (answer) => until(async () => (await sites.log()).split("\n").find((text) => text.includes(values(answer, "x-request-id")[0])));
  assert.match(await line(health), new RegExp(`^127\\.0\\.0\\.1 \\S+ ${MANAGEMENT} "GET /v1/health HTTP/1\\.1" 200 \\S+ TLSv1\\.3 \\S+ "-?" -$`));
  assert.match(await line(paid), new RegExp(`^127\\.0\\.0\\.1 \\S+ ${SANDBOX} "GET /pay/x HTTP/1\\.1" 200 \\S+ TLSv1\\.3 \\S+ "${sites.key.id}" allowed$`));
  assertAllowed({ answer: paid, events: (await sites.keyward.events()).slice(-1), seen: sites.upstream.seen.slice(-1) });
});

test("what is shipped is what is installed: every file of packaging/nginx is tried here", async () => {
  const folder = new URL("../../../packaging/", import.meta.url);
  const installed = await fs.readFile(new URL("meson.build", folder), "utf8");
  for (const [place, names] of [["nginx", await fs.readdir(new URL("nginx/", folder))], ["www", await fs.readdir(new URL("www/", folder))]])
    for (const name of names) assert.ok(installed.includes(`'${path.join(place, name)}'`), `${name} is not installed`);
});
