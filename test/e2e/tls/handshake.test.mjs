// handshake.test.mjs - what the shipped sites agree to before the first request, as openssl's own client sees it.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { freePort } from "../lib/nginx.mjs";
import { requestBytes, values } from "../lib/raw.mjs";
import { MANAGEMENT, PRODUCTION, SANDBOX, startSites } from "../lib/sites.mjs";

const NAMES = [SANDBOX, PRODUCTION, MANAGEMENT];
const EVERYTHING = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";
const STRONG = ["AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305"];
const strong = (name) => STRONG.map((cipher) => `ECDHE-${name === MANAGEMENT ? "RSA" : "ECDSA"}-${cipher}`);
let sites, lax;

before(async () => {
  lax = await freePort();
  /* A server that agrees to everything: what it shows is that the client asks for it. */
  sites = await startSites({ more: ({ folder }) => `server { listen 127.0.0.1:${lax} ssl; ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
    ssl_ciphers ${EVERYTHING}; ${[SANDBOX, MANAGEMENT].map((name) => `ssl_certificate ${folder}/tls/${name}.crt; ssl_certificate_key ${folder}/tls/${name}.key;`).join(" ")} }` });
});
after(() => sites.stop());

/** openssl s_client: what it printed. Without `name` it names no host. */
async function handshake(port, name, args = [], input = "") {
  const named = name === undefined ? ["-noservername"] : ["-servername", name];
  const child = spawn("openssl", ["s_client", "-connect", `127.0.0.1:${port}`, ...named, ...args], { stdio: "pipe", timeout: 20_000 });
  let text = "";
  child.stdout.on("data", (data) => (text += data));
  child.stderr.on("data", (data) => (text += data));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  await once(child, "close");
  return text;
}

const agreed = (text) => /^(?:New|Reused), (\S+), Cipher is (\S+)$/m.exec(text)?.slice(1);
const isRefused = (text) => agreed(text)?.[1] === "(NONE)";

for (const [option, version] of [["-tls1", "TLSv1"], ["-tls1_1", "TLSv1.1"]])
  test(`${version} is refused by every site`, async () => {
    const args = [option, "-cipher", EVERYTHING];
    assert.ok(!isRefused(await handshake(lax, SANDBOX, args)), "the client can");
    for (const name of [...NAMES, "nobody.example.com", undefined])
      assert.ok(isRefused(await handshake(sites.ports.tls, name, args)), name);
  });

for (const [option, version] of [["-tls1_2", "TLSv1.2"], ["-tls1_3", "TLSv1.3"]])
  test(`${version} is agreed to by every site`, async () => {
    for (const name of NAMES) assert.equal(agreed(await handshake(sites.ports.tls, name, [option]))[0], version, name);
  });

test("TLSv1.2: every cipher that is neither ECDHE nor AEAD is refused, each of the others works", async () => {
  const weak = (...more) => ["-tls1_2", "-cipher", [EVERYTHING, "!ECDHE+AESGCM", "!ECDHE+CHACHA20", ...more].join(":")];
  for (const more of [[], ["!aECDSA"], ["!aRSA"], ["!kECDHE"]]) /* all; with either kind of certificate; without forward secrecy */
    assert.ok(!isRefused(await handshake(lax, SANDBOX, weak(...more))), `the client can: ${more}`);
  for (const name of NAMES) {
    assert.ok(isRefused(await handshake(sites.ports.tls, name, weak())), name);
    for (const cipher of strong(name)) assert.equal(agreed(await handshake(sites.ports.tls, name, ["-tls1_2", "-cipher", cipher]))[1], cipher);
  }
});

test("TLSv1.3: each of its own ciphers is AEAD, and the key exchange is X25519 or of the NIST curves", async () => {
  for (const name of NAMES) {
    const text = await handshake(sites.ports.tls, name, ["-tls1_3"]);
    assert.match(agreed(text)[1], /^TLS_(AES_128_GCM_SHA256|AES_256_GCM_SHA384|CHACHA20_POLY1305_SHA256)$/);
    assert.match(text, /^Server Temp Key: X25519/m);
  }
});

/** The longest ticket of a TLS 1.3 connection, in lines of 16 bytes. */
async function ticketLines(port) {
  const text = await handshake(port, SANDBOX, ["-tls1_3", "-ign_eof"], `GET /public/x HTTP/1.0\r\nHost: ${SANDBOX}\r\n\r\n`);
  return Math.max(...[...text.matchAll(/TLS session ticket:\n((?: +[0-9a-f]{4} - .*\n)+)/g)].map(([, lines]) => lines.trim().split("\n").length));
}

test("a ticket of TLS 1.3 is the name of a session that the server keeps, not the session itself", async () => {
  assert.ok((await ticketLines(lax)) > 2, "the client can");
  assert.equal(await ticketLines(sites.ports.tls), 2);
});

test("neither compression, nor session tickets, nor early data", async () => {
  assert.match(await handshake(lax, SANDBOX, ["-tls1_2"]), /^ *TLS session ticket:$/m, "the client can");
  for (const name of NAMES) {
    const older = await handshake(sites.ports.tls, name, ["-tls1_2"]), newer = await handshake(sites.ports.tls, name, ["-tls1_3"]);
    assert.match(older, /^Compression: NONE$/m);
    assert.match(older, /^Secure Renegotiation IS supported$/m);
    assert.ok(!/TLS session ticket:/.test(older), older);
    assert.match(newer, /^Early data was not sent$/m);
  }
});

test("a client cannot ask for another handshake on its connection", async () => {
  for (const name of NAMES) {
    const text = await handshake(sites.ports.tls, name, ["-tls1_2"], "R\nGET / HTTP/1.0\n\n");
    assert.match(text, /^RENEGOTIATING$/m);
    assert.match(text, /no renegotiation/);
    assert.ok(!/^HTTP\//m.test(text), text);
  }
});

test("whoever names another host, or none, is shown no certificate", async () => {
  for (const name of ["nobody.example.com", "example.com", "localhost", `x.${SANDBOX}`, undefined]) {
    const text = await handshake(sites.ports.tls, name);
    assert.match(text, /unrecognized name/, name);
    assert.match(text, /no peer certificate available/, name);
  }
});

test("whoever names one of ours in the handshake and another one in the request gets 421, and no decision", async () => {
  const before = (await sites.keyward.events()).length;
  for (const host of ["nobody.example.com", "127.0.0.1", `${MANAGEMENT}.evil.example`]) {
    const bytes = requestBytes("GET /pay/x HTTP/1.1", [["Host", host], ["Connection", "close"], ["x-api-key", sites.key.key]]);
    const answer = await sites.send(SANDBOX, bytes);
    assert.equal(answer.status, 421, host);
    assert.deepEqual(values(answer, "strict-transport-security"), ["max-age=31536000"]);
  }
  assert.equal((await sites.keyward.events()).length, before);
});

test("each site shows the certificate of its own name", async () => {
  for (const name of NAMES) assert.match(await handshake(sites.ports.tls, name), new RegExp(`^subject=CN = ${name}$`, "m"));
});
