// run.test.mjs - the dashboard's address as `make run` serves it: on localhost and 127.0.0.1, and under no other name.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import tls from "node:tls";
import { once } from "node:events";
import { Connection, requestBytes, values } from "../lib/raw.mjs";
import { freePort } from "../lib/nginx.mjs";
import { Stack } from "../../../tools/run/stack.mjs";

let folder, stack, ca;
before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "keyward-run-"));
  fs.chmodSync(folder, 0o711);
  const [sandboxPort, productionPort, dashboardPort] = [await freePort(), await freePort(), await freePort()];
  stack = new Stack({ folder: path.join(folder, "run"), sandboxPort, productionPort, dashboardPort });
  await stack.start();
  ca = fs.readFileSync(stack.authority, "utf8");
});
after(async () => {
  await stack.stop();
  fs.rmSync(folder, { recursive: true, force: true });
  fs.rmSync(stack.shared, { recursive: true, force: true });
});

/** `name`: what is named in the handshake ("" is nothing) and checked in the certificate. */
async function ask(target, { name = "localhost", host = name } = {}) {
  const secure = { ca, servername: name, ...(name === "" ? { checkServerIdentity: (_, certificate) => tls.checkServerIdentity("127.0.0.1", certificate) } : {}) };
  const connection = new Connection(stack.dashboardPort, "127.0.0.1", secure);
  connection.send(requestBytes(`GET ${target} HTTP/1.1`, [["Host", host === "" ? "127.0.0.1" : host], ["Connection", "close"]]));
  const answer = await connection.read();
  connection.close();
  return answer ?? { error: connection.error?.message };
}

test("localhost and 127.0.0.1 are served, with a certificate that holds for both", async () => {
  for (const name of ["localhost", ""]) {
    assert.match((await ask("/", { name })).text, /<h1>Keyward<\/h1>/);
    assert.deepEqual((await ask("/v1/health", { name })).json, { status: "ok" });
    assert.equal((await ask("/v1/keys", { name })).status, 401);
  }
});

test("with HSTS on every answer", async () => {
  for (const target of ["/", "/v1/health", "/v1/keys", "/nope", "//"])
    assert.deepEqual(values(await ask(target), "strict-transport-security"), ["max-age=31536000"], target);
});

test("any other name is turned away: in the handshake, and in the request", async () => {
  for (const name of ["keyward.example.com", "localhost.example.com", "xlocalhost"])
    assert.match((await ask("/", { name })).error, /unrecognized name/, name);
  for (const host of ["keyward.example.com", "localhost.example.com", "192.0.2.1"]) assert.equal((await ask("/v1/health", { host })).status, 421, host);
});

test("TLS 1.1 is not spoken, and plain HTTP is told so", async () => {
  const old = tls.connect({ port: stack.dashboardPort, host: "127.0.0.1", ca, servername: "localhost", minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" });
  const [error] = await once(old, "error");
  assert.match(error.message, /alert protocol version/, "it is the server that refuses");
  const plain = new Connection(stack.dashboardPort);
  plain.send(requestBytes("GET / HTTP/1.1", [["Host", "localhost"]]));
  assert.equal((await plain.read()).status, 400);
  plain.close();
});

test("a second start keeps the certificate, so that it is trusted once", async () => {
  const { certificate } = stack, before = fs.readFileSync(certificate, "utf8");
  await stack.makeCertificate();
  assert.equal(fs.readFileSync(certificate, "utf8"), before);
});

test("the addresses are told", () => {
  assert.equal(stack.dashboardUrl, `https://localhost:${stack.dashboardPort}`);
  assert.equal(stack.authority, path.join(stack.folder, "tls/ca.crt"));
});
