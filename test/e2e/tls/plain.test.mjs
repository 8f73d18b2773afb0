// plain.test.mjs - the shipped sites on the ports that they are shipped with, reached over the network: what port 80 says.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { until } from "../lib/check.mjs";
import { noNetwork, startNetwork } from "../lib/network.mjs";
import { MANAGEMENT, PRODUCTION, SANDBOX, startSites } from "../lib/sites.mjs";

const SERVER = { 4: "192.0.2.1", 6: "[2001:db8::1]" };
const skip = noNetwork();
let network, sites;

before(async () => {
  if (skip) return;
  network = await startNetwork(["192.0.2.1/24", "2001:db8::1/64"]);
  sites = await startSites({ network });
  await until(async () => (await curl("http", SANDBOX, "/")).status !== 0);
});
after(async () => {
  await sites?.stop();
  await network?.stop();
});

/** curl in the namespace, which trusts the certificates of the test: {status, headers, text}; status 0: no answer. */
async function curl(scheme, name, target, { key, family = 4 } = {}) {
  const port = scheme === "https" ? 443 : 80;
  const args = ["-s", "-i", "--max-time", "10", "--path-as-is", "--resolve", `${name}:${port}:${SERVER[family]}`, `${scheme}://${name}${target}`];
  if (key !== undefined) args.push("-H", `x-api-key: ${key}`);
  if (sites.ca[name] !== undefined) args.push("--cacert", `${sites.folder}/tls/${name}.crt`);
  const child = spawn(network.inside[0], [...network.inside.slice(1), "curl", ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (data) => (text += data));
  await once(child, "close");
  const [head, body = ""] = text.split("\r\n\r\n");
  return { status: Number(/^HTTP\/\S+ (\d+)/.exec(head)?.[1] ?? 0), head, text: body };
}

const code = ({ status, text }) => `${status} ${/"code":"(\w+)"/.exec(text)?.[1] ?? ""}`.trim();

test("C16_a_key_over_plain_HTTP_is_refused_by_the_shipped_gateway_and_recorded", { skip }, async () => {
  const key = sites.key.key, before = (await sites.keyward.events()).length, seen = sites.upstream.seen.length;
  for (const family of [4, 6]) {
    const answer = await curl("http", SANDBOX, "/pay/x", { key, family });
    assert.equal(code(answer), "403 tls_required");
    assert.ok(!/strict-transport-security|^location:/im.test(answer.head), "RFC 6797, 7.2; and no way to go on unnoticed");
  }
  const events = (await sites.keyward.events()).slice(before);
  assert.deepEqual(events.map(({ reason, tls, allowed }) => [reason, tls, allowed]), [["tls_required", false, false], ["tls_required", false, false]]);
  assert.equal(sites.upstream.seen.length, seen);
});

test("C16_nothing_of_the_shipped_gateway_is_served_over_plain_HTTP", { skip }, async () => {
  for (const name of [SANDBOX, PRODUCTION])
    for (const target of ["/", "/public/x", "/pay/x", "/v1/health", "/.well-known/x"]) assert.equal(code(await curl("http", name, target)), "403 tls_required", target);
});

test("C16_the_same_requests_over_HTTPS_are_decided_by_their_key", { skip }, async () => {
  for (const family of [4, 6]) {
    const answer = await curl("https", SANDBOX, "/pay/x", { key: sites.key.key, family });
    assert.equal(answer.status, 200);
    assert.match(answer.head, /^strict-transport-security: max-age=31536000$/im);
    assert.equal(code(await curl("https", SANDBOX, "/pay/x", { family })), "401 missing_key");
    assert.equal(code(await curl("https", PRODUCTION, "/pay/x", { key: sites.key.key, family })), "403 environment_mismatch");
  }
});

test("the management site sends a person to HTTPS, and refuses a program", { skip }, async () => {
  const person = await curl("http", MANAGEMENT, "/a?b=c");
  assert.equal(person.status, 301);
  assert.match(person.head, new RegExp(`^location: https://${MANAGEMENT}/a\\?b=c$`, "im"));
  const program = await curl("http", MANAGEMENT, "/v1/health");
  assert.equal(code(program), "403 tls_required");
  assert.deepEqual(JSON.parse(program.text).statusCode, 403);
  assert.match(program.head, new RegExp(`^x-request-id: ${JSON.parse(program.text).requestId}$`, "im"));
  assert.equal((await curl("https", MANAGEMENT, "/v1/health")).text, '{"status":"ok"}');
});

test("a name that is not ours gets no answer at all", { skip }, async () => {
  for (const scheme of ["http", "https"])
    for (const family of [4, 6]) assert.equal((await curl(scheme, "nobody.example.com", "/", { family })).status, 0, scheme);
  assert.equal((await curl("http", "192.0.2.1", "/")).status, 0);
});

test("they stand as they are shipped: on both families' 80 and 443", { skip }, async () => {
  const conf = await fs.readFile(`${sites.folder}/nginx.conf`, "utf8");
  for (const listen of ["listen 443 ssl http2;", "listen [::]:443 ssl http2;", "listen 80;", "listen [::]:80;"]) assert.ok(conf.includes(listen), listen);
});
