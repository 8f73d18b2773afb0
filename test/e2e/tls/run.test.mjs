// run.test.mjs - the dashboard's address as `make run` serves it: on localhost and 127.0.0.1, and under no other name.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import tls from "node:tls";
import { promisify } from "node:util";
import { freePort } from "../lib/nginx.mjs";
import { Connection, exchange, requestBytes, values } from "../lib/raw.mjs";

const RUN = new URL("../../../tools/run/run.mjs", import.meta.url).pathname;
let folder, ports, child, said, env, ca;
before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "keyward-run-"));
  fs.chmodSync(folder, 0o711);
  ports = { SANDBOX_PORT: await freePort(), PRODUCTION_PORT: await freePort(), DASHBOARD_PORT: await freePort() };
  await start();
});
after(async () => {
  await stop();
  fs.rmSync(path.dirname(env.KEYWARD_SOCKET), { recursive: true, force: true });
  fs.rmSync(folder, { recursive: true, force: true });
});

/** As `make run` does it, until it says that it runs. */
async function start() {
  child = spawn(process.execPath, [RUN], { env: { ...process.env, ...ports, RUN_DIR: folder }, stdio: ["ignore", "pipe", "inherit"] });
  said = "";
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    said += chunk;
    if (said.includes("Ctrl-C stops it.")) break;
  }
  child.stdout.resume();
  assert.equal(child.exitCode, null, said);
  const text = fs.readFileSync(path.join(folder, "quickstart.env"), "utf8");
  env = Object.fromEntries(text.trim().split("\n").map((line) => line.split("=")));
  ca = fs.readFileSync(env.KEYWARD_DASHBOARD_CA, "utf8");
}

async function stop() {
  if (child.exitCode !== null) return;
  child.kill("SIGINT");
  await once(child, "exit");
}

/** `name`: what is named in the handshake ("" is nothing) and checked in the certificate. */
async function ask(target, { name = "localhost", host = name } = {}) {
  const secure = { ca, servername: name, ...(name === "" ? { checkServerIdentity: (_, certificate) => tls.checkServerIdentity("127.0.0.1", certificate) } : {}) };
  const connection = new Connection(ports.DASHBOARD_PORT, "127.0.0.1", secure);
  connection.send(requestBytes(`GET ${target} HTTP/1.1`, [["Host", host === "" ? "127.0.0.1" : host], ["Connection", "close"]]));
  const answer = await connection.read();
  connection.close();
  return answer ?? { error: connection.error?.message };
}

test("localhost and 127.0.0.1 are served, with a certificate that holds for both", async () => {
  for (const name of ["localhost", ""]) {
    assert.match((await ask("/", { name })).text, /<div id="root">/);
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
  const old = tls.connect({ port: ports.DASHBOARD_PORT, host: "127.0.0.1", ca, servername: "localhost", minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" });
  const [error] = await once(old, "error");
  assert.match(error.message, /alert protocol version/, "it is the server that refuses");
  const plain = new Connection(ports.DASHBOARD_PORT);
  plain.send(requestBytes("GET / HTTP/1.1", [["Host", "localhost"]]));
  assert.equal((await plain.read()).status, 400);
  plain.close();
});

test("its address and its authority are told, on the terminal and in quickstart.env", () => {
  assert.equal(env.KEYWARD_DASHBOARD_URL, `https://localhost:${ports.DASHBOARD_PORT}`);
  assert.equal(env.KEYWARD_DASHBOARD_CA, path.join(folder, "tls/ca.crt"));
  assert.ok(said.includes(`${env.KEYWARD_DASHBOARD_URL}/`) && said.includes(env.KEYWARD_DASHBOARD_CA), said);
});

test("the way to the first owner's link is told, and the link only on a terminal", async () => {
  const [, id] = /build\/keyward members link ([0-9A-Za-z]{14})\n/.exec(said);
  assert.doesNotMatch(said, /\/accept#/);
  const { stdout } = await promisify(execFile)(path.join(process.env.KEYWARD_BUILD, "keyward"), ["members", "link", id, "--json"], { env: { ...process.env, KEYWARD_SOCKET: env.KEYWARD_SOCKET } });
  const { url, secret } = JSON.parse(stdout);
  assert.equal(url, `${env.KEYWARD_DASHBOARD_URL}/accept#${secret}`);
  assert.equal((await ask("/accept")).status, 200);
  for (const file of fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()))
    assert.ok(!fs.readFileSync(path.join(file.parentPath ?? file.path, file.name)).includes(secret), file.name);
});

test("on a terminal the link is shown, and none any more when somebody has used it", async () => {
  await stop();
  const shown = await startOnTerminal();
  const [, link] = /https:\/\/localhost:\d+\/accept#([0-9A-Za-z_]{58})/.exec(shown);
  await start();
  assert.match(said, /members link/);
  await stop();
  const [, newest] = /\/accept#([0-9A-Za-z_]{58})/.exec(await startOnTerminal(async (text) => {
    const [, there] = /\/accept#([0-9A-Za-z_]{58})/.exec(text);
    assert.equal((await accept(there)).status, 201);
    assert.equal((await accept(link)).status, 404, "the one before is void");
  }));
  assert.notEqual(newest, link);
  await start();
  assert.doesNotMatch(said, /members link|\/accept#/);
});

/** With a terminal of its own, until it runs and `use` is done: what stood there. */
async function startOnTerminal(use = async () => {}) {
  const terminal = spawn("script", ["-qec", `${process.execPath} ${RUN}`, "/dev/null"], { env: { ...process.env, ...ports, RUN_DIR: folder }, stdio: ["pipe", "pipe", "inherit"] });
  let text = "";
  for await (const chunk of terminal.stdout.iterator({ destroyOnReturn: false })) {
    text += chunk;
    if (text.includes("Ctrl-C stops it.")) break;
  }
  terminal.stdout.resume();
  await use(text);
  terminal.stdin.write("\x03");
  await once(terminal, "exit");
  return text;
}

/** The first owner's first step, as the dashboard makes it. */
async function accept(link) {
  const body = JSON.stringify({ link, email: "first@shop.example", password: "a long enough sentence of mine" });
  const fields = [["Host", `localhost:${ports.DASHBOARD_PORT}`], ["Origin", env.KEYWARD_DASHBOARD_URL], ["Content-Type", "application/json"], ["Content-Length", body.length], ["Connection", "close"]];
  return exchange(ports.DASHBOARD_PORT, requestBytes("POST /v1/links/accept HTTP/1.1", fields, body), { secure: { ca, servername: "localhost" } });
}

test("a second start keeps the certificate, so that it is trusted once", async () => {
  const before = fs.readFileSync(path.join(folder, "tls/server.crt"), "utf8");
  await stop();
  await start();
  assert.equal(fs.readFileSync(path.join(folder, "tls/server.crt"), "utf8"), before);
  assert.equal((await ask("/")).status, 200);
});
